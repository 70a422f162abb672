"""The model reader against the published JSON Schema, and against anything put anywhere in a model."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.catalog.documents import of
from insights.catalog.reading import Examined, compiled

SCHEMA = json.loads((Path(__file__).parents[1] / "external" / "ossie" / "osi-schema-0.1.1.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        yield from _places(child, (*path, key))


def _put(document: Any, path: tuple[Any, ...], change: Any) -> Any:
    """The document with `change` at the path; the change `...` removes what is there."""
    changed = copy.deepcopy(document)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    if not path:
        return None if change is ... else change
    if change is ...:
        del holder[path[-1]]
    else:
        holder[path[-1]] = change
    return changed


def _examine(shop: Any, model: Any, overlay: Any = None) -> Examined:
    return compiled((of(model), "model.yaml"), (None if overlay is None else of(overlay), "assistant.yaml"), shop.folder, shop.columns, "1")


def test_the_models_of_these_tests_and_of_the_demo_are_valid_ossie(shop) -> None:
    """What we call pure Ossie is so by its own schema."""
    VALIDATOR.validate(yaml.safe_load(shop.model))
    demo = Path(__file__).parents[2] / "insights" / "demo" / "model.yaml"
    VALIDATOR.validate(yaml.safe_load(demo.read_text()))


@pytest.mark.parametrize("change", [..., 7, None, [], {}, [7], {"unknown": 1}, ""], ids=repr)
def test_whatever_the_schema_refuses_the_reader_refuses(shop, change: Any) -> None:
    """Every single place of a model, removed or replaced by something else: no document that the schema refuses becomes a catalog.

    Left aside is what the reader is knowingly more patient with: a number or a single text where a text or a list of texts is due, and null for
    nothing.
    """
    model = yaml.safe_load(shop.model)
    assert _examine(shop, model).catalog is not None
    accepted = []
    for path in _places(model):
        changed = _put(model, path, change)
        patient = change is None or (change in (7, "", [7]) and _is_text(path))
        if not patient and not VALIDATOR.is_valid(changed) and _examine(shop, changed).catalog is not None:
            accepted.append(path)
    assert accepted == []


def _is_text(path: tuple[Any, ...]) -> bool:
    names = [key for key in path if isinstance(key, str)]
    return bool(names) and names[-1] in ("name", "description", "expression", "ai_context", "synonyms", "primary_key", "from_columns", "to_columns")


ANYTHING = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-9, 9),
        st.sampled_from(["orders", "revenue", "customers.id", "SUM(orders.amount)", "2026-01-01", "", "{person.x}"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["name", "expression", "type", "of", "orders", "2026"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), change=ANYTHING)
def test_anything_put_anywhere_gives_a_catalog_or_problems(standing_shop, data: st.DataObject, change: Any) -> None:
    """A model or overlay with one part replaced never fails in any other way, and every problem says something."""
    model, overlay = yaml.safe_load(standing_shop.model), yaml.safe_load(standing_shop.overlay)
    if data.draw(st.booleans()):
        model = _put(model, data.draw(st.sampled_from(list(_places(model)))), change)
    else:
        overlay = _put(overlay, data.draw(st.sampled_from(list(_places(overlay)))), change)
    standing_shop.write()
    examined = _examine(standing_shop, model, overlay)
    assert (examined.catalog is None) == bool(examined.problems)
    assert all(problem.message for problem in examined.problems)

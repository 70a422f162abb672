"""Reads dbt's where filters: SQL around `{{ Dimension('x__y') }}` and the like. No template is run: these few calls are all there is."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from insights.catalog.scopes import ExpressionError, listing
from insights.errors import nearest

GRAINS = ("nanosecond", "microsecond", "millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year")
PARTS = ("year", "quarter", "month", "day", "dow", "doy")
_LONGEST = 20_000
_CALL = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_KNOWN = "There is {{ Dimension('entity__name') }}, {{ TimeDimension('entity__name', 'grain') }}, {{ Entity('name') }} and {{ Metric('name', ['entity']) }}."


@dataclass(frozen=True, slots=True)
class Reference:
    """One call of a filter: `path` are the entities on the way, `grain` and `part` what is made of a time. A metric is of each value of its `path`."""

    kind: Literal["dimension", "entity", "metric"]
    path: tuple[str, ...]
    name: str
    grain: str | None = None
    part: str | None = None

    def __str__(self) -> str:
        return "__".join((*self.path, self.name))


def template_of(text: str, grains: Sequence[str] = ()) -> tuple[str | Reference, ...]:
    """The SQL of a filter with its calls as references; `grains` are names of the project's own granularities.

    Raises ExpressionError for everything that is not one of the known calls.

    >>> template_of("{{ Dimension('customer__country') }} = 'MX'")
    (Reference(kind='dimension', path=('customer',), name='country', grain=None, part=None), " = 'MX'")
    """
    if len(text) > _LONGEST:
        raise ExpressionError(f"the filter is longer than {_LONGEST:,} characters.")
    parts: list[str | Reference] = []
    for position, piece in enumerate(_CALL.split(text)):
        if position % 2:
            parts.append(_reference(piece.strip(), grains))
        elif any(sign in piece for sign in ("{{", "}}", "{%", "%}", "{#", "#}")):
            raise ExpressionError(f"the filter holds template code that is not run: {piece.strip()[:80]!r}.", _KNOWN)
        else:
            parts.append(piece)
    return tuple(part for part in parts if part != "")


def _reference(text: str, grains: Sequence[str]) -> Reference:
    try:
        node: ast.AST = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise _unread(text) from None
    turns: list[tuple[str, str]] = []
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        values = _arguments(node, ("of",), text)
        turns.append((node.func.attr, _text(values.get("of"), text)))
        node = node.func.value
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        raise _unread(text)
    made = _named(node.func.id, node, text)
    for method, word in reversed(turns):
        made = _turned(made, method, word.casefold(), text)
    return _split(made, grains)


def _named(function: str, call: ast.Call, text: str) -> Reference:
    if function == "Dimension":
        values = _arguments(call, ("name", "entity_path"), text)
        return Reference("dimension", _path(values.get("entity_path"), text), _text(values.get("name"), text))
    if function == "TimeDimension":
        values = _arguments(call, ("name", "time_granularity_name", "entity_path", "descending", "date_part_name"), text)
        grain, part = values.get("time_granularity_name"), values.get("date_part_name")
        path = _path(values.get("entity_path"), text)
        made = Reference("dimension", path, _text(values.get("name"), text), _text(grain, text).casefold() if grain is not None else None)
        return _turned(made, "date_part", _text(part, text).casefold(), text) if part is not None else made
    if function == "Entity":
        values = _arguments(call, ("name", "entity_path"), text)
        return Reference("entity", _path(values.get("entity_path"), text), _text(values.get("name"), text))
    if function == "Metric":
        values = _arguments(call, ("name", "group_by"), text)
        by = values.get("group_by")
        if not isinstance(by, list | tuple) or len(by) != 1 or "__" in str(by[0]):
            raise ExpressionError(f"the filter asks for a metric by something else than one entity ({text[:80]}).", "Write group_by=['entity'].")
        return Reference("metric", (_text(by[0], text),), _text(values.get("name"), text))
    raise _unread(text)


def _turned(made: Reference, method: str, word: str, text: str) -> Reference:
    """What `.grain('month')` and `.date_part('year')` make of a reference."""
    if made.kind == "dimension" and method == "grain":
        return Reference(made.kind, made.path, made.name, word, made.part)
    if made.kind == "dimension" and method == "date_part":
        if word not in PARTS:
            raise ExpressionError(f"'{word[:40]}' is no part of a date ({text[:80]}).", f"There is {', '.join(PARTS)}.")
        return Reference(made.kind, made.path, made.name, made.grain, word)
    raise _unread(text)


def _split(made: Reference, grains: Sequence[str]) -> Reference:
    """The name taken apart at double underscores; the last of them may be a granularity."""
    if made.kind == "metric":
        return made
    *path, name = made.name.split("__")
    grain = made.grain
    if made.kind == "dimension" and path and (name in GRAINS or name in grains):
        *path, name, said = *path, name
        grain = grain or said
    if grain is not None and grain not in GRAINS and grain not in grains:
        known = (*GRAINS, *grains)
        raise ExpressionError(f"there is no granularity '{grain[:40]}' ({'__'.join((*path, name))}).", nearest(grain, known) or listing(known))
    return Reference(made.kind, (*made.path, *path), name, grain, made.part)


def _arguments(call: ast.Call, names: tuple[str, ...], text: str) -> dict[str, object]:
    """The arguments by name; every one must be written out."""
    if len(call.args) > len(names):
        raise _unread(text)
    given = dict(zip(names, call.args, strict=False)) | {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    if len(given) != len(call.args) + len(call.keywords) or not set(given) <= set(names):
        raise _unread(text)
    try:
        return {name: ast.literal_eval(value) for name, value in given.items() if name is not None}
    except (ValueError, TypeError, RecursionError, MemoryError):
        raise _unread(text) from None


def _text(value: object, text: str) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"\w+", value):
        raise _unread(text)
    return value


def _path(value: object, text: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise _unread(text)
    return tuple(part for entity in value for part in _text(entity, text).split("__"))


def _unread(text: str) -> ExpressionError:
    return ExpressionError(f"'{text[:80]}' is no call that a filter can make here.", _KNOWN)

"""Reads METRIC(name, key) in a filter: what a metric comes to for the key of each row, such as what its customer has ordered in all."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from insights.catalog.model import Catalog, Gathered
from insights.catalog.notes import Part
from insights.catalog.over_time import Misplaced, Other, kind_of, shared
from insights.catalog.scopes import FieldScope, Named, Scope

_CALL = re.compile(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\bMETRIC\s*\(\s*(?P<name>[A-Za-z_]\w*)\s*,\s*(?P<key>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?)\s*\)""",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class GatheredScope:
    """The fields of `rows`, and names that stand for what is gathered."""

    rows: Scope
    gathered: Mapping[str, Gathered]

    def resolve(self, path: tuple[str, ...]) -> Named:
        """What a name stands for."""
        found = self.gathered.get(path[0]) if len(path) == 1 else None
        return self.rows.resolve(path) if found is None else Named((found,), "number")


def calls(text: str) -> tuple[str, Mapping[str, tuple[str, str]]]:
    """The condition with a name of its own in place of each METRIC(name, key), and what each of these stands for.

    >>> calls("METRIC(orders, customer_id) > 2 AND status <> 'METRIC(x, y)'")
    ("gathered_0_ > 2 AND status <> 'METRIC(x, y)'", {'gathered_0_': ('orders', 'customer_id')})
    """
    prefix = "gathered_"
    while prefix in text.casefold():
        prefix = "x" + prefix
    found: dict[str, tuple[str, str]] = {}

    def named(call: re.Match[str]) -> str:
        if call["name"] is None:
            return call[0]
        name = f"{prefix}{len(found)}_"
        found[name] = (call["name"], call["key"])
        return name

    return _CALL.sub(named, text), found


def said(text: str) -> str:
    """The condition as people read it.

    >>> said("METRIC(orders, customer_id) > 2")
    'orders of the same customer_id > 2'
    """
    return _CALL.sub(lambda call: call[0] if call["name"] is None else f"{call['name']} of the same {call['key']}", text)


def gathered(call: tuple[str, str], line: int, dataset: str, other: Other, rows: Callable[[str], FieldScope], shape: Catalog) -> Gathered | None:
    """What a call stands for in rows of `dataset`; None when its metric's mistake has been written down already. Raises Misplaced."""
    name, key = call
    metric = other(name)
    if metric is None:
        return None
    if any(one.over is not None for one in metric.aggregations):
        raise Misplaced(line, f"METRIC: '{name}' is {kind_of(metric)}, which no rows can be chosen by.", "Take the metric that it is made of.")
    if any(one.money is not None for one in metric.aggregations):
        raise Misplaced(line, f"METRIC: '{name}' is of amounts in several currencies, which no rows can be chosen by.", "Take a count.")
    part = Part(text=key, line=line)
    return Gathered(
        name=name,
        key=shared(part, dataset, rows, shape, "METRIC"),
        formula=metric.formula,
        keys=tuple(shared(part, one.dataset, rows, shape, "METRIC") for one in metric.formula if not isinstance(one, str)),
    )

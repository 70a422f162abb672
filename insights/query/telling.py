"""What a result says, under the question's own names: its rows with those that the question implies, their changes, and what stands beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Literal

from insights.answers import Column, Comparison, Row
from insights.catalog.model import Catalog
from insights.catalog.values import Contents
from insights.query.algebra import Plan
from insights.query.filling import filled, limits_groups
from insights.query.guarding import Guarded
from insights.query.progress import carried, difference, grown
from insights.query.provenance import is_beyond
from insights.query.times import bucket_of
from insights.requests import Period, Scalar
from insights.warehouse.port import Table


def told(planned: Plan, shown: Sequence[Sequence[Scalar]], catalog: Catalog, contents: Contents) -> list[dict[str, Scalar]]:
    """The rows under the request's own names, with those that the question implies, looking back where it says so."""
    rows = [_row(planned, cells) for cells in shown]
    before: list[dict[str, Scalar]] = []
    first = planned.period.first if planned.period is not None else None
    if planned.change is not None and first is not None:
        start, name = bucket_of(first, planned.keys[0].grain or "day", catalog), planned.keys[0].name
        before = [row for row in rows if isinstance(at := row[name], date) and at < start]
        rows = [row for row in rows if row not in before]
    filled_in = filled(planned, rows, catalog, contents)
    filled_in = carried(planned, filled_in) if planned.running else filled_in
    filled_in = grown(planned, filled_in, before, contents) if planned.change is not None else filled_in
    if looks_back(planned) and planned.limit is not None and not limits_groups(planned):
        filled_in = filled_in[: planned.limit]
    return _known(planned, filled_in, contents)


def _known(planned: Plan, rows: Sequence[dict[str, Scalar]], contents: Contents) -> list[dict[str, Scalar]]:
    """The rows without figures for a period that the data does not reach: a count of nothing there is no zero."""
    names = [output.title for output in planned.outputs if output.title is not None and output.side != "before"]
    beyond = [name for name in names if any(is_beyond(period, planned.times, contents) for period in (planned.period, *_others(planned)))]
    if is_beyond(planned.before, planned.times, contents):
        beyond += [f"{name}.before" for name in names]
    unknown = {*beyond, *(f"{name}.{side}" for name in names for side in ("change", "growth") if beyond)}
    return [{name: None if name in unknown else cell for name, cell in row.items()} for row in rows] if unknown else list(rows)


def _others(planned: Plan) -> tuple[Period, ...]:
    """The other periods that the members of a set were looked for in."""
    return tuple(one.period for one in planned.again)


def looks_back(planned: Plan) -> bool:
    """Whether rows depend on those before them."""
    return planned.running or planned.change is not None


def order(planned: Plan) -> Literal["asc", "desc"] | None:
    """Which end comes first, where rows are in the order of something."""
    if planned.listing is not None:
        return None if planned.sorted_by is None else "desc" if planned.listing.order[0][1] else "asc"
    return ("desc" if planned.sorting.descending else "asc") if planned.sorting and planned.sorting.output is not None else None


def total(planned: Plan, table: Table, rows: Sequence[Row], *, without: int = 0) -> int | None:
    """How many rows there are before a limit; those read only to be grown from are none, nor are so many as were left `without`."""
    if not planned.keys:
        return None
    return len(rows) if planned.base is not None else int(str(table.rows[0][-1])) - without if table.rows else 0


def _row(planned: Plan, cells: Sequence[Scalar]) -> dict[str, Scalar]:
    """One row under the request's own names, with the change from the earlier period where there is one."""
    row: dict[str, Scalar] = {column.name: _key(cell, column, planned) for column, cell in zip(planned.keys, cells, strict=False)}
    for output, cell in zip(planned.outputs, cells[len(planned.keys) :], strict=False):
        if output.title is not None:
            row[output.title] = _figure(cell)
    for output in planned.outputs:
        if output.side == "before" and output.column is not None:
            now, before = row[output.column.name], row[f"{output.column.name}.before"]
            row[f"{output.column.name}.change"] = difference(now, before)
    return row


def _key(cell: Scalar, column: Column, planned: Plan) -> Scalar:
    """A key of a result; the lower end of a step without the crumbs of binary fractions."""
    if column.width is not None and isinstance(cell, float) and math.isfinite(cell):
        lower = float(f"{cell:.12g}")
        return int(lower) if lower.is_integer() and abs(lower) < 2**53 else lower
    return _figure(cell) if planned.listing is not None and isinstance(cell, float) else _plain(cell)


def _figure(cell: Scalar) -> Scalar:
    """A figure of a result; what is not a number, or has no end, is unknown."""
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell


def _plain(cell: Scalar) -> Scalar:
    """A key of a result; engines have kinds that answers do not."""
    return cell if cell is None or isinstance(cell, (str, int, float, bool, date, datetime)) else str(cell)


def number(cell: Scalar) -> float | None:
    """A figure as a number, None for what is none."""
    return cell if isinstance(cell, (int, float)) else None


def columns_beside(planned: Plan, metrics: Sequence[Column]) -> tuple[Column, ...]:
    """The columns of what figures are worked out from or compared with."""
    added = []
    for column in metrics:
        if planned.before is not None or planned.change is not None:
            added.append(Column(name=f"{column.name}.before", label=f"{column.label} before", role="metric", unit=column.unit))
            added.append(Column(name=f"{column.name}.change", label=f"Change of {column.label}", role="metric", unit=column.unit))
        if planned.change is not None:
            added.append(Column(name=f"{column.name}.growth", label=f"Growth of {column.label}", role="metric", unit="percent"))
        for output in planned.outputs:
            if output.side in ("part", "whole") and output.column is not None and output.column.name == column.name:
                label = {definition.name: definition.label for definition in planned.definitions}.get(column.name, column.label)
                added.append(replace(output.column, name=str(output.title), label=f"{label}, {output.side}"))
    return tuple(added)


def comparison(planned: Plan, row: Row | None, name: str) -> Comparison | None:
    """The other side of a comparison of two periods; with values only where there is one number to compare, else they are in the rows."""
    if planned.before is None:
        return None
    if row is None:
        return Comparison(period=planned.before, value=None, change=None, ratio=None)
    before, change = number(row[f"{name}.before"]), number(row[f"{name}.change"])
    ratio = change / abs(before) if change is not None and before else None
    return Comparison(period=planned.before, value=before, change=change, ratio=ratio)


def left_out(kept: Guarded) -> tuple[str, ...]:
    """A sentence about the groups that are not shown."""
    if not kept.hidden:
        return ()
    many = kept.hidden > 1
    return (f"{kept.hidden} group{'s are' if many else ' is'} not shown, so that nobody can be told from the others.",)

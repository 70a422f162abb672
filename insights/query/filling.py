"""The rows that a question implies but the data does not have: empty time buckets, and compared values that never occur."""

from __future__ import annotations

from datetime import date, datetime

from insights.catalog.model import Catalog
from insights.catalog.values import Contents, Coverage
from insights.errors import NotAnswerable
from insights.query.algebra import Figure, Output, Plan
from insights.query.progress import FILLED
from insights.query.times import buckets
from insights.requests import Scalar

MOST_CELLS = 20_000
"""A series with more than this many cells is left as the data has it."""


def filled(planned: Plan, rows: list[dict[str, Scalar]], catalog: Catalog, contents: Contents) -> list[dict[str, Scalar]]:
    """The rows with the missing ones added, in the order of the answer."""
    if planned.values is not None:
        return _compared(planned, rows)
    if planned.analysis == "series" and planned.keys[0].grain is not None:
        kept = _leading(planned, rows) if limits_groups(planned) else rows
        return kept if planned.conditions or (planned.limit is not None and kept is rows) else _series(planned, kept, catalog, contents)
    if limits_groups(planned):
        return _leading(planned, rows)
    return rows


def limits_groups(planned: Plan) -> bool:
    """Whether the limit is on the lines of a series (or of shares over time), not on its rows."""
    over_time = planned.analysis == "series" or (planned.share is not None and bool(planned.keys) and planned.keys[0].grain is not None)
    return over_time and planned.limit is not None and len(planned.keys) > 1


def _leading(planned: Plan, rows: list[dict[str, Scalar]]) -> list[dict[str, Scalar]]:
    """The rows of the groups with the largest totals over the whole series. Raises NotAnswerable for a figure that cannot be totalled."""
    output = next((output for output in planned.outputs if output.side == "part"), planned.outputs[0])
    names = [column.name for column in planned.keys[1:]]
    stands = planned.running or output.stands
    if not (output.zero or output.stands) or (_is_distinct(planned, output) and not stands) or output.title is None:
        raise NotAnswerable("I can't say which lines lead: this figure does not add up over time.", remedy="Ask for all of them, or for a ranking first.")
    totals: dict[tuple[Scalar, ...], float] = {}
    for row in rows:
        group, figure = tuple(row[name] for name in names), row[output.title]
        if stands and row[planned.keys[0].name] is None:
            continue
        known = figure if isinstance(figure, (int, float)) else 0
        totals[group] = known if stands else totals.get(group, 0) + known  # the last of a running total is all of it
    leading = set(sorted(totals, key=lambda group: (-totals[group], str(group)))[: planned.limit])
    return [row for row in rows if tuple(row[name] for name in names) in leading]


def _is_distinct(planned: Plan, output: Output) -> bool:
    """Whether it is a distinct count, the parts of which overlap."""
    return any(isinstance(p, Figure) and planned.parts[p.part].aggregates[p.aggregate].function == "count_distinct" for p in output.formula)


def _compared(planned: Plan, rows: list[dict[str, Scalar]]) -> list[dict[str, Scalar]]:
    """Each compared value in the order it was named, also when it has no rows."""
    assert planned.values is not None
    name = planned.keys[-1].name
    wanted = {_loose(value): n for n, value in enumerate(planned.values)}
    if len(planned.keys) == 1:
        there = {_loose(row[name]) for row in rows}
        rows = rows + [_missing(planned, {name: value}) for value in planned.values if _loose(value) not in there]
    return sorted(rows, key=lambda row: wanted.get(_loose(row[name]), len(wanted)))


def _loose(value: Scalar) -> str:
    """A value of a request and the same value of the data, whatever their kinds."""
    return str(value)


def _series(planned: Plan, rows: list[dict[str, Scalar]], catalog: Catalog, contents: Contents) -> list[dict[str, Scalar]]:
    """Every bucket of the period, as far as the data goes, for every group that occurs."""
    time, others = planned.keys[0].name, [column.name for column in planned.keys[1:]]
    grain = planned.keys[0].grain
    seen = [day for row in rows if isinstance(day := row[time], date)]
    covered = [contents.coverage[id_] for id_ in planned.times if id_ in contents.coverage]
    span = _span(planned, seen, covered)
    if span is None or grain is None:
        return rows
    every = list(buckets(*span, grain, catalog))
    groups = list(dict.fromkeys(tuple(row[name] for name in others) for row in rows)) or ([()] if not others else [])
    if len(every) * len(groups) > MOST_CELLS:
        return rows
    there = {(row[time], *(row[name] for name in others)): row for row in rows}
    unknown = [row for row in rows if row[time] is None]
    outside = [row for row in rows if row[time] is not None and row[time] not in set(every)]
    within = [there.get((at, *group)) or _missing(planned, {time: at, **dict(zip(others, group, strict=True))}) for at in every for group in groups]
    return sorted(within + outside, key=lambda row: _instant(row[time])) + unknown


def _span(planned: Plan, seen: list[date], covered: list[Coverage]) -> tuple[date, date] | None:
    """The days to fill: the period as far as the data goes, else what was seen."""
    firsts = [_day(day) for day in seen]
    known_first = min((c.first for c in covered), default=min(firsts, default=None))
    known_last = max((c.last for c in covered), default=max(firsts, default=None))
    if known_first is None or known_last is None:
        return None
    period = planned.period
    first = max(period.first, known_first) if period is not None and period.first is not None else min(firsts, default=known_first)
    last = min(period.last, known_last) if period is not None and period.last is not None else max(firsts, default=known_last)
    return (first, last) if first <= last else None


def _missing(planned: Plan, keys: dict[str, Scalar]) -> dict[str, Scalar]:
    """A row without data: nothing was sold, so sales are 0; a ratio of nothing is unknown."""
    mark: dict[str, Scalar] = {FILLED: True} if planned.running else {}
    alone = len(keys) == 1  # a number that is put in for the whole is none of each group's
    return keys | {output.title: 0 if output.zero else output.filled if alone else None for output in planned.outputs if output.title is not None} | mark


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _instant(value: Scalar) -> datetime:
    assert isinstance(value, date)
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)

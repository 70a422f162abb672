"""Series that look back: running totals, and growth against the bucket before or the one a year before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import MINYEAR, date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from insights.answers import Average, Column
from insights.catalog.labels import inside
from insights.catalog.model import Aggregation, Catalog
from insights.catalog.values import Contents
from insights.errors import NotAnswerable
from insights.query.algebra import Plan
from insights.query.measures import Measured
from insights.query.times import bucket_of, following
from insights.requests import ComparePeriod, Grain, MetricQuestion, Period, Scalar

Change = Literal["previous", "year"]
MOST_AVERAGED = 10_000
"""Time buckets; a result of so many rows may have been cut."""
CUMULATIVE = ("sum", "count", "count_distinct", "min", "max")


@dataclass(frozen=True, slots=True, kw_only=True)
class LookingBack:
    """How the figures of a series look back, if they do."""

    running: bool = False
    change: Change | None = None
    average: bool = False


def looking_back(question: MetricQuestion) -> LookingBack:
    """What the options ask for. Raises NotAnswerable for what no series can do."""
    running, change = question.options.get("running") is True, question.options.get("change")
    if question.options.get("average") is True:
        return _averaging(question, alone=not running and change is None)
    if not running and change is None:
        return LookingBack()
    if question.analysis != "series":
        raise NotAnswerable("Running totals and growth are told over time.", remedy="Say by what: by month, by week, by day.")
    if running and change is not None:
        raise NotAnswerable("I can give a running total or its growth, not both at once.", remedy="Ask for one of them.")
    if isinstance(question.compare, ComparePeriod):
        raise NotAnswerable("I can't compare two periods bucket by bucket yet.", remedy="Ask for the totals, or for one period.")
    if change is not None and change not in ("previous", "year"):
        raise NotAnswerable(f"I don't know growth against '{str(change)[:40]}'.", options=["previous", "year"])
    if change is not None and any(condition.metric for condition in question.filters):
        raise NotAnswerable("I can't set a condition on the figures of a growth series.", remedy="Ask for all of it.")
    return LookingBack(running=running, change=None if change is None else "year" if change == "year" else "previous")


def _averaging(question: MetricQuestion, *, alone: bool) -> LookingBack:
    """Raises NotAnswerable for what has no one average of periods."""
    if question.analysis != "series" or question.grain is None:
        raise NotAnswerable("An average of periods is told over time.", remedy="Say of what: of days, of weeks, of months.")
    if not alone or len(question.metrics) != 1 or question.group_by or question.compare is not None or question.limit is not None:
        raise NotAnswerable("I can tell the average of periods for one figure at a time.", remedy="Ask for one figure, without groups or comparisons.")
    if any(condition.metric for condition in question.filters):
        raise NotAnswerable("I can't average only the periods that a condition holds for.", remedy="Ask for the average of all of them.")
    return LookingBack(average=True)


def average(planned: Plan, rows: Sequence[Mapping[str, Scalar]], cut: Sequence[date], *, hidden: int) -> Average | None:
    """What the whole time buckets come to on average, where that was asked for; None also where there is no whole one.

    Raises NotAnswerable where figures are withheld, or there are too many buckets to look at.
    """
    if not planned.average:
        return None
    if hidden or len(rows) >= MOST_AVERAGED:
        why = "too few people are behind some of them" if hidden else "there are too many"
        raise NotAnswerable(f"I can't tell the average of those periods: {why}.", remedy="Ask for longer periods, such as months.")
    time, figure = planned.keys[0].name, next(output.title for output in planned.outputs if output.title is not None)
    whole = [row[figure] for row in rows if row[time] is not None and row[time] not in cut]
    known = [value for value in whole if isinstance(value, (int, float))]
    return Average(value=sum(known) / len(known), buckets=len(known)) if known else None


def so_far(measure: Measured) -> Measured:
    """The measure with averages taken apart, so that each bucket can be put together from all before it.

    Raises NotAnswerable for what cannot: medians.
    """
    formula: list[str | Aggregation] = []
    if measure.stands:
        what = inside(measure.definition.label)
        raise NotAnswerable(f"I can't give a running total of {what}: it tells how things stand, so periods do not add up.", remedy="Ask for it over time.")
    for piece in measure.formula:
        if isinstance(piece, Aggregation) and piece.function == "avg":
            formula += ["(", replace(piece, function="sum"), " / NULLIF(", replace(piece, function="count"), ", 0))"]
        elif isinstance(piece, Aggregation) and piece.function not in CUMULATIVE:
            raise NotAnswerable(
                f"I can't give a running total of {inside(measure.definition.label)}: the middle of all so far is not made of the middles of the periods.",
                remedy="Ask for it by period, or for the running total of something that adds up.",
            )
        else:
            formula.append(piece)
    return replace(measure, formula=tuple(formula))


def titled(measure: Measured, column: Column) -> Column:
    """The column of a running figure."""
    return replace(column, label=f"Running total of {inside(column.label)}" if measure.nature == "sum" else f"{column.label} so far")


def base(question: MetricQuestion, grain: Grain | None, change: Change | None, catalog: Catalog) -> Period | None:
    """What has to be read before the period for its buckets to be compared with; None when nothing has."""
    period = question.period
    if change is None or grain is None or period is None or period.first is None:
        return None
    start = _day(bucket_of(period.first, grain, catalog))
    if change == "previous" and start != period.first:
        return None  # the first bucket is not whole, so the one before it would be no measure for it
    first, last = earlier(start, grain, change), start - timedelta(days=1)
    if first is None:
        return None
    if change == "year" and period.last is not None:
        ends = earlier(bucket_of(period.last, grain, catalog), grain, "year")
        last = min(last, _last_day(ends, grain)) if ends is not None else last
    return Period(first=_day(first), last=last)


def earlier(bucket: date, grain: Grain, change: Change) -> date | None:
    """The bucket that one is compared with: the one before, or the same one a year before (for weeks 52 weeks); None where there is none."""
    if bucket.year <= MINYEAR + 1:
        return None
    if change == "year":
        if grain == "week":
            return bucket - timedelta(days=364)
        try:
            return bucket.replace(year=bucket.year - 1)
        except ValueError:  # February 29
            return None
    if grain in ("hour", "day", "week"):
        return bucket - {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}[grain]
    months = bucket.year * 12 + bucket.month - 1 - {"month": 1, "quarter": 3, "year": 12}[grain]
    return date(months // 12, months % 12 + 1, 1)


def carried(planned: Plan, rows: Sequence[dict[str, Scalar]]) -> list[dict[str, Scalar]]:
    """Running figures with the buckets that had no rows: nothing was added there, so the figure stands where it stood."""
    titles = [output.title for output in planned.outputs if output.title is not None]
    time, groups = planned.keys[0].name, [column.name for column in planned.keys[1:]]
    last: dict[tuple[Scalar, ...], dict[str, Scalar]] = {}
    kept = []
    for row in rows:
        group = tuple(row[name] for name in groups)
        if row.get(time) is not None:
            row = {**row, **{t: last[group][t] for t in titles if group in last}} if row.get(FILLED) else row
            last[group] = row
        kept.append({name: cell for name, cell in row.items() if name != FILLED})
    return kept


FILLED = " filled"
"""Marks a row that the data does not have; no name of a request begins with a blank."""


def grown(planned: Plan, rows: Sequence[dict[str, Scalar]], before: Sequence[dict[str, Scalar]], contents: Contents) -> list[dict[str, Scalar]]:
    """The rows of the period with the figure they grew from, the change, and the growth as a fraction; unknown where there is no such figure, or a zero."""
    time, groups = planned.keys[0].name, [column.name for column in planned.keys[1:]]
    known = {(row[time], *(row[name] for name in groups)): row for row in (*before, *rows)}
    outputs = [output for output in planned.outputs if output.title is not None]
    found = []
    for row in rows:
        at = row[time]
        since = earlier(at, planned.keys[0].grain or "day", planned.change or "previous") if isinstance(at, date) else None
        old = known.get((since, *(row[name] for name in groups)))
        there = since is not None and _is_read(planned, since, contents)
        for output in outputs:
            name = str(output.title)
            past = old[name] if old is not None else 0 if there and output.zero else None
            row = {**row, **_moved(name, row[name], past if there else None)}
        found.append(row)
    return found


def _moved(name: str, now: Scalar, past: Scalar) -> dict[str, Scalar]:
    change = difference(now, past)
    growth = change / abs(past) if isinstance(change, (int, float)) and isinstance(past, (int, float)) and past else None
    return {f"{name}.before": past, f"{name}.change": change, f"{name}.growth": growth}


def difference(now: Scalar, before: Scalar) -> Scalar:
    """What changed, without the crumbs that binary fractions leave (0.3 - 0.1 is 0.2)."""
    if not isinstance(now, (int, float)) or not isinstance(before, (int, float)):
        return None
    change = Decimal(repr(now)) - Decimal(repr(before))
    return int(change) if isinstance(now, int) and isinstance(before, int) else float(change)


def _is_read(planned: Plan, bucket: date, contents: Contents) -> bool:
    """Whether all of a bucket was read, and the data reaches it."""
    day, grain = _day(bucket), planned.keys[0].grain or "day"
    covered = [contents.coverage[id_] for id_ in planned.times if id_ in contents.coverage]
    if covered and _last_day(bucket, grain) < max(c.first for c in covered):
        return False
    period = planned.period
    if period is None or period.first is None or day >= period.first:
        return True
    return planned.base is not None and planned.base.first is not None and planned.base.last is not None and planned.base.first <= day <= planned.base.last


def incomplete(planned: Plan, rows: Sequence[dict[str, Scalar]], through: date | None, start: date | None) -> tuple[date, ...]:
    """The buckets of a series that the period or the data cover only in part: it starts after their first day, or ends before their last.

    `start` and `through` are the first and the last day of the data.
    """
    grain, period = planned.keys[0].grain if planned.keys else None, planned.period or Period()
    if planned.listing is not None or grain is None or grain == "hour":
        return ()
    firsts, lasts = [day for day in (period.first, start) if day], [day for day in (period.last, through) if day]
    cells = [row[planned.keys[0].name] for row in rows]
    buckets = dict.fromkeys(at for at in cells if isinstance(at, date))
    return tuple(at for at in buckets if (firsts and _day(at) < max(firsts)) or (lasts and _last_day(at, grain) > min(lasts)))


def _last_day(bucket: date, grain: Grain) -> date:
    """The last day of the bucket."""
    return _day(bucket) if grain == "hour" else _day(following(_day(bucket), grain)) - timedelta(days=1)


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value

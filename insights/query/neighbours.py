"""What lies just inside and just outside the ends of a question: who asks for a little more, or a little less, learns about those in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta
from decimal import Decimal

from insights.catalog.model import Catalog
from insights.query.times import bucket_of, following
from insights.requests import Filter, Grain, MetricQuestion, Period, PlainField, Scalar, parse_group

_COARSE_FIRST: tuple[Grain, ...] = ("year", "quarter", "month", "week", "day")
DAY = timedelta(days=1)


def is_ranged(condition: Filter) -> bool:
    """Whether a condition has ends that can be moved a little: a field above or below a number or a day."""
    if condition.dimension is None or condition.op not in (">", ">=", "<", "<=", "between"):
        return False
    return isinstance(parse_group(condition.dimension), PlainField) and all(_is_measurable(value) for value in condition.values)


def neighbours(question: MetricQuestion, catalog: Catalog) -> Iterator[MetricQuestion]:
    """The same question about the next bucket inside and outside of each end of its period and of its ranges.

    An end lies on the grid of the coarsest bucket that begins there (a year, a quarter, a month, a day; a hundred, ten, one). Where the buckets on both
    sides of every end hold nobody or enough people, so does whatever lies between any two such ends, because finer grids divide the coarser ones.
    """
    if question.period is not None:
        for period in _beside(question.period, catalog):
            yield replace(question, period=period)
    for place, condition in enumerate(question.filters):
        if is_ranged(condition):
            for bounds in _around(condition, catalog):
                yield replace(question, filters=(*question.filters[:place], *bounds, *question.filters[place + 1 :]))


def _beside(period: Period, catalog: Catalog) -> Iterator[Period]:
    bounds = (period.first, period.last + DAY if period.last is not None and period.last.year < MAXYEAR else None)
    ends = [end for end in bounds if end is not None and MINYEAR < end.year < MAXYEAR]
    if not ends:
        return
    grain = next(one for one in _COARSE_FIRST if all(bucket_of(end, one, catalog) == end for end in ends))
    for end in ends:
        for first, after in ((_preceding(end, grain, catalog), end), (end, following(end, grain))):
            beside = Period(first=first, last=after - DAY)
            if (beside.first, beside.last) != (period.first, period.last):
                yield beside


def _preceding(start: date, grain: Grain, catalog: Catalog) -> date:
    return bucket_of(start - DAY, grain, catalog)


def _around(condition: Filter, catalog: Catalog) -> Iterator[tuple[Filter, ...]]:
    """The conditions that stand for each of the buckets around the ends of a range."""
    for end, open_end in zip(condition.values, _open_ends(condition), strict=True):
        if open_end and not isinstance(end, date):
            yield (replace(condition, op="=", values=(end,)),)
        for first, after in _buckets(end, catalog, open_end=open_end):
            lower = (replace(condition, op=">=", values=(first,)),) if first is not None else ()
            upper = (replace(condition, op="<", values=(after,)),) if after is not None else ()
            yield (*lower, *upper)


def _open_ends(condition: Filter) -> tuple[bool, ...]:
    """For each value, whether the range ends behind it rather than before it."""
    if condition.op == "between":
        return (False, True)[: len(condition.values)]
    return tuple(condition.op in (">", "<=") for _ in condition.values)


def _buckets(end: Scalar, catalog: Catalog, *, open_end: bool) -> Iterator[tuple[Scalar, Scalar]]:
    if isinstance(end, date):
        day = end.date() if isinstance(end, datetime) else end
        if not MINYEAR < day.year < MAXYEAR:
            return
        day += DAY if open_end else timedelta()
        grain = next(one for one in _COARSE_FIRST if bucket_of(day, one, catalog) == day)
        yield _preceding(day, grain, catalog), day
        yield day, following(day, grain)
        return
    assert isinstance(end, int | float)
    if end == 0:
        yield None, 0
        yield 0, None
        return
    width = _width(end)
    yield float(Decimal(str(end)) - width), end
    yield end, float(Decimal(str(end)) + width)


def _width(number: float) -> Decimal:
    """The greatest power of ten that the number is a multiple of.

    >>> [str(_width(number)) for number in (500, 120, 7, 2.5)]
    ['1E+2', '1E+1', '1', '0.1']
    """
    exponent = Decimal(str(number)).normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(1).scaleb(exponent)


def _is_measurable(value: Scalar) -> bool:
    return isinstance(value, date) or (isinstance(value, int | float) and not isinstance(value, bool) and value == value and abs(value) != float("inf"))

"""What lies just inside and just outside the ends of a question: who asks for a little more, or a little less, learns about those in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from insights.catalog.model import Catalog
from insights.query.times import bucket_of, following
from insights.requests import Filter, Grain, MetricQuestion, Period, PlainField, Scalar, parse_group

_COARSE_FIRST: tuple[Grain, ...] = ("year", "quarter", "month", "week", "day")
DAY = timedelta(days=1)
MOST_STEPS = 8
"""Buckets with nobody that are passed one by one; then everything beyond them is looked at together."""
_FAR = 2


def is_ranged(condition: Filter) -> bool:
    """Whether a condition has ends that can be moved a little: a field above or below a number or a day."""
    if condition.dimension is None or condition.op not in (">", ">=", "<", "<=", "between"):
        return False
    return isinstance(parse_group(condition.dimension), PlainField) and all(_is_measurable(value) for value in condition.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """From an end in one direction: the same question about bucket after bucket, and about everything beyond them (None: there is nothing beyond)."""

    steps: tuple[MetricQuestion, ...]
    rest: MetricQuestion | None = None


def walks(question: MetricQuestion, catalog: Catalog) -> Iterator[Walk]:
    """The same question about what lies inside and outside of each end of its period and of its ranges, the nearest first.

    An end lies on the grid of the coarsest bucket that begins there (a year, a quarter, a month, a day; a hundred, ten, one). Where the nearest buckets
    with anybody on both sides of every end hold enough people, whatever lies between any two such ends on grids that divide each other holds nobody or
    enough: walking back from the end on the finer grid, the first bucket with anybody lies before the other end, or whole between them.
    """
    if question.period is not None:
        for spans in _beside(question.period, catalog):
            *near, far = (replace(question, period=Period(first=first, last=None if after is None else after - DAY)) for first, after in spans)
            yield Walk(steps=tuple(near), rest=far)
    for place, condition in enumerate(question.filters):
        if is_ranged(condition):
            for bounds in _around(condition, catalog):
                *near, far = (replace(question, filters=(*question.filters[:place], *one, *question.filters[place + 1 :])) for one in bounds)
                yield Walk(steps=tuple(near), rest=far) if near else Walk(steps=(far,))


def _beside(period: Period, catalog: Catalog) -> Iterator[tuple[tuple[date | None, date | None], ...]]:
    bounds = (period.first, period.last + DAY if period.last is not None and period.last.year < MAXYEAR else None)
    ends = [end for end in bounds if end is not None and MINYEAR < end.year < MAXYEAR]
    if not ends:
        return
    grain = next(one for one in _COARSE_FIRST if all(bucket_of(end, one, catalog) == end for end in ends))
    for end in ends:
        yield _earlier(end, grain, catalog)
        yield _later(end, grain)


def _earlier(end: date, grain: Grain, catalog: Catalog) -> tuple[tuple[date | None, date | None], ...]:
    """Bucket after bucket before an end, and all before them."""
    found: list[tuple[date | None, date | None]] = []
    while len(found) < MOST_STEPS and end.year > MINYEAR + _FAR:
        found.append((_preceding(end, grain, catalog), end))
        end = _preceding(end, grain, catalog)
    return (*found, (None, end))


def _later(end: date, grain: Grain) -> tuple[tuple[date | None, date | None], ...]:
    """Bucket after bucket from an end on, and all after them."""
    found: list[tuple[date | None, date | None]] = []
    while len(found) < MOST_STEPS and end.year < MAXYEAR - _FAR:
        found.append((end, following(end, grain)))
        end = following(end, grain)
    return (*found, (end, None))


def _preceding(start: date, grain: Grain, catalog: Catalog) -> date:
    return bucket_of(start - DAY, grain, catalog)


def _around(condition: Filter, catalog: Catalog) -> Iterator[tuple[tuple[Filter, ...], ...]]:
    """The conditions that stand for what lies on either side of each end of a range, the nearest first; a single value stands by itself."""
    for end, open_end in zip(condition.values, _open_ends(condition), strict=True):
        if open_end and not isinstance(end, date):
            yield ((replace(condition, op="=", values=(end,)),),)
        for spans in _buckets(end, catalog, open_end=open_end):
            yield tuple(_between(condition, first, after) for first, after in spans)


def _between(condition: Filter, first: Scalar, after: Scalar) -> tuple[Filter, ...]:
    lower = (replace(condition, op=">=", values=(first,)),) if first is not None else ()
    upper = (replace(condition, op="<", values=(after,)),) if after is not None else ()
    return (*lower, *upper)


def _open_ends(condition: Filter) -> tuple[bool, ...]:
    """For each value, whether the range ends behind it rather than before it."""
    if condition.op == "between":
        return (False, True)[: len(condition.values)]
    return tuple(condition.op in (">", "<=") for _ in condition.values)


def _buckets(end: Scalar, catalog: Catalog, *, open_end: bool) -> Iterator[tuple[tuple[Scalar, Scalar], ...]]:
    if isinstance(end, date):
        day = end.date() if isinstance(end, datetime) else end
        if not MINYEAR < day.year < MAXYEAR:
            return
        day += DAY if open_end else timedelta()
        grain = next(one for one in _COARSE_FIRST if bucket_of(day, one, catalog) == day)
        yield _earlier(day, grain, catalog)
        yield _later(day, grain)
        return
    assert isinstance(end, int | float)
    if end == 0:
        yield ((None, 0),)
        yield ((0, None),)
        return
    width, start = _width(end), Decimal(str(end))
    marks = [end if not number else float(start + number * width) for number in range(-MOST_STEPS, MOST_STEPS + 1)]
    below, above = marks[: MOST_STEPS + 1][::-1], marks[MOST_STEPS:]
    yield (*((first, after) for after, first in pairwise(below)), (None, below[-1]))
    yield (*pairwise(above), (above[-1], None))


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

"""Figures that tell how things stand at the end of a period or bucket: cumulative ones and balances, as parts of a plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import MAXYEAR, date, datetime, time

from insights.catalog.model import Balance, Earlier, FieldId, UpTo
from insights.errors import NotAnswerable, NotPermitted
from insights.query.algebra import Between, Bucket, Condition, Expression, Mark, Part, Standing
from insights.query.conditions import start_of
from insights.query.gathering import joining_for
from insights.query.joins import Joining
from insights.query.parts import DECOMPOSABLE, Asked, Scope, Wanted, aggregates_of, by_reference_first, guards_of, keys_of, rows
from insights.query.shifting import DAY, HOUR, back, earlier_bucket, earlier_days
from insights.query.times import bucket_of, buckets, following
from insights.requests import Grain, Period

MOST_MARKS = 20_000
"""A series with more buckets than this says nothing."""
_NEVER = Mark(bucket=date(1970, 1, 1), first=date(1970, 1, 1), after=date(1970, 1, 1))
Interval = tuple[date | None, date | None]
"""Half-open, by the company's clock; None is an open end."""


def standing(question: Asked, scope: Scope, wanted: Sequence[Wanted]) -> tuple[Part, tuple[int, ...]]:
    """The fact aggregated as it stood, and the numbers of the aggregates that count people.

    Raises NotAnswerable where it is not known up to when, and for what is told apart by the time that it stands over.
    """
    assert scope.standing is not None
    over, fact = scope.standing.over, scope.fact
    if scope.time is None or not isinstance(over, UpTo | Balance | Earlier):
        raise NotAnswerable("This has no dates, so I can't say how it stood.")
    _refuse_own_time(question, scope.time, wanted)
    joining = joining_for(question.catalog, fact, question.grant, question.contents)
    conditions = list(rows(question, replace(scope, periods=()), joining))
    aggregates, common = aggregates_of(question, replace(scope, periods=()), wanted, joining)
    marks = tuple(_marks(question, scope, over)) or (_NEVER,) if question.grain is not None else ()
    spans = [(mark.first, mark.after) for mark in marks] if marks else [_interval(question, scope, over)]
    conditions += _between(question, scope.time, spans, joining)
    keys = keys_of(question, scope, joining, bucketed=False)
    local = not joining.joins
    made = _standing(question, scope.time, over, marks, len(aggregates), joining)
    guards = guards_of(question, fact, joining, aggregates) if question.grant.minimum_group else ()
    if guards and isinstance(over, Earlier):
        raise NotPermitted("Set against an earlier time that could tell something about few people.", remedy="Ask for each time by itself.")
    whole = Part(
        source=question.catalog.datasets[fact].source,
        alias=fact,
        joins=joining.joins,
        conditions=(*conditions, *common),
        keys=keys,
        aggregates=(*aggregates, *guards),
        key_numbers=scope.key_numbers,
        standing=made,
    )
    if made is None and local and scope.key_numbers is None and not guards and all(a.function in DECOMPOSABLE for a in aggregates):
        whole = by_reference_first(question, fact, whole, question.contents.rows.get(fact))
    return whole, tuple(range(len(aggregates), len(aggregates) + len(guards)))


def _standing(question: Asked, at: FieldId, over: UpTo | Balance | Earlier, marks: tuple[Mark, ...], figures: int, joining: Joining) -> Standing | None:
    catalog = question.catalog
    if isinstance(over, Earlier) and over.figure is not None:
        made = _standing(question, at, over.figure, marks, figures, joining)
        return replace(made, elsewhere=True) if made is not None else None
    if isinstance(over, Earlier):
        day: Expression = joining.field(at)
        if catalog.fields[at].kind == "timestamp":
            day = Bucket(of=day, grain="hour" if question.grain == "hour" else "day", instant=True)
        return Standing(at=day, marks=marks, figures=figures, elsewhere=True) if question.grain is not None else None
    if isinstance(over, UpTo):
        of: Expression = joining.field(at)
        if catalog.fields[at].kind == "timestamp":
            of = Bucket(of=of, grain=_finest(question.grain, over), instant=True)
        told = over.period_agg if over.period_agg != "last" else "all"
        return Standing(at=of, marks=marks, figures=figures, told=told) if question.grain is not None else None
    stored = marks
    if catalog.fields[at].kind == "timestamp":
        stored = tuple(Mark(bucket=m.bucket, first=start_of(catalog, at, m.first), after=start_of(catalog, at, m.after)) for m in marks)
    per = tuple(joining.field(field) for field in over.per)
    return Standing(at=joining.stored(at), marks=stored, take=over.take, per=per, figures=figures)


def _refuse_own_time(question: Asked, at: FieldId, wanted: Sequence[Wanted]) -> None:
    """How things stood cannot be told apart by the very time that they stood at, nor by what a calendar tells of it."""
    calendars = {name for name, dataset in question.catalog.datasets.items() if dataset.calendar}
    groups = (*question.keys, *(group for group, _ in (*question.filters, *question.narrowing)))
    named = [group.field for group in groups if group.role is None] + [id_ for one in wanted for id_ in one.aggregation.fields]
    told = next((id_ for id_ in named if id_.dataset in calendars), None)
    if told is not None:
        label = question.catalog.fields[told].label.lower()
        raise NotAnswerable(f"How things stood, or were at another time, can't be told by {label}.", remedy="Ask for it by day, by week or by month.")
    for group in question.keys:
        if group.of(at) == at:
            label = question.catalog.fields[at].label.lower()
            raise NotAnswerable(f"How things stood can't be told by {label}: each day holds those before it.", remedy="Ask for it by day, by week or by month.")


def _between(question: Asked, at: FieldId, spans: Sequence[Interval], joining: Joining) -> list[Condition]:
    """All that any bucket needs, so that the engine can skip the rest."""
    if not spans:
        return []
    firsts = [first for first, _ in spans if first is not None]
    afters = [after for _, after in spans if after is not None]
    first = min(firsts, key=_moment) if len(firsts) == len(spans) else None
    after = max(afters, key=_moment) if len(afters) == len(spans) else None
    if first is None and after is None:
        return []
    return [Between(joining.stored(at), start_of(question.catalog, at, first), start_of(question.catalog, at, after))]


def _through(question: Asked, at: FieldId) -> date | None:
    """The last day that the data has, never after the company's today."""
    known, today = question.contents.coverage.get(at), question.catalog.today
    return min([*([known.last] if known is not None else []), *([today] if today is not None else [])], default=None)


def _interval(question: Asked, scope: Scope, over: UpTo | Balance | Earlier) -> Interval:
    """The days or instants that count for the period as a whole."""
    assert scope.time is not None
    period = scope.periods[0] if scope.periods else Period()
    if isinstance(over, Earlier):
        first, after = earlier_days(over, period, question.contents.coverage.get(scope.time))
        if over.figure is None:
            return first, after
        period, over = Period(first=first, last=after - DAY), over.figure
    last, through = period.last if period.last is None or period.last.year < MAXYEAR else None, _through(question, scope.time)
    if isinstance(over, UpTo) and over.window is None and over.to_date is None:
        return None, None if last is None else last + DAY
    if isinstance(over, UpTo):
        end = min((day for day in (last, through) if day is not None), default=None)
        if end is None:
            raise NotAnswerable("I need to know up to when.", remedy="Name a period.")
        return _before(question, over, end)
    end = last if last is not None else through
    carries = over.take == "last" and over.carried
    return None if carries else period.first, None if end is None else end + DAY


def _marks(question: Asked, scope: Scope, over: UpTo | Balance | Earlier) -> Iterator[Mark]:
    """What counts in each bucket of the periods, as far as the data goes; a period or a window that the data ends in ends with the data."""
    assert question.grain is not None
    assert scope.time is not None
    found: dict[tuple[date, date], Mark] = {}
    through = _through(question, scope.time)
    for period in scope.periods or (Period(),):
        first, last = _known(question, period)
        hours = question.grain == "hour"
        for bucket in buckets(first, last, question.grain, question.catalog):
            end: date = bucket
            if not hours:
                whole = following(bucket, question.grain) - DAY
                end = min(whole, last)
                figure = over.figure if isinstance(over, Earlier) else over
                if (isinstance(over, Earlier) and not isinstance(figure, UpTo)) or (isinstance(figure, UpTo) and not figure.with_data):
                    end = min(whole, period.last or date.max)
                elif through is not None and bucket <= through < end:
                    end = through
            if isinstance(over, Earlier):
                for mark in _earlier_marks(question, over, bucket, (bucket if hours else max(bucket, first), end)):
                    found[bucket, mark.after] = mark
                continue
            for day in _days(over, bucket if hours else max(bucket, first), end):
                since, after = _in_bucket(question, over, bucket, day, first)
                found[bucket, after] = Mark(bucket=bucket, first=since, after=after)
            if len(found) > MOST_MARKS:
                raise NotAnswerable("That is more than anybody can read.", remedy="Ask by a longer step, or for a shorter period.")
    yield from found.values()


def _earlier_marks(question: Asked, over: Earlier, bucket: date, span: tuple[date, date]) -> Iterator[Mark]:
    """What counts in a bucket whose days (or hours) are `span` at the earlier time."""
    assert question.grain is not None
    begins, after = earlier_bucket(over, span, question.grain, question.catalog)
    if over.figure is None:
        yield Mark(bucket=bucket, first=begins, after=after)
        return
    last = after - (HOUR if isinstance(after, datetime) else DAY)
    for day in _days(over.figure, begins, last):
        since, until = _in_bucket(question, over.figure, begins, day, begins if not isinstance(begins, datetime) else begins.date())
        yield Mark(bucket=bucket, first=since, after=until)


def _days(over: UpTo | Balance, first: date, last: date) -> Iterator[date]:
    """The days of a bucket that are told of: the last, or all that another one may be chosen from."""
    if isinstance(over, Balance) or over.period_agg == "last":
        yield last
        return
    day = first
    while day <= last:
        yield day
        day += DAY


def _known(question: Asked, period: Period) -> tuple[date, date]:
    """The first and the last day to tell of. Raises NotAnswerable where neither the period nor the data says."""
    firsts = [day for day in (period.first, question.span[0] if question.span else None) if day is not None]
    lasts = [day for day in (period.last, question.span[1] if question.span else None) if day is not None]
    if not firsts or not lasts:
        raise NotAnswerable("I don't know which days the data covers.", remedy="Name a period.")
    return max(firsts), min(lasts)


def _in_bucket(question: Asked, over: UpTo | Balance, bucket: date, end: date, first: date) -> tuple[date | None, date]:
    if isinstance(over, UpTo):
        return _before(question, over, end)
    after = end + (HOUR if isinstance(end, datetime) else DAY)
    if over.take == "last" and over.carried:
        return None, after
    return (bucket if isinstance(bucket, datetime) else max(bucket, first)), after


def _before(question: Asked, over: UpTo, end: date) -> tuple[date | None, date]:
    """What counts up to and with the day (or hour) `end`."""
    if _finest(question.grain, over) == "hour" and not isinstance(end, datetime):
        end = datetime.combine(end, time(23))
    step = HOUR if isinstance(end, datetime) else DAY
    if over.window is not None:
        since: date | None = back(end, over.window) + step
    elif over.to_date is not None:
        start = bucket_of(end.date() if isinstance(end, datetime) else end, over.to_date, question.catalog)
        since = datetime.combine(start, time()) if isinstance(end, datetime) else start
    else:
        since = None
    return since, end + step


def _finest(grain: Grain | None, over: UpTo) -> Grain:
    return "hour" if grain == "hour" or (over.window is not None and over.window.unit == "hour") else "day"


def _moment(day: date) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time())

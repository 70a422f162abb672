"""A period as far as it was said ("May", "the 3rd", "at three") and which of its occurrences was meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time
from typing import Literal, NamedTuple

from insights.language.periods.arithmetic import DAY, Span, midnight, moved
from insights.language.periods.model import GRAINS, Calendar, Grain, Lean

Cycle = Literal["once", "day", "week", "month", "year"]
At = Callable[[int], "Span | None"]
Bound = Literal["since", "after", "before", "until", "through", "always", "onward"]

# How many occurrences are looked through: eight years to a leap day, some thirty months to a Friday the 13th.
_STEPS = {"day": 3, "week": 4, "month": 40, "year": 10}


class Part(NamedTuple):
    """A period said at tokens `[first, last)`: a named tuple as a token is, because a few words make many.

    `at(k)` is its occurrence in the k-th day, week, month or year (`cycle`), None where there is none (30 February); a period that was said
    whole has the cycle "once". `variants` are other readings with the same cycle ("at three" by night), `others` other spans of one that is
    "once". `fiscal` marks periods of the fiscal year, and `twin` is the fiscal reading of a calendar one. `bound` makes one end open. `until`
    marks a stretch that is not one whole grain, `range` one whose two ends were said. `by_year` marks what its year numbers, though it may
    begin before: week 1 of 2002 starts on 31 December.
    """

    first: int
    last: int
    grain: Grain
    cycle: Cycle
    at: At
    relative: bool = False
    certain: bool = True
    fiscal: bool = False
    twin: At | None = None
    variants: tuple[At, ...] = ()
    others: tuple[Span, ...] = ()
    bound: Bound | None = None
    until: bool = False
    range: bool = False
    by_year: bool = False

    @property
    def clock(self) -> bool:
        """Whether it is a time of day."""
        return self.grain in ("hour", "minute", "second")


def once(first: int, last: int, grain: Grain, span: Span, *, relative: bool = True, others: tuple[Span, ...] = ()) -> Part:
    """Return a period that was said whole."""
    return Part(first=first, last=last, grain=grain, cycle="once", at=lambda _: span, relative=relative, others=others)


def number_of(cycle: Cycle, moment: datetime) -> int:
    """Return which day, week, month or year of the calendar `moment` is in, as `Part.at` counts them."""
    if cycle == "year":
        return moment.year
    if cycle == "month":
        return moment.year * 12 + moment.month - 1
    ordinal = moment.toordinal()
    return (ordinal - 1) // 7 if cycle == "week" else ordinal


def day_of(ordinal: int) -> datetime:
    """Return the midnight that `number_of("day", ...)` counts as `ordinal`."""
    return datetime.fromordinal(ordinal)


def occurrence(at: At, number: int) -> Span | None:
    """Return `at(number)`, or None where the calendar has no such day."""
    try:
        return at(number)
    except (ValueError, OverflowError):
        return None


def _walk(at: At, start: int, step: int, count: int) -> Iterator[Span]:
    for number in range(start, start + step * count, step):
        if (span := occurrence(at, number)) is not None:
            yield span


def latest(part: Part, at: At, limit: datetime) -> Span | None:
    """Return the last occurrence that starts at or before `limit`."""
    if part.cycle == "once":
        return occurrence(at, 0)
    begin = number_of(part.cycle, limit) + 1
    return next((span for span in _walk(at, begin, -1, _STEPS[part.cycle]) if _begun(part, span) <= limit), None)


def _begun(part: Part, span: Span) -> datetime:
    """When a period is under way: a range, when the last of its grains is."""
    return moved(span[1], part.grain, -1) if part.range and not part.clock else span[0]


def soonest(part: Part, at: At, limit: datetime, *, whole: bool = False) -> Span | None:
    """Return the first occurrence that ends after `limit`; one that starts at `limit` or later when `whole`."""
    if part.cycle == "once":
        return occurrence(at, 0)
    begin = number_of(part.cycle, limit) - 1
    return next((s for s in _walk(at, begin, 1, _STEPS[part.cycle] + 1) if (s[0] >= limit if whole else s[1] > limit)), None)


def choose(part: Part, now: datetime, calendar: Calendar, lean: Lean) -> tuple[Span, tuple[Span, ...]] | None:
    """Return the occurrence that was meant and the other possible ones, or None when there is none."""
    if part.cycle == "once":
        span = occurrence(part.at, 0)
        found = (occurrence(at, 0) for at in part.variants)
        return (span, tuple(dict.fromkeys(s for s in (*part.others, *found) if s and s != span))) if span else None
    readings = [_pick(part, at, now, calendar, lean) for at in (part.at, *part.variants)]
    other = _pick(part, part.at, now, calendar, "future" if lean == "past" else "past")
    spans = list(dict.fromkeys(span for span in [*readings, other] if span))
    return (spans[0], tuple(spans[1:])) if spans and readings[0] else None


def _pick(part: Part, at: At, now: datetime, calendar: Calendar, lean: Lean) -> Span | None:
    if lean == "future" and part.bound != "since":
        return soonest(part, at, now, whole=part.clock)
    if part.cycle == "day":
        return occurrence(at, number_of("day", now))
    limit = now
    if part.cycle == "year" and calendar.coverage is not None and lean == "past":
        limit = datetime.combine(calendar.coverage[1], time.max)
    return latest(part, at, limit)


def inside(inner: Part, outer: Part) -> Part | None:
    """Return `inner` as it occurs within `outer` ("Monday" in "next week", "three" on "the 5th"), or None where it cannot."""
    if inner.cycle == "once" or inner.bound or outer.bound:
        return None
    if outer.grain == "year" and outer.cycle == "once" and (years := outer.at(0)) is not None and years[1].year - years[0].year > 1:
        return None  # of "Q1 of the last three years" there are three
    if inner.cycle != outer.grain:
        return _in_part_of_day(inner, outer)
    at = inner.twin if outer.fiscal and inner.twin else inner.at
    around = outer.twin if inner.fiscal and not outer.fiscal and outer.twin else outer.at  # the first quarter of 2026, where quarters are fiscal
    first, last = min(inner.first, outer.first), max(inner.last, outer.last)
    whole = outer._replace(first=first, last=last, grain=inner.grain, certain=True, twin=None, until=inner.until)
    return whole._replace(
        at=_first_within(inner, at, around),
        variants=tuple(_first_within(inner, other, around) for other in inner.variants),
        others=_all_within(inner, outer),
    )


def _first_within(inner: Part, at: At, outer: At) -> At:
    def found(number: int) -> Span | None:
        span = occurrence(outer, number)
        if span is None:
            return None
        if inner.by_year and (span[0].month, span[0].day) == (1, 1):
            return occurrence(at, span[0].year)
        begin = number_of(inner.cycle, span[0])
        return next((s for s in _walk(at, begin - 1, 1, 5) if span[0] <= s[0] < span[1]), None)

    return found


def _all_within(inner: Part, outer: Part) -> tuple[Span, ...]:
    """The other readings of `inner` within an outer period that was said whole."""
    if outer.cycle != "once":
        return ()
    spans = [_first_within(inner, at, outer.at)(0) for at in inner.variants]
    spans += [_first_within(inner, inner.at, lambda _, other=other: other)(0) for other in outer.others]  # type: ignore[misc]
    return tuple(span for span in spans if span)


def _in_part_of_day(inner: Part, outer: Part) -> Part | None:
    """A clock time in a part of a day: "at eight" in "last night", "seven" in "the afternoon"."""
    if inner.cycle != "day" or (inner.until and not inner.range) or outer.grain != "hour" or not outer.until or outer.range:
        return None

    def at(number: int) -> Span | None:
        span = occurrence(outer.at, number)
        if span is None:
            return None
        day = number_of("day", span[0])
        choices = [s for option in (inner.at, *inner.variants) if (s := occurrence(option, day))]
        late = span[0].hour >= 12
        same_half = (s for s in choices if (s[0].hour >= 12) == late)
        return next((s for s in choices if span[0] <= s[0] < span[1]), next(same_half, choices[0] if choices else None))

    first, last = min(inner.first, outer.first), max(inner.last, outer.last)
    return outer._replace(first=first, last=last, grain=inner.grain, at=at, certain=True, others=(), variants=(), until=False)


def coarser(left: Grain, right: Grain) -> bool:
    """Whether `left` is a coarser grain than `right`."""
    return GRAINS.index(left) > GRAINS.index(right)


def span_between(left: Part, right: Part) -> Part | None:
    """Return the period from `left` through `right` (up to it, for clock times), or None where the two do not go together."""
    if left.bound or right.bound:
        return None
    mixed = left.clock != right.clock  # "between now and Friday", "from June through now" are of whole days
    if mixed and (left if left.clock else right).cycle != "once":
        return None
    rank = {"once": 4, "year": 3, "month": 2, "week": 1, "day": 0}
    leader = left if rank[left.cycle] >= rank[right.cycle] else right
    if left.cycle == right.cycle == "once":
        leader = left

    return leader._replace(
        first=left.first,
        last=right.last,
        at=_stretch(left, right, leader, mixed=mixed),
        grain="day" if mixed else left.grain if coarser(right.grain, left.grain) else right.grain,
        relative=left.relative or right.relative,
        certain=left.certain or right.certain,
        others=(),
        variants=(),
        twin=None,
        until=True,
        range=True,
    )


def _stretch(left: Part, right: Part, leader: Part, *, mixed: bool) -> At:
    """The occurrences of a range: the leader's, with the nearest of the other on its side."""

    def at(number: int) -> Span | None:
        if leader is left:
            begin = occurrence(left.at, number)
            end = begin and (soonest(right, right.at, begin[0], whole=True) if right.cycle != "once" else occurrence(right.at, 0))
        else:
            end = occurrence(right.at, number)
            begin = end and latest(left, left.at, end[0])
        if not begin or not end:
            return None
        if mixed:
            begin, end = (midnight(begin[0]), begin[1]), (end[0], midnight(end[1]) + DAY if right.clock else end[1])
        start, stop = begin[0], end[0] if right.clock and not mixed and not right.until else end[1]
        return (start, stop) if start < stop else None

    return at


def opened(bound: Bound | None, part: Part, span: Span) -> tuple[datetime | None, datetime | None]:
    """A span with one end open: "until May 3" keeps that day, "until June" does not keep June."""
    start, end = span
    match bound:
        case None:
            return start, end
        case "always":
            return None, None
        case "since" | "onward":
            return start, None
        case "after":
            return (start if part.clock and not (part.until and not part.range) else end), None
        case "before":
            return None, start
        case "until":
            return None, end if part.grain == "day" else start
        case "through":
            return None, start if part.clock and not part.until else end

"""A piece of another period: "the first two weeks of May", "end of the quarter", "mid 2025", "second Tuesday in June"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from insights.language.periods.arithmetic import DAY, Span, moved, start_of, unit
from insights.language.periods.model import Grain
from insights.language.periods.parts import At, Part, coarser, occurrence, once
from insights.language.periods.reading import Reading
from insights.language.periods.vocabulary import FISCAL, LAST, MONTHS, NEXT, THIS, UNITS, WEEKDAYS

_EDGES = {"beginning": "start", "start": "start", "end": "end", "close": "end", "middle": "middle"}
_SIDES = {"early": 0, "mid": 1, "late": 2}
_SHORT_ENDS: dict[str, Grain] = {"eod": "day", "eow": "week", "eom": "month", "eoq": "quarter", "eoy": "year"}
_WORKING = frozenset({"business", "working", "weekday", "weekdays", "workday", "workdays"})
_NEARBY = THIS | LAST | NEXT
_LASTS = frozenset({"last", "final", "closing"})


def whole(r: Reading, at: int) -> Part | None:
    """The period at token `at`, where "the month" and "the fiscal year" are the current ones."""
    the = r.words[at] == "the"
    start = at + the
    fiscal = r.fiscal
    if r.words[start] in FISCAL:
        fiscal, start = True, start + 1
    grain = UNITS.get(r.words[start])
    if grain and grain not in ("second", "minute"):
        part = r.period(at + the)
        if part:
            return part
        return once(at, start + 1, grain, unit(grain, r.now, 0, r.calendar, fiscal=fiscal))._replace(fiscal=fiscal)
    return r.period(at + the)


def derived(outer: Part, first: int, last: int, grain: Grain, cut: Callable[[Span], Span | None], *variants: Callable[[Span], Span | None]) -> Part:
    """Return the piece that `cut` takes of every occurrence of `outer`."""

    def of(piece: Callable[[Span], Span | None], at: At) -> At:
        def occurs(number: int) -> Span | None:
            span = occurrence(at, number)
            return piece(span) if span else None

        return occurs

    others = tuple(s for other in outer.others if (s := cut(other)))
    at = of(cut, outer.at)
    return outer._replace(
        first=first,
        last=last,
        grain=grain,
        at=at,
        twin=None,
        others=others,
        variants=tuple(of(piece, outer.at) for piece in variants),
        until=True,
    )


def subset(r: Reading, at: int) -> Part | None:
    """ "first two weeks of May", "last month of the quarter", "third week of June", "second Tuesday in June"."""
    word = r.words[at]
    last_ones = word in _LASTS
    ordinal = None if last_ones else r.number(at)
    if not last_ones and (ordinal is None or not ordinal.ordinal or ordinal.value < 1):
        return None
    start = ordinal.last if ordinal else at + 1
    position, count = int(ordinal.value) if ordinal else 1, 1
    if position == 1 and (counted := r.number(start)) and not counted.ordinal and isinstance(counted.value, int) and counted.value > 0:
        count, start = counted.value, counted.last
    noun, link = r.words[start], r.words[start + 1]
    if noun in _WORKING:
        return _working_days(r, at, start, -count if last_ones else position, count)
    near = link in _NEARBY and (r.words[start + 2] in UNITS or r.words[start + 2] in MONTHS)
    if link not in ("of", "in") and not near:
        return None
    number = WEEKDAYS.get(noun, 5 if noun == "weekend" else None)
    grain = UNITS.get(noun)
    if number is None and grain is None:
        return None
    outer = whole(r, start + 2 - near)
    if outer and grain == "half" and not outer.bound and outer.grain in ("month", "quarter", "week") and not last_ones and position < 3:
        return derived(outer, at, outer.last, "day", _half_cut(position))
    if outer is None or outer.bound or (grain and not coarser(outer.grain, grain)):
        return None
    if number is not None:
        return derived(outer, at, outer.last, "day", _weekday_cut(number, 0 if last_ones else position, 2 if noun == "weekend" else 1))
    assert grain is not None
    cut = _last_cut(grain, count) if last_ones else _cut(grain, position - 1, count)
    if grain != "week":
        return derived(outer, at, outer.last, grain, cut)
    both = cut, _week_cut(r, position, count, last_ones)
    return derived(outer, at, outer.last, grain, *(both[::-1] if r.calendar.conventions.weeks == "calendar" else both))


def _working_days(r: Reading, first: int, at: int, position: int, count: int) -> Part | None:
    """ "business days of May", "weekday of June" behind "first 3" or "last"."""
    at += r.words[at] in ("business", "working") and r.words[at + 1] in ("day", "days")
    outer = whole(r, at + 2) if r.words[at + 1] in ("of", "in") else None
    if outer is None or outer.bound or outer.clock or outer.grain == "day":
        return None
    return derived(outer, first, outer.last, "day", _working_cut(r, position, count))


def _cut(grain: Grain, skip: int, count: int) -> Callable[[Span], Span | None]:
    def cut(span: Span) -> Span | None:
        begin = moved(span[0], grain, skip)
        end = moved(begin, grain, count)
        return (begin, min(end, span[1])) if begin < span[1] else None

    return cut


def _half_cut(position: int) -> Callable[[Span], Span | None]:
    def cut(span: Span) -> Span | None:
        days = (span[1] - span[0]).days
        middle = span[0] + timedelta(days=15 if 28 <= days <= 31 else days // 2)
        return (span[0], middle) if position == 1 else (middle, span[1])

    return cut


def _last_cut(grain: Grain, count: int) -> Callable[[Span], Span | None]:
    return lambda span: (max(moved(span[1], grain, -count), span[0]), span[1])


def _week_cut(r: Reading, position: int, count: int, last_ones: bool) -> Callable[[Span], Span | None]:
    """Weeks of the calendar that are mostly in the period, in place of seven days from its first or last."""

    def cut(span: Span) -> Span | None:
        if last_ones:
            end = start_of("week", span[1] - 4 * DAY, r.calendar) + timedelta(weeks=1)
            return end - timedelta(weeks=count), end
        first = start_of("week", span[0] + 3 * DAY, r.calendar) + timedelta(weeks=position - 1)
        return first, first + timedelta(weeks=count)

    return cut


def _working_cut(r: Reading, position: int, count: int) -> Callable[[Span], Span | None]:
    """From the n-th working day (the last ones when negative), Monday to Friday without the company's holidays."""
    free = {day for days in r.holidays.values() for day in days}

    def cut(span: Span) -> Span | None:
        days = (span[0] + timedelta(days=step) for step in range(min((span[1] - span[0]).days, 400)))
        working = [day for day in days if day.weekday() < 5 and day.date() not in free]
        place = position if position < 0 else position - 1
        chosen = working[place : place + count or None]
        return (chosen[0], chosen[-1] + DAY) if chosen else None

    return cut


def _weekday_cut(number: int, position: int, days: int) -> Callable[[Span], Span | None]:
    def cut(span: Span) -> Span | None:
        if position == 0:
            last = span[1] - DAY
            begin = last - timedelta(days=(last.weekday() - number) % 7)
        else:
            begin = span[0] + timedelta(days=(number - span[0].weekday()) % 7, weeks=position - 1)
        return (begin, begin + days * DAY) if span[0] <= begin < span[1] else None

    return cut


def edge(r: Reading, at: int) -> Part | None:
    """ "end of May", "beginning of the year", "middle of last month", "eom", "early May", "mid-2025", "late last year"."""
    word = r.words[at]
    if word in _SHORT_ENDS:
        span = unit(_SHORT_ENDS[word], r.now, 0, r.calendar, fiscal=r.fiscal)
        return _edge_of(r, once(at, at + 1, _SHORT_ENDS[word], span), at, "end")
    if word in _SIDES:
        start = at + 1 + (r.words[at + 1] in ("-", "in"))
        outer = r.period(start)
        if outer is None or outer.bound or outer.clock or outer.grain == "day":
            return None
        side = _SIDES[word]
        return derived(outer, at, outer.last, "day", lambda span: piece(r, span, side))
    kind = _EDGES.get(word)
    if kind is None or (r.words[at + 1] != "of" and not (word == "end" and r.words[at + 1] in UNITS)):
        return None
    start = at + 1 + (r.words[at + 1] == "of")
    start += r.words[start] == "day" and bool(r.period(start + 1 + (r.words[start + 1] == "on")))
    start += r.words[start] == "on"
    outer = whole(r, start)
    return _edge_of(r, outer, at, kind) if outer and not outer.bound and not outer.clock else None


def _edge_of(r: Reading, outer: Part, first: int, kind: str) -> Part:
    """The first or last day of a period (hour of a day), or its middle third."""
    if kind == "middle":
        return derived(outer, first, outer.last, "day", lambda span: piece(r, span, 1))
    grain: Grain = "hour" if outer.grain == "day" and not outer.until else "day"
    cut = _cut(grain, 0, 1) if kind == "start" else _last_cut(grain, 1)

    def wider(span: Span) -> Span:
        return piece(r, span, 0 if kind == "start" else 2)

    if r.calendar.conventions.edges == "half" and grain == "day" and not outer.until:
        return derived(outer, first, outer.last, "day", wider, cut)
    return derived(outer, first, outer.last, grain, cut, wider)


def piece(r: Reading, span: Span, side: int) -> Span:
    """The early (0), middle (1) or late (2) days of a period: thirds of it, or halves where those are the custom."""
    if r.calendar.conventions.edges == "day" or side == 1:
        return _third(span, side)
    days = (span[1] - span[0]).days
    middle = moved(span[0], "month", 6) if days > 360 else span[0] + timedelta(days=15 if 28 <= days <= 31 else days // 2)
    return (span[0], middle) if side == 0 else (middle, span[1])


def _third(span: Span, side: int) -> Span:
    """Whole days of the first, middle or last third."""
    days = (span[1] - span[0]).days
    cuts: list[datetime] = [span[0] + timedelta(days=round(days * third / 3)) for third in range(3)]
    if days % 365 in (0, 1) and days > 360:
        cuts = [span[0], moved(span[0], "month", 4), moved(span[0], "month", 8)]
    return (cuts[side], span[1]) if side == 2 else (cuts[side], cuts[side + 1])


def week_of(r: Reading, at: int) -> Part | None:
    """ "week of May 5", "week beginning February 4", "week ending Friday"."""
    if r.words[at] not in ("week", "weeks") or r.words[at + 1] not in ("of", "beginning", "commencing", "starting", "ending"):
        return None
    outer = r.period(at + 2 + (r.words[at + 2] == "the")) or r.period(at + 2)
    if outer is None or outer.bound or outer.grain != "day" or outer.until:
        return None
    if r.words[at + 1] == "ending":
        return derived(outer, at, outer.last, "week", lambda span: (span[1] - timedelta(weeks=1), span[1]))._replace(certain=True)

    def cut(span: Span) -> Span:
        begin = start_of("week", span[0], r.calendar)
        return begin, begin + timedelta(weeks=1)

    return derived(outer, at, outer.last, "week", cut)._replace(certain=True)

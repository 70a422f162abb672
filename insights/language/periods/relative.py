"""Periods that follow the clock: today, this, last and next of anything, "the week", "same quarter last year"."""

from __future__ import annotations

from datetime import datetime, timedelta

from insights.language.periods.arithmetic import DAY, MONTHS, Span, elapsed, midnight, moved, start_of, unit
from insights.language.periods.clock import moment_span
from insights.language.periods.durations import length
from insights.language.periods.holidays import holiday
from insights.language.periods.hours import part_of_day
from insights.language.periods.model import Grain
from insights.language.periods.named import half_year, month, quarter, weekday
from insights.language.periods.parts import Part, latest, occurrence, once, soonest
from insights.language.periods.reading import Reading
from insights.language.periods.seasons import season_of
from insights.language.periods.vocabulary import AFTER, FISCAL, GLUED_UNITS, LAST, NEXT, PAST, SHORT, THIS, UNITS, WHOLE

_DAYS = {"today": 0, "otd": 0, "yesterday": -1, "tomorrow": 1, "tmrw": 1, "tomorow": 1}

_MODALS = frozenset("not should will would can could may might must shall did does do to usually".split())


def named_day(r: Reading, at: int) -> Part | None:
    """ "today", "yesterday", "the day after tomorrow", "now"."""
    word = r.words[at]
    if word in _DAYS:
        return _day(r, at, at + 1, _DAYS[word])
    if word == "day" and r.words[at + 1] in ("before", "after") and r.words[at + 2] in ("yesterday", "tomorrow"):
        step = -1 if r.words[at + 1] == "before" else 1
        return _day(r, at, at + 3, _DAYS[r.words[at + 2]] + step)
    if word == "now" or (word == "right" and r.words[at + 1] == "now"):
        before = r.words[at - 1] if at else ""
        begin = r.now.replace(second=0, microsecond=0)
        part = once(at, at + 1 + (word == "right"), "minute", moment_span(begin, "minute"))
        alone = not r.words[at + 1] and at > 0
        return part._replace(
            certain=word == "right" or alone or before in ("from", "until", "till", "since", "of", "by", "start", "starting", "between", "free")
        )
    return None


def _day(r: Reading, first: int, last: int, offset: int) -> Part:
    begin = r.today + offset * DAY
    return once(first, last, "day", (begin, begin + DAY))


def current(r: Reading, at: int) -> Part | None:
    """ "in the week", "for the year": the one of now, where nothing says which."""
    the = at + (r.words[at] != "the")
    grain = UNITS.get(r.words[the + 1])
    before, after = r.words[the - 1] if the else "", r.words[the + 2]
    wherever = r.calendar.conventions.every_the and _stands_alone(r, the + 2)
    if r.words[the] != "the" or grain is None or grain in SHORT or not (wherever or before in ("in", "during", "for", "over", "within")):
        return None
    follows = after and after not in AFTER and r.kind(the + 2) != "punctuation"
    if not wherever and (follows or after in ("of", "before", "after", "in", "-")):
        return None
    return once(the + 1, the + 2, grain, unit(grain, r.now, 0, r.calendar, fiscal=r.fiscal))


def _stands_alone(r: Reading, at: int) -> bool:
    """Whether what follows "the week" is no more of its name: "the week 1", "the year of 2008", "the week beginning May 4", "the day before"."""
    word = r.words[at]
    if word in ("beginning", "commencing", "starting", "ending", "-", "'s") or r.kind(at) in ("number", "date") or word in UNITS:
        return False
    if word in ("before", "after") and not r.words[at + 1]:
        return False
    return not (word in ("of", "in") and r.period(at + 1 + (r.words[at + 1] == "the")))


def modified(r: Reading, at: int) -> Part | None:
    """ "this week", "last 3 months", "next Tuesday", "previous fiscal quarter", "last May", "this morning"."""
    word = r.words[at]
    if word in THIS:
        direction = 0
    elif word in LAST or word in PAST:
        direction = -1
    elif word in NEXT:
        direction = 1
    else:
        return None
    if word == "last" and at and r.words[at - 1] in _MODALS and r.number(at + 1):
        return None  # "it should not last two hours"
    start = at + 1
    if word == "this" and (r.words[start] in PAST or r.words[start] in NEXT or r.words[start] == "last"):
        nearest = _of_named(r, at, start + 1, -1 if r.words[start] not in NEXT else 1, nearest=True)
        return nearest or _renamed(modified(r, start), at)
    return _of_units(r, at, start, direction, rolling=word in PAST) or _of_named(r, at, start, direction, nearest=word in PAST)


def _renamed(part: Part | None, first: int) -> Part | None:
    return part and part._replace(first=first)


def _of_units(r: Reading, first: int, at: int, direction: int, *, rolling: bool) -> Part | None:
    """ "last fiscal quarter", "next 3 full weeks", "past year and a half", "last 90d"; `at` is behind the word for the direction."""
    fiscal, said_fiscal, count, partial = r.fiscal, False, None, False
    for _ in range(3):
        if r.words[at] in ("partial", "incomplete", "unfinished", "running", "ongoing") and not direction:
            partial, at = True, at + 1
        elif r.words[at] in FISCAL or r.words[at] == "calendar":
            fiscal, said_fiscal, at = r.words[at] != "calendar", True, at + 1
        elif r.words[at] in WHOLE:
            at += 1
        elif count is None and (found := r.number(at)) and r.words[at][-1:] != "m" and not found.ordinal and not found.symbol and found.value > 0:
            count, at = found.value, found.last + (r.words[found.last] == "-")
    if r.words[at] == "half" and count is None and direction:
        return _half(r, first, at, direction, fiscal=fiscal, rolling=rolling)
    word = r.words[at]
    if count is None and r.kind(at) == "number" and word[-1:] == "m" and word[:-1].isdecimal() and len(word) < 5:
        return _unit(r, first, at + 1, "month", direction, int(word[:-1]), fiscal=fiscal, rolling=rolling)  # "last 6m"
    if count is not None and word in GLUED_UNITS and r.glued(at):
        return _unit(r, first, at + 1, GLUED_UNITS[word], direction, count, fiscal=fiscal, rolling=rolling)
    if word in ("weekend", "weekends"):
        return _weekend(r, first, at + 1, direction) if count in (None, 1) else None
    if partial:
        return _under_way(r, first, at, fiscal=fiscal)
    if word == "decade" and count is None and direction <= 0:
        return _decade(r, first, at + 1, direction)
    multiple = {"fortnight": (2, "week"), "decade": (10, "year")}.get(word.rstrip("s"))
    grain = multiple[1] if multiple else UNITS.get(word)
    if word == "night":
        return None
    if grain is None or (count is None and word.startswith("sec")) or (said_fiscal and grain not in MONTHS):
        return None
    if multiple:
        count = (count or 1) * multiple[0]
    if direction and r.words[at + 1 : at + 4] == ("and", "a", "half") and grain not in SHORT and not multiple:
        return once(first, at + 4, "day", _rolling(r, (count or 1) + 0.5, grain, direction))  # type: ignore[arg-type]
    return _unit(r, first, at + 1, grain, direction, count, fiscal=fiscal, rolling=rolling)  # type: ignore[arg-type]


def _half(r: Reading, first: int, at: int, direction: int, *, fiscal: bool, rolling: bool) -> Part | None:
    """ "last half", "last half year", "last half hour"."""
    counted = length(r, at)
    if counted and counted.grain in SHORT:
        return once(first, counted.last, "minute", _rolling(r, float(counted.minutes), "minute", direction))
    at += r.words[at + 1] in ("year", "-") and UNITS.get(r.words[at + 1 + (r.words[at + 1] == "-")]) == "year"
    at += r.words[at] == "-"
    return _unit(r, first, at + 1, "half", direction, None, fiscal=fiscal, rolling=rolling)


def _under_way(r: Reading, first: int, at: int, *, fiscal: bool) -> Part | None:
    """ "current partial month": as far as it has come."""
    grain = UNITS.get(r.words[at])
    if grain is None or grain in SHORT or grain == "day":
        return None
    begin = start_of(grain, r.now, r.calendar, fiscal=fiscal)
    return once(first, at + 1, "day", (begin, r.today + DAY))._replace(until=True)


def _unit(r: Reading, first: int, last: int, grain: Grain, direction: int, count: float | None, *, fiscal: bool, rolling: bool) -> Part | None:
    """This one, or the `count` before or after it: whole units of the calendar, or ("past") as many days up to now."""
    if direction == 0:
        return None if count else once(first, last, grain, unit(grain, r.now, 0, r.calendar, fiscal=fiscal))._replace(fiscal=fiscal)
    number = count or 1
    if grain in SHORT and (count or direction < 0):
        others = (unit(grain, r.now, direction, r.calendar),) if not count else ()
        return once(first, last, grain, _rolling(r, number, grain, direction), others=others)
    if number != int(number):
        return once(first, last, "day", _rolling(r, number, grain, direction))
    whole = unit(grain, r.now, -int(number) if direction < 0 else 1, r.calendar, fiscal=fiscal, count=int(number))
    days = _rolling(r, number, grain, direction)
    span, other = (days, whole) if rolling else (whole, days)
    others = (other,) if other != span and (count or rolling) else ()
    return once(first, last, grain, span, others=others)._replace(fiscal=fiscal)


def _decade(r: Reading, first: int, last: int, direction: int) -> Part:
    """ "this decade" is the calendar's; "last decade" the ten years before this one, or where it is the custom the calendar's too."""
    begin = datetime((r.now.year // 10 + direction) * 10, 1, 1)
    span = begin, moved(begin, "year", 10)
    years = unit("year", r.now, -10, r.calendar, count=10)
    if direction == 0 or r.calendar.conventions.decades == "calendar":
        return once(first, last, "year", span, others=(years,) if direction else ())
    return once(first, last, "year", years, others=(span,))


def _rolling(r: Reading, count: float, grain: Grain, direction: int) -> Span:
    """As much time before or after now; whole days up to today, from tomorrow."""
    if grain in SHORT:
        now = r.now.replace(microsecond=0) if grain == "second" else r.now.replace(second=0, microsecond=0)
        other = elapsed(now, grain, direction * count, r.calendar)
        return (now, other) if direction > 0 else (other, now)
    if direction > 0:
        return r.today + DAY, moved(r.today + DAY, grain, count)
    return midnight(moved(r.today, grain, -count)), r.today


def _weekend(r: Reading, first: int, last: int, direction: int) -> Part:
    monday = r.today - timedelta(days=r.today.weekday()) + timedelta(weeks=direction)
    return once(first, last, "day", (monday + 5 * DAY, monday + 7 * DAY))


def weekend(r: Reading, at: int) -> Part | None:
    """ "the weekend": the one of this week."""
    return _weekend(r, at, at + 1, 0) if r.words[at] == "weekend" else None


def _of_named(r: Reading, first: int, at: int, direction: int, *, nearest: bool) -> Part | None:
    part = weekday(r, at)
    if part:
        return _of_weekday(r, first, part, direction, nearest=nearest)
    part = month(r, at) or quarter(r, at) or half_year(r, at) or season_of(r, at) or holiday(r, at)
    if part:
        return _of_year(r, first, part, direction)
    part = part_of_day(r, at)
    if part and part.cycle == "day" and r.words[at] != "tonight":
        span = part.at((r.today + direction * DAY).toordinal())
        return span and once(first, part.last, part.grain, span)._replace(until=True)
    return None


def _of_weekday(r: Reading, first: int, part: Part, direction: int, *, nearest: bool) -> Part | None:
    """ "last Friday" is the one before today, "next Friday" the one of next week, "this Friday" that of this week."""
    before = latest(part, part.at, r.today - DAY)
    after = soonest(part, part.at, r.today + DAY, whole=True)
    week = start_of("week", r.now, r.calendar) + timedelta(weeks=direction)
    of_week = soonest(part, part.at, week, whole=True)
    if not before or not after or not of_week:
        return None
    of_the_week = r.calendar.conventions.weekdays == "week" and not nearest
    span = {0: of_week, -1: of_week if of_the_week else before, 1: after if nearest else of_week}[direction]
    others = tuple({of_week, after if direction > 0 else before} - {span}) if direction else ()
    return once(first, part.last, part.grain, span, others=others)


def _of_year(r: Reading, first: int, part: Part, direction: int) -> Part | None:
    """ "last May" is the latest that is over, "next May" the first that has not begun, "this May" that of this year."""
    if direction == 0:
        span = occurrence(part.at, r.now.year)
    elif direction > 0:
        span = soonest(part, part.at, r.now, whole=True)
    else:
        ended = (occurrence(part.at, r.now.year + back) for back in (1, 0, -1, -2))
        span = next((s for s in ended if s and s[1] <= r.now), None)
    other = occurrence(part.at, r.now.year + direction)
    others = (other,) if other and other != span else ()
    return once(first, part.last, part.grain, span, others=others) if span else None


def same_time(r: Reading, at: int) -> Part | None:
    """ "same quarter last year", "this time last week": the unit of now, moved."""
    if r.words[at] not in ("same", "this"):
        return None
    grain = UNITS.get(r.words[at + 1])
    if grain is None and r.words[at + 1] not in ("time", "period"):
        return None
    start = at + 2
    start += r.words[start] in ("of", "in")
    start += r.words[start] == "the"
    outer = UNITS.get(r.words[start + 1])
    if r.words[start] not in LAST or outer is None or (grain and MONTHS.get(grain, 0) >= 12):
        return None
    moment = moved(r.today, outer, -1)
    return once(at, start + 2, grain or "day", unit(grain or "day", moment, 0, r.calendar, fiscal=r.fiscal))

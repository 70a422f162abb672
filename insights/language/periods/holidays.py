"""Days that have a name in every year: "Christmas Eve", "Thanksgiving", and the company's own holidays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from insights.language.periods.arithmetic import DAY, Span, month_start
from insights.language.periods.parts import Part
from insights.language.periods.reading import Reading, plain_name

_FIXED = {
    "new year": (1, 1),
    "new year day": (1, 1),
    "valentine day": (2, 14),
    "saint patrick day": (3, 17),
    "april fool day": (4, 1),
    "earth day": (4, 22),
    "international worker day": (5, 1),
    "juneteenth": (6, 19),
    "independence day": (7, 4),
    "halloween": (10, 31),
    "veteran day": (11, 11),
    "christmas eve": (12, 24),
    "christmas": (12, 25),
    "christmas day": (12, 25),
    "xmas": (12, 25),
    "boxing day": (12, 26),
    "new year eve": (12, 31),
}
# Month, weekday (Monday is 0), which one (0 is the last), days after it.
_MOVING = {
    "martin luther king day": (1, 0, 3, 0),
    "mlk day": (1, 0, 3, 0),
    "president day": (2, 0, 3, 0),
    "mother day": (5, 6, 2, 0),
    "memorial day": (5, 0, 0, 0),
    "father day": (6, 6, 3, 0),
    "labor day": (9, 0, 1, 0),
    "columbus day": (10, 0, 2, 0),
    "thanksgiving": (11, 3, 4, 0),
    "thanksgiving day": (11, 3, 4, 0),
    "black friday": (11, 3, 4, 1),
    "cyber monday": (11, 3, 4, 4),
}
_EASTER = {"easter": 0, "easter sunday": 0, "good friday": -2, "easter monday": 1}


def easter(year: int) -> datetime:
    """Return Easter Sunday of the Gregorian calendar (the algorithm of Meeus, Jones and Butcher).

    >>> easter(2026)
    datetime.datetime(2026, 4, 5, 0, 0)
    """
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return datetime(year, month, day + 1)


def _nth(year: int, month: int, weekday: int, which: int) -> datetime:
    first = month_start(year, month)
    if which:
        return first + timedelta(days=(weekday - first.weekday()) % 7, weeks=which - 1)
    last = month_start(year, month + 1) - DAY
    return last - timedelta(days=(last.weekday() - weekday) % 7)


def _day(name: str) -> Callable[[int], datetime]:
    if name in _FIXED:
        month, day = _FIXED[name]
        return lambda year: datetime(year, month, day)
    if name in _MOVING:
        month, weekday, which, after = _MOVING[name]
        return lambda year: _nth(year, month, weekday, which) + after * DAY
    return lambda year: easter(year) + _EASTER[name] * DAY


_DAYS = {name: _day(name) for name in (*_FIXED, *_MOVING, *_EASTER)}
FIRST_WORDS = frozenset(form for name in _DAYS for word in [name.split()[0]] for form in (word, word + "s")) | {"st"}
_LONGEST = 7


def holiday(r: Reading, at: int) -> Part | None:
    """ "Thanksgiving", "new year's eve", "St. Patrick's Day", or a holiday of the company's own."""
    name = ""
    best: Part | None = None
    for last in range(at + 1, at + 1 + _LONGEST):
        word = r.words[last - 1]
        if not word:
            break
        name = plain_name(f"{name} {word}")
        if name in r.holidays:
            best = _own(r, at, last, name)
        elif name in _DAYS and r.words[last] not in ("'s", "'"):
            day = _DAYS[name]
            best = Part(first=at, last=last, grain="day", cycle="year", at=_whole(day))
    return best


def _whole(day: Callable[[int], datetime]) -> Callable[[int], Span]:
    def occurs(year: int) -> Span:
        begin = day(year)
        return begin, begin + DAY

    return occurs


def _own(r: Reading, first: int, last: int, name: str) -> Part:
    days = {day.year: day for day in r.holidays[name]}

    def occurs(year: int) -> Span | None:
        if year not in days:
            return None
        begin = datetime(year, days[year].month, days[year].day)
        return begin, begin + DAY

    return Part(first=first, last=last, grain="day", cycle="year", at=occurs)

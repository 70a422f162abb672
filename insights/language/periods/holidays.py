"""Holidays as they are said: "Thanksgiving", "Canadian Thanksgiving", "Black Friday week", "Easter weekend", and the company's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from insights.language.periods.arithmetic import DAY, Span, start_of
from insights.language.periods.feasts import COUNTRIES, FEASTS, Reckoned
from insights.language.periods.parts import Part
from insights.language.periods.reading import Reading, plain_name
from insights.language.periods.subsets import derived

_FIRSTS = frozenset(name.split()[0] for name in FEASTS)
FIRST_WORDS = frozenset(form for word in _FIRSTS for form in (word, word + "s")) | {"st", "new", *COUNTRIES}
_LONGEST = 7
_PREFIXES = frozenset(" ".join(name.split()[:length]) for name in FEASTS for length in range(1, _LONGEST + 1))


def holiday(r: Reading, at: int) -> Part | None:
    """ "Thanksgiving", "new year's eve", "St. Patrick's Day", "Mexican Independence Day", or a holiday of the company's own."""
    name = ""
    best: Part | None = None
    for last in range(at + 1, at + 1 + _LONGEST):
        word = r.words[last - 1]
        if not word:
            break
        name = plain_name(f"{name} {word}")
        if name not in _PREFIXES and not r.holidays:
            break
        if name in r.holidays:
            best = _part(at, last, _own(r, name))
        elif name in FEASTS and r.words[last] not in ("'s", "'"):
            best = _part(at, last, _meant(name, r.calendar.country))
    if best is None and r.words[at] in COUNTRIES:
        best = _of_country(r, at)
    return best and _around(r, best)


def _meant(name: str, country: str) -> Reckoned:
    """The day of that name in a country, or where it is known best."""
    by_country = FEASTS[name]
    return by_country.get(country) or next(iter(by_country.values()))


def _of_country(r: Reading, at: int) -> Part | None:
    """ "Canadian Thanksgiving", "UK Mother's Day": a name that means another day elsewhere."""
    name = ""
    code = COUNTRIES[r.words[at]]
    for last in range(at + 2, at + 1 + _LONGEST):
        name = plain_name(f"{name} {r.words[last - 1]}")
        if name not in _PREFIXES:
            break
        days = FEASTS.get(name)
        if days and (code in days or "" in days) and r.words[last] not in ("'s", "'"):
            return _part(at, last, days.get(code) or days[""])
    return None


def _part(first: int, last: int, day: Reckoned) -> Part:
    def occurs(year: int) -> Span | None:
        begin = day(year)
        return (begin, begin + DAY) if begin else None

    return Part(first=first, last=last, grain="day", cycle="year", at=occurs)


def _own(r: Reading, name: str) -> Reckoned:
    days = {day.year: datetime(day.year, day.month, day.day) for day in r.holidays[name]}
    return days.get


def _around(r: Reading, day: Part) -> Part:
    """ "Black Friday week" is the week that holds it, "Labor Day weekend" the Saturday and Sunday beside it, and the days between."""
    word = r.words[day.last]
    if word == "week":
        return derived(day, day.first, day.last + 1, "week", lambda span: _week(r, span))
    if word in ("weekend", "wkend"):
        easter = r.words[day.first] == "easter"
        return derived(day, day.first, day.last + 1, "day", long_weekend(easter=easter))._replace(until=True)
    return day


def _week(r: Reading, span: Span) -> Span:
    begin = start_of("week", span[0], r.calendar)
    return begin, begin + timedelta(weeks=1)


def long_weekend(*, easter: bool = False) -> Callable[[Span], Span]:
    """Return what gives the weekend beside a day: with the Thursday, Friday or Monday that makes it long; Good Friday to Easter Monday."""

    def around(span: Span) -> Span:
        day = span[0]
        if easter:
            return day - 2 * DAY, day + 2 * DAY
        weekday = day.weekday()
        saturday = day + timedelta(days=5 - weekday) if weekday > 1 else day - timedelta(days=weekday + 2)
        begin = day if weekday in (3, 4) else saturday
        return begin, saturday + (3 if weekday == 0 else 2) * DAY

    return around

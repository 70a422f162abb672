"""Years: "2025", "twenty twenty five", "FY26", "the 1990s"; and when a number is none."""

from __future__ import annotations

from datetime import datetime

from insights.language.numbers import spoken_year
from insights.language.periods.arithmetic import fiscal_start, moved
from insights.language.periods.model import Calendar
from insights.language.periods.parts import Part, once
from insights.language.periods.reading import Reading
from insights.language.periods.vocabulary import (
    AFTER,
    BEFORE_PERIOD,
    COMPARATORS,
    FISCAL,
    MONTHS,
    UNITS,
)

_EARLIEST, _LATEST, _LONG_AGO = 1900, 2100, 1500


def year_at(r: Reading, at: int) -> tuple[int, int] | None:
    """`(year, last token)` of a year of four digits or one that is spoken as years are."""
    word = r.words[at]
    if len(word) == 4 and word.isdecimal() and r.kind(at) == "number":
        value = int(word)
        return (value, at + 1) if _EARLIEST <= value <= _LATEST else None
    if word == "'" and len(r.words[at + 1]) == 2 and r.words[at + 1].isdecimal() and r.glued(at + 1):
        return _century(int(r.words[at + 1])), at + 2
    if len(word) == 2 and word.isdecimal() and at > 1 and r.words[at - 1] == "of" and r.words[at - 2] in MONTHS:
        return _century(int(word)), at + 1
    if len(word) == 2 and word.isdecimal() and at and r.words[at - 1][:1] in ("q", "h") and r.words[at - 1][1:] in ("1", "2", "3", "4"):
        after = r.words[at + 1]  # "q4 25"
        return (_century(int(word)), at + 1) if not after or after in AFTER or r.kind(at + 1) == "punctuation" else None
    spoken = spoken_year(r.tokens, at)
    return (int(spoken.value), spoken.last) if spoken else None


def _long_ago(r: Reading, at: int) -> tuple[int, int] | None:
    """A year before 1900, only where nothing but a year can stand: "since 1865", "in the year 1789", "dates back to 1865"."""
    word, before = r.words[at], r.words[at - 1] if at else ""
    if len(word) != 4 or not word.isdecimal() or r.kind(at) != "number" or not _LONG_AGO <= int(word) < _EARLIEST:
        return None
    said = before in ("in", "since", "year") or len(r.tokens) == 1 or r.words[max(at - 2, 0) : at] == ("back", "to")
    after = r.words[at + 1]
    return (int(word), at + 1) if said and (not after or after in AFTER or r.kind(at + 1) == "punctuation") else None


def _century(short: int) -> int:
    return short + (2000 if short < 70 else 1900)


def _january(year: int, _: Calendar) -> datetime:
    return datetime(year, 1, 1)


def year_part(r: Reading, first: int, last: int, year: int, *, fiscal: bool = False) -> Part:
    """Return a whole year, of the calendar or of the company."""
    start = fiscal_start if fiscal else _january
    span = (start(year, r.calendar), start(year + 1, r.calendar))
    return Part(first=first, last=last, grain="year", cycle="once", at=lambda _: span, fiscal=fiscal)


def year(r: Reading, at: int) -> Part | None:
    """ "2025", "twenty twenty five", "year 2025", "the year of 2008"; a bare number after "over" or "top" is none."""
    if r.words[at] in ("year", "calendar"):
        start = at + 1 + (r.words[at] == "calendar" and r.words[at + 1] == "year")
        start += r.words[start] == "of"
        found = year_at(r, start)
        return year_part(r, at, found[1], found[0], fiscal=r.fiscal and r.words[at] == "year") if found else None
    found = year_at(r, at) or _long_ago(r, at)
    if found is None:
        return None
    before, after = r.words[at - 1] if at else "", r.words[found[1]]
    if before in ("$", "€", "£", "#") or after in ("%", "percent", "million", "thousand", "dollars", "euros", "hundred"):
        return None
    asked = before == "about" and at > 1 and r.words[at - 2] in ("how", "what")
    if before in COMPARATORS and not asked and not (before in ("than", "is") and "year" in r.words[max(0, at - 4) : at]):
        return None
    part = year_part(r, at, found[1], found[0])
    part = part._replace(twin=year_part(r, at, found[1], found[0], fiscal=True).at)
    if before in BEFORE_PERIOD or not after or r.words[at] != str(found[0]) or after in AFTER or r.kind(found[1]) == "punctuation":
        return part
    return doubted(part)


def unit_follows(r: Reading, at: int) -> bool:
    """Whether a number before token `at` counts units: "fiscal year 12 months"."""
    return r.words[at] in UNITS or r.words[at] in ("%", "percent", "hundred", "thousand", "million")


def doubted(part: Part) -> Part:
    """Return the part with the doubt that it is a time at all."""
    return Part(first=part.first, last=part.last, grain=part.grain, cycle=part.cycle, at=part.at, certain=False, fiscal=part.fiscal, twin=part.twin)


def numbered_first(r: Reading, at: int) -> Part | None:
    """ "1Q25", "3Q 2025", "2H25": the quarter or half of a year as bankers write it."""
    number, word = r.words[at], r.words[at + 1]
    if number not in ("1", "2", "3", "4") or not r.glued(at + 1) or word[:1] not in ("q", "h") or (word[0] == "h" and number not in ("1", "2")):
        return None
    short = len(word) == 3 and word[1:].isdecimal()
    found = (_century(int(word[1:])), at + 2) if short else year_at(r, at + 2) if len(word) == 1 else None
    if found is None:
        return None
    months = 3 if word[0] == "q" else 6
    start = (fiscal_start if r.fiscal else _january)(found[0], r.calendar)
    begin = moved(start, "month", months * (int(number) - 1))
    return once(at, found[1], "quarter" if months == 3 else "half", (begin, moved(begin, "month", months)), relative=False)


def decade(r: Reading, at: int) -> Part | None:
    """ "the 1990s", "the 90s"."""
    word = r.words[at]
    if not (word.isdecimal() and word[-1] == "0" and r.words[at + 1] in ("s", "'s") and r.glued(at + 1) and len(word) in (2, 4)):
        return None
    if len(word) == 2 and not (at and r.words[at - 1] in ("the", "'")):
        return None
    first = int(word) if len(word) == 4 else _century(int(word))
    if not _EARLIEST <= first <= _LATEST:
        return None
    return once(at, at + 2, "year", (datetime(first, 1, 1), datetime(first + 10, 1, 1)), relative=False)


def fiscal_year(r: Reading, at: int) -> Part | None:
    """ "FY26", "FY 2026", "fiscal 2026", "fiscal year 2026", "financial year ending 2026"."""
    word = r.words[at]
    if word.startswith("fy") and word[2:].isdecimal() and len(word) in (4, 6):
        digits = int(word[2:])
        value = digits if len(word) == 6 else 2000 + digits
        return year_part(r, at, at + 1, value, fiscal=True) if _EARLIEST <= value <= _LATEST else None
    if word[:2] == "cy":  # the calendar's, whatever the company's is
        short = word[2:] or (r.words[at + 1] if r.words[at + 1].isdecimal() else "")
        value = int(short) + (2000 if len(short) == 2 else 0) if len(short) in (2, 4) and short.isdecimal() else 0
        return year_part(r, at, at + 1 + (word == "cy"), value) if _EARLIEST <= value <= _LATEST else None
    if word == "fy" or (word == "f" and r.words[at + 1] == "y"):
        start = at + 1 + (word == "f")
    elif word in FISCAL:
        start = at + 1 + (r.words[at + 1] in ("year", "yr"))
    else:
        return None
    start += r.words[start] in ("ending", "ended")
    found = year_at(r, start)
    spoken = r.number(start) if found is None and (word[0] == "f" and (start > at + 1 or word == "fy")) else None
    if spoken and not spoken.ordinal and not spoken.symbol and isinstance(spoken.value, int) and 10 <= spoken.value < 70 and not unit_follows(r, spoken.last):
        found = 2000 + spoken.value, spoken.last
    return year_part(r, at, found[1], found[0], fiscal=True) if found else None

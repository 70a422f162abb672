"""Periods with names of their own: months, quarters, halves, weeks, weekdays, days with the name of an event."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from insights.language.numbers import spoken_year
from insights.language.periods.arithmetic import DAY, Span, fiscal_start, month_start, moved
from insights.language.periods.parts import At, Part, day_of, once
from insights.language.periods.reading import Reading
from insights.language.periods.vocabulary import (
    ABBREVIATED_MONTHS,
    AFTER,
    BEFORE_MONTH,
    BEFORE_PERIOD,
    DOUBTFUL,
    FISCAL,
    MONTHS,
    PRONOUNS,
    VERBS,
    WEEKDAYS,
)
from insights.language.periods.years import doubted

_BOUNDING = frozenset({"since", "before", "after", "until", "till", "from", "between", "to", "and"})
_LINKS = frozenset({"and", "or", "to", "-", "/", ",", "vs", "versus", "through", "until", "till"})


def month_span(year: int, month: int) -> Span:
    """Return the whole month."""
    return month_start(year, month), month_start(year, month + 1)


def month(r: Reading, at: int) -> Part | None:
    """ "May", "sept"; not the verbs "may" and "march"."""
    number = MONTHS.get(r.words[at])
    if number is None:
        return None
    certain = True
    if r.words[at] in DOUBTFUL:
        verdict = _doubtful_month(r, at)
        if verdict is None:
            return None
        certain = verdict
    last = at + 2 if r.words[at + 1] == "." and r.glued(at + 1) and len(r.words[at]) < 5 and r.words[at + 2] else at + 1
    return Part(first=at, last=last, grain="month", cycle="year", at=lambda year: month_span(year, number), certain=certain)


def _doubtful_month(r: Reading, at: int) -> bool | None:
    """Whether "may", "march" and the like are the month: surely, perhaps, or (None) not."""
    word, before, after = r.words[at], r.words[at - 1] if at else "", r.words[at + 1]
    if before in ("$", "#", "@") and r.glued(at):
        return None
    ends = not after or r.kind(at + 1) == "punctuation" or (after in AFTER and after not in VERBS)
    if after in MONTHS or after in ("of", "'s") or r.kind(at + 1) in ("number", "date") or spoken_year(r.tokens, at + 1):
        return True
    if before in BEFORE_MONTH or _follows_month(r, at) or (after in _LINKS and _month_at(r, at + 2)) or (not before and not after):
        return True
    if (before == "this" and ends) or before in ("is", "was"):
        return True
    if before == "to" and at > 1 and r.words[at - 2] in ("compared", "comparing", "relative", "comparison"):
        return True
    if after in PRONOUNS or before in PRONOUNS or before == "to":
        return None
    if at and r.tokens[at].raw.istitle() and r.kind(at - 1) != "punctuation":
        return True  # nobody writes the verb with a capital inside a sentence
    if word in ABBREVIATED_MONTHS:
        return False
    if word == "march":
        return None if after in ("on", "into", "toward", "towards", "forward", "ahead", "off") else False
    return False if ends or not before else None


def _follows_month(r: Reading, at: int) -> bool:
    """Whether a month stands before, with at most "and", "to" or a dash between: "April and May"."""
    return _month_at(r, at - 1) or (at > 1 and r.words[at - 1] in _LINKS and _month_at(r, at - 2))


def _month_at(r: Reading, at: int) -> bool:
    return at >= 0 and r.words[at] in MONTHS


def _sub_year(r: Reading, number: int, months: int, *, fiscal: bool) -> tuple[At, At]:
    """The n-th quarter or half of the year, as the calendar has it and as the company has it; the asked one first."""

    def plain(year: int) -> Span:
        first = month_start(year, (number - 1) * months + 1)
        return first, moved(first, "month", months)

    def company(year: int) -> Span:
        first = moved(fiscal_start(year, r.calendar), "month", (number - 1) * months)
        return first, moved(first, "month", months)

    return (company, plain) if fiscal else (plain, company)


def quarter(r: Reading, at: int) -> Part | None:
    """ "Q3", "q three", "third quarter", "quarter 3", "fiscal Q2", "second fiscal quarter"."""
    start, fiscal = at, r.fiscal
    if r.words[start] in FISCAL or r.words[start] == "calendar":
        fiscal, start = r.words[start] != "calendar", start + 1
    word = r.words[start]
    number, last = 0, start + 1
    if len(word) in (2, 3) and word[-2] == "q" and word[-1] in "1234" and (len(word) == 2 or word[0] == "f"):
        number, fiscal = int(word[-1]), fiscal or len(word) == 3
    elif len(word) in (6, 8) and word[0] == "q" and word[1] in "1234" and word[2:4] == "fy" and word[4:].isdecimal():
        year = int(word[4:]) + (2000 if len(word) == 6 else 0)
        begin = moved(fiscal_start(year, r.calendar), "month", (int(word[1]) - 1) * 3)
        return once(at, start + 1, "quarter", (begin, moved(begin, "month", 3)), relative=False)
    elif word in ("q", "quarter", "qtr"):
        found = r.number(start + 1)
        if found and found.last == start + 2 and not found.ordinal and found.value in (1, 2, 3, 4):
            number, last = int(found.value), start + 2
    else:
        number, last, fiscal = _ordinal_of(r, start, ("quarter", "qtr"), 4, fiscal=fiscal)
    if not number:
        return None
    main, twin = _sub_year(r, number, 3, fiscal=fiscal)
    return Part(first=at, last=last, grain="quarter", cycle="year", at=main, twin=twin if not fiscal else None, fiscal=fiscal)


def half_year(r: Reading, at: int) -> Part | None:
    """ "H1", "first half" (of a year), "fiscal second half"."""
    start, fiscal = at, r.fiscal
    if r.words[start] in FISCAL or r.words[start] == "calendar":
        fiscal, start = r.words[start] != "calendar", start + 1
    word = r.words[start]
    number, last = 0, start + 1
    if word in ("h1", "h2"):
        number = int(word[1])
    elif word == "h" and (found := r.number(start + 1)) and found.last == start + 2 and not found.ordinal and found.value in (1, 2):
        number, last = int(found.value), start + 2  # "h one", as it is heard
    elif word in ("first", "second", "1st", "2nd"):
        number, last, fiscal = _ordinal_of(r, start, ("half", "halfyear"), 2, fiscal=fiscal)
        last += bool(number) and r.words[last] == "year"
    if not number:
        return None
    main, twin = _sub_year(r, number, 6, fiscal=fiscal)
    return Part(first=at, last=last, grain="half", cycle="year", at=main, twin=twin if not fiscal else None, fiscal=fiscal)


def _ordinal_of(r: Reading, at: int, nouns: tuple[str, ...], most: int, *, fiscal: bool) -> tuple[int, int, bool]:
    """`(number, last, fiscal)` of "third fiscal quarter"; number 0 when it is not there."""
    word = r.words[at]
    found = r.number(at)
    if not found or not found.ordinal or not 1 <= found.value <= most or not word:
        return 0, at, fiscal
    last = found.last
    if r.words[last] in FISCAL or r.words[last] == "calendar":
        fiscal, last = r.words[last] != "calendar", last + 1
    return (int(found.value), last + 1, fiscal) if r.words[last] in nouns else (0, at, fiscal)


def iso_week(year: int, week: int) -> Span:
    """Return a week of the ISO calendar; ValueError where the year has no such week."""
    first = datetime.combine(date.fromisocalendar(year, week, 1), datetime.min.time())
    return first, first + timedelta(days=7)


def numbered_week(r: Reading, at: int) -> Part | None:
    """ "week 23", "W23", "calendar week 7", "iso week 7", "2025-W23"."""
    word = r.words[at]
    if r.kind(at) == "date" and "-w" in word:
        span = _valid_week(int(word[:4]), int(word[6:]))
        return once(at, at + 1, "week", span, relative=False) if span else None
    start = at + 1 if word in ("iso", "calendar") else at
    word = r.words[start]
    if word.startswith(("w", "cw")) and (digits := word.lstrip("cw")).isdecimal() and len(digits) <= 2:
        value, last = int(digits), start + 1
    elif word in ("week", "wk", "kw") and (found := r.number(start + 1)) and not found.ordinal and isinstance(found.value, int):
        value, last = found.value, found.last
    else:
        return None
    if not 1 <= value <= 53:
        return None
    return Part(first=at, last=last, grain="week", cycle="year", at=lambda year: iso_week(year, value), by_year=True)


def _valid_week(year: int, week: int) -> Span | None:
    try:
        return iso_week(year, week)
    except ValueError:
        return None


def weekday(r: Reading, at: int) -> Part | None:
    """ "Monday", "tue"; the day of any week."""
    number = WEEKDAYS.get(r.words[at])
    if number is None:
        return None
    word, before, after = r.words[at], r.words[at - 1] if at else "", r.words[at + 1]
    certain = word not in DOUBTFUL or before in BEFORE_PERIOD or r.kind(at + 1) in ("number", "clock", "date") or after == "at"
    if not certain and (before in ("the", "we", "i") or r.kind(at) != "word"):
        return None
    return weekday_part(at, at + 1, number, certain=certain)


def weekday_part(first: int, last: int, number: int, *, certain: bool = True) -> Part:
    """Return a day of the week, of any week."""

    def at(week: int) -> Span:
        day = day_of(week * 7 + 1 + number)
        return day, day + DAY

    return Part(first=first, last=last, grain="day", cycle="week", at=at, certain=certain)


def event(r: Reading, at: int) -> Part | None:
    """A day that the company has a name for ("launch"), where a word before it says that a time follows; "the outage" of a longer name."""
    the = r.words[at] in ("the", "our", "a")
    start = at + the
    before = r.words[at - 1] if at else ""
    before = r.words[at - 2] if before in ("the", "our") and at > 1 else before
    the = the or (at > 0 and r.words[at - 1] in ("the", "our"))
    best: Part | None = None
    for name in r.events.get(r.words[start], ()):
        last = start + len(name.words)
        if r.words[start:last] != name.words or not (name.whole or (the and before in _BOUNDING)) or (best and best.last >= last):
            continue
        first = datetime(name.day.year, name.day.month, name.day.day)
        part = once(at, last, "day", (first, first + DAY), relative=False)
        best = part if before in BEFORE_PERIOD else doubted(part)
    return best

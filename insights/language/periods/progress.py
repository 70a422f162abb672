"""What is over or still to come of a period: "year to date", "so far this month", "later this week"."""

from __future__ import annotations

from dataclasses import replace

from insights.language.periods.arithmetic import DAY, start_of, unit
from insights.language.periods.model import Grain
from insights.language.periods.parts import Part, choose, occurrence, once
from insights.language.periods.reading import Reading
from insights.language.periods.vocabulary import FISCAL, UNITS

_TO_DATE: dict[str, Grain] = {"ytd": "year", "qtd": "quarter", "mtd": "month", "wtd": "week", "fytd": "year", "fqtd": "quarter"}


def to_date(r: Reading, at: int) -> Part | None:
    """ "ytd", "quarter to date", "fiscal year-to-date", "so far this month"."""
    word = r.words[at]
    if word in _TO_DATE:
        return _until_today(r, at, at + 1, _TO_DATE[word], fiscal=r.fiscal or word[0] == "f")
    if word == "so" and r.words[at + 1] == "far":
        start = at + 2 + (r.words[at + 2] in ("in", "for"))
        part = r.period(start + (r.words[start] == "the"))
        return so_far(r, part, at, part.last) if part else None
    fiscal, start = r.fiscal, at
    if word in FISCAL or word == "calendar":
        fiscal, start = word != "calendar", at + 1
    grain = UNITS.get(r.words[start])
    if grain is None:
        return None
    start += 1 + (r.words[start + 1] == "-")
    if r.words[start] == "to" and "date" in (r.words[start + 1], r.words[start + 2] if r.words[start + 1] == "-" else ""):
        return _until_today(r, at, start + 2 + (r.words[start + 1] == "-"), grain, fiscal=fiscal)
    return _until_today(r, at, start + 2, grain, fiscal=fiscal) if r.words[start] == "so" and r.words[start + 1] == "far" else None


def _until_today(r: Reading, first: int, last: int, grain: Grain, *, fiscal: bool) -> Part:
    begin = start_of(grain, r.now, r.calendar, fiscal=fiscal)
    return replace(once(first, last, "day", (begin, r.today + DAY)), until=True)


def so_far(r: Reading, part: Part, first: int, last: int) -> Part | None:
    """Return a period up to the end of today; None where it is not under way."""
    chosen = choose(part, r.now, r.calendar, "past")
    if chosen is None or not chosen[0][0] <= r.now:
        return None
    begin, end = chosen[0]
    return replace(once(first, last, "day", (begin, min(end, r.today + DAY))), until=True)


def rest(r: Reading, at: int) -> Part | None:
    """ "earlier this week", "later this month", "the rest of the year": what is over or still to come of a period."""
    word, start = r.words[at], at + 1
    if word in ("rest", "remainder"):
        if r.words[start] != "of":
            return None
        start += 1
    elif word not in ("earlier", "later"):
        return None
    start += r.words[start] == "in"
    the = r.words[start] == "the"
    start += the
    grain = UNITS.get(r.words[start]) if the else None
    part = once(start, start + 1, grain, unit(grain, r.now, 0, r.calendar, fiscal=r.fiscal)) if grain else r.period(start)
    if part is None or part.cycle != "once" or part.clock:
        return None
    span = occurrence(part.at, 0)
    if span is None or not span[0] <= r.now < span[1]:
        return None
    cut = (span[0], r.today) if word == "earlier" else (r.today + DAY if word == "later" else r.today, span[1])
    return replace(once(at, part.last, "day", cut), until=True) if cut[0] < cut[1] else None

"""What is over or still to come of a period: "year to date", "so far this month", "later this week"."""

from __future__ import annotations

from insights.language.periods.arithmetic import DAY, moved, start_of, unit
from insights.language.periods.model import Grain
from insights.language.periods.parts import Part, choose, occurrence, once
from insights.language.periods.reading import Reading
from insights.language.periods.subsets import piece
from insights.language.periods.vocabulary import FISCAL, LAST, UNITS

_TO_DATE: dict[str, Grain] = {"ytd": "year", "qtd": "quarter", "mtd": "month", "wtd": "week", "fytd": "year", "fqtd": "quarter"}


def to_date(r: Reading, at: int) -> Part | None:
    """ "ytd", "quarter to date", "fiscal year-to-date", "so far this month"."""
    word = r.words[at]
    if r.words[at + 1 : at + 3] == ("t", "d") and word in ("y", "q", "m", "w"):  # "y t d", as it is heard
        return _of_year(r, _until_today(r, at, at + 3, _TO_DATE[f"{word}td"], fiscal=r.fiscal))
    if word in _TO_DATE:
        return _of_year(r, _until_today(r, at, at + 1, _TO_DATE[word], fiscal=r.fiscal or word[0] == "f"))
    if word == "so" and r.words[at + 1] == "far":
        start = at + 2 + (r.words[at + 2] in ("in", "for"))
        part = r.period(start + (r.words[start] == "the"))
        return so_far(r, part, at, part.last) if part else None
    fiscal, start = r.fiscal, at
    if word in FISCAL or word == "calendar":
        fiscal, start = word != "calendar", at + 1
    grain = UNITS.get(r.words[start])
    if word == "fy":
        grain, fiscal = "year", True
    if grain is None:
        return None
    start += 1 + (r.words[start + 1] == "-")
    if r.words[start] in ("to", "two", "too") and "date" in (r.words[start + 1], r.words[start + 2] if r.words[start + 1] == "-" else ""):
        return _of_year(r, _until_today(r, at, start + 2 + (r.words[start + 1] == "-"), grain, fiscal=fiscal))
    return _until_today(r, at, start + 2, grain, fiscal=fiscal) if r.words[start] == "so" and r.words[start + 1] == "far" else None


def last_to_date(r: Reading, at: int) -> Part | None:
    """ "last ytd", "prior year's YTD": as many days of the year, quarter, month or week before as have passed of this one."""
    place = at + 1
    if r.words[place] in UNITS and not r.words[place].endswith("s"):
        place += 1 + (r.words[place + 1] == "'s")
    grain = _TO_DATE.get(r.words[place])
    if grain is None or (place > at + 1 and UNITS[r.words[at + 1]] != "year"):
        return None
    now = _until_today(r, at, place + 1, grain, fiscal=r.fiscal or r.words[place][0] == "f")
    span, back = now.at(0), "year" if place > at + 1 else grain
    if span is None:
        return None
    before = moved(span[0], back, -1), moved(span[1] - DAY, back, -1) + DAY
    return once(at, place + 1, "day", before)._replace(until=True, relative=True)


def _until_today(r: Reading, first: int, last: int, grain: Grain, *, fiscal: bool) -> Part:
    begin = start_of(grain, r.now, r.calendar, fiscal=fiscal)
    return once(first, last, "day", (begin, r.today + DAY))._replace(until=True)


def _of_year(r: Reading, part: Part) -> Part:
    """ "YTD 2025", "year to date last year": as many days of that year as have passed of this one."""
    start = part.last + (r.words[part.last] in ("in", "of", "for", "from"))
    year = r.period(start) if r.words[start] and (r.words[start] in LAST or r.kind(start) == "number" or r.words[start] == "twenty") else None
    of = year.at(0) if year and year.grain == "year" and year.cycle == "once" and not (year.bound or year.until) else None
    now = part.at(0)
    if year is None or of is None or now is None or of[0].year == now[0].year:
        return part
    months = (of[0].year - now[0].year) * 12
    span = moved(now[0], "month", months), moved(now[1] - DAY, "month", months) + DAY
    return once(part.first, year.last, "day", span)._replace(until=True, relative=year.relative)


def so_far(r: Reading, part: Part, first: int, last: int) -> Part | None:
    """Return a period up to the end of today; None where it is not under way."""
    chosen = choose(part, r.now, r.calendar, "past")
    if chosen is None or not chosen[0][0] <= r.now:
        return None
    begin, end = chosen[0]
    if part.grain == "day" and r.words[part.last] == "to":  # "from Jan 1 to date"
        return once(first, last, "day", (begin, r.today + DAY))._replace(until=True, range=True)
    if end <= r.today and part.relative and part.grain == "year":  # "last year to date": as far as this year has come
        year = start_of("year", r.now, r.calendar, fiscal=part.fiscal)
        passed = moved(r.today, "month", -12) + DAY
        if moved(year, "month", -12) == begin:
            return once(first, last, "day", (begin, passed), others=((begin, r.today + DAY),))._replace(until=True)
    return once(first, last, "day", (begin, min(end, r.today + DAY)))._replace(until=True)


def rest(r: Reading, at: int) -> Part | None:
    """ "earlier this week", "later this month", "the rest of the year": what is over or still to come of a period."""
    word, start = r.words[at], at + 1
    if word in ("rest", "remainder"):
        start += r.words[start] == "of"
    elif word not in ("earlier", "later"):
        return None
    start += r.words[start] == "in"
    the = r.words[start] in ("the", "my", "our")
    start += the
    grain = UNITS.get(r.words[start]) if the else None
    part = once(start, start + 1, grain, unit(grain, r.now, 0, r.calendar, fiscal=r.fiscal)) if grain else r.period(start)
    if part is None or part.cycle != "once" or part.clock:
        return None
    span = occurrence(part.at, 0)
    if span is None:
        return None
    if word in ("earlier", "later") and (r.calendar.conventions.later == "half" or not span[0] <= r.now < span[1]):
        half = piece(r, span, 0 if word == "earlier" else 2)
        return once(at, part.last, "day", half)._replace(until=True) if half[0] < half[1] else None
    if not span[0] <= r.now < span[1]:
        return None
    cut = (span[0], r.today) if word == "earlier" else (r.today + DAY if word == "later" else r.today, span[1])
    return once(at, part.last, "day", cut)._replace(until=True) if cut[0] < cut[1] else None

"""Periods that are named by what is around them: "all time", "the whole year", "weeks 10 to 12", "2024/25", "Monday week"."""

from __future__ import annotations

from datetime import datetime, timedelta

from insights.language.periods.arithmetic import DAY, Span, fiscal_start, moved, unit
from insights.language.periods.holidays import long_weekend
from insights.language.periods.named import iso_week, weekday
from insights.language.periods.parts import Part, choose, once, soonest
from insights.language.periods.reading import Reading
from insights.language.periods.subsets import derived
from insights.language.periods.vocabulary import AFTER, LAST, MONTHS, NEXT, SHORT, UNITS, WEEKDAY_PLURALS, WEEKDAYS, WHOLE

_ALWAYS = (datetime.min, datetime.max.replace(microsecond=0))
_DECADES = {"nineties": 1990, "eighties": 1980, "seventies": 1970, "sixties": 1960}


def everything(r: Reading, at: int) -> Part | None:
    """ "all time", "ever", "all week", "the whole of 2025", "the entire year"."""
    word, after = r.words[at], r.words[at + 1]
    joined = at + 1 + (after == "-")
    if word == "all" and r.words[joined] == "time":
        return once(at, joined + 1, "day", _ALWAYS)._replace(bound="always")
    if word in ("alltime", "ever"):
        free = word == "alltime" or (after != "since" and after not in ("more", "so", "again"))
        return once(at, at + 1, "day", _ALWAYS)._replace(bound="always") if free and after != "-" else None
    if word not in ("all", "whole", "entire", "full"):
        return None
    start = at + 1 + (after == "of")
    part = r.period(start + (r.words[start] == "the")) if after == "of" else None
    if part:
        return part._replace(first=at) if part.bound is None and not part.clock else None
    if word == "all" and after == "day":
        day = r.period(at + 2 + (r.words[at + 2] in ("on", "of")))
        if day and day.grain == "day" and not day.bound:
            return day._replace(first=at)
    grain = UNITS.get(after)
    before = r.words[at - 1] if at else ""
    ends = not r.words[at + 2] or r.words[at + 2] in AFTER or r.words[at + 2] in ("long", "round") or r.kind(at + 2) == "punctuation"
    if grain is None or grain in SHORT or grain == "half" or after.endswith("s") or not ends or not (word == "all" or before == "the"):
        return None
    last = at + 2 + (r.words[at + 2] in ("long", "round"))
    return once(at, last, grain, unit(grain, r.now, 0, r.calendar, fiscal=r.fiscal))


def numbered_weeks(r: Reading, at: int) -> Part | None:
    """ "weeks 10 to 12", "weeks 10-12 of 2025": of the ISO calendar."""
    if r.words[at] not in ("weeks", "week", "wk", "kw"):
        return None
    left = r.number(at + 1)
    if left is None or r.words[left.last] not in ("to", "through", "thru", "until", "-"):
        return None
    right = r.number(left.last + 1)
    if right is None or left.ordinal or right.ordinal or not isinstance(left.value, int) or not isinstance(right.value, int):
        return None
    first, final = left.value, right.value
    if not 1 <= first < final <= 53:
        return None

    def occurs(year: int) -> Span:
        return iso_week(year, first)[0], iso_week(year, final)[1]

    return Part(first=at, last=right.last, grain="week", cycle="year", at=occurs, until=True, by_year=True)


def spoken_decade(r: Reading, at: int) -> Part | None:
    """ "the nineties"."""
    if not at or r.words[at - 1] != "the":
        return None
    begin = _DECADES[r.words[at]]
    return once(at, at + 1, "year", (datetime(begin, 1, 1), datetime(begin + 10, 1, 1)), relative=False)


def seasonal_year(r: Reading, at: int) -> Part | None:
    """ "2024/25", "2024-25": the company's year, both years where that is the calendar's."""
    word, end = r.words[at], r.words[at + 2]
    if r.words[at + 1] not in ("/", "-") or not (len(word) == 4 and word.isdecimal() and len(end) == 2 and end.isdecimal()):
        return None
    year = int(word)
    if not 1900 <= year <= 2099 or int(end) != (year + 1) % 100 or not (r.glued(at + 1) and r.glued(at + 2)) or r.words[at + 3] in ("-", "/"):
        return None
    if r.calendar.fiscal_year_starts == 1:
        span = datetime(year, 1, 1), datetime(year + 2, 1, 1)
    else:
        span = fiscal_start(year + 1, r.calendar), fiscal_start(year + 2, r.calendar)
    return once(at, at + 3, "year", span, relative=False)


def weekday_week(r: Reading, at: int) -> Part | None:
    """ "Monday week", "tomorrow week": a week later."""
    last = at + 1
    if r.words[last] != "week" or (r.words[last + 1] and r.words[last + 1] not in AFTER and r.kind(last + 1) != "punctuation"):
        return None
    if r.lean == "past" or (at and r.words[at - 1] in ("last", "next", "this", "previous")):
        return None
    if r.words[at] in ("today", "tomorrow"):
        begin = r.today + (7 + (r.words[at] == "tomorrow")) * DAY
        return once(at, last + 1, "day", (begin, begin + DAY))
    part = weekday(r, at)
    span = part and soonest(part, part.at, r.today + DAY, whole=True)
    return once(at, last + 1, "day", (span[0] + 7 * DAY, span[1] + 7 * DAY)) if span else None


def july_weekend(r: Reading, at: int) -> Part | None:
    """ "July 4th weekend", "fourth of July weekend"."""
    day, last = r.number(at + 1), 0
    if MONTHS.get(r.words[at]) == 7 and day and day.value == 4:
        last = day.last
    elif (day := r.number(at)) and day.value == 4 and day.ordinal and MONTHS.get(r.words[day.last + (r.words[day.last] == "of")]) == 7:
        last = day.last + 1 + (r.words[day.last] == "of")
    if not last or r.words[last] != "weekend":
        return None
    fourth = Part(first=at, last=last, grain="day", cycle="year", at=lambda year: (datetime(year, 7, 4), datetime(year, 7, 5)))
    return derived(fourth, at, last + 1, "day", long_weekend())


def weekend_of(r: Reading, at: int) -> Part | None:
    """ "weekend before last", "weekend of May 5", "weekend after Easter"."""
    side = r.words[at + 1]
    saturday = r.today - timedelta(days=r.today.weekday() - 5)
    if side in ("before", "after") and r.words[at + 2] in ("last", "next") and r.words[at + 3] not in UNITS:
        begin = saturday + timedelta(weeks=(-2 if side == "before" else 2))
        agree = (side, r.words[at + 2]) in (("before", "last"), ("after", "next"))
        return once(at, at + 3, "day", (begin, begin + 2 * DAY)) if agree else None
    if side not in ("of", "before", "after", "following"):
        return None
    anchor = r.period(at + 2 + (r.words[at + 2] == "the"))
    chosen = choose(anchor, r.now, r.calendar, r.lean) if anchor else None
    if anchor is None or chosen is None or anchor.bound or anchor.grain != "day":
        return None
    day = chosen[0][0]
    begin = day - timedelta(days=(day.weekday() - 5) % 7 or (7 if side == "before" else 0))
    if side in ("after", "following"):
        begin = day + timedelta(days=(5 - day.weekday()) % 7 or 7)
    elif side == "of" and day.weekday() < 5:
        begin = day + timedelta(days=5 - day.weekday())
    return once(at, anchor.last, "day", (begin, begin + 2 * DAY))._replace(relative=anchor.relative)


def century(r: Reading, at: int) -> Part | None:
    """ "the 21st century"."""
    found = r.number(at)
    if found is None or not found.ordinal or not 16 <= found.value <= 22 or r.words[found.last] != "century":
        return None
    begin = (int(found.value) - 1) * 100
    return once(at, found.last + 1, "year", (datetime(begin, 1, 1), datetime(begin + 100, 1, 1)), relative=False)


def weekdays_ago(r: Reading, at: int) -> Part | None:
    """ "two Mondays ago"."""
    found = r.number(at)
    if found is None or found.ordinal or not isinstance(found.value, int) or not 1 <= found.value <= 60 or r.words[found.last + 1] != "ago":
        return None
    word = r.words[found.last]
    number = WEEKDAYS.get(word, WEEKDAY_PLURALS.get(word))
    if number is None:
        return None
    last = r.today - timedelta(days=(r.today.weekday() - number) % 7 or 7)
    begin = last - timedelta(weeks=found.value - 1)
    return once(at, found.last + 2, "day", (begin, begin + DAY))


def business_day(r: Reading, at: int) -> Part | None:
    """ "the next business day", "last working day": Monday to Friday without the company's holidays."""
    word, kind = r.words[at], r.words[at + 1]
    if not (kind in ("business", "working") and r.words[at + 2] == "day") or r.words[at + 3] in ("of", "in"):
        return None
    if word not in NEXT and word not in LAST:
        return None
    free = {day for days in r.holidays.values() for day in days}
    step = DAY if word in NEXT else -DAY
    day = r.today + step
    while (day.weekday() > 4 or day.date() in free) and abs((day - r.today).days) < 30:
        day += step
    return once(at, at + 3, "day", (day, day + DAY))


def latest_unit(r: Reading, at: int) -> Part | None:
    """ "the latest month", "most recent 3 quarters": the last that are over, by now and by what the data covers."""
    start = at + 1 + (r.words[at] == "most" and r.words[at + 1] == "recent")
    if r.words[at] == "most" and start == at + 1:
        return None
    start += r.words[start] in WHOLE
    found = r.number(start)
    counted = found is not None and not found.ordinal and isinstance(found.value, int) and found.value > 0
    start = found.last if found and counted else start
    count = int(found.value) if found and counted else 1
    grain = UNITS.get(r.words[start])
    if grain is None or grain in SHORT or count > 1000:
        return None
    covered = r.calendar.coverage
    end = min(r.now, datetime.combine(covered[1] + DAY, datetime.min.time())) if covered else r.now
    return once(at, start + 1, grain, unit(grain, end, -count, r.calendar, fiscal=r.fiscal, count=count), relative=False)


def trailing_year(r: Reading, at: int) -> Part | None:
    """ "ttm", "ltm": the trailing twelve months."""
    return once(at, at + 1, "month", (moved(r.today, "month", -12), r.today))


def at_its_end(r: Reading, at: int) -> Part | None:
    """ "year end", "month-end": the last day of the one that ended last, or, of what is to come, of this one."""
    grain, last = UNITS.get(r.words[at]), at + 1 + (r.words[at + 1] == "-")
    if grain is None or grain in SHORT or grain in ("day", "half") or r.words[at].endswith("s") or r.words[last] != "end":
        return None
    if r.words[last + 1] and r.words[last + 1] not in AFTER and r.kind(last + 1) not in ("punctuation", "number"):
        return None
    span = unit(grain, r.now, 0 if r.lean == "future" else -1, r.calendar, fiscal=r.fiscal)
    return once(at, last + 1, "day", (span[1] - DAY, span[1]))

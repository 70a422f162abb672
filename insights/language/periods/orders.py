"""Days in less usual order: "September-2020-23", "Friday 7.6", "from 4-23 in next month"."""

from __future__ import annotations

from datetime import datetime

from insights.language.periods.arithmetic import DAY, Span
from insights.language.periods.dates import THROUGH, day_number, day_part, valid_day
from insights.language.periods.parts import At, Part, occurrence, once
from insights.language.periods.reading import Reading
from insights.language.periods.vocabulary import LAST, MONTHS, NEXT, THIS

# Hours: "12-4" after a day is from twelve to four, "7-6" is 6 July.
_LONGEST_MEETING = 9
_NEARBY = THIS | LAST | NEXT


def any_order(r: Reading, at: int) -> Part | None:
    """ "September-2020-23", "23/2020/Sep", "2020.Sep.23": a day written together with the name of its month, in whatever order."""
    mark = r.words[at + 1]
    if mark not in ("-", "/", ".") or r.words[at + 3] != mark or not all(r.glued(place) for place in range(at + 1, at + 5)):
        return None
    pieces = r.words[at], r.words[at + 2], r.words[at + 4]
    months = [MONTHS[word] for word in pieces if word in MONTHS]
    numbers = [word for word in pieces if word.isdecimal()]
    years = [int(word) for word in numbers if len(word) == 4]
    days = [int(word) for word in numbers if len(word) <= 2]
    if not (len(months) == len(years) == len(days) == 1) or not 1900 <= years[0] <= 2100:
        return None
    span = valid_day(years[0], months[0], days[0])
    return once(at, at + 5, "day", span, relative=False) if span else None


def after_weekday(r: Reading, weekday: Part, at: int) -> Part | None:
    """ "Friday 7.6", "Friday 7-6": month and day, where they do fall on that day of the week and are no hours."""
    word, last = r.words[at], at + 1
    if r.kind(at) != "number":
        return None
    if r.words[at + 1] in ("-", "/") and r.glued(at + 1) and r.glued(at + 2) and r.kind(at + 2) == "number":
        word, last = f"{word}.{r.words[at + 2]}", at + 3
        first, _, second = word.partition(".")
        if not (first.isdecimal() and second.isdecimal()) or (int(second) <= 24 and (int(second) - int(first)) % 12 <= _LONGEST_MEETING):
            return None
    first, _, second = word.partition(".")
    said = weekday.at(0)
    if not (first.isdecimal() and second.isdecimal()) or len(first + second) > 4 or said is None or r.words[last] in ("am", "pm"):
        return None
    for month_number, day in ((int(first), int(second)), (int(second), int(first))):
        years = (valid_day(year, month_number, day) for year in (r.now.year - 1, r.now.year, r.now.year + 1))
        if any(span and span[0].weekday() == said[0].weekday() for span in years):
            part = day_part(at, last, month_number, (day, day))
            return part._replace(at=_only_on(part.at, said[0].weekday()))
    return None


def _only_on(at: At, weekday: int) -> At:
    """The occurrences that fall on a day of the week."""

    def occurs(year: int) -> Span | None:
        span = occurrence(at, year)
        return span if span and span[0].weekday() == weekday else None

    return occurs


def days_of_month(r: Reading, at: int) -> Part | None:
    """ "from 4-23 in next month", "the 4th to the 23rd of last month": days of a month that is said by the clock."""
    intro = r.words[at] in ("from", "between")
    start = at + intro + (r.words[at + intro] == "the")
    left = day_number(r, start)
    if left is None or r.words[left[1]] not in (THROUGH | {"and"} if r.words[at] == "between" else THROUGH):
        return None
    right = day_number(r, left[1] + 1 + (r.words[left[1] + 1] == "the"))
    if right is None or right[0] <= left[0]:
        return None
    place = right[1] + (r.words[right[1]] in ("of", "in"))
    place += r.words[place] == "the"
    if r.words[place] not in _NEARBY or r.words[place + 1] != "month":
        return None
    month_part = r.period(place)
    span = month_part and month_part.grain == "month" and month_part.cycle == "once" and month_part.at(0)
    if not month_part or not span:
        return None
    days = datetime(span[0].year, span[0].month, left[0]), datetime(span[0].year, span[0].month, right[0]) + DAY
    return once(at, month_part.last, "day", days)._replace(until=True)

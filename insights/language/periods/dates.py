"""Days as calendars write them: "May 3rd", "the 3rd of May", "5/3/2025", "2025-05-03", "the 3rd"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from insights.language.numbers import spoken_year
from insights.language.periods.arithmetic import DAY, Span
from insights.language.periods.clock import moment_span, time_at
from insights.language.periods.model import Grain
from insights.language.periods.named import month, month_span
from insights.language.periods.parts import Part, once
from insights.language.periods.reading import Reading
from insights.language.periods.vocabulary import AFTER, BEFORE_PERIOD, MONTHS, UNITS, WEEKDAYS

THROUGH = frozenset({"to", "through", "thru", "until", "till", "-"})


def day_number(r: Reading, at: int) -> tuple[int, int, bool] | None:
    """`(day, last, ordinal)` of a number from 1 to 31 at token `at`."""
    found = r.number(at)
    if found is None or found.symbol or found.vague or not isinstance(found.value, int) or not 1 <= found.value <= 31:
        return None
    return found.value, found.last, found.ordinal


def _days(month_number: int, first_day: int, last_day: int) -> Callable[[int], Span]:
    def at(year: int) -> Span:
        return datetime(year, month_number, first_day), datetime(year, month_number, last_day) + DAY

    return at


def day_part(first: int, last: int, month_number: int, days: tuple[int, int]) -> Part:
    """Return the first to the last of some days of a month, in any year."""
    return Part(first=first, last=last, grain="day", cycle="year", at=_days(month_number, *days), until=days[0] != days[1])


def month_day(r: Reading, at: int) -> Part | None:
    """ "May 3", "May the 3rd", "Oct/2", "May 3 to 5"."""
    number = MONTHS.get(r.words[at])
    if number is None:
        return None
    start = at + 1
    if r.words[start] in ("the", "-", "/", ".", ","):
        comma = r.words[start] == ","
        start += 1
        if comma and not ((found := r.number(start)) and found.ordinal):
            return None
    if spoken_year(r.tokens, start):
        return None
    day = day_number(r, start)
    if day is None or r.words[day[1]] in (":", "%"):
        return None
    tail = _second_day(r, day[1], day[0])
    if tail:
        return day_part(at, tail[1], number, (day[0], tail[0]))
    return day_part(at, day[1], number, (day[0], day[0]))


def _second_day(r: Reading, at: int, first_day: int) -> tuple[int, int] | None:
    """`(day, last)` of "to the 5th" after a day of the same month; not of "to 5 pm" or "to 5 June"."""
    if r.words[at] not in THROUGH:
        return None
    start = at + 1 + (r.words[at + 1] == "the")
    day = day_number(r, start)
    if day is None or day[0] <= first_day:
        return None
    after = r.words[day[1]]
    if (
        after in MONTHS
        or after in ("am", "pm", "of", "o'clock", "oclock", "%", ":")
        or after in UNITS
        or (r.kind(day[1]) == "number" and not day[2] and len(after) < 4)
    ):
        return None
    return day[0], day[1]


def day_month(r: Reading, at: int) -> Part | None:
    """ "3 May", "3rd of May", "third of May", "1 to 15 May", "the 1st through the 5th of May"."""
    first = day_number(r, at)
    if first is None:
        return None
    start, days = first[1], (first[0], first[0])
    joins = THROUGH | {"and"} if at and r.words[at - 1] in ("between", "the") else THROUGH
    if r.words[start] in joins:
        second = day_number(r, start + 1 + (r.words[start + 1] == "the"))
        if second is None or second[0] <= first[0]:
            return None
        start, days = second[1], (first[0], second[0])
    start += r.words[start] == "day"
    of = r.words[start] in ("of", "-", "/", ",")
    start += of
    number = MONTHS.get(r.words[start])
    if number is None or (not of and not first[2] and month(r, start) is None and r.kind(start + 1) != "number"):
        return None
    return day_part(at, start + 1, number, days)


def glued_month_day(r: Reading, at: int) -> Part | None:
    """ "Dec31"."""
    word = r.words[at].rstrip("0123456789")
    day = r.words[at][len(word) :]
    return day_part(at, at + 1, MONTHS[word], (int(day), int(day))) if word in MONTHS and len(day) <= 2 and 1 <= int(day) <= 31 else None


def day_of_month(r: Reading, at: int, *, after_weekday: bool = False) -> Part | None:
    """ "the 3rd", "the eighteenth", where nothing follows that could be counted; "21" too after a weekday."""
    the = r.words[at] == "the"
    start = at + the
    day = day_number(r, start)
    before = r.words[at - 1] if at else ""
    if day is None or not (day[2] or after_weekday or (the and before == "on")):
        return None
    last = day[1] + (r.words[day[1]] == "day")
    after = r.words[last]
    if after in WEEKDAYS:
        return None
    if after and after not in AFTER and r.kind(last) != "punctuation" and not (time_at(r, last, bare=False) and day[2]):
        return None
    if not day[2] and (after in THROUGH or after in ("am", "pm", "past", ":", ".", "/") or (r.lean == "past" and after in AFTER)):
        return None
    number = day[0]

    def occurs(index: int) -> Span:
        begin = datetime(index // 12, index % 12 + 1, number)
        return begin, begin + DAY

    sure = before in ("on", "since", "until", "till", "by", "before", "after", "from", "between", "through", "around", "for") and the
    if not the and not after_weekday and before not in ("on", "between", "and", "to"):
        month_said = r.period(last + 1 + (r.words[last + 1] == "the")) if after == "of" else None
        if month_said is None or month_said.grain != "month":
            return None
    return Part(first=at, last=last, grain="day", cycle="month", at=occurs, certain=bool(sure))


def numeric(r: Reading, at: int) -> Part | None:
    """ "2025-05-03", "5/3/2025" (month first), "29/03", "20250503", "2025-05", an ISO date and time."""
    text = r.words[at]
    if r.kind(at) == "date":
        return None if "-w" in text else _numeric_token(r, at, text)
    if r.kind(at) != "number" or not text.isdecimal():
        return None
    if len(text) == 8 and (span := valid_day(int(text[:4]), int(text[4:6]), int(text[6:]))) and 1900 <= span[0].year <= 2100:
        return once(at, at + 1, "day", span, relative=False)
    if len(text) <= 2 and r.words[at + 1] in ("/", "-") and r.glued(at + 1) and r.glued(at + 2):
        month_number, year = int(text), r.words[at + 2]
        if 1 <= month_number <= 12 and len(year) == 4 and year.isdecimal() and 1900 <= int(year) <= 2100:
            return once(at, at + 3, "month", month_span(int(year), month_number), relative=False)
    if len(text) == 4 and r.words[at + 1] in ("-", "/") and r.glued(at + 1) and r.glued(at + 2):
        return _year_first(r, at)
    return None


def _year_first(r: Reading, at: int) -> Part | None:
    """ "2025-05", "2025/Sep/23"."""
    year, word = int(r.words[at]), r.words[at + 2]
    number = MONTHS.get(word, int(word) if word.isdecimal() and len(word) <= 2 and r.kind(at + 2) == "number" else 0)
    if not 1 <= number <= 12 or not 1900 <= year <= 2100:
        return None
    if word in MONTHS and r.words[at + 3] in ("-", "/") and r.words[at + 4].isdecimal() and r.kind(at + 4) == "number":
        span = valid_day(year, number, int(r.words[at + 4][:3]))
        return once(at, at + 5, "day", span, relative=False) if span else None
    return once(at, at + 3, "month", month_span(year, number), relative=False)


def _numeric_token(r: Reading, at: int, text: str) -> Part | None:
    if "t" in text:
        try:
            begin = datetime.fromisoformat(text.upper())
        except ValueError:
            return None
        grain: Grain = "second" if text.count(":") == 2 else "minute"
        return once(at, at + 1, grain, moment_span(begin, grain), relative=False)
    numbers = [int(digits) for digits in text.replace("/", "-").replace(".", "-").split("-")]
    if len(numbers) == 2:
        month_number, day = numbers if numbers[0] <= 12 else numbers[::-1]
        if not 1 <= month_number <= 12 or not 1 <= day <= 31:
            return None
        if text == "24/7" or (text in ("1/2", "1/3", "1/4", "3/4", "2/3") and r.words[at + 1] in ("of", "a", "an", "hour", "hours", "the")):
            return None
        before = r.words[at - 1] if at else ""
        certain = not before or r.kind(at - 1) == "punctuation" or before in BEFORE_PERIOD or before in WEEKDAYS or (at > 1 and before == "-")
        return day_part(at, at + 1, month_number, (day, day))._replace(certain=certain)
    if len(text) - len(text.lstrip("0123456789")) == 4:
        span = valid_day(*numbers)
    else:
        year = numbers[2] + (2000 if numbers[2] < 70 else 1900) if numbers[2] < 100 else numbers[2]
        span = valid_day(year, numbers[0], numbers[1]) or valid_day(year, numbers[1], numbers[0])
    return once(at, at + 1, "day", span, relative=False) if span else None


def valid_day(year: int, month_number: int, day: int) -> Span | None:
    """Return that day, or None where the calendar has none."""
    try:
        begin = datetime(year, month_number, day)
        return begin, begin + timedelta(days=1)
    except (ValueError, OverflowError):
        return None

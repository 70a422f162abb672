"""Repetitions: "every Monday", "daily at nine", "every other week", "the first Monday of every month"."""

from __future__ import annotations

from dataclasses import replace

from insights.language.periods.clock import time_at
from insights.language.periods.endings import Repetition, ended
from insights.language.periods.model import Grain
from insights.language.periods.reading import Reading
from insights.language.periods.vocabulary import AFTER, MONTHS, MULTIPLES, UNITS, WEEKDAY_CODES, WEEKDAY_PLURALS, WEEKDAYS

_ADVERBS: dict[str, tuple[str, Grain]] = {
    "hourly": ("FREQ=HOURLY", "hour"),
    "daily": ("FREQ=DAILY", "day"),
    "everyday": ("FREQ=DAILY", "day"),
    "nightly": ("FREQ=DAILY", "day"),
    "weekly": ("FREQ=WEEKLY", "week"),
    "biweekly": ("FREQ=WEEKLY;INTERVAL=2", "week"),
    "fortnightly": ("FREQ=WEEKLY;INTERVAL=2", "week"),
    "monthly": ("FREQ=MONTHLY", "month"),
    "quarterly": ("FREQ=MONTHLY;INTERVAL=3", "quarter"),
    "biannually": ("FREQ=MONTHLY;INTERVAL=6", "half"),
    "semiannually": ("FREQ=MONTHLY;INTERVAL=6", "half"),
    "bimonthly": ("FREQ=MONTHLY;INTERVAL=2", "month"),
    "yearly": ("FREQ=YEARLY", "year"),
    "annually": ("FREQ=YEARLY", "year"),
    "annual": ("FREQ=YEARLY", "year"),
}
_UNITS: dict[Grain, tuple[str, int]] = {
    "second": ("SECONDLY", 1),
    "minute": ("MINUTELY", 1),
    "hour": ("HOURLY", 1),
    "day": ("DAILY", 1),
    "week": ("WEEKLY", 1),
    "month": ("MONTHLY", 1),
    "quarter": ("MONTHLY", 3),
    "half": ("MONTHLY", 6),
    "year": ("YEARLY", 1),
}
_WORKDAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
_WEEKENDS = "FREQ=WEEKLY;BYDAY=SA,SU"
# Every day of the calendar falls in it.
_LEAP = 2024
_DAY_PARTS = frozenset({"morning", "afternoon", "evening", "night"})
TRIGGERS = frozenset({"bi", "semi", "once", "twice", "every", "each", "weekdays", "weekends", *_ADVERBS, *WEEKDAY_PLURALS})


def repetition(r: Reading, at: int) -> Repetition | None:
    """Return the longest repetition at token `at`, with the time of day that may stand on either side of it."""
    core = _core(r, at)
    if core:
        return ended(r, _with_time(r, core))
    time = None
    if r.kind(at) in ("number", "clock") or r.words[at] == "at":
        time = time_at(r, at + (r.words[at] == "at"), bare=r.words[at] == "at")
    if time is None or (r.words[time.last] not in TRIGGERS and r.words[time.last] != "on"):
        return None
    core = _core(r, time.last + (r.words[time.last] == "on"))
    return core and ended(r, Repetition(first=at, last=core.last, rrule=core.rrule + _by_time(time.minutes()), grain=core.grain))


def _by_time(minutes: int) -> str:
    return f";BYHOUR={minutes // 60 % 24};BYMINUTE={minutes % 60}"


def _with_time(r: Reading, core: Repetition) -> Repetition:
    last, rrule = core.last, core.rrule
    if r.words[last] in _DAY_PARTS or r.words[last] in ("mornings", "afternoons", "evenings", "nights"):
        last += 1
    say_at = r.words[last] in ("at", "from")
    time = time_at(r, last + say_at, bare=say_at) if core.grain not in ("hour", "minute", "second") else None
    if time and (say_at or time.sure):
        last, rrule = time.last, rrule + _by_time(time.minutes())
        if r.words[last] in ("to", "until", "till", "-") and (end := time_at(r, last + 1, bare=True)):
            last = end.last
    return Repetition(first=core.first, last=last, rrule=rrule, grain=core.grain, certain=core.certain)


def _core(r: Reading, at: int) -> Repetition | None:
    word = r.words[at]
    if word in ("every", "each"):
        return _every(r, at)
    if word == "once" and r.words[at + 1] in ("every", "each") and (rest := _every(r, at + 1)):
        return replace(rest, first=at)
    if word == "bi" and r.words[at + 1] == "-" and (adverb := _ADVERBS.get(f"bi{r.words[at + 2]}")):
        return _on_days(r, Repetition(first=at, last=at + 3, rrule=adverb[0], grain=adverb[1]))
    if word == "semi" and r.words[at + 1] == "-" and r.words[at + 2] in ("annually", "annual", "yearly"):
        return Repetition(first=at, last=at + 3, rrule="FREQ=MONTHLY;INTERVAL=6", grain="half")
    if word in _ADVERBS:
        rrule, grain = _ADVERBS[word]
        return _on_days(r, Repetition(first=at, last=at + 1, rrule=rrule, grain=grain))
    if word in WEEKDAY_PLURALS:
        return _days(r, at, at, 1)
    if word in ("weekdays", "weekends"):
        return Repetition(first=at, last=at + 1, rrule=_WORKDAYS if word == "weekdays" else _WEEKENDS, grain="day")
    if word in ("once", "twice") and r.words[at + 1] in ("a", "an", "every", "each", "per") and r.words[at + 2] in UNITS:
        often = UNITS[r.words[at + 2]]
        return Repetition(first=at, last=at + 3, rrule=_rule(*_UNITS[often]), grain=often, certain=word == "once")
    if word in WEEKDAYS and r.words[at + 1] in ("mornings", "afternoons", "evenings", "nights"):
        return _days(r, at, at, 1)
    return _nth_of_every(r, at)


def _on_days(r: Reading, found: Repetition) -> Repetition:
    """Add "on Mondays" to "weekly", "on the 3rd" to "every month"."""
    start = found.last + (r.words[found.last] == "on")
    if start == found.last:
        return found
    if found.grain == "week" and (days := _days(r, found.first, start, 1)):
        return Repetition(first=found.first, last=days.last, rrule=found.rrule + ";" + days.rrule.partition(";")[2], grain="week")
    on_date = _yearly_on(r, found, start) if found.grain == "year" else None
    if on_date:
        return on_date
    start += r.words[start] == "the"
    nth = _nth_weekday(r, start) if found.grain == "month" else None
    if nth:
        return Repetition(first=found.first, last=nth[1], rrule=f"{found.rrule};BYDAY={nth[0]}", grain="month")
    day = r.number(start)
    if found.grain == "month" and day and day.ordinal and 1 <= day.value <= 31:
        return Repetition(first=found.first, last=day.last, rrule=f"{found.rrule};BYMONTHDAY={day.value}", grain="month")
    return found


def _nth_weekday(r: Reading, at: int) -> tuple[str, int] | None:
    """`("2TU", last)` of "second Tuesday", "-1FR" of "last Friday"."""
    found = r.number(at)
    last_one = r.words[at] == "last"
    if not last_one and (found is None or not found.ordinal or not 1 <= found.value <= 5):
        return None
    middle = at + 1 if found is None or last_one else found.last
    day = WEEKDAYS.get(r.words[middle])
    position = -1 if found is None or last_one else int(found.value)
    return (f"{position}{WEEKDAY_CODES[day]}", middle + 1) if day is not None else None


def _yearly_on(r: Reading, found: Repetition, at: int) -> Repetition | None:
    """ "every year on May 3", "annually on the first Monday of May", "every year in June"."""
    nth = _nth_weekday(r, at + (r.words[at] == "the"))
    if nth and r.words[nth[1]] in ("of", "in") and r.words[nth[1] + 1] in MONTHS:
        rrule = f"{found.rrule};BYMONTH={MONTHS[r.words[nth[1] + 1]]};BYDAY={nth[0]}"
        return Repetition(first=found.first, last=nth[1] + 2, rrule=rrule, grain="year")
    part = r.period(at)
    day = part.at(_LEAP) if part and part.cycle == "year" and part.grain == "day" and not part.until else None
    other = part.at(_LEAP + 1) if part and day else None
    if part is None or day is None or (other and (other[0].month, other[0].day) != (day[0].month, day[0].day)):
        return None  # Easter has no rule of RFC 5545
    return Repetition(first=found.first, last=part.last, rrule=f"{found.rrule};BYMONTH={day[0].month};BYMONTHDAY={day[0].day}", grain="year")


def _days(r: Reading, first: int, at: int, interval: int) -> Repetition | None:
    """A list of weekdays, "Monday, Wednesday and Friday"."""
    numbers: list[int] = []
    last = at
    while True:
        number = WEEKDAYS.get(r.words[at], WEEKDAY_PLURALS.get(r.words[at]))
        if number is None:
            break
        numbers.append(number)
        last, at = at + 1, at + 1
        at += r.words[at] == ","
        at += r.words[at] in ("and", "or", "&")
    if not numbers:
        return None
    codes = ",".join(WEEKDAY_CODES[number] for number in sorted(set(numbers)))
    every = f";INTERVAL={interval}" if interval > 1 else ""
    return Repetition(first=first, last=last, rrule=f"FREQ=WEEKLY{every};BYDAY={codes}", grain="week" if interval > 1 else "day")


def _every(r: Reading, at: int) -> Repetition | None:
    start, interval = at + 1, 1
    ordinal = r.number(start)
    if ordinal and ordinal.ordinal and 1 <= ordinal.value <= 31:
        middle = ordinal.last + (r.words[ordinal.last] == "day")
        if r.words[middle] == "of" and r.words[middle + 1] in ("the", "each", "every") and r.words[middle + 2] == "month":
            return Repetition(first=at, last=middle + 3, rrule=f"FREQ=MONTHLY;BYMONTHDAY={ordinal.value}", grain="month")
    nth = _nth_weekday(r, start)
    if nth:
        monthly = r.words[nth[1]] in ("of", "in") and r.words[nth[1] + 2] == "month"
        if monthly or r.words[start] in ("first", "1st", "last"):
            return Repetition(first=at, last=nth[1] + 3 * monthly, rrule=f"FREQ=MONTHLY;BYDAY={nth[0]}", grain="month")
    if r.words[start] in ("other", "second", "2nd"):
        start, interval = start + 1, 2
    elif (found := r.number(start)) and isinstance(found.value, int) and 1 <= found.value <= 1000 and not found.symbol:
        start, interval = found.last, found.value
    word, nxt = r.words[start], r.words[start + 1]
    days = _days(r, at, start, interval)
    if days:
        return days
    if word in ("weekday", "workday") or (word in ("working", "business") and nxt == "day"):
        return Repetition(first=at, last=start + 1 + (word in ("working", "business")), rrule=_WORKDAYS, grain="day")
    if word == "weekend":
        return Repetition(first=at, last=start + 1, rrule=_WEEKENDS, grain="day")
    if word in _DAY_PARTS:
        return Repetition(first=at, last=start + 1, rrule=_rule("DAILY", interval), grain="day")
    if word in MONTHS and (word != "may" or not nxt or nxt in AFTER):
        return Repetition(first=at, last=start + 1, rrule=_rule("YEARLY", interval) + f";BYMONTH={MONTHS[word]}", grain="year")
    if word in MULTIPLES:
        size, of = MULTIPLES[word]
        return _on_days(r, Repetition(first=at, last=start + 1, rrule=_rule(_UNITS[of][0], interval * size), grain=of))
    grain = UNITS.get(word)
    if grain is None:
        return _yearly_on(r, Repetition(first=at, last=start, rrule=_rule("YEARLY", 1), grain="year"), at + 1)
    frequency, size = _UNITS[grain]
    return _on_days(r, Repetition(first=at, last=start + 1, rrule=_rule(frequency, interval * size), grain=grain))


def _rule(frequency: str, interval: int) -> str:
    return f"FREQ={frequency}" + (f";INTERVAL={interval}" if interval > 1 else "")


def _nth_of_every(r: Reading, at: int) -> Repetition | None:
    """ "first Monday of every month", "the 3rd of each month", "last Friday of the month" only after "every"."""
    start = at + (r.words[at] == "the")
    found = r.number(start)
    last_one = r.words[start] == "last"
    if not last_one and (found is None or not found.ordinal or not 1 <= found.value <= 31):
        return None
    position = -1 if last_one or found is None else int(found.value)
    middle = start + 1 if last_one or found is None else found.last
    day = WEEKDAYS.get(r.words[middle])
    middle += day is not None
    middle += day is None and r.words[middle] == "day"
    middle -= r.words[middle] != "of" and day is not None
    if r.words[middle + 1] not in ("every", "each") or r.words[middle + 2] != "month" or (r.words[middle] != "of" and day is None):
        return None
    by = f"BYDAY={position}{WEEKDAY_CODES[day]}" if day is not None else f"BYMONTHDAY={position}"
    return Repetition(first=at, last=middle + 3, rrule=f"FREQ=MONTHLY;{by}", grain="month")

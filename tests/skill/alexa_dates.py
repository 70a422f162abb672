"""AMAZON.DATE, TIME, DURATION and NUMBER as Amazon documents them: spoken words -> the value that the skill gets, the future preferred."""

from __future__ import annotations

import re
from datetime import date, timedelta

_SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_UNITS = {word: n for n, word in enumerate(_SMALL.split())}
_TENS = {w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_MONTHS = {word: n for n, word in enumerate("january february march april may june july august september october november december".split(), 1)}
_DAYS = {w: n for n, w in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())}
_SEASONS = {"spring": "SP", "summer": "SU", "fall": "FA", "autumn": "FA", "winter": "WI"}
_PARTS = {"morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI"}
_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4}


def number(said: str) -> int | None:
    """A number up to 99 in words, or in digits.

    >>> number("forty two"), number("17"), number("blue")
    (42, 17, None)
    """
    if said.isdigit():
        return int(said)
    words = said.replace("-", " ").split()
    if len(words) == 1:
        return _UNITS.get(said, _TENS.get(said))
    if len(words) == 2 and words[0] in _TENS and 0 < _UNITS.get(words[1], 0) < 10:
        return _TENS[words[0]] + _UNITS[words[1]]
    return None


def digits(said: str) -> str | None:
    """Digits said one by one, or in a row.

    >>> digits("four eight two one"), digits("4 8 2 1"), digits("oh seven"), digits("blue")
    ('4821', '4821', '07', None)
    """
    found = ["0" if word == "oh" else word if word.isdigit() else str(_UNITS.get(word, "?")) for word in said.split()]
    joined = "".join(found)
    return joined if joined.isdigit() else None


def day_value(said: str, today: date) -> str | None:
    """The value of an AMAZON.DATE; None for what is none.

    >>> today = date(2026, 11, 28)
    >>> [day_value(s, today) for s in ("tomorrow", "july", "last month", "this weekend", "next week", "the third quarter", "now", "2024", "monday", "summer")]
    ['2026-11-29', '2027-07', '2026-10', '2026-W48-WE', '2026-W49', '2027-Q3', 'PRESENT_REF', '2024', '2026-11-30', '2027-SU']
    """
    near = {"today": 0, "tomorrow": 1, "yesterday": -1, "the day after tomorrow": 2}
    if said in ("now", "right now"):
        return "PRESENT_REF"
    if said in near:
        return str(today + timedelta(days=near[said]))
    if re.fullmatch(r"\d{4}", said):
        return said
    if (found := re.fullmatch(r"(last|this|next) (day|week|weekend|month|quarter|year)", said)) is not None:
        return _relative(found[2], {"last": -1, "this": 0, "next": 1}[found[1]], today)
    return _named(said, today)


def _relative(unit: str, step: int, today: date) -> str:
    if unit in ("week", "weekend"):
        year, week, _ = (today + timedelta(weeks=step)).isocalendar()
        return f"{year}-W{week:02d}" + ("-WE" if unit == "weekend" else "")
    if unit == "month":
        months = today.year * 12 + today.month - 1 + step
        return f"{months // 12}-{months % 12 + 1:02d}"
    if unit == "quarter":
        quarters = today.year * 4 + (today.month - 1) // 3 + step
        return f"{quarters // 4}-Q{quarters % 4 + 1}"
    return str(today.year + step) if unit == "year" else str(today + timedelta(days=step))


def _named(said: str, today: date) -> str | None:
    """Without a year it is the next one that begins: Alexa looks ahead."""
    if said in _MONTHS:
        return f"{today.year + (_MONTHS[said] < today.month)}-{_MONTHS[said]:02d}"
    if (found := re.fullmatch(r"(\w+) (\d{4})", said)) is not None and found[1] in _MONTHS:
        return f"{found[2]}-{_MONTHS[found[1]]:02d}"
    if (found := re.fullmatch(r"(\w+) (\d{1,2})(?:st|nd|rd|th)?", said)) is not None and found[1] in _MONTHS:
        month, day = _MONTHS[found[1]], int(found[2])
        return f"{today.year + ((month, day) < (today.month, today.day))}-{month:02d}-{day:02d}"
    if (found := re.fullmatch(r"(?:next |on )?(\w+)", said)) is not None and found[1] in _DAYS:
        return str(today + timedelta(days=(_DAYS[found[1]] - today.weekday()) % 7 or 7))
    if (found := re.fullmatch(r"the (\w+) quarter", said)) is not None and found[1] in _QUARTERS:
        quarter = _QUARTERS[found[1]]
        return f"{today.year + (quarter < (today.month + 2) // 3)}-Q{quarter}"
    if said in _SEASONS:
        return f"{today.year + (today.month >= 6)}-{_SEASONS[said]}"
    return None


def time_value(said: str) -> str | None:
    """The value of an AMAZON.TIME.

    >>> [time_value(s) for s in ("four pm", "noon", "half past three", "ten thirty", "two o'clock", "morning", "blue")]
    ['16:00', '12:00', '03:30', '10:30', '02:00', 'MO', None]
    """
    if said in _PARTS or said.removeprefix("the ") in _PARTS:
        return _PARTS[said.removeprefix("the ")]
    if said in ("noon", "midnight"):
        return {"noon": "12:00", "midnight": "00:00"}[said]
    if (found := re.fullmatch(r"half past (.+)", said)) is not None and (hour := number(found[1])) is not None:
        return f"{hour:02d}:30"
    found = re.fullmatch(r"(.+?)( o'clock)?(?: ?(a\.?m\.?|p\.?m\.?))?", said)
    words = found[1].split() if found is not None else []
    if found is None or not (found[2] or found[3] or len(words) > 1):
        return None
    hour, minutes = number(words[0]), number(" ".join(words[1:])) if words[1:] else 0
    if hour is None or minutes is None or not (hour < 24 and minutes < 60):
        return None
    return f"{hour + 12 if found[3] and found[3].startswith('p') and hour < 12 else hour:02d}:{minutes:02d}"


def duration_value(said: str) -> str | None:
    """The value of an AMAZON.DURATION.

    >>> [duration_value(s) for s in ("thirty minutes", "an hour", "two hours", "half an hour", "an hour and a half", "three days", "blue")]
    ['PT30M', 'PT1H', 'PT2H', 'PT30M', 'PT1H30M', 'P3D', None]
    """
    if said in ("half an hour", "an hour and a half"):
        return {"half an hour": "PT30M", "an hour and a half": "PT1H30M"}[said]
    found = re.fullmatch(r"(.+) (minute|hour|day|week|month|year)s?", said)
    count = None if found is None else 1 if found[1] in ("a", "an") else number(found[1])
    if found is None or count is None:
        return None
    unit = found[2][0].upper()
    return f"PT{count}{unit}" if found[2] in ("minute", "hour") else f"P{count}{unit}"

"""Times of day: "at three", "3pm", "half past two", "noon", "at 1530"."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from insights.language.periods.arithmetic import Span
from insights.language.periods.model import Grain
from insights.language.periods.parts import At, Part, day_of
from insights.language.periods.reading import Reading
from insights.language.periods.vocabulary import AFTER, COUNTED, PARTS_OF_DAY

# A bare hour before this is of the afternoon: "at three" is 15:00, "at seven" 7:00.
_OFFICE_OPENS = 7

_NAMED = {"noon": 12, "midday": 12, "midnight": 24, "noonish": 12}

_OCLOCK = frozenset({"o'clock", "oclock"})

_CLOCK_GRAINS: tuple[Grain, ...] = ("hour", "minute", "second")


class Time(NamedTuple):
    """A time of day as said, at tokens `[first, last)`; `half` is "am" or "pm" where that was said, `sure` whether it can be nothing else."""

    first: int
    last: int
    hour: int
    minute: int = 0
    second: int = 0
    grain: Grain = "hour"
    half: str | None = None
    sure: bool = True

    @property
    def open(self) -> bool:
        """Whether it could be twelve hours later."""
        return self.half is None and 1 <= self.hour <= 12

    def minutes(self, half: str | None = None) -> int:
        """Minutes after midnight, by office hours where neither half of the day was said."""
        half = self.half or half
        hour = self.hour
        if half == "pm" and hour < 12:
            hour += 12
        elif half == "am" and hour == 12:
            hour = 0
        elif half is None and 1 <= hour < _OFFICE_OPENS:
            hour += 12
        return hour * 60 + self.minute


def moment_span(begin: datetime, grain: Grain) -> Span:
    """Return the hour, minute or second that starts at `begin`."""
    return begin, begin + {"hour": timedelta(hours=1), "minute": timedelta(minutes=1), "second": timedelta(seconds=1)}[grain]


def time_at(r: Reading, at: int, *, bare: bool) -> Time | None:
    """Return the time of day at token `at`; a number alone counts only when `bare`."""
    word, kind = r.words[at], r.kind(at)
    if kind == "clock":
        return _with_half(r, _clock_token(at, word))
    if word in _NAMED:
        return Time(first=at, last=at + 1, hour=_NAMED[word], half="noon")
    if word in ("12", "twelve") and r.words[at + 1] in _NAMED:
        return Time(first=at, last=at + 2, hour=_NAMED[r.words[at + 1]], half="noon")
    relative = _past_or_to(r, at)
    if relative:
        return _with_half(r, relative)
    return _with_half(r, _spoken(r, at, bare=bare))


def _clock_token(at: int, word: str) -> Time | None:
    digits = word.rstrip("apm")
    half = {"": None, "a": "am", "p": "pm"}[word[len(digits) :][:1]]
    hour, minute, second = (*(int(piece) for piece in digits.split(":")), 0, 0)[:3]
    if hour > 24 or minute > 59 or second > 59 or (half and not 1 <= hour <= 12):
        return None
    grain: Grain = _CLOCK_GRAINS[digits.count(":")]
    if half is None and len(digits.split(":")[0]) == 2 and hour < 10:
        half = "am"  # 08:30 is written by someone who counts to 24
    return Time(first=at, last=at + 1, hour=hour, minute=minute, second=second, grain=grain, half=half)


def _with_half(r: Reading, time: Time | None) -> Time | None:
    """Take in "pm", "o'clock", "sharp" and "in the afternoon" after a time."""
    if time is None:
        return None
    last, half, sure = time.last, time.half, time.sure
    if r.words[last] in _OCLOCK or (r.words[last] == "o" and r.words[last + 1] == "clock"):
        last, sure = last + 1 + (r.words[last] == "o"), True
    if r.words[last : last + 3] == ("am", "/", "pm"):
        return time._replace(last=last + 3, sure=True)
    if half is None and r.words[last] in ("am", "pm"):
        last, half, sure = last + 1, r.words[last], True
    elif half is None and r.words[last] in ("a", "p") and r.words[last + 1] == "m":
        last, half, sure = last + 2, r.words[last] + "m", True
    if r.words[last] == "." and r.glued(last) and r.words[last + 1] in ("am", "pm"):
        last, half, sure = last + 2, r.words[last + 1], True
    elif half is None and r.words[last] in ("a", "p") and r.words[last + 1 : last + 3] == (".", "m"):
        last, half, sure = last + 3, r.words[last] + "m", True
        last += r.words[last] == "."
    if r.words[last] == "ish" or (r.words[last] == "sharp" and sure):
        last, sure = last + 1, True
    if half is None:
        named = _half_of_day(r, last)
        if named:
            last, half, sure = named[0], "am" if named[1] == "morning" else "pm", True
            if named[1] == "night" and time.hour < 5:
                half = "am"
    return time._replace(last=last, half=half, sure=sure)


def _half_of_day(r: Reading, at: int) -> tuple[int, str] | None:
    """`(last, part)` of "in the morning", "at night"."""
    if r.words[at] == "in" and r.words[at + 1] == "the" and r.words[at + 2] in ("morning", "afternoon", "evening"):
        return at + 3, r.words[at + 2]
    return (at + 2, "night") if r.words[at] == "at" and r.words[at + 1] == "night" else None


def _past_or_to(r: Reading, at: int) -> Time | None:
    """ "half past two", "quarter to four", "ten past 9", "20 min past eight", "five to three"."""
    start = at + (r.words[at] == "a" and r.words[at + 1] == "quarter")
    named = r.words[start] in ("half", "quarter")
    if named:
        minutes, last = (30 if r.words[start] == "half" else 15), start + 1
    else:
        found = r.number(at)
        if found is None or found.ordinal or found.symbol or not isinstance(found.value, int) or not 1 <= found.value < 60:
            return None
        minutes, last = found.value, found.last
    said = r.words[last] in ("minutes", "minute", "min", "mins")
    last += said
    link = r.words[last]
    if named and minutes == 30 and at and r.words[at - 1] == "at" and (hour := r.number(last)) and hour.value in range(1, 13):
        return Time(first=at, last=hour.last, hour=int(hour.value), minute=30, grain="minute")  # "half two" is half past two
    of = link == "of" and named and not (at and r.words[at - 1] == "at")  # "a quarter of five" divides, "at quarter of five" does not
    if link not in ("past", "to", "after", "of", "till", "before") or (link not in ("past", "to") and not (named or said)) or of:
        return None
    hour = r.number(last + 1)
    if hour is None or hour.ordinal or hour.symbol or not isinstance(hour.value, int) or not 1 <= hour.value <= 12:
        return None
    sure = named or said or link == "past"
    if not sure and not (minutes % 5 == 0 and at and r.words[at - 1] == "at"):
        return None
    offset = minutes if link in ("past", "after") else -minutes
    return Time(first=at, last=hour.last, hour=hour.value if offset > 0 else hour.value - 1 or 12, minute=offset % 60, grain="minute", sure=sure)


def _spoken(r: Reading, at: int, *, bare: bool) -> Time | None:
    """ "three", "three thirty", "2.30", "seven oh five", "three pm"; alone only when `bare`."""
    found = r.number(at)
    if found is None or found.ordinal or found.symbol or found.vague or found.value < 0:
        return None
    if bare and len(r.words[at]) == 4 and r.words[at].isdecimal() and found.last == at + 1:
        return _military(r, at)
    if found.value > 24:
        return None
    glued = r.words[found.last]
    if bare and glued[:1] == "h" and (not glued[1:] or glued[1:].isdecimal()) and len(glued) in (1, 3) and r.glued(found.last) and isinstance(found.value, int):
        minute = int(glued[1:] or 0)  # "at 18h30"
        return Time(first=at, last=found.last + 1, hour=found.value, minute=minute, grain="minute", half="h") if minute < 60 else None
    if not isinstance(found.value, int):
        return _dotted(r, at) if bare or r.words[found.last] in ("am", "pm") else None
    last, minute, grain = found.last, 0, "hour"
    if (r.words[last] in ("oh", "o")) and (unit := r.number(last + 1)) and unit.last == last + 2 and unit.value in range(1, 10):
        last, minute, grain = last + 2, int(unit.value), "minute"
    elif r.kind(at) == "word" and (more := r.number(last)) and _is_minutes(r, last) and isinstance(more.value, int):
        last, minute, grain = more.last, more.value, "minute"
    nxt, then = r.words[last], r.words[last + 1]
    sure = nxt in _OCLOCK or nxt in ("am", "pm", "ish") or (nxt == "." and then in ("am", "pm"))
    sure = sure or (nxt in ("o", "a", "p") and then in ("clock", "m", "."))
    if not (sure or bare or _half_of_day(r, last)):
        return None
    if (found.value == 0 or (found.value > 12 and r.kind(at) == "word")) and not minute and not sure:
        return None
    return Time(first=at, last=last, hour=found.value, minute=minute, grain=grain, sure=sure)  # type: ignore[arg-type]


def _military(r: Reading, at: int) -> Time | None:
    """ "at 1530", "at 0900"."""
    hour, minute = int(r.words[at][:2]), int(r.words[at][2:])
    if hour > 23 or minute > 59 or (r.words[at - 1] not in ("at", "until", "till", "to", "from") if at else True):
        return None
    return Time(first=at, last=at + 1, hour=hour, minute=minute, grain="minute", half="military", sure=False)


def _is_minutes(r: Reading, at: int) -> bool:
    found = r.number(at)
    return bool(found and r.kind(at) == "word" and not found.ordinal and isinstance(found.value, int) and 10 <= found.value < 60)


def _dotted(r: Reading, at: int) -> Time | None:
    hour, _, minute = r.words[at].partition(".")
    if len(minute) != 2 or not (hour + minute).isdecimal() or int(hour) > 24 or int(minute) > 59:
        return None
    return Time(first=at, last=at + 1, hour=int(hour), minute=int(minute), grain="minute", sure=False)


def _at_minutes(minutes: int, grain: Grain, second: int = 0) -> At:
    def occurs(day: int) -> Span:
        return moment_span(day_of(day) + timedelta(minutes=minutes, seconds=second), grain)

    return occurs


def time_part(time: Time) -> Part:
    """Return a time of any day, its other reading twelve hours away as a variant."""
    minutes = time.minutes()
    variants: tuple[At, ...] = ()
    if time.open:
        variants = (_at_minutes((minutes + 720) % 1440, time.grain, time.second),)
    main = _at_minutes(minutes, time.grain, time.second)
    return Part(first=time.first, last=time.last, grain=time.grain, cycle="day", at=main, variants=variants, certain=time.sure)


def _from_for(r: Reading, at: int) -> bool:
    """Whether "from 10 for an hour" begins here."""
    found = r.number(at + 1) if r.words[at] == "from" and r.lean == "future" else None
    return found is not None and r.words[found.last] == "for"


def _before_tonight(r: Reading, at: int) -> bool:
    """Whether a number is the hour of "10, tonight" and "10 this evening"; "dinner for 10 tonight" counts people."""
    found = r.number(at)
    if found is None or found.ordinal or found.symbol or (at and r.words[at - 1] in COUNTED):
        return False
    last = found.last + (r.words[found.last] == ",")
    return r.words[last] == "tonight" or (r.words[last] == "this" and r.words[last + 1] in PARTS_OF_DAY)


def clock(r: Reading, at: int, *, licensed: bool = False) -> Part | None:
    """A time of day; a bare number only after "at" and before nothing that it could count."""
    say_at = r.words[at] in ("at", "@") or (r.moving and r.words[at] in ("to", "from")) or _from_for(r, at)
    start = at + say_at
    start += r.words[start] in ("around", "about") and (say_at or licensed)
    licensed = licensed or (not say_at and r.lean == "future" and _before_tonight(r, at))
    time = time_at(r, start, bare=say_at or licensed)
    if time is None:
        return None
    if not time.sure:
        after = r.words[time.last]
        if after and after not in AFTER and after not in PARTS_OF_DAY and r.kind(time.last) not in ("punctuation", "date", "clock"):
            return None
        time = time._replace(sure=licensed or r.lean == "future" or time.minute > 0)
    return time_part(time)

"""Stretches of a day: "three to four pm", "from 9 to 5", "in the morning"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from insights.language.periods.arithmetic import Span
from insights.language.periods.clock import Time, clock, time_at
from insights.language.periods.conventions import MEALS
from insights.language.periods.model import Grain
from insights.language.periods.parts import Part, day_of
from insights.language.periods.reading import Reading
from insights.language.periods.vocabulary import AFTER, PARTS_OF_DAY, THIS

_SIDES = frozenset({"early", "earlier", "late", "later"})
_AROUND_MEALS = frozenset({"after", "before", "at", "around", "by", "until", "till", "during", "over", "since"})
_TO = frozenset({"to", "until", "till", "through", "-", "thru"})


def clock_range(r: Reading, at: int, *, licensed: bool = False) -> Part | None:
    """ "three to four pm", "8-9am", "from 2 to 3", "between 10 and 11:30"; the half of the day said last holds for both where it can."""
    intro = r.words[at] in ("from", "between", "at")
    start = at + intro
    left = time_at(r, start, bare=True)
    if left is None:
        return None
    link = r.words[left.last]
    if r.moving and link == "to":
        return None
    if not (link in _TO or (link == "and" and r.words[at] == "between")):
        return None
    right_at = left.last + 1
    right = time_at(r, right_at, bare=True)
    if right is None:
        return None
    sure = left.sure or right.sure
    if not sure:
        after = r.words[right.last]
        tonight = after == "tonight" or (after == "this" and r.words[right.last + 1] in PARTS_OF_DAY)
        if not (intro or licensed or tonight) or (after and after not in AFTER and r.kind(right.last) not in ("punctuation", "date")):
            return None
    begin, end = _both(left, right)
    if r.words[right.last] in ("million", "thousand", "percent", "%"):
        return None
    first = at if intro and r.words[at] != "at" else start

    def occurs(day: int) -> Span:
        midnight = day_of(day)
        return midnight + timedelta(minutes=begin), midnight + timedelta(minutes=end)

    grain: Grain = "hour" if left.grain == right.grain == "hour" else "minute"
    certain = sure or r.lean == "future" or bool(at and r.words[at - 1] in ("today", "tomorrow"))
    either = () if left.half or right.half or not (left.open and right.open) else (_twelve_later(occurs),)
    return Part(first=first, last=right.last, grain=grain, cycle="day", at=occurs, variants=either, certain=certain, until=True, range=True)


def _twelve_later(at: Callable[[int], Span]) -> Callable[[int], Span]:
    """The same stretch in the other half of the same day."""

    def occurs(day: int) -> Span:
        begin, end = at(day)
        half = timedelta(hours=12 if begin.hour < 12 else -12)
        return begin + half, end + half

    return occurs


def _both(left: Time, right: Time) -> tuple[int, int]:
    """Minutes after midnight of both ends."""
    end = right.minutes()
    if left.half is None and right.half in ("am", "pm"):
        begin = left.minutes(right.half)
        if begin >= end and left.open:
            begin = left.minutes("am" if right.half == "pm" else "pm")
    else:
        begin = left.minutes()
        if right.open and right.half is None:
            choices = (right.minutes("am"), right.minutes("pm"))
            end = next((choice for choice in choices if choice > begin), choices[0])
    return begin, end if end > begin else end + 1440


def _hours_of(r: Reading, at: int) -> tuple[int, int, int] | None:
    """`(first hour, last hour, last token)` of a part of a day; a meal only where a word says that its time is meant."""
    word, last = r.words[at], at + 1
    if word == "mid":
        word, last = word + r.words[at + 1 + (r.words[at + 1] == "-")], at + 2 + (r.words[at + 1] == "-")
    if word in MEALS:
        timed = r.words[last] == "time"
        if not (timed or (at and r.words[at - 1] in _AROUND_MEALS)):
            return None
        last += timed
    hours = r.calendar.conventions.parts_of_day
    found = hours.get(word) or (hours.get(word[:-1]) if word[:-1] in PARTS_OF_DAY and word.endswith("s") else None)
    return (*found, last) if found else None


def roughly(r: Reading, at: int) -> Part | None:
    """ "around dinner", "about 3 pm": the time itself; not "how about noon"."""
    if at and r.words[at - 1] in ("how", "what", "all"):
        return None
    inner = part_of_day(r, at + 1) or clock(r, at + 1)
    return inner and inner._replace(first=at) if inner and inner.certain else None


def part_of_day(r: Reading, at: int) -> Part | None:
    """ "morning", "in the afternoon", "tonight", "late this morning", "lunchtime", "after dinner": hours of any day."""
    start, side, this, yesterday = at, "", False, False
    if r.words[start] in _SIDES:
        start, side = start + 1, r.words[start]
    if r.words[start] in ("in", "during") and r.words[start + 1] == "the":
        start += 2
    elif side and (r.words[start] in THIS or (r.words[start] == "last" and r.words[start + 1] == "night")):
        start, this = start + 1, True
        yesterday = r.words[start - 1] == "last"
    if not side and r.words[start] in _SIDES:
        start, side = start + 1, r.words[start]
    hours = _hours_of(r, start)
    before = r.words[at - 1] if at else ""
    if hours is None or before in ("good", "every", "each"):
        return None
    begin, end, last = hours
    middle = (begin + end) // 2
    begin, end = (begin, middle) if side in ("early", "earlier") else (middle, end) if side else (begin, end)

    def occurs(day: int) -> Span:
        midnight = day_of(day)
        return midnight + timedelta(hours=begin), midnight + timedelta(hours=end)

    meal = r.words[last - 1] in MEALS and r.lean == "future"
    certain = start > at or meal or before in ("at", "around") or r.words[start] == "mid"
    part = Part(first=at, last=last, grain="hour", cycle="day", at=occurs, until=True, certain=certain)
    if this or r.words[start] == "tonight":
        span = occurs(r.today.toordinal() - yesterday)
        return part._replace(cycle="once", at=lambda _: span, relative=True, certain=True)
    return part

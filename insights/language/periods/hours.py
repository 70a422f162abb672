"""Stretches of a day: "three to four pm", "from 9 to 5", "in the morning"."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from insights.language.periods.arithmetic import Span
from insights.language.periods.clock import Time, time_at
from insights.language.periods.model import Grain
from insights.language.periods.parts import Part, day_of
from insights.language.periods.reading import Reading
from insights.language.periods.vocabulary import AFTER, PARTS_OF_DAY

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
        if not (intro or licensed) or (after and after not in AFTER and r.kind(right.last) not in ("punctuation", "date")):
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
    return Part(first=first, last=right.last, grain=grain, cycle="day", at=occurs, certain=certain, until=True, range=True)


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


def part_of_day(r: Reading, at: int) -> Part | None:
    """ "morning", "in the afternoon", "tonight", "lunchtime": hours of any day."""
    start, side = at, ""
    if r.words[start] in ("early", "late", "later"):
        start, side = start + 1, r.words[start]
    if r.words[start] in ("in", "during") and r.words[start + 1] == "the":
        start += 2
    if not side and r.words[start] in ("early", "late"):
        start, side = start + 1, r.words[start]
    word = r.words[start]
    word = word[:-1] if word.endswith("s") and word[:-1] in PARTS_OF_DAY else word
    hours = PARTS_OF_DAY.get(word)
    if hours is None:
        return None
    middle = (hours[0] + hours[1]) // 2
    hours = (hours[0], middle) if side == "early" else (middle, hours[1]) if side else hours
    before = r.words[at - 1] if at else ""
    if before in ("good", "every", "each"):
        return None

    def occurs(day: int) -> Span:
        midnight = day_of(day)
        return midnight + timedelta(hours=hours[0]), midnight + timedelta(hours=hours[1])

    part = Part(first=at, last=start + 1, grain="hour", cycle="day", at=occurs, until=True, certain=start > at)
    if word == "tonight":
        span = occurs(r.today.toordinal())
        return replace(part, cycle="once", at=lambda _: span, relative=True, certain=True)
    return part

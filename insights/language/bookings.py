"""When a booking starts and how long it lasts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from insights.language.patterns import Pattern
from insights.language.periods.model import Found

_ENDED = Pattern(r"\b(?:to|until|till|through|and)\b|-|–")
_OWN_DAY = Pattern(r"\b(?:today|tonight|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|tue|tues|wed|thu|thurs|fri|sat|sun))\b", re.IGNORECASE)
"""A clock time that says its day; what else was said ("the Q3 review") is no other."""
_STEPS = {"hour": timedelta(hours=1), "minute": timedelta(minutes=1), "second": timedelta(seconds=1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """`start` with a clock time, unless `day_only`: then midnight of the day that was said. `until` is the end, where only that was said."""

    start: datetime | None = None
    minutes: int | None = None
    day_only: bool = False
    until: datetime | None = None


def moments(found: Sequence[Found]) -> Booked:
    """Start and length out of time expressions: "tomorrow at three for an hour", "at two until three", "tomorrow"."""
    lengths = [round(item.minutes) for item in found if item.kind == "duration" and item.minutes is not None]
    minutes = lengths[0] if lengths else None
    days = [item for item in found if item.kind == "interval" and item.grain not in _STEPS and item.start is not None]
    clocks = [item for item in found if item.kind == "interval" and item.grain in _STEPS]
    until = next((item.end for item in clocks if item.start is None), None)
    clock = next((item for item in clocks if item.start is not None), None)
    start = clock.start if clock is not None else None
    if clock is not None and start is not None and clock.end is not None:
        ranged = _ENDED.search(clock.words or clock.span) is not None
        if ranged and minutes is None:
            minutes = round((clock.end - start).total_seconds() / 60)
        elif not ranged and clock.end - start > _STEPS[clock.grain]:
            # A part of the day ("tomorrow morning") is no time to start at.
            return Booked(start=start.replace(hour=0, minute=0), minutes=minutes, day_only=True)
    dated = clock is not None and _OWN_DAY.search(clock.words or clock.span) is not None and not _agree(days, start)
    if start is not None and days and days[0].start is not None and not dated and start.date() != days[0].start.date():
        start = datetime.combine(days[0].start.date(), start.time())
    if start is None:
        day = days[0].start if days else None
        return Booked(start=day, minutes=minutes, day_only=day is not None, until=until if minutes is None else None)
    if until is not None and minutes is None:
        while until <= start:
            until += timedelta(hours=12)
        minutes = round((until - start).total_seconds() / 60)
    return Booked(start=start, minutes=minutes if minutes is None or minutes > 0 else None)


def _agree(days: Sequence[Found], start: datetime | None) -> bool:
    """Whether a day was said that is of the weekday of the clock time: "Tuesday at three, on June 9"."""
    return start is not None and bool(days) and days[0].grain == "day" and days[0].start is not None and days[0].start.weekday() == start.weekday()

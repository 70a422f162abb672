"""What a repetition is, and where it ends: "until 18 December", "for five weeks", "ten times"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from insights.language.periods.durations import Length, length
from insights.language.periods.model import Grain
from insights.language.periods.parts import choose
from insights.language.periods.reading import Reading

_MOST_TIMES = 999


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """A repetition said at tokens `[first, last)` as an RFC 5545 recurrence rule."""

    first: int
    last: int
    rrule: str
    grain: Grain
    certain: bool = True


def ended(r: Reading, found: Repetition) -> Repetition:
    """Add the end that follows: "until 18 December", "for five weeks", "ten times"."""
    word = r.words[found.last]
    if word in ("until", "till", "til", "through"):
        part = r.period(found.last + 1)
        chosen = part and choose(part, r.now, r.calendar, "future")
        if part and chosen and not part.bound and not part.clock:
            final = chosen[0][0] if word != "through" and part.grain != "day" else chosen[0][1]
            return replace(found, last=part.last, rrule=f"{found.rrule};UNTIL={final - timedelta(seconds=1):%Y%m%dT%H%M%S}")
        return found
    start = found.last + (word == "for")
    number = r.number(start)
    if number and r.words[number.last] in ("times", "occurrences") and isinstance(number.value, int) and 1 <= number.value <= _MOST_TIMES:
        return replace(found, last=number.last + 1, rrule=f"{found.rrule};COUNT={number.value}")
    span = length(r, start) if word == "for" else None
    count = _times(found, span) if span else 0
    return replace(found, last=span.last, rrule=f"{found.rrule};COUNT={count}") if span and count else found


def _times(found: Repetition, span: Length) -> int:
    """How often it comes in so much time, whole weeks of it for months; 0 where that is no whole number: "every Monday for an hour" says how long it takes."""
    rule = dict(piece.split("=", 1) for piece in found.rrule.split(";"))
    (count, grain), *more = span.pieces
    interval = int(rule.get("INTERVAL", 1))
    days = {"day": 1, "week": 7}.get(grain, 0) * count
    months = {"month": 1, "quarter": 3, "half": 6, "year": 12}.get(grain, 0) * count
    if more or not (days or months):
        return 0
    each = len(rule["BYDAY"].split(",")) if "BYDAY" in rule else 1
    match rule["FREQ"]:
        case "DAILY":
            times = days / interval
        case "WEEKLY":
            times = days / 7 * each / interval if days else months * 52 // 12 * each // interval
        case "MONTHLY":
            times = months / interval
        case "YEARLY":
            times = months / 12 / interval
        case _:
            return 0
    return int(times) if times == int(times) and 1 <= times <= _MOST_TIMES else 0

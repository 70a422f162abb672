"""A rule of RFC 5545 -> what Graph calls a recurrence; what it has no words for is refused, never approximated."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from insights.errors import NotAnswerable
from insights.meetings.recurring import parts_of

_DAYS = {"MO": "monday", "TU": "tuesday", "WE": "wednesday", "TH": "thursday", "FR": "friday", "SA": "saturday", "SU": "sunday"}
_INDEX = {"1": "first", "2": "second", "3": "third", "4": "fourth", "-1": "last"}
_KNOWN = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"})
_EVERY_MONTH = 28
"""The last day that every month has: of a later one RFC 5545 leaves months out, and Graph takes their last day."""


def recurrence(rule: str, start: datetime, zone: str) -> dict[str, Any]:
    """The pattern and the range of a series whose first occurrence is at `start`, by the clock of the zone with this name.

    >>> found = recurrence("FREQ=WEEKLY;BYDAY=MO;COUNT=3", datetime(2026, 12, 7, 10), "America/New_York")
    >>> found["pattern"]["daysOfWeek"], found["range"]["numberOfOccurrences"]
    (['monday'], 3)
    """
    parts = parts_of(rule)
    if not set(parts) <= _KNOWN:
        raise _wordless()
    pattern = _pattern(parts, start) | {"interval": int(parts.get("INTERVAL", "1"))}
    return {"pattern": pattern, "range": _range(parts, start) | {"startDate": start.date().isoformat(), "recurrenceTimeZone": zone}}


def _pattern(parts: dict[str, str], start: datetime) -> dict[str, Any]:
    days = parts.get("BYDAY", "")
    named = [day for day in days.split(",") if day]
    plain = all(day in _DAYS for day in named)
    match parts["FREQ"]:
        case "DAILY" if not set(parts) & {"BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"}:
            return {"type": "daily"}
        case "DAILY" | "WEEKLY" if plain and not set(parts) & {"BYMONTHDAY", "BYMONTH", "BYSETPOS"} and (parts["FREQ"] == "WEEKLY" or "INTERVAL" not in parts):
            chosen = [_DAYS[day] for day in named] or [tuple(_DAYS.values())[start.weekday()]]
            return {"type": "weekly", "daysOfWeek": chosen, "firstDayOfWeek": _DAYS[parts.get("WKST", "MO")]}
        case "MONTHLY" | "YEARLY":
            month = {"month": _number(parts.get("BYMONTH", str(start.month)), 12)} if parts["FREQ"] == "YEARLY" else {}
            kind = "Yearly" if month else "Monthly"
            if "BYMONTH" in parts and not month:
                raise _wordless()
            if not named and "BYSETPOS" not in parts:
                return {"type": f"absolute{kind}", "dayOfMonth": _number(parts.get("BYMONTHDAY", str(start.day)), _EVERY_MONTH), **month}
            index, day = (parts["BYSETPOS"], days) if "BYSETPOS" in parts else (days[:-2], days[-2:])
            if "BYMONTHDAY" not in parts and len(named) == 1 and index in _INDEX and day in _DAYS:
                return {"type": f"relative{kind}", "daysOfWeek": [_DAYS[day]], "index": _INDEX[index], **month}
    raise _wordless()


def _range(parts: dict[str, str], start: datetime) -> dict[str, Any]:
    if "COUNT" in parts:
        return {"type": "numbered", "numberOfOccurrences": int(parts["COUNT"])}
    if "UNTIL" not in parts:
        return {"type": "noEnd"}
    until = parts["UNTIL"].rstrip("Z")
    day = datetime.strptime(until[:8], "%Y%m%d").date()
    if "T" in until and until[9:] < start.strftime("%H%M%S"):  # that day's occurrence is past it
        raise _wordless()
    return {"type": "endDate", "endDate": day.isoformat()}


def _number(text: str, most: int) -> int:
    if not text.isdigit() or not 1 <= int(text) <= most:
        raise _wordless()
    return int(text)


def _wordless() -> NotAnswerable:
    return NotAnswerable("Microsoft's calendars have no words for how that repeats.", remedy="Keep it here alone, or say for example 'every Monday'.")

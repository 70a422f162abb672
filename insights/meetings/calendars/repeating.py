"""Rules of repetition that would take forever to work out are refused by name; calendars come from anywhere."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime
from math import prod
from typing import Any

from insights.meetings.calendars.ics import Component, values

MOST = 100_000
"""Repetitions between the first of a series and the end of the span that is asked about; hourly for eleven years."""
_SECONDS = {"SECONDLY": 1, "MINUTELY": 60, "HOURLY": 3600, "DAILY": 86_400, "WEEKLY": 604_800, "MONTHLY": 2_592_000, "YEARLY": 31_536_000}
_RARE = ("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS")


def too_often(event: Component, end: datetime) -> str:
    """Why a series cannot be worked out, or an empty text. `end` is aware."""
    begins = event["DTSTART"].dt
    first = begins if isinstance(begins, datetime) else datetime(begins.year, begins.month, begins.day)
    passed = max(0.0, (end.astimezone(UTC) - (first.replace(tzinfo=UTC) if first.tzinfo is None else first)).total_seconds()) + 172_800
    for rule in values(event, "RRULE"):
        problem = _problem(rule, passed) if rule else ""
        if problem:
            return problem
    return ""


def _problem(rule: Any, passed: float) -> str:
    frequency = str(next(iter(_listed(rule, "FREQ")), "")).upper()
    length = _SECONDS.get(frequency)
    if length is None:
        return f"RRULE: it repeats '{frequency[:20]}', which is no frequency"
    if length < 86_400 and any(_listed(rule, part) for part in _RARE):
        return "RRULE: it repeats within days but only on some dates, which is not worked out here"
    if frequency == "DAILY" and not _happens(_listed(rule, "BYMONTH"), _listed(rule, "BYMONTHDAY")):
        return "RRULE: it repeats on a date that does not exist"
    interval = max(1, int(next(iter(_listed(rule, "INTERVAL")), 1)))
    each = prod(max(1, len(_listed(rule, part))) for part in ("BYHOUR", "BYMINUTE", "BYSECOND"))
    times = passed / (length * interval) * each
    if _listed(rule, "COUNT") and not any(_listed(rule, part) for part in (*_RARE, "BYDAY")):
        times = min(times, int(_listed(rule, "COUNT")[0]))
    return f"RRULE: it repeats more than {MOST:,} times" if times > MOST else ""


def _happens(months: list[Any], days: list[Any]) -> bool:
    if not months or not days:
        return True
    return any(abs(int(day)) <= calendar.monthrange(2024, int(month))[1] for month in months if 1 <= int(month) <= 12 for day in days)


def _listed(rule: Any, part: str) -> list[Any]:
    found = rule.get(part, [])
    return list(found) if isinstance(found, list) else [found]

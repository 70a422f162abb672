"""When a ticket is to be solved by: the time its priority allows, counted in the hours that the help desk works."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from insights.helpdesk import ServiceHours

_LONGEST = 3660
"""Days that are looked through; nothing takes ten years."""


def due(raised: datetime, allowed: timedelta, hours: ServiceHours, holidays: Collection[date] = ()) -> datetime:
    """The moment when this much service time has passed since it was raised; to the minute, local.

    >>> due(datetime(2026, 5, 29, 16, 0), timedelta(hours=4), ServiceHours())
    datetime.datetime(2026, 6, 1, 12, 0)
    """
    left, day = allowed, raised.date()
    for _ in range(_LONGEST):
        if day.weekday() in hours.days and day not in holidays:
            opens = datetime.combine(day, hours.opens)
            begins = max(raised.replace(second=0, microsecond=0), opens) if day == raised.date() else opens
            closes = datetime.combine(day, hours.closes)
            if begins < closes:
                if left <= closes - begins:
                    return begins + left
                left -= closes - begins
        day += timedelta(days=1)
    return raised + allowed

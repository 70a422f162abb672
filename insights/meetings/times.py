"""Time on the wall and time that passes: they differ on the days when clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from insights.errors import NotAnswerable


def moment(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which clocks in `zone` show `local`, the first of two when they show it twice.

    Raises NotAnswerable for a time that the clocks skip.
    """
    aware = local.replace(tzinfo=zone)
    shown = wall(after(aware, timedelta(0)))
    if shown != local.replace(tzinfo=None):
        raise NotAnswerable(f"The clocks go forward then: there is no {local:%H:%M} on that day.", remedy=f"Say {shown:%H:%M}.")
    return aware


def after(start: datetime, passed: timedelta) -> datetime:
    """The instant when this much time has passed, in the same zone.

    >>> after(datetime(2026, 3, 8, 1, 30, tzinfo=ZoneInfo("America/New_York")), timedelta(hours=1)).strftime("%H:%M")
    '03:30'
    """
    return (start.astimezone(UTC) + passed).astimezone(start.tzinfo)


def wall(aware: datetime) -> datetime:
    """What the clocks there show, without offset."""
    return aware.replace(tzinfo=None, fold=0)


def overlap(start: datetime, end: datetime, other_start: datetime, other_end: datetime) -> bool:
    """Whether two spans share an instant; ends are not included. (Aware times of one zone compare by the wall, hence the timestamps.)"""
    return start.timestamp() < other_end.timestamp() and other_start.timestamp() < end.timestamp()

"""Calendar arithmetic: where a grain starts, what comes a number of grains later, fiscal years."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from insights.language.periods.model import Calendar, Grain

Span = tuple[datetime, datetime]

MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_FIXED = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
DAY = _FIXED["day"]


def midnight(moment: datetime) -> datetime:
    """Return the start of the day of `moment`."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def month_start(year: int, month: int) -> datetime:
    """Return the first instant of a month; months past December run on into the next years, zero and below into earlier ones.

    >>> month_start(2025, 14)
    datetime.datetime(2026, 2, 1, 0, 0)
    """
    return datetime(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def fiscal_start(year: int, calendar: Calendar) -> datetime:
    """Return the first instant of the fiscal year that ends in `year` (starts in it, when the year starts in January)."""
    month = calendar.fiscal_year_starts
    return datetime(year if month == 1 else year - 1, month, 1)


def start_of(grain: Grain, moment: datetime, calendar: Calendar, *, fiscal: bool = False) -> datetime:
    """Return where the `grain` that holds `moment` starts; quarters, halves and years of the fiscal year when `fiscal`."""
    if grain in MONTHS:
        size = MONTHS[grain]
        shift = calendar.fiscal_year_starts - 1 if fiscal else 0
        index = moment.year * 12 + moment.month - 1 - shift
        return month_start(0, index // size * size + shift + 1)
    day = midnight(moment)
    if grain == "week":
        return day - timedelta(days=(day.isoweekday() - calendar.week_starts) % 7)
    if grain == "day":
        return day
    if grain == "hour":
        return moment.replace(minute=0, second=0, microsecond=0)
    return moment.replace(second=0, microsecond=0) if grain == "minute" else moment.replace(microsecond=0)


def moved(moment: datetime, grain: Grain, count: float) -> datetime:
    """Return `moment` a number of grains later (earlier when negative); the day of a month that has fewer days is its last.

    >>> moved(datetime(2024, 1, 31), "month", 1)
    datetime.datetime(2024, 2, 29, 0, 0)
    """
    if grain not in MONTHS:
        return moment + _FIXED[grain] * count
    months = MONTHS[grain] * count
    whole = int(months // 1)
    rest = timedelta(days=round((months - whole) * 30))
    first = month_start(moment.year, moment.month + whole)
    last_day = (month_start(moment.year, moment.month + whole + 1) - DAY).day
    return moment.replace(year=first.year, month=first.month, day=min(moment.day, last_day)) + rest


def elapsed(moment: datetime, grain: Grain, count: float, calendar: Calendar) -> datetime:
    """Return the local time so many seconds, minutes or hours later (earlier), as a stop-watch has it: clocks may change on the way.

    >>> elapsed(datetime(2026, 3, 8, 1, 30), "hour", 1, Calendar(timezone="America/New_York"))
    datetime.datetime(2026, 3, 8, 3, 30)
    """
    length = _FIXED[grain] * count
    if calendar.timezone is None or calendar.timezone == "UTC":
        return moment + length
    zone = ZoneInfo(calendar.timezone)
    return (moment.replace(tzinfo=zone).astimezone(UTC) + length).astimezone(zone).replace(tzinfo=None)


def unit(grain: Grain, moment: datetime, offset: int, calendar: Calendar, *, fiscal: bool = False, count: int = 1) -> Span:
    """Return `count` whole grains, the first of them `offset` after the one that holds `moment`."""
    first = moved(start_of(grain, moment, calendar, fiscal=fiscal), grain, offset)
    return first, moved(first, grain, count)

"""Days and instants a length of time before or after others, and the rows of an earlier time that a period or a bucket is told with."""

from __future__ import annotations

from datetime import MAXYEAR, date, datetime, time, timedelta
from typing import assert_never

from insights.catalog.model import Catalog, Earlier, Length, UpTo
from insights.catalog.values import Coverage
from insights.errors import NotAnswerable
from insights.query.times import MONTHS, bucket_of, following
from insights.requests import Grain, Period

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_FINE_FIRST: tuple[Grain, ...] = ("hour", "day", "week", "month", "quarter", "year")


def back(end: date, length: Length) -> date:
    """The day or instant a length of time before `end`, the last of its month where there is no such day.

    >>> back(date(2024, 5, 31), Length(3, "month"))
    datetime.date(2024, 2, 29)
    """
    return shifted(end, length, -1)


def shifted(at: date, length: Length, direction: int) -> date:
    """The day or instant a length of time after (1) or before (-1) `at`; the ends of the calendar are as far as it goes."""
    try:
        match length.unit:
            case "hour" | "day" | "week":
                step = {"hour": HOUR, "day": DAY, "week": 7 * DAY}[length.unit]
                return at + direction * length.count * step
            case "month" | "quarter" | "year":
                months = at.year * 12 + at.month - 1 + direction * length.count * MONTHS[length.unit]
                first = at.replace(year=months // 12, month=months % 12 + 1, day=1)
                most = (following(date(first.year, first.month, 1), "month") - DAY).day
                return first.replace(day=min(at.day, most))
            case _:
                assert_never(length.unit)
    except (ValueError, OverflowError):
        edge = date(1, 1, 2) if direction < 0 else date(MAXYEAR, 12, 30)
        return datetime.combine(edge, time()) if isinstance(at, datetime) else edge


def earlier_days(over: Earlier, period: Period, known: Coverage | None) -> tuple[date, date]:
    """The days that count for a period as a whole, half-open: whole months before whole months, else each end on the same day of its month.

    Raises NotAnswerable for a period without both ends, one that nothing is known before, and where buckets are needed.
    """
    if over.ago is None:
        raise NotAnswerable("That looks at the first day of each step of time.", remedy=f"Ask for it over time, by a step no longer than a {over.start_of}.")
    if period.first is None or period.last is None or period.last.year == MAXYEAR:
        raise NotAnswerable("That looks at an earlier time, so I need to know of which period.", remedy="Name a period, or ask by month.")
    after = period.last + DAY
    whole = period.first.day == after.day == 1
    first, end = shifted(period.first, over.ago, -1), shifted(after, over.ago, -1) if whole else shifted(period.last, over.ago, -1) + DAY
    if isinstance(over.then, Earlier):
        return earlier_days(over.then, Period(first=first, last=end - DAY), known)
    if known is not None and end <= known.first:
        raise NotAnswerable("The data begins after that earlier time, so there is nothing to tell it with.", remedy="Name a later period.")
    return first, end


def earlier_bucket(over: Earlier, span: tuple[date, date], grain: Grain, catalog: Catalog) -> tuple[date, date]:
    """What counts in the bucket whose days (or hours) are `span`, its first and last, half-open.

    Raises NotAnswerable where buckets do not fall on earlier ones, as months do not on weeks.
    """
    first, after = _step(over, span, grain, catalog)
    if isinstance(over.then, Earlier):
        return earlier_bucket(over.then, (first, after - (HOUR if isinstance(after, datetime) else DAY)), grain, catalog)
    return first, after


def _step(over: Earlier, span: tuple[date, date], grain: Grain, catalog: Catalog) -> tuple[date, date]:
    """The same without what is earlier again."""
    start, end = span
    if over.start_of is not None:
        return _start_of(over.start_of, start, grain, catalog)
    assert over.ago is not None
    if grain not in ("hour", "day") and not _falls_on(over.ago, grain) and not isinstance(over.figure, UpTo):  # which is that of days, not of buckets
        raise NotAnswerable(f"A {grain} does not fall on a {grain} {over.ago} earlier.", remedy="Ask by day, or by a step that goes into it.")
    if over.ago.unit == "hour" and grain != "hour":
        raise NotAnswerable(f"I can tell what was {over.ago} earlier by hour only.", remedy="Ask by hour.")
    step = HOUR if isinstance(end, datetime) else DAY
    if over.ago.unit in MONTHS and grain in MONTHS:
        after = end + step
        return shifted(start, over.ago, -1), shifted(after, over.ago, -1) if after.day == 1 else shifted(end, over.ago, -1) + step
    return shifted(start, over.ago, -1), shifted(end, over.ago, -1) + step


def _falls_on(ago: Length, grain: Grain) -> bool:
    """Whether a bucket, moved, lies on one bucket, or (by days) on as many days."""
    if ago.unit in MONTHS:
        return grain in MONTHS and ago.count * MONTHS[ago.unit] % MONTHS[grain] == 0
    return True


def _start_of(unit: Grain, start: date, grain: Grain, catalog: Catalog) -> tuple[date, date]:
    """The first day (or hour) of the `unit` that a bucket begins in; of a bucket of that very length all of it."""
    if _FINE_FIRST.index(grain) > _FINE_FIRST.index(unit):
        raise NotAnswerable(f"That looks at the first day of each {unit}, so I can't tell it by {grain}.", remedy="Ask by day.")
    day = start.date() if isinstance(start, datetime) else start
    first = bucket_of(day, unit, catalog)
    if grain == unit:
        return first, following(first, unit)
    if isinstance(start, datetime):
        return datetime.combine(first, time()), datetime.combine(first, time()) + HOUR
    return first, first + DAY

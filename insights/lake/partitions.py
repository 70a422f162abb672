"""The days that Hive partitions stand for, told by the names of their folders."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

Days = tuple[datetime, datetime]
"""The first instant and the one after the last."""
_FOLDER = re.compile(r"(?:^|/)([^/=]+)=([^/]*)(?=/)")
_YEAR, _MONTH, _DAY = ("year", "yr", "y", "yyyy"), ("month", "mon", "m", "mm"), ("day", "d", "dd")
_WHOLE = re.compile(r"(\d{4})-?(\d\d)(?:-?(\d\d))?")


def days_of(path: str) -> Days | None:
    """The days of the partition that the path lies in, None when its folders do not tell.

    >>> days_of("s3://lake/orders/year=2024/month=02/part-0.parquet")
    (datetime.datetime(2024, 2, 1, 0, 0), datetime.datetime(2024, 3, 1, 0, 0))
    >>> days_of("orders/region=EMEA/dt=2024-02-29/a.parquet")
    (datetime.datetime(2024, 2, 29, 0, 0), datetime.datetime(2024, 3, 1, 0, 0))
    """
    parts: dict[str, int] = {}
    for name, value in _FOLDER.findall(path):
        whole = _WHOLE.fullmatch(value)
        if whole is not None and (whole[3] or "-" in value or len(value) == 6):
            return _days(int(whole[1]), int(whole[2]), int(whole[3]) if whole[3] else None)
        kind = next((kind for kind, names in (("year", _YEAR), ("month", _MONTH), ("day", _DAY)) if name.casefold() in names), None)
        if kind is not None and value.isdigit():
            parts[kind] = int(value)
    if "year" not in parts or ("day" in parts and "month" not in parts):
        return None
    return _days(parts["year"], parts.get("month"), parts.get("day"))


def _days(year: int, month: int | None, day: int | None) -> Days | None:
    try:
        first = date(year, month or 1, day or 1)
        if day is not None:
            after = first + timedelta(days=1)
        elif month is not None:
            after = date(year + month // 12, month % 12 + 1, 1)
        else:
            after = date(year + 1, 1, 1)
    except (ValueError, OverflowError):
        return None
    return datetime.combine(first, time()), datetime.combine(after, time())


def meets(days: Days, first: date | None, after: date | None) -> bool:
    """Whether some of the days are not before `first` and before `after`; None is an open end."""
    return (first is None or days[1] > _instant(first)) and (after is None or days[0] < _instant(after))


def _instant(day: date) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time())

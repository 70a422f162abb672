"""Periods of a question: from what was found to whole days, the period before, and the grain to show."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta

from insights.catalog.model import Catalog
from insights.catalog.values import Coverage
from insights.language.periods.model import Calendar, Found
from insights.requests import Grain, Period

_WEEK_STARTS = {"monday": 1, "sunday": 7, "saturday": 6}
_BUCKETS: dict[str, Grain] = {"day": "day", "week": "week", "month": "month", "quarter": "quarter", "half": "quarter", "year": "year"}
_FINE = frozenset({"second", "minute", "hour"})


def calendar_of(catalog: Catalog, coverage: Coverage | None) -> Calendar:
    """How the company divides time, with the days that a time field covers."""
    holidays: dict[str, list[date]] = {}
    for day, name in catalog.holidays.items():
        holidays.setdefault(name.casefold(), []).append(day)
    return Calendar(
        week_starts=_WEEK_STARTS[catalog.week_starts],
        fiscal_year_starts=catalog.fiscal_year_starts,
        fiscal_by_default=catalog.fiscal_periods,
        coverage=(coverage.first, coverage.last) if coverage is not None else None,
        events=catalog.events,
        holidays={name: tuple(sorted(days)) for name, days in holidays.items()},
        country=catalog.country or catalog.locale[-2:],  # "en-GB" names a country too
        timezone=catalog.timezone,
    )


def is_fine(found: Found) -> bool:
    """Whether it is shorter than a day: hours and clock times."""
    return found.grain in _FINE


def period_of(found: Found) -> Period:
    """The whole days of an interval, with the words that were said."""
    last = None
    if found.end is not None:
        last = found.end.date() if found.end.time() != time() else found.end.date() - timedelta(days=1)
    first = found.start.date() if found.start is not None else None
    if first is not None and last is not None and last < first:
        last = first
    return Period(first=first, last=last, words=found.words or found.span)


def joined(first: Period, second: Period) -> Period | None:
    """One period for two that adjoin ("in May and June"); None when there is a gap or an open end."""
    earlier, later = (first, second) if (first.first or date.min) <= (second.first or date.min) else (second, first)
    if earlier.first is None or earlier.last is None or later.first is None or later.last is None:
        return None
    if earlier.last + timedelta(days=1) != later.first:
        return None
    return Period(first=earlier.first, last=later.last, words=f"{first.words} and {second.words}")


def months_in(period: Period) -> int | None:
    """How many whole calendar months a period is, None when it is not."""
    if period.first is None or period.last is None or period.first.day != 1 or (period.last + timedelta(days=1)).day != 1:
        return None
    return (period.last.year - period.first.year) * 12 + period.last.month - period.first.month + 1


def _shifted(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def preceding(period: Period, words: str) -> Period:
    """The period of the same length before: whole months before whole months, else as many days."""
    months = months_in(period)
    if months is None:
        before = period.preceding()
        return Period(first=before.first, last=before.last, words=words)
    assert period.first is not None
    return Period(first=_shifted(period.first, -months), last=period.first - timedelta(days=1), words=words)


def year_before(period: Period, words: str) -> Period:
    """The same days a year before; a week is the week 52 weeks before, so that weekdays match."""
    if period.days == 7 and period.first is not None and period.last is not None:
        back = timedelta(days=364)
        return Period(first=period.first - back, last=period.last - back, words=words)
    first = _shifted(period.first, -12) if period.first is not None else None
    last = _shifted(period.last, -12) if period.last is not None else None
    if months_in(period) is not None and last is not None:
        last = last.replace(day=monthrange(last.year, last.month)[1])
    return Period(first=first, last=last, words=words)


def year_after(period: Period, words: str) -> Period:
    """The same days a year later; a week is the week 52 weeks later."""
    if period.days == 7 and period.first is not None and period.last is not None:
        return Period(first=period.first + timedelta(days=364), last=period.last + timedelta(days=364), words=words)
    first = _shifted(period.first, 12) if period.first is not None else None
    last = _shifted(period.last, 12) if period.last is not None else None
    if months_in(period) is not None and last is not None:
        last = last.replace(day=monthrange(last.year, last.month)[1])
    return Period(first=first, last=last, words=words)


def following(period: Period, words: str) -> Period:
    """The period of the same length that begins the day after; whole months after whole months. Raises ValueError for an open end.

    >>> following(Period(first=date(2026, 4, 1), last=date(2026, 4, 30)), "").last
    datetime.date(2026, 5, 31)
    """
    if period.first is None or period.last is None:
        raise ValueError("an open period has none after it")
    first, months = period.last + timedelta(days=1), months_in(period)
    last = first + (period.last - period.first) if months is None else _shifted(first, months) - timedelta(days=1)
    return Period(first=first, last=last, words=words)


def unit_of(period: Period) -> Grain | None:
    """The one unit of the calendar that a period is as long as; None when it is of no such length."""
    by_months: dict[int, Grain] = {1: "month", 3: "quarter", 12: "year"}
    by_days: dict[int, Grain] = {1: "day", 7: "week"}
    return by_months.get(months_in(period) or 0) or by_days.get(period.days or 0)


def like_with_like(period: Period, other: Period, end: date) -> tuple[Period, Period] | None:
    """Both cut to the days that have passed, when the later one goes beyond `end` and both are of one kind; None when nothing needs cutting.

    >>> year, before = Period(first=date(2026, 1, 1), last=date(2026, 12, 31)), Period(first=date(2025, 1, 1), last=date(2025, 12, 31))
    >>> [p.last.isoformat() for p in like_with_like(year, before, date(2026, 5, 31))]
    ['2026-05-31', '2025-05-31']
    """
    if None in (period.first, period.last, other.first, other.last):
        return None
    assert period.first is not None
    assert period.last is not None
    assert other.first is not None
    assert other.last is not None
    months = months_in(period)
    alike = months == months_in(other) if months is not None else period.days == other.days
    if not alike or not period.first <= end < period.last or end <= other.last:
        return None
    if months is None:
        last = other.first + (end - period.first)
    else:
        last = _shifted(end, (other.first.year - period.first.year) * 12 + other.first.month - period.first.month)
        if (end + timedelta(days=1)).day == 1:
            last = last.replace(day=monthrange(last.year, last.month)[1])
    return Period(first=period.first, last=end, words=period.words), Period(first=other.first, last=last, words=other.words)


def current(found: Found, now: datetime, catalog: Catalog) -> Period:
    """The period of the same grain that holds today: what "compared to last month" is compared to."""
    today = now.date()
    match found.grain:
        case "year":
            return Period(first=date(today.year, 1, 1), last=date(today.year, 12, 31), words="this year")
        case "quarter":
            month = 3 * ((today.month - 1) // 3) + 1
            return Period(first=date(today.year, month, 1), last=_shifted(date(today.year, month, 1), 3) - timedelta(days=1), words="this quarter")
        case "month":
            return Period(first=today.replace(day=1), last=today.replace(day=monthrange(today.year, today.month)[1]), words="this month")
        case "week":
            first = today - timedelta(days=(today.isoweekday() - _WEEK_STARTS[catalog.week_starts]) % 7)
            return Period(first=first, last=first + timedelta(days=6), words="this week")
        case _:
            return Period(first=today, last=today, words="today")


def grain_for(period: Period | None, coverage: Coverage | None) -> Grain:
    """The grain at which a development is best seen: about ten to forty points."""
    first = (period.first if period else None) or (coverage.first if coverage else None)
    last = (period.last if period else None) or (coverage.last if coverage else None)
    if first is None or last is None:
        return "month"
    days = (last - first).days + 1
    if days <= 31:
        return "day"
    if days <= 120:
        return "week"
    if days <= 5 * 366:
        return "month"
    return "year"


def grain_of(*names: str) -> Grain:
    """The grain that a time field is kept in by what it is called: a "release year" goes by years; days where no name says more.

    >>> grain_of("release year"), grain_of("released", "Release year"), grain_of("order date")
    ('year', 'year', 'day')
    """
    lasts = (name.replace("_", " ").casefold().split()[-1:] for name in names)
    found = (_BUCKETS.get(last[0].removesuffix("s")) for last in lasts if last)
    return next((grain for grain in found if grain is not None), "day")


def bucket(grain: str) -> Grain | None:
    """The grain of a series that a period's grain stands for."""
    return _BUCKETS.get(grain)

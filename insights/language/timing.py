"""Periods of a question: from what was found to whole days, the period before, and the grain to show."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import Literal

from insights.catalog.model import Catalog
from insights.catalog.values import Coverage
from insights.language.patterns import Pattern
from insights.language.periods.arithmetic import unit
from insights.language.periods.model import Calendar, Found
from insights.requests import Grain, Period

_WEEK_STARTS = {"monday": 1, "sunday": 7, "saturday": 6}
_BUCKETS: dict[str, Grain] = {"day": "day", "week": "week", "month": "month", "quarter": "quarter", "half": "quarter", "year": "year"}
_DAYS = {"MO": "monday", "TU": "tuesday", "WE": "wednesday", "TH": "thursday", "FR": "friday", "SA": "saturday", "SU": "sunday"}
_WEEKLY = Pattern(r"(?:RRULE:)?FREQ=(?:WEEKLY|DAILY);(?:INTERVAL=1;)?BYDAY=((?:MO|TU|WE|TH|FR|SA|SU)(?:,(?:MO|TU|WE|TH|FR|SA|SU))*)(?:;INTERVAL=1)?")
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


def is_whole(first: date, last: date, grain: Literal["week", "month"], catalog: Catalog) -> bool:
    """Whether the days from `first` to `last` are made of whole weeks or months of the company's calendar."""
    after = last + timedelta(days=1)
    if grain == "month":
        return first.day == 1 and after.day == 1
    return first.isoweekday() == after.isoweekday() == _WEEK_STARTS[catalog.week_starts]


def is_now(found: Found) -> bool:
    """Whether it is "right now" or "until now": the latest there is, no part of a day."""
    return found.relative and found.grain == "minute" and found.words.endswith("now")


def weekdays(found: Found) -> tuple[str, ...]:
    """The days of a weekly recurrence that comes every week; none for any other."""
    match = _WEEKLY.fullmatch(found.rrule or "") if found.kind == "recurrence" else None
    return tuple(_DAYS[day] for day in match[1].split(",")) if match else ()


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


def month_before(period: Period, words: str) -> Period:
    """The same days a month before; whole months before whole months."""
    return _months_before(period, 1, words)


def quarter_before(period: Period, words: str) -> Period:
    """The same days three months before."""
    return _months_before(period, 3, words)


def week_before(period: Period, words: str) -> Period:
    """The same weekdays a week before."""
    back = timedelta(days=7)
    return Period(first=period.first - back if period.first else None, last=period.last - back if period.last else None, words=words)


def _months_before(period: Period, months: int, words: str) -> Period:
    first = _shifted(period.first, -months) if period.first is not None else None
    last = _shifted(period.last, -months) if period.last is not None else None
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
    if _to_date(period, other, end):
        months = 0  # it ends as many months earlier, on the same day
    elif not alike(period, other) or not period.first <= end < period.last or end <= other.last:
        return None
    if months is None:
        last = other.first + (end - period.first)
    else:
        last = _shifted(end, (other.first.year - period.first.year) * 12 + other.first.month - period.first.month)
        if (end + timedelta(days=1)).day == 1:
            last = last.replace(day=monthrange(last.year, last.month)[1])
    return Period(first=period.first, last=end, words=period.words), Period(first=other.first, last=last, words=other.words)


def alike(period: Period, other: Period) -> bool:
    """Whether both are as many whole months, or as many days."""
    months = months_in(period)
    return months == months_in(other) if months is not None else period.days == other.days


def _to_date(period: Period, other: Period, end: date) -> bool:
    """Whether the one is a year, quarter or month up to now and the other a whole earlier one: "year to date against last year"."""
    assert period.first is not None
    assert period.last is not None
    assert other.first is not None
    assert other.last is not None
    months = months_in(other)
    whole = months is not None and (period.days or 0) < (other.days or 0) and end > other.last
    if not whole or not period.first <= end <= period.last or months_in(period) is not None or period.first.day != 1:
        return False
    between = (period.first.year - other.first.year) * 12 + period.first.month - other.first.month
    return months in (1, 3, 6, 12) and between % months == 0


def cut_buckets(days: Period, grain: Grain, catalog: Catalog) -> list[tuple[Period, str]]:
    """The first and last weeks (months, quarters, years) that `days` do not hold whole, as the days they do hold and "first" or "last"."""
    if days.first is None or days.last is None or days.last < days.first or grain in ("day", "hour"):
        return []
    calendar = calendar_of(catalog, None)
    fiscal = catalog.fiscal_periods
    cut: list[tuple[Period, str]] = []
    for day, place in ((days.first, "first"), (days.last, "last")):
        start, end = (moment.date() for moment in unit(grain, datetime.combine(day, time()), 0, calendar, fiscal=fiscal))
        part = Period(first=max(start, days.first), last=min(end - timedelta(days=1), days.last))
        if (part.first, part.last) != (start, end - timedelta(days=1)) and not (cut and cut[0][0] == part):
            cut.append((part, place))
    return cut


def current(found: Found, now: datetime, catalog: Catalog) -> Period:
    """The period of the same grain that holds today: what "compared to last month" is compared to; of the fiscal year where that one is."""
    return around(now.date(), found.grain, that_begins(found.start.date(), found.grain, catalog) if found.start is not None else catalog)


def that_begins(first: date, unit: str, catalog: Catalog) -> Catalog:
    """The definitions, counted by whichever calendar such a unit begins on that day in."""
    return next((one for one in (catalog, catalog.reckoned("fiscal"), catalog.reckoned("calendar")) if around(first, unit, one).first == first), catalog)


def around(day: date, unit: str, catalog: Catalog) -> Period:
    """The year, quarter, month or week of the company that a day is in; any other unit is the day itself."""
    match unit:
        case "year" | "quarter":
            months, shift = 12 if unit == "year" else 3, catalog.fiscal_year_starts - 1 if catalog.fiscal_periods else 0
            since = (day.month - 1 - shift) % months
            first = _shifted(day.replace(day=1), -since)
            return Period(first=first, last=_shifted(first, months) - timedelta(days=1), words=f"this {unit}")
        case "month":
            return Period(first=day.replace(day=1), last=day.replace(day=monthrange(day.year, day.month)[1]), words="this month")
        case "week":
            first = day - timedelta(days=(day.isoweekday() - _WEEK_STARTS[catalog.week_starts]) % 7)
            return Period(first=first, last=first + timedelta(days=6), words="this week")
        case _:
            return Period(first=day, last=day, words="today")


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

    >>> grain_of("release year"), grain_of("released", "Release year"), grain_of("order date"), grain_of("month of departure")
    ('year', 'year', 'day', 'month')
    """
    lasts = (name.replace("_", " ").casefold().partition(" of ")[0].split()[-1:] for name in names)
    found = (_BUCKETS.get(last[0].removesuffix("s")) for last in lasts if last)
    return next((grain for grain in found if grain is not None), "day")


def bucket(grain: str) -> Grain | None:
    """The grain of a series that a period's grain stands for."""
    return _BUCKETS.get(grain)

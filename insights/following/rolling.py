"""The period of what is followed, as it is on another day: "last month" goes on, "April 2026" stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from insights.language.periods import find
from insights.language.periods.model import Calendar
from insights.language.timing import period_of, preceding, year_before
from insights.ledger.following import Frequency
from insights.requests import ComparePeriod, Grain, MetricQuestion, Period

GRAIN_OF: dict[Frequency, Grain] = {"hourly": "day", "daily": "day", "weekdays": "day", "weekly": "week", "monthly": "month"}
"""What a figure without a period is told of, by how often it is told."""

LATEST = frozenset({"value", "breakdown", "ranking", "share", "compare", "concentration", "distribution", "list"})
"""What is asked of the latest of these where no period was said; a course is told as a whole."""


def reread(period: Period, now: datetime, calendar: Calendar) -> Period | None:
    """What the words of a period mean on another day, where they follow the clock; None where they do not, or nothing is meant by them alone."""
    found = [item for item in find(period.words, now=now, calendar=calendar) if item.kind == "interval"] if period.words else []
    return replace(period_of(found[0]), words=period.words) if len(found) == 1 and found[0].relative else None


def goes_on(period: Period, now: datetime, calendar: Calendar) -> bool:
    """Whether a period that was understood at `now` is another one later."""
    known = reread(period, now, calendar)
    return known is not None and known.first == period.first


def rolled(question: MetricQuestion, then: datetime, now: datetime, calendar: Calendar) -> MetricQuestion:
    """The question as it would be asked at `now`, when it was asked at `then`. What was cut to the days that had passed is cut again."""
    period = question.period
    known = reread(period, then, calendar) if period is not None else None
    new = reread(period, now, calendar) if period is not None else None
    if period is None or known is None or new is None or known.first != period.first:
        return question
    cut = known.last is not None and period.last is not None and period.last < known.last
    if cut and period.last is not None and new.last is not None and new.first is not None:
        new = replace(new, last=max(new.first, min(new.last, now.date() - (then.date() - period.last))))
    compare = question.compare
    if isinstance(compare, ComparePeriod):
        compare = ComparePeriod(period=_against(period, compare.period, new, now, calendar, cut=cut))
    return replace(question, period=new, compare=compare)


def _against(period: Period, against: Period, new: Period, now: datetime, calendar: Calendar, *, cut: bool) -> Period:
    """What the new period is set beside, as `against` was beside `period`."""
    words = against.words
    made: tuple[Callable[[Period, str], Period], ...] = (preceding, year_before)
    if period.first is not None and period.last is not None and new.first is not None and new.last is not None:
        for make in made:
            if _days(make(period, words)) == _days(against):
                return make(new, words)
    found = reread(against, now, calendar) or against
    if cut and against.days == period.days and found.first is not None and found.last is not None and new.days is not None:
        return replace(found, last=min(found.last, found.first + timedelta(days=new.days - 1)))
    return found


def latest_whole(grain: Grain, now: datetime, covered: date | None, week_starts: int) -> Period:
    """The last day, week or month that is over and that the data covers (`covered` is its last day).

    >>> latest_whole("week", datetime(2026, 6, 3, 9), date(2026, 6, 2), 1)
    Period(first=datetime.date(2026, 5, 25), last=datetime.date(2026, 5, 31), words='')
    """
    end = now.date() if covered is None else min(now.date(), covered + timedelta(days=1))
    if grain == "month":
        end = end.replace(day=1)
        last = end - timedelta(days=1)
        return Period(first=last.replace(day=1), last=last)
    if grain == "week":
        end -= timedelta(days=(end.isoweekday() - week_starts) % 7)
        return Period(first=end - timedelta(days=7), last=end - timedelta(days=1))
    return Period(first=end - timedelta(days=1), last=end - timedelta(days=1))


def before(period: Period, grain: Grain) -> Period:
    """What a day, week or month is set beside: the one before."""
    return preceding(period, f"the {grain} before")


def _days(period: Period) -> tuple[date | None, date | None]:
    return period.first, period.last

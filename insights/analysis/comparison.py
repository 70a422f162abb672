"""How a figure compares: like-for-like periods, and the same days a year before beside what was asked for."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

from insights.analysis.data import Data
from insights.answers import MetricAnswer
from insights.errors import AskerCanFix, DeadlinePassed
from insights.findings import Compared, Side
from insights.query.measures import measured
from insights.requests import ComparePeriod, MetricQuestion, Period


def answer(question: MetricQuestion, data: Data) -> MetricAnswer:
    """The comparison that was asked for; one figure over two periods is set beside the same days a year before as well.

    Periods that have not passed are like for like already: the question has them cut to the days that have.
    """
    found = data.ask(question)
    compare, period = question.compare, question.period
    single = not question.group_by and question.grain is None and len(question.metrics) == 1
    if not single or not isinstance(compare, ComparePeriod) or period is None or found.comparison is None or question.analysis == "share":
        return found
    sums = adds_up(question.metrics[0], data)
    sides = [_side(found.value, found.comparison.value, period, compare.period, sums=sums)]
    before = year_before(period)
    if before is not None and (before.first, before.last) != (compare.period.first, compare.period.last) and _is_covered(before, found):
        with suppress(AskerCanFix, DeadlinePassed):  # what was asked for is answered without it
            value = data.ask(replace(question, analysis="value", period=before, compare=None)).value
            sides.append(replace(_side(found.value, value, period, before, sums=sums), basis="year"))
    return replace(found, finding=Compared(value=found.value, sides=tuple(sides), adds_up=sums))


def adds_up(metric: str, data: Data) -> bool:
    """Whether a metric's figure of a period is that of its days together: sums and counts do, ratios, distinct counts and balances do not."""
    measure = measured(metric, data.catalog, frozenset(data.catalog.metrics))
    return measure.nature == "sum" and not measure.stands


def _side(now: float | None, was: float | None, period: Period, before: Period, *, sums: bool) -> Side:
    change = now - was if now is not None and was is not None else None
    ratio = change / abs(was) if change is not None and was else None
    return Side(basis="asked", period=before, value=was, change=change, ratio=ratio, daily=daily(now, was, period.days, before.days) if sums else None)


def daily(now: float | None, was: float | None, days: int | None, before: int | None) -> float | None:
    """The change of an average day as a fraction, None where the periods are equally long or something is unknown.

    >>> daily(310, 280, 31, 28), daily(300, 310, 30, 31)
    (0.0, 0.0)
    """
    if now is None or not was or not days or not before or days == before:
        return None
    then = was / before
    return (now / days - then) / abs(then)


def year_before(period: Period) -> Period | None:
    """The same days a year before; whole months stay whole.

    >>> year_before(Period(first=date(2024, 2, 1), last=date(2024, 2, 29)))
    Period(first=datetime.date(2023, 2, 1), last=datetime.date(2023, 2, 28), words='')
    """
    if period.first is None or period.last is None or period.first.year <= 1:
        return None
    ends_month = (period.last + timedelta(days=1)).day == 1
    last = _earlier(period.last)
    if ends_month:
        last = (last.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return Period(first=_earlier(period.first), last=last)


def whole_before(period: Period) -> Period | None:
    """The period of the same kind before one: so many whole months before whole months, else as many days.

    >>> whole_before(Period(first=date(2024, 3, 1), last=date(2024, 3, 31)))
    Period(first=datetime.date(2024, 2, 1), last=datetime.date(2024, 2, 29), words='')
    """
    first, last = period.first, period.last
    if first is None or last is None:
        return None
    if first.day != 1 or (last + timedelta(days=1)).day != 1:
        return period.preceding()
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    start = first.year * 12 + first.month - 1 - months
    return Period(first=date(start // 12, start % 12 + 1, 1), last=first - timedelta(days=1)) if start >= 24 else None


def _earlier(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _is_covered(period: Period, found: MetricAnswer) -> bool:
    return found.data_from is not None and period.first is not None and period.first >= found.data_from

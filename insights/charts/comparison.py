"""One figure beside what it was: a bar for each period."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from insights.answers import Chart, ChartSeries, Column, MetricAnswer
from insights.findings import Compared
from insights.requests import Period, Scalar


def compared(answer: MetricAnswer, name: Callable[[Scalar, Column], str], alt: str) -> Chart | None:
    """The periods in the order of time, the one that was asked about last."""
    found = answer.finding
    if not isinstance(found, Compared) or answer.period is None or found.value is None:
        return None
    column = next(column for column in answer.columns if column.is_figure)
    sides = sorted((side for side in found.sides if side.value is not None), key=lambda side: (side.period.first is not None, side.period.first))
    if not sides:
        return None
    labels = tuple(_dates(period, name) for period in (*(side.period for side in sides), answer.period))
    values = (*(side.value for side in sides), found.value)
    return Chart(kind="bar", title=column.label, labels=labels, series=(ChartSeries(name=column.label, values=values),), unit=column.unit, alt=alt)


def _dates(period: Period, name: Callable[[Scalar, Column], str]) -> str:
    """A whole month or year by its name, else the first and the last day."""
    first, last = period.first, period.last
    if first is not None and last is not None and first.day == 1 and (after := last + timedelta(days=1)).day == 1:
        months = (after.year - first.year) * 12 + after.month - first.month
        if months == 1 or (months == 12 and first.month == 1):
            return name(first, Column(name="", label="", role="time", grain="month" if months == 1 else "year"))
    day = Column(name="", label="", role="time", grain="day")
    ends = [name(end, day) for end in (period.first, period.last) if end is not None]
    return " to ".join(dict.fromkeys(ends))

"""What is to come of one figure in a period: what has come already, and the forecast of the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from insights.analysis.data import Data, Series
from insights.analysis.forecasting import wider
from insights.analysis.forecasting.forecast import MOST, Foretold, TooShort, foretell
from insights.analysis.forecasting.intervals import chance_above
from insights.answers import MetricAnswer
from insights.catalog.model import Catalog
from insights.errors import NotAnswerable
from insights.findings.outlook import Expected, Past, Quality, Step
from insights.query.times import bucket_of
from insights.requests import Grain, MetricQuestion, Period

SEASONS: dict[Grain, int] = {"hour": 24, "day": 7, "week": 52, "month": 12, "quarter": 4, "year": 1}
"""Buckets of one season."""
_SHOWN = {"hour": 72, "day": 56, "week": 60, "month": 36, "quarter": 16, "year": 12}
"""Buckets of the past beside a forecast."""
_FURTHEST = {"hour": 168, "day": 120, "week": 53, "month": 24, "quarter": 8, "year": 5}
_UNKNOWN = 0.1
"""The share of unknown values that is filled in; with more there is no forecast."""
NOT_LATER = "Rows dated after today are not counted."


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """`known` is what the whole buckets of the period hold already, `foretold` the path from the end of the data to the end of the period.

    `steps` are those of the path within the period; `reach` is half the intervals of their sum (or of the last, where figures do not add up).
    """

    series: Series
    foretold: Foretold
    known: float
    known_through: date | None
    steps: tuple[Step, ...]
    total: Expected
    reach: tuple[float, float]
    filled: int

    @property
    def quality(self) -> Quality:
        """How good it is."""
        told = self.foretold
        by = told.level if told.level > 0 else None
        return Quality(
            models=told.shares,
            tests=told.tests,
            error=told.error / by if told.error is not None and by else None,
            naive_error=told.naive_error / by if told.naive_error is not None and by else None,
            values=min(len(self.series.values), MOST),
        )

    def past(self) -> tuple[Past, ...]:
        """The last of what was, to be drawn before what is to come."""
        kept = list(zip(self.series.starts, self.series.values, strict=True))[-_SHOWN[self.series.grain] :]
        return tuple(Past(start=start, value=value) for start, value in kept if value is not None)

    def chance(self, target: float) -> float:
        """That of reaching a number in the period."""
        return chance_above(target - self.total.value, *self.reach)


def look(question: MetricQuestion, data: Data, period: Period, grain: Grain, *, sums: bool, seconds: float) -> Outlook:
    """Foretell a figure through the last day of a period, from what is known today. Raises NotAnswerable where that would not be honest."""
    series = data.series(question, grain=grain)
    if is_later(series.answer, data.today):
        series = data.series(question, grain=grain, period=Period(last=data.today))
        series = replace(series, answer=replace(series.answer, notes=(*series.answer.notes, NOT_LATER)))
    return project(series, period, sums=sums, seconds=seconds)


def is_later(answer: MetricAnswer, today: date) -> bool:
    """Whether what was read goes beyond the company's today: bookings for later, wrong dates, or a day that is long past is asked about."""
    return answer.data_through is not None and answer.data_through > today


def project(series: Series, period: Period, *, sums: bool, seconds: float) -> Outlook:
    """The same from a series that was read. Raises NotAnswerable."""
    known = series.whole()
    grain, season = known.grain, SEASONS[known.grain]
    values, filled = filled_in(known.values[-max(MOST, 2 * season) :])
    if not len(values):
        raise NotAnswerable("There are no figures to forecast from.", remedy="Ask for a figure over another time.")
    starts = _ahead(known.starts[-1], period.last, grain)
    if len(starts) > _FURTHEST[grain] or len(starts) > max(len(values) // 2, 1):
        raise NotAnswerable(
            f"That is too far ahead to say anything about: {len(starts)} {grain}s from {len(values)}.", remedy="Ask for a nearer time, or by longer steps."
        )
    try:
        told = foretell(values, season, max(len(starts), 1), seconds=seconds, models=wider.models(seconds))
    except TooShort as short:
        raise NotAnswerable(
            f"There are {len(values)} whole {grain}s of data, and a forecast by {grain} needs {short.needed}: two seasons.",
            remedy="Ask for a nearer time by shorter steps, or again when there is more data.",
        ) from None
    return _within(known, told, starts, period, sums=sums, filled=filled)


def _within(series: Series, told: Foretold, starts: list[date], period: Period, *, sums: bool, filled: int) -> Outlook:
    """The part of a path that lies within the period, and what of the period is known."""
    first, last = period.first or date.min, period.last or date.max
    (low80, high80), (low95, high95) = told.interval(sure=False), told.interval(sure=True)
    inside = [n for n, start in enumerate(starts) if first <= start <= last]
    steps = tuple(
        Step(
            start=starts[n],
            expected=Expected(value=float(told.path[n]), low80=float(low80[n]), high80=float(high80[n]), low95=float(low95[n]), high95=float(high95[n])),
        )
        for n in inside
    )
    came = [(start, value) for start, value in zip(series.starts, series.values, strict=True) if first <= start <= last and value is not None]
    known = sum(value for _, value in came) if sums else 0.0
    part = replace(told, path=told.path[inside], reach=replace(told.reach, likely=told.reach.likely[inside], sure=told.reach.sure[inside]))
    halves = part.reach.of_sum() if sums else tuple(float(half[-1]) if len(half) else 0.0 for half in (part.reach.likely, part.reach.sure))
    middle = known + float(part.path.sum()) if sums else (float(part.path[-1]) if inside else came[-1][1] if came else 0.0)
    least = known if sums and told.floor is not None else -np.inf if told.floor is None else told.floor
    total = Expected(
        value=middle,
        low80=max(middle - halves[0], least),
        high80=middle + halves[0],
        low95=max(middle - halves[1], least),
        high95=middle + halves[1],
    )
    through = last_day(came[-1][0], series.grain) if came else None
    return Outlook(series=series, foretold=told, known=known, known_through=through, steps=steps, total=total, reach=(halves[0], halves[1]), filled=filled)


def filled_in(values: tuple[float | None, ...]) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], int]:
    """The values with unknown ones put on a line between their neighbours, and how many were. Raises NotAnswerable where there are too many."""
    there = [n for n, value in enumerate(values) if value is not None]
    missing = len(values) - len(there)
    if missing > _UNKNOWN * len(values):
        raise NotAnswerable(f"{missing} of {len(values)} values are unknown, which is too many to compute with.", remedy="Ask by longer steps.")
    return np.interp(np.arange(len(values)), there, [float(values[n] or 0.0) for n in there]), missing


def _ahead(last_start: date, last: date | None, grain: Grain) -> list[date]:
    """The first days of the buckets after one, through the last day."""
    found: list[date] = []
    start = following(last_start, grain)
    while last is not None and start <= last and len(found) <= 400:
        found.append(start)
        start = following(start, grain)
    return found


def in_whole(period: Period, grain: Grain, catalog: Catalog) -> Period:
    """The period in whole buckets, as a forecast can be told: one that has begun before the first day is left out, the one of the last day is finished."""
    first, last = period.first, period.last
    if first is not None and (begun := bucket_of(first, grain, catalog)) != first:
        first = following(begun, grain)
    if last is not None:
        last = last_day(bucket_of(last, grain, catalog), grain)
    if (first, last) == (period.first, period.last) or grain == "hour":
        return period
    return replace(period, first=first, last=last, words="")


def following(start: date, grain: Grain) -> date:
    """The first day of the bucket after one.

    >>> following(date(2026, 11, 1), "quarter")
    datetime.date(2027, 2, 1)
    """
    if grain in ("day", "week"):
        return start + timedelta(days=1 if grain == "day" else 7)
    if grain == "hour":
        return start + timedelta(hours=1)
    months = {"month": 1, "quarter": 3, "year": 12}[grain]
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return start.replace(year=year, month=month + 1)


def last_day(start: date, grain: Grain) -> date:
    """The last day of a bucket."""
    return following(start, grain) - timedelta(days=1)

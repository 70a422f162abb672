"""Whether a figure goes up or down and how surely, where it changed, and how it swings with the season."""

from __future__ import annotations

from dataclasses import replace

from insights.analysis.data import Data, Series
from insights.analysis.outlook import SEASONS, filled_in
from insights.analysis.trends.changes import changes
from insights.analysis.trends.season import season, without_season
from insights.analysis.trends.slope import theil_sen
from insights.answers import MetricAnswer
from insights.errors import NotAnswerable
from insights.findings.course import Point, Swing, Trend, Turning
from insights.requests import Grain, MetricQuestion, Period

_LEAST = 8
_STRONG = 0.3
"""Under this strength a season is not worth a sentence."""


def answer(question: MetricQuestion, data: Data) -> MetricAnswer:
    """The trend over the period, or over all there is. Raises NotAnswerable with too little data."""
    if question.group_by or len(question.metrics) != 1 or question.compare is not None:
        raise NotAnswerable("I can tell the trend of one figure at a time.", remedy="Ask for one of the groups by name.")
    grains: tuple[Grain, ...] = (question.grain,) if question.grain else ("month", "week", "day")
    longest = 0
    for grain in grains:
        series = data.series(question, grain=grain).whole()
        places = _places(series, question.period)
        longest = max(longest, len(places))
        if len(places) >= (12 if question.grain is None and grain != "day" else _LEAST):
            return _told(question, series, places)
    raise NotAnswerable(f"There are {longest} whole {grains[-1]}s in that time, too few to tell a trend from chance.", remedy="Ask about a longer time.")


def _places(series: Series, period: Period | None) -> list[int]:
    first, last = (period.first, period.last) if period is not None else (None, None)
    return [n for n, start in enumerate(series.starts) if (first is None or start >= first) and (last is None or start <= last)]


def _told(question: MetricQuestion, series: Series, places: list[int]) -> MetricAnswer:
    values, _ = filled_in(series.values)
    length = SEASONS[series.grain]
    flat = without_season(values, length)[places[0] : places[-1] + 1]
    slope, found = theil_sen(flat), season(values, length)
    mean = abs(float(values[places].mean()))
    swing = None
    if found is not None and found.sure and found.strength >= _STRONG:
        last = {n % length: series.starts[n] for n in range(len(values))}
        swing = Swing(strength=found.strength, peak=last[found.peak], trough=last[found.trough], swing=found.swing)
    starts = [series.starts[n] for n in places]
    finding = Trend(
        grain=series.grain,
        direction=slope.direction,
        slope=slope.slope,
        low=slope.low,
        high=slope.high,
        per_bucket=slope.slope / mean if mean else None,
        turnings=tuple(Turning(start=starts[one.at], jump=one.jump, before=one.before, after=one.after) for one in changes(flat)),
        swing=swing,
        points=tuple(Point(start=series.starts[n], value=float(values[n])) for n in places),
    )
    kept = set(starts)
    base = series.answer
    rows = tuple(row for row in base.rows if row[base.columns[0].name] in kept)
    period = question.period or Period(first=base.data_from, last=base.data_through)
    unit = next(column.unit for column in base.columns if column.is_figure)
    return replace(base, analysis=question.analysis, period=period, rows=rows, total_rows=len(rows), value=None, unit=unit, incomplete=(), finding=finding)

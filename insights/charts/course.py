"""The course of a figure with what was found in it: turning points, or the expected range and what lay outside."""

from __future__ import annotations

from collections.abc import Callable

from insights.answers import Chart, ChartBand, ChartMark, ChartSeries, Column, MetricAnswer
from insights.findings.course import Trend, Unusual
from insights.requests import Scalar


def course(answer: MetricAnswer, name: Callable[[Scalar, Column], str], alt: str) -> Chart | None:
    """A line, with marks where something happened."""
    found = answer.finding
    if not isinstance(found, Trend | Unusual) or not found.points:
        return None
    bucket = Column(name="", label="", role="time", grain=found.grain)
    labels = tuple(name(point.start, bucket) for point in found.points)
    place = {point.start: n for n, point in enumerate(found.points)}
    if isinstance(found, Trend):
        at, bands = [(turning.start, "change") for turning in found.turnings], tuple[ChartBand, ...]()
    else:
        at = [(story.worst, story.kind) for story in found.stories]
        band = ChartBand(name="95 %", lower=tuple(p.low for p in found.points), upper=tuple(p.high for p in found.points))
        bands = (band,)
    marks = tuple(ChartMark(at=place[start], words=words) for start, words in at if start in place)
    title = next((column.label for column in answer.columns if column.is_figure), "")
    series = (ChartSeries(name=title, values=tuple(point.value for point in found.points)),)
    return Chart(kind="line", title=title, labels=labels, series=series, unit=answer.unit, alt=alt, bands=bands, marks=marks)

"""A chart's description as a picture: whatever it holds, something is drawn, and no text leaves the picture."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import assert_never

from insights.answers import Chart, ChartBand, ChartSeries
from insights.pictures.bars import bars, funnel
from insights.pictures.frame import WIDTH, Short, nothing
from insights.pictures.heatmap import heatmap
from insights.pictures.interval import interval
from insights.pictures.lettering import clean
from insights.pictures.lines import lines
from insights.pictures.scatter import scatter
from insights.pictures.shapes import Picture, Shape
from insights.pictures.waterfall import waterfall
from insights.wording.compact import brief

Values = tuple[float | None, ...]

_LEAST = 100
"""Pixels: a table of one cell is still a picture that somebody sees."""


def draw(chart: Chart, locale: str) -> Picture:
    """The picture of a chart, its figures written as the locale has them."""
    whole = _whole(chart)
    shapes, height = _drawn(whole, locale, lambda value: brief(value, chart.unit, locale))
    title = clean(chart.title) or "Chart"
    return Picture(width=WIDTH, height=max(_LEAST, math.ceil(height)), title=title, alt=clean(chart.alt) or title, shapes=tuple(shapes))


def _drawn(chart: Chart, locale: str, short: Short) -> tuple[list[Shape], float]:
    if not any(value is not None for series in chart.series for value in series.values) or (chart.kind == "scatter" and len(chart.series) < 2):
        return nothing(chart)
    match chart.kind:
        case "bar" | "histogram":
            return bars(chart, locale, short)
        case "line":
            return lines(chart, locale, short)
        case "waterfall":
            return waterfall(chart, locale, short)
        case "heatmap":
            return heatmap(chart, locale, short)
        case "scatter":
            return scatter(chart, locale, short)
        case "interval":
            return interval(chart, locale, short)
        case "funnel":
            return funnel(chart, locale, short)
        case _:
            assert_never(chart.kind)


def _whole(chart: Chart) -> Chart:
    """The description with a value or a gap for each label, and nothing that is not a number."""
    count = len(chart.labels)
    series = tuple(ChartSeries(name=clean(one.name), values=_filled(one.values, count), unit=one.unit) for one in chart.series)
    bands = tuple(ChartBand(name=clean(one.name), lower=_filled(one.lower, count), upper=_filled(one.upper, count)) for one in chart.bands)
    return replace(chart, title=clean(chart.title), labels=tuple(map(clean, chart.labels)), series=series, bands=bands)


def _filled(values: Values, count: int) -> Values:
    numbers = tuple(value if value is not None and math.isfinite(value) else None for value in values[:count])
    return numbers + (None,) * (count - len(numbers))

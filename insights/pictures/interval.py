"""Values with the range in which each may lie: one below the other, so that ranges can be compared."""

from __future__ import annotations

from insights.answers import Chart
from insights.pictures.colours import BLUE, GREY, INK, SKY
from insights.pictures.frame import MARGIN, SMALL, WIDTH, Key, Short, grid, gutter, header, labels, zero
from insights.pictures.lettering import width
from insights.pictures.plot import Plot
from insights.pictures.scales import fit
from insights.pictures.shapes import Dot, Line, Shape, Words
from insights.wording.compact import alike

_SLOT, _TALLEST = 34.0, 900.0


def interval(chart: Chart, locale: str, short: Short) -> tuple[list[Shape], float]:
    """A line from end to end of each range, with ends of its own, and a dot where the value is."""
    series = chart.series[0]
    keys = [Key(words=f"{band.name} range" if band.name.endswith("%") else band.name, colour=SKY, area=1.0) for band in chart.bands[:1]]
    shapes, top = header(chart, keys)
    values = [*series.values, *(end for band in chart.bands for end in (*band.lower, *band.upper))]
    scale = fit(values, zero=False)
    slot = min(_SLOT, _TALLEST / len(chart.labels))
    right = WIDTH - MARGIN - 4 - max((width(short(value), SMALL) + 8 for value in series.values if value is not None), default=0.0)
    plot = Plot(left=gutter(chart.labels), top=top, right=right, bottom=top + slot * len(chart.labels), scale=scale, count=len(chart.labels), sideways=True)
    shapes += grid(plot, alike(scale.ticks, chart.unit, locale)) + zero(plot)
    for at, value in enumerate(series.values):
        shapes += _range(chart, plot, at)
        if value is not None:
            x, y = plot.point(at + 0.5, value)
            shapes.append(Dot(x=x, y=y, radius=min(5.0, slot / 3), fill=BLUE, words=_said(chart, at, value, short)))
            if slot >= SMALL + 2:
                shapes.append(Words(x=WIDTH - MARGIN, y=y + 4, text=short(value), size=SMALL, fill=INK, anchor="end"))
    return shapes + labels(plot, chart.labels), plot.bottom + 16 + MARGIN


def _range(chart: Chart, plot: Plot, at: int) -> list[Shape]:
    found: list[Shape] = []
    for band in chart.bands[:1]:
        low, high = band.lower[at], band.upper[at]
        if low is None or high is None:
            continue
        (x0, y), (x1, _) = plot.point(at + 0.5, low), plot.point(at + 0.5, high)
        half = min(5.0, plot.slot / 3)
        found.append(Line(points=((x0, y), (x1, y)), stroke=SKY, width=min(5.0, plot.slot / 2)))
        found += [Line(points=((x, y - half), (x, y + half)), stroke=GREY, width=1.5) for x in (x0, x1)]
    return found


def _said(chart: Chart, at: int, value: float, short: Short) -> str:
    ends = [(band.lower[at], band.upper[at]) for band in chart.bands[:1]]
    between = "".join(f" ({short(low)} to {short(high)})" for low, high in ends if low is not None and high is not None)
    return f"{chart.labels[at]}: {short(value)}{between}"

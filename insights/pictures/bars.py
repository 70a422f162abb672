"""Bars for groups, upright or lying down, side by side or stacked; histograms; the steps of a funnel."""

from __future__ import annotations

from dataclasses import dataclass, replace

from insights.answers import Chart
from insights.pictures.colours import BLUE, INK, VERMILION, colour
from insights.pictures.frame import HEIGHT, MARGIN, SMALL, WIDTH, Key, Short, grid, gutter, header, labels, zero
from insights.pictures.lettering import fitted, width
from insights.pictures.plot import Plot
from insights.pictures.scales import Scale, fit
from insights.pictures.shapes import Shape, Words
from insights.wording import compact

_MOST_LYING, _TALLEST, _AIR = 24, 900.0, 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: from `start` to `stop` along the labels, between two values, and what is written at its end."""

    start: float
    stop: float
    low: float
    high: float
    fill: str
    words: str
    written: str = ""
    falls: bool = False


def bars(chart: Chart, locale: str, short: Short) -> tuple[list[Shape], float]:
    """Every series at every label."""
    several = len(chart.series) > 1
    drawn = _stacked(chart, short) if chart.stacked and several else _beside(chart, short)
    keys = [Key(words=one.name, colour=colour(place), area=1.0) for place, one in enumerate(chart.series)] if several else []
    thick = 24.0 if chart.stacked or not several else max(24.0, 17.0 * len(chart.series))
    return framed(chart, drawn, locale, keys=keys, thick=thick)


def _beside(chart: Chart, short: Short) -> list[Bar]:
    count = len(chart.series)
    air = 0.02 if chart.kind == "histogram" else _AIR
    wide = (1 - air) / max(count, 1)
    drawn = []
    for place, series in enumerate(chart.series):
        for at, value in enumerate(series.values):
            if value is None:
                continue
            start = at + air / 2 + place * wide
            fill = VERMILION if value < 0 and count == 1 else colour(place)
            words = _pointed(chart, at, series.name, short(value))
            drawn.append(Bar(start=start, stop=start + wide, low=0.0, high=value, fill=fill, words=words, written=short(value), falls=value < 0))
    return drawn


def _stacked(chart: Chart, short: Short) -> list[Bar]:
    """Each series on those before it; what is below zero goes down."""
    drawn = []
    ends: dict[tuple[int, bool], float] = {}
    for place, series in enumerate(chart.series):
        for at, value in enumerate(series.values):
            if value is None:
                continue
            low = ends.get((at, value < 0), 0.0)
            ends[at, value < 0] = low + value
            words = _pointed(chart, at, series.name, short(value))
            drawn.append(Bar(start=at + _AIR / 2, stop=at + 1 - _AIR / 2, low=low, high=low + value, fill=colour(place), words=words))
    return drawn


def _pointed(chart: Chart, at: int, series: str, value: str) -> str:
    label = chart.labels[at] if at < len(chart.labels) else ""
    return f"{label}, {series}: {value}" if len(chart.series) > 1 else f"{label}: {value}"


def funnel(chart: Chart, locale: str, short: Short) -> tuple[list[Shape], float]:
    """The steps one below the other, each with what is left of the step before it."""
    values = chart.series[0].values
    drawn = []
    for at, value in enumerate(values):
        if value is None:
            continue
        before = values[at - 1] if at else None
        left = f" ({short(value)}, {_percent(value / before, locale)} of the step before)" if before else f" ({short(value)})"
        drawn.append(Bar(start=at + _AIR / 2, stop=at + 1 - _AIR / 2, low=0.0, high=value, fill=BLUE, words=chart.labels[at], written=left.strip(" ()")))
    return framed(chart, drawn, locale, lying=True, thick=34.0)


def _percent(share: float, locale: str) -> str:
    return compact.short(share, "percent", locale)


def framed(
    chart: Chart, drawn: list[Bar], locale: str, *, keys: list[Key] | None = None, thick: float = 24.0, lying: bool | None = None
) -> tuple[list[Shape], float]:
    """Bars within their axes. They lie down where their labels are too long to stand below them."""
    shapes, top = header(chart, keys or [])
    scale = fit([end for bar in drawn for end in (bar.low, bar.high)], zero=True)
    ticks = compact.alike(scale.ticks, chart.unit, locale)
    if lying is None:
        lying = chart.kind != "histogram" and _too_long(chart, gutter(ticks))
    plot = _lying(chart, drawn, scale, top, thick) if lying else _upright(chart, drawn, scale, top, gutter(ticks))
    boxes: list[Shape] = [plot.box(bar.start, bar.stop, bar.low, bar.high, bar.fill, bar.words) for bar in drawn]
    shapes += grid(plot, ticks) + boxes + zero(plot) + _written(plot, drawn) + labels(replace(plot, left=gutter(chart.labels)) if lying else plot, chart.labels)
    return shapes, plot.bottom + 16 + MARGIN


def _too_long(chart: Chart, left: float) -> bool:
    room = (WIDTH - left - MARGIN) / max(len(chart.labels), 1) - 6
    return len(chart.labels) <= _MOST_LYING and any(width(fitted(label, 400, SMALL), SMALL) > room for label in chart.labels)


def _upright(chart: Chart, drawn: list[Bar], scale: Scale, top: float, left: float) -> Plot:
    above = 14.0 if any(bar.written for bar in drawn) else 4.0
    below = 14.0 if any(bar.written and bar.falls for bar in drawn) else 0.0
    bottom = max(HEIGHT, top + 220) - 16 - MARGIN - below
    return Plot(left=left, top=top + above, right=WIDTH - MARGIN, bottom=bottom, scale=scale, count=len(chart.labels))


def _lying(chart: Chart, drawn: list[Bar], scale: Scale, top: float, thick: float) -> Plot:
    """Room beyond the ends of the bars for what is written there."""
    slot = min(thick + 6, _TALLEST / max(len(chart.labels), 1))
    left, right = gutter(chart.labels), WIDTH - MARGIN - 4
    plot = Plot(left=left, top=top, right=right, bottom=top + slot * len(chart.labels), scale=scale, count=len(chart.labels), sideways=True)
    if not _legible(plot, drawn):
        return plot
    ends = [(scale.share(bar.high), width(bar.written, SMALL) + 8, bar.falls) for bar in drawn]
    for _ in range(2):  # each side moves the other's ends a little
        right = min([right, *((plot.right - room - left) / share + left for share, room, falls in ends if not falls and share > 0)])
        left = max([left, *((plot.left + room - share * right) / (1 - share) for share, room, falls in ends if falls and share < 1)])
    return replace(plot, left=left, right=right)


def _legible(plot: Plot, drawn: list[Bar]) -> bool:
    """Whether what is written at the bars has room there."""
    if plot.sideways:
        return all((bar.stop - bar.start) * plot.slot >= SMALL + 1 for bar in drawn)
    return all((bar.stop - bar.start) * plot.slot + 8 >= width(bar.written, SMALL) for bar in drawn)


def _written(plot: Plot, drawn: list[Bar]) -> list[Shape]:
    if not _legible(plot, drawn):
        return []
    shapes: list[Shape] = []
    for bar in drawn:
        x, y = plot.point((bar.start + bar.stop) / 2, bar.high)
        if not bar.written:
            continue
        if plot.sideways:
            shapes.append(Words(x=x - 5 if bar.falls else x + 5, y=y + 4, text=bar.written, size=SMALL, fill=INK, anchor="end" if bar.falls else "start"))
        else:
            shapes.append(Words(x=x, y=y + 13 if bar.falls else y - 4, text=bar.written, size=SMALL, fill=INK, anchor="middle"))
    return shapes

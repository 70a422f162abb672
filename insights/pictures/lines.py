"""Lines over time, with the band of what is expected and marks where something happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from insights.answers import Chart, ChartBand, ChartMark
from insights.pictures.colours import INK, NEUTRAL, VERMILION, WHITE, colour, dash
from insights.pictures.frame import HEIGHT, MARGIN, SMALL, WIDTH, Key, Short, grid, gutter, header, labels, zero
from insights.pictures.lettering import fitted, width
from insights.pictures.plot import Plot
from insights.pictures.scales import fit, known
from insights.pictures.shapes import Area, Dot, Line, Shape, Words
from insights.wording.compact import alike

_MOST_DOTS, _AHEAD, _ROOM = 31, (6.0, 4.0), 140.0
_OPACITY = (0.18, 0.32)


def lines(chart: Chart, locale: str, short: Short) -> tuple[list[Shape], float]:
    """Every series from left to right; bands behind them, from the widest on."""
    shapes, top = header(chart, _keys(chart))
    values = [value for series in chart.series for value in series.values]
    values += [value for band in chart.bands for value in (*band.lower, *band.upper)]
    scale = fit(values, zero=_from_zero(values))
    ticks = alike(scale.ticks, chart.unit, locale)
    above = 18.0 if any(mark.words for mark in chart.marks) else 6.0
    bottom = max(HEIGHT, top + 220) - 16 - MARGIN
    plot = Plot(left=gutter(ticks), top=top + above, right=WIDTH - MARGIN, bottom=bottom, scale=scale, count=len(chart.labels))
    shapes += grid(plot, ticks) + zero(plot)
    for place, band in enumerate(chart.bands):
        shapes += _band(plot, band, _of_band(chart), _OPACITY[min(place, len(_OPACITY) - 1)])
    for place in range(len(chart.series)):
        shapes += _line(chart, plot, place, short)
    return shapes + _marks(chart, plot, short) + labels(plot, chart.labels), plot.bottom + 16 + MARGIN


def _from_zero(values: Sequence[float | None]) -> bool:
    """Whether zero is near enough to be shown: a line says where it is, its length says nothing."""
    found = known(values)
    return bool(found) and 0 <= min(found) <= max(found) * 0.6


def _keys(chart: Chart) -> list[Key]:
    if len(chart.series) < 2 and not chart.bands:
        return []
    keys = [Key(words=one.name, colour=colour(place), dash=_dash(chart, place)) for place, one in enumerate(chart.series)]
    bands = [Key(words=_called(chart, band), colour=_of_band(chart), area=_OPACITY[min(place, len(_OPACITY) - 1)]) for place, band in enumerate(chart.bands)]
    return keys + bands


def _called(chart: Chart, band: ChartBand) -> str:
    """What the legend says of a band: where 95 of 100 values would lie."""
    if not band.name.endswith("%"):
        return band.name
    return f"{band.name} range" if len(chart.series) > 1 else f"expected range ({band.name})"


def _of_band(chart: Chart) -> str:
    """A band has the colour of the line it belongs to: the forecast's, where history stands before it."""
    return colour(len(chart.series) - 1) if len(chart.series) > 1 else NEUTRAL


def _dash(chart: Chart, place: int) -> tuple[float, ...]:
    """What is to come is dashed; so is a line whose colour another has already."""
    return _AHEAD if chart.bands and place else dash(place)


def _band(plot: Plot, band: ChartBand, fill: str, opacity: float) -> list[Shape]:
    """An area for each stretch in which both ends are known."""
    ends = list(zip(band.lower, band.upper, strict=True))
    shapes: list[Shape] = []
    for run in _runs([None if None in pair else pair for pair in ends]):
        lower = [(at, low) for at in run if (low := ends[at][0]) is not None]
        upper = [(at, high) for at in run if (high := ends[at][1]) is not None]
        if len(run) == 1:
            shapes.append(plot.box(run[0] + 0.3, run[0] + 0.7, lower[0][1], upper[0][1], fill, opacity=opacity))
            continue
        around = [*upper, *reversed(lower)]
        shapes.append(Area(points=tuple(plot.point(at + 0.5, value) for at, value in around), fill=fill, opacity=opacity))
    return shapes


def _runs(values: Sequence[object]) -> Iterator[list[int]]:
    """The places of values that follow each other without a gap.

    >>> list(_runs([1.0, 2.0, None, 3.0]))
    [[0, 1], [3]]
    """
    run: list[int] = []
    for place, value in enumerate([*values, None]):
        if value is not None:
            run.append(place)
        elif run:
            yield run
            run = []


def _line(chart: Chart, plot: Plot, place: int, short: Short) -> list[Shape]:
    series, stroke = chart.series[place], colour(place)
    shapes: list[Shape] = []
    for run in _runs(series.values):
        points = tuple(plot.point(at + 0.5, series.values[at] or 0.0) for at in run)
        if len(points) > 1:
            shapes.append(Line(points=points, stroke=stroke, width=2, dash=_dash(chart, place)))
        if len(points) == 1 or len(series.values) <= _MOST_DOTS:
            said = [f"{chart.labels[at]}, {series.name}: {short(series.values[at] or 0.0)}" for at in run]
            shapes += [Dot(x=x, y=y, radius=3, fill=stroke, words=words) for (x, y), words in zip(points, said, strict=True)]
    return shapes


def _marks(chart: Chart, plot: Plot, short: Short) -> list[Shape]:
    """A ring on the first line that is known there, and its words above where they hide no other mark's."""
    shapes: list[Shape] = []
    written: list[tuple[float, float, float]] = []
    for mark in chart.marks:
        value = _marked(chart, mark)
        if value is None:
            continue
        x, y = plot.point(mark.at + 0.5, value)
        shapes.append(Dot(x=x, y=y, radius=5.5, fill=VERMILION, rim=WHITE, words=f"{chart.labels[mark.at]}: {short(value)} {mark.words}".strip()))
        words = fitted(mark.words, _ROOM, SMALL, bold=True)
        half = width(words, SMALL, bold=True) / 2
        middle = min(max(x, plot.left + half), WIDTH - MARGIN / 2 - half)
        if words and not any(abs(middle - other) < half + wide + 4 and abs(y - up) < SMALL + 3 for other, wide, up in written):
            written.append((middle, half, y))
            standing = min(y + 18, plot.bottom - 4) if _falls(chart, mark.at) else max(y - 10, plot.top - 6)
            shapes.append(Words(x=middle, y=standing, text=words, size=SMALL, fill=INK, anchor="middle", bold=True))
    return shapes


def _falls(chart: Chart, at: int) -> bool:
    """Whether a mark lies in a dip, where the line is above it."""
    values = next(series.values for series in chart.series if series.values[at] is not None)
    beside = [one for one in values[max(at - 1, 0) : at + 2] if one is not None]
    return (values[at] or 0.0) <= min(beside) and len(beside) > 1


def _marked(chart: Chart, mark: ChartMark) -> float | None:
    if not 0 <= mark.at < len(chart.labels):
        return None
    return next((series.values[mark.at] for series in chart.series if series.values[mark.at] is not None), None)

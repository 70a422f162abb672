"""Pairs of figures as points: the first series along, the second up."""

from __future__ import annotations

from insights.answers import Chart
from insights.pictures.colours import BLUE, GREY
from insights.pictures.frame import HEIGHT, MARGIN, SMALL, WIDTH, Short, grid, gutter, header
from insights.pictures.lettering import fitted
from insights.pictures.plot import Plot
from insights.pictures.scales import fit
from insights.pictures.shapes import Dot, Shape, Words
from insights.wording.cells import heading_of
from insights.wording.compact import alike, brief

_CROWD = 300


def scatter(chart: Chart, locale: str, _: Short) -> tuple[list[Shape], float]:
    """Each axis has the unit of its own series."""
    along, up = chart.series[:2]
    units = along.unit or chart.unit, up.unit or chart.unit
    shapes, top = header(chart)
    scales = fit(along.values, zero=False), fit(up.values, zero=False)
    ticks = alike(scales[1].ticks, units[1], locale)
    plot = Plot(left=gutter(ticks), top=top + 26, right=WIDTH - MARGIN - 8, bottom=HEIGHT - 34 - MARGIN, scale=scales[1], count=1)
    across = Plot(left=plot.left, top=plot.top, right=plot.right, bottom=plot.bottom, scale=scales[0], count=1, sideways=True)
    shapes.append(Words(x=MARGIN, y=top + 12, text=fitted(f"↑ {heading_of(up.name, units[1])}", WIDTH - 2 * MARGIN, SMALL), size=SMALL, fill=GREY))
    named = fitted(f"{heading_of(along.name, units[0])} →", WIDTH - 2 * MARGIN, SMALL)
    shapes += grid(plot, ticks) + grid(across, alike(scales[0].ticks, units[0], locale))
    shapes.append(Words(x=plot.right, y=plot.bottom + 34, text=named, size=SMALL, fill=GREY, anchor="end"))
    pairs = [(place, x, y) for place, (x, y) in enumerate(zip(along.values, up.values, strict=True)) if x is not None and y is not None]
    opacity = 0.65 if len(pairs) <= _CROWD else 0.35
    for place, x, y in pairs:
        said = f"{chart.labels[place]}: {brief(x, units[0], locale)}, {brief(y, units[1], locale)}"
        shapes.append(Dot(x=across.at(x), y=plot.at(y), radius=4 if len(pairs) <= _CROWD else 2.5, fill=BLUE, opacity=opacity, words=said))
    return shapes, HEIGHT

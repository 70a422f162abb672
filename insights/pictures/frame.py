"""What stands around a plot: title, legend, grid and the words along the axes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from insights.answers import Chart
from insights.pictures.colours import FAINT, GREY, INK, NEUTRAL
from insights.pictures.lettering import fitted, width
from insights.pictures.plot import Plot
from insights.pictures.shapes import Box, Line, Shape, Words
from insights.wording.cells import heading_of

WIDTH, HEIGHT, MARGIN = 720.0, 400.0, 16.0
TITLE, SMALL, LINE = 16.0, 11.0, 18.0
_KEY, _GAP, _MOST_KEY, _MOST_ROWS = 14.0, 16.0, 200.0, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One entry of a legend."""

    words: str
    colour: str
    dash: tuple[float, ...] = ()
    area: float = 0.0
    """The opacity of a filled swatch; 0 for a line."""


def header(chart: Chart, keys: Sequence[Key] = ()) -> tuple[list[Shape], float]:
    """Title and legend, and the pixel under which the plot may begin."""
    title = fitted(heading_of(chart.title, chart.unit), WIDTH - 2 * MARGIN, TITLE, bold=True)
    shapes: list[Shape] = [Words(x=MARGIN, y=MARGIN + 12, text=title, size=TITLE, fill=INK, bold=True)] if title else []
    x, y = MARGIN, MARGIN + (34 if title else 12)
    for place, key in enumerate(keys):
        words = fitted(key.words, _MOST_KEY, SMALL)
        needed = _KEY + 6 + width(words, SMALL)
        if x + needed > WIDTH - MARGIN:
            x, y = MARGIN, y + LINE
            if y > MARGIN + 34 + LINE * (_MOST_ROWS - 1):
                shapes.append(Words(x=x, y=y, text=f"and {len(keys) - place} more", size=SMALL, fill=GREY))
                break
        shapes.append(_swatch(key, x, y))
        shapes.append(Words(x=x + _KEY + 6, y=y, text=words, size=SMALL, fill=INK))
        x += needed + _GAP
    return shapes, y + (14 if keys else -8)


def _swatch(key: Key, x: float, y: float) -> Shape:
    if key.area:
        return Box(x=x, y=y - 9, width=_KEY, height=10, fill=key.colour, opacity=key.area)
    return Line(points=((x, y - 4), (x + _KEY, y - 4)), stroke=key.colour, width=2.5, dash=key.dash)


def grid(plot: Plot, ticks: Sequence[str]) -> list[Shape]:
    """A faint line for each round number with what it is, and a stronger one at zero."""
    shapes: list[Shape] = []
    for value, words in zip(plot.scale.ticks, ticks, strict=True):
        start, stop = plot.point(0, value), plot.point(plot.count or 1, value)
        shapes.append(Line(points=(start, stop), stroke=FAINT if value else NEUTRAL))
        if not plot.sideways:
            shapes.append(Words(x=plot.left - 6, y=start[1] + 4, text=words, size=SMALL, fill=GREY, anchor="end"))
    if plot.sideways:
        shapes += in_a_row([(plot.at(value), words) for value, words in zip(plot.scale.ticks, ticks, strict=True)], plot.bottom + 16)
    return shapes


def zero(plot: Plot) -> list[Shape]:
    """The line that bars stand on, to be painted over them."""
    return [Line(points=(plot.point(0, 0), plot.point(plot.count, 0)), stroke=NEUTRAL)] if plot.scale.low <= 0 <= plot.scale.high else []


def labels(plot: Plot, words: Sequence[str], *, room: float | None = None) -> list[Shape]:
    """The words along the labels' axis: all of them where they fit, else as many at even steps as fit. `room` is the most one of them may take."""
    return _down(plot, words, room or plot.left - MARGIN) if plot.sideways else _across(plot, words, room or max(150.0, plot.slot - 6))


def _down(plot: Plot, words: Sequence[str], room: float) -> list[Shape]:
    every = max(1, -int(-(SMALL + 2) // plot.slot))
    return [
        Words(x=plot.left - 8, y=plot.along(place + 0.5) + 4, text=text, size=SMALL, fill=INK, anchor="end")
        for place in range(0, len(words), every)
        if (text := fitted(words[place], room - 8, SMALL))
    ]


def _across(plot: Plot, words: Sequence[str], room: float) -> list[Shape]:
    shown = [fitted(one, room, SMALL) for one in words]
    widest = max((width(one, SMALL) for one in shown), default=0.0)
    every = max(1, -int(-(widest + 6) // plot.slot))
    return in_a_row([(plot.along(place + 0.5), shown[place]) for place in range(0, len(shown), every)], plot.bottom + 16)


def in_a_row(words: Sequence[tuple[float, str]], y: float) -> list[Shape]:
    """Words around their places from left to right, within the picture; one that would run into the one before it is left out."""
    shapes: list[Shape] = []
    end = 0.0
    for middle, text in words:
        half = width(text, SMALL) / 2
        x = min(max(middle, MARGIN / 2 + half), WIDTH - MARGIN / 2 - half)
        if text and x - half >= end:
            shapes.append(Words(x=x, y=y, text=text, size=SMALL, fill=GREY, anchor="middle"))
            end = x + half + 4
    return shapes


def gutter(words: Sequence[str], most: float = 220.0) -> float:
    """The left margin that the words of an axis need."""
    return MARGIN + 8 + min(max((width(fitted(one, most, SMALL), SMALL) for one in words), default=0.0), most)


def nothing(chart: Chart) -> tuple[list[Shape], float]:
    """What is drawn where no value is known."""
    shapes, top = header(chart)
    middle = top + 60
    return [*shapes, Words(x=WIDTH / 2, y=middle, text="No figures to draw", size=13, fill=GREY, anchor="middle")], middle + 60


Short = Callable[[float], str]
"""Words a figure in little room."""

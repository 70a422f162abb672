"""A table in shades: a row for each series, a column for each label; a retention triangle among them."""

from __future__ import annotations

from insights.answers import Chart
from insights.pictures.colours import INK, on, shade
from insights.pictures.frame import MARGIN, SMALL, WIDTH, Short, gutter, header, in_a_row
from insights.pictures.lettering import fitted, width
from insights.pictures.scales import known
from insights.pictures.shapes import Box, Shape, Words

_KEY, _SHADES, _STEP = 36.0, 7, 24.0
_TALL, _MOST_TALL, _WIDEST, _GAP = 26.0, 620.0, 90.0, 1.0


def heatmap(chart: Chart, locale: str, short: Short) -> tuple[list[Shape], float]:
    """The darker, the farther from zero; what is below zero is orange. What is missing stays white."""
    del locale  # a table has no axis of figures
    shapes, top = header(chart)
    names = [series.name for series in chart.series]
    left, top = gutter(names, 160), top + 18
    wide = min((WIDTH - MARGIN - left) / len(chart.labels), _WIDEST)
    tall = min(_TALL, _MOST_TALL / len(names))
    most = max((abs(value) for series in chart.series for value in known(series.values)), default=0.0) or 1.0
    legible = tall >= SMALL + 3 and all(width(short(value), SMALL) + 4 <= wide for series in chart.series for value in known(series.values))
    for row, series in enumerate(chart.series):
        for column, value in enumerate(series.values):
            if value is None:
                continue
            fill, x, y = shade(value / most), left + column * wide, top + row * tall
            gap = _GAP if min(wide, tall) > 4 else 0.0
            said = f"{series.name}, {chart.labels[column]}: {short(value)}"
            shapes.append(Box(x=x, y=y, width=wide - gap, height=tall - gap, fill=fill, words=said))
            if legible:
                shapes.append(Words(x=x + wide / 2, y=y + tall / 2 + 4, text=short(value), size=SMALL, fill=on(fill), anchor="middle"))
    bottom = top + tall * len(names) + MARGIN
    shapes += _above(chart, left, top, wide) + _beside(names, left, top, tall)
    return (shapes, bottom) if legible else (shapes + _key(chart, left, bottom, most, short), bottom + _KEY)


def _key(chart: Chart, left: float, top: float, most: float, short: Short) -> list[Shape]:
    """What the shades mean, where cells are too small to say it themselves: from the least to the most."""
    figures = [value for series in chart.series for value in known(series.values)]
    least, top_most = (min(figures), max(figures)) if figures else (0.0, 0.0)
    shown = [least + (top_most - least) * step / (_SHADES - 1) for step in range(_SHADES)]
    boxes: list[Shape] = [Box(x=left + at * _STEP, y=top, width=_STEP, height=10, fill=shade(value / most)) for at, value in enumerate(shown)]
    boxes.append(Words(x=left, y=top + 24, text=short(shown[0]), size=SMALL, fill=INK, anchor="start"))
    boxes.append(Words(x=left + _SHADES * _STEP, y=top + 24, text=short(shown[-1]), size=SMALL, fill=INK, anchor="end"))
    return boxes


def _above(chart: Chart, left: float, top: float, wide: float) -> list[Shape]:
    shown = [fitted(label, 110, SMALL) for label in chart.labels]
    every = max(1, -int(-(max(width(one, SMALL) for one in shown) + 6) // wide))
    return in_a_row([(left + (column + 0.5) * wide, shown[column]) for column in range(0, len(shown), every)], top - 6)


def _beside(names: list[str], left: float, top: float, tall: float) -> list[Shape]:
    every = max(1, -int(-(SMALL + 2) // tall))
    return [
        Words(x=left - 8, y=top + (row + 0.5) * tall + 4, text=text, size=SMALL, fill=INK, anchor="end")
        for row in range(0, len(names), every)
        if (text := fitted(names[row], left - MARGIN - 8, SMALL))
    ]

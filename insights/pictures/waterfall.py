"""A change as steps: from what was to what is, by what each cause adds or takes."""

from __future__ import annotations

from insights.answers import Chart
from insights.pictures.bars import Bar, framed
from insights.pictures.colours import BLUE, NEUTRAL, VERMILION
from insights.pictures.frame import Key, Short
from insights.pictures.shapes import Shape

_AIR = 0.2


def waterfall(chart: Chart, locale: str, short: Short) -> tuple[list[Shape], float]:
    """The first and the last value stand on zero, each change on where those before it led."""
    values = chart.series[0].values
    drawn, reached = [], 0.0
    for at, value in enumerate(values):
        if value is None:
            continue
        whole = at in (0, len(values) - 1)
        low, high = (0.0, value) if whole else (reached, reached + value)
        reached = high
        fill = NEUTRAL if whole else BLUE if value >= 0 else VERMILION
        written = short(value) if whole or value < 0 else f"+{short(value)}"
        start, stop = at + _AIR / 2, at + 1 - _AIR / 2
        drawn.append(Bar(start=start, stop=stop, low=low, high=high, fill=fill, words=f"{chart.labels[at]}: {written}", written=written, falls=value < 0))
    keys = [Key(words="adds", colour=BLUE, area=1.0), Key(words="takes away", colour=VERMILION, area=1.0)]
    return framed(chart, drawn, locale, keys=keys, thick=28.0)

"""A picture of an answer: what is drawn, never how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartSeries:
    """One line or set of bars; one value per label of the chart, None for a gap. `unit` where it is not that of the chart."""

    name: str
    values: tuple[float | None, ...]
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartBand:
    """A range behind the lines, from `lower` to `upper` at each label, None where there is none: what is expected, or where a forecast may lie."""

    name: str
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartMark:
    """A label that is pointed out, by its place, with what is said there."""

    at: int
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A neutral description of a picture: what is drawn, never how. `alt` holds the finding in words.

    A `waterfall` goes from its first value to its last by the changes in between. A `heatmap` has a series for each of its rows and a label for each column.
    A `scatter` has two series, along and up, of which the same places belong together. `interval` draws the band of each label with its value in it.
    The bars of a `histogram` are steps of a range and touch. A `funnel` has a label for each of its steps. `stacked` bars of several series add up.
    """

    kind: Literal["bar", "line", "waterfall", "heatmap", "scatter", "interval", "histogram", "funnel"]
    title: str
    labels: tuple[str, ...]
    series: tuple[ChartSeries, ...]
    unit: str | None = None
    alt: str = ""
    bands: tuple[ChartBand, ...] = ()
    marks: tuple[ChartMark, ...] = ()
    stacked: bool = False

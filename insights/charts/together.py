"""Two figures against each other, a point for each pair."""

from __future__ import annotations

from collections.abc import Callable

from insights.answers import Chart, ChartSeries, Column, MetricAnswer
from insights.findings.together import Together
from insights.requests import Scalar


def together(answer: MetricAnswer, _name: Callable[[Scalar, Column], str], alt: str) -> Chart | None:
    """Along the first, up the second."""
    found = answer.finding
    if not isinstance(found, Together) or not found.points:
        return None
    labels = tuple(str(n + 1) for n in range(len(found.points)))
    series = tuple(ChartSeries(name=words, values=tuple(pair[at] for pair in found.points)) for at, words in enumerate((found.first, found.second)))
    return Chart(kind="scatter", title=f"{found.first} and {found.second}", labels=labels, series=series, alt=alt)

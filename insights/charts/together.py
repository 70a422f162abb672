"""Two figures against each other, a point for each pair."""

from __future__ import annotations

from collections.abc import Callable

from insights.answers import Chart, ChartSeries, Column, MetricAnswer
from insights.findings.together import Together
from insights.requests import Scalar


def together(answer: MetricAnswer, _name: Callable[[Scalar, Column], str], alt: str) -> Chart | None:
    """Along the first, up the second; of what comes later or earlier, how much is said."""
    found = answer.finding
    if not isinstance(found, Together) or not found.points:
        return None
    second = found.second
    if found.lag and found.grain is not None:
        many = abs(found.lag)
        second = f"{second}, {many} {found.grain}{'s' if many > 1 else ''} {'later' if found.lag > 0 else 'earlier'}"
    labels = tuple(str(n + 1) for n in range(len(found.points)))
    series = tuple(ChartSeries(name=words, values=tuple(pair[at] for pair in found.points)) for at, words in enumerate((found.first, second)))
    return Chart(kind="scatter", title=f"{found.first} and {second}", labels=labels, series=series, alt=alt)

"""How concentrated a figure is, as bars of shares: the largest values and all others together, or what the largest parts of many hold."""

from __future__ import annotations

from collections.abc import Callable

from insights.answers import Chart, ChartSeries, Column, MetricAnswer
from insights.findings import Concentration
from insights.requests import Scalar

_MOST = 10


def held(answer: MetricAnswer, name: Callable[[Scalar, Column], str], alt: str) -> Chart | None:
    """None where there is nothing to set beside anything."""
    finding = answer.finding
    assert isinstance(finding, Concentration)
    key, metric = answer.columns[0], next(column for column in answer.columns if column.is_figure)
    cells = [(name(row[key.name], key), row[f"{metric.name}.share"]) for row in answer.rows]
    bars = [(label, float(share)) for label, share in cells if isinstance(share, int | float)]
    if finding.top and len(bars) > _MOST + 1:
        bars = [*bars[:_MOST], (f"{len(bars) - _MOST} others", 1 - sum(share for _, share in bars[:_MOST]))]
    if len(bars) < 2:
        return None
    title = f"Share of {metric.label} by {key.label}"
    series = (ChartSeries(name=metric.label, values=tuple(share for _, share in bars)),)
    return Chart(kind="bar", title=title, labels=tuple(label for label, _ in bars), series=series, unit="percent", alt=alt)

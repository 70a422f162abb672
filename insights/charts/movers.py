"""What moved most: a bar for each group, as long as it moved."""

from __future__ import annotations

from collections.abc import Callable

from insights.answers import Chart, ChartSeries, Column, MetricAnswer
from insights.findings.movers import Movers
from insights.requests import Scalar

_MOST = 12


def movers(answer: MetricAnswer, name: Callable[[Scalar, Column], str], alt: str) -> Chart | None:
    """The changes in the figure's unit, or in percent where they were ranked by that, in the order of the answer."""
    found = answer.finding
    keys = [column for column in answer.columns if column.role == "dimension"]
    if not isinstance(found, Movers) or not 2 <= len(answer.rows) <= _MOST or not keys:
        return None
    figure = next(column for column in answer.columns if column.is_figure)
    values: list[float] = []
    for row in answer.rows:
        now, was = row[figure.name], row[f"{figure.name}.before"]
        assert isinstance(now, (int, float))
        assert isinstance(was, (int, float))
        values.append(float(now - was) if found.by == "change" else float(now - was) / abs(float(was)))
    labels = tuple(", ".join(name(row[key.name], key) for key in keys) for row in answer.rows)
    title = f"Change of {figure.label}"
    unit = figure.unit if found.by == "change" else "percent"
    return Chart(kind="bar", title=title, labels=labels, series=(ChartSeries(name=title, values=tuple(values)),), unit=unit, alt=alt)

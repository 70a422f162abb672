"""An answer's rows as a chart: bars for groups, a line over time, nothing where one number says it all."""

from __future__ import annotations

from collections.abc import Callable

from insights.answers import Answer, Chart, ChartSeries, Column, MetricAnswer, Row
from insights.charts.findings import DRAWN
from insights.requests import Scalar

MOST_BARS = 12
MOST_LINES = 6
MOST_IN_GROUP = 4
MOST_ACROSS = 24
"""Rows or columns of a field of shades."""


def describe(answer: Answer, *, name: Callable[[Scalar, Column], str], alt: str) -> Chart | None:
    """The chart of a metric answer, None when a picture adds nothing.

    `name` words a dimension's value or a time bucket; `alt` holds the finding in words. Several metrics share a picture only when they share a unit.
    """
    if not isinstance(answer, MetricAnswer):
        return None
    if answer.finding is not None and (draw := DRAWN.get(type(answer.finding))) is not None:
        return draw(answer, name, alt)
    if len(answer.rows) < 2 or answer.within:
        return None
    metrics = _drawn(answer)
    if not metrics:
        return None
    keys = [column for column in answer.columns if column.role != "metric"]
    metrics = [column for column in metrics if column.unit == metrics[0].unit]
    title = f"{', '.join(column.label for column in metrics)} by {', '.join(column.grain or column.label for column in keys)}"
    time = next((column for column in keys if column.role == "time"), None)
    rest = [column for column in keys if column is not time]
    if time is not None and len(rest) <= 1:
        return _lines(answer, time, rest, metrics, title, name, alt)
    if time is None and len(keys) == 1 and len(answer.rows) <= MOST_BARS:
        labels = tuple(name(row[keys[0].name], keys[0]) for row in answer.rows)
        series = tuple(ChartSeries(name=column.label, values=tuple(_number(row, column.name) for row in answer.rows)) for column in metrics)
        return Chart(kind="bar", title=title, labels=labels, series=series, unit=metrics[0].unit, alt=alt)
    if time is None and len(keys) == 2 and len(metrics) == 1:
        return _crossed(answer, keys, metrics[0], title, name, alt)
    return None


def _crossed(answer: MetricAnswer, keys: list[Column], metric: Column, title: str, name: Callable[[Scalar, Column], str], alt: str) -> Chart | None:
    """Two dimensions against each other: bars in groups while those are few, else a field of shades; None past what can be read.

    The dimension with more values goes along, the other makes the series; both stand as the rows have them, the largest first.
    """
    found = {(row[keys[0].name], row[keys[1].name]): _number(row, metric.name) for row in answer.rows}
    values = [list(dict.fromkeys(row[key.name] for row in answer.rows)) for key in keys]
    along, across = (0, 1) if len(values[0]) >= len(values[1]) else (1, 0)
    if answer.total_rows != len(answer.rows) or min(map(len, values)) < 2 or len(values[along]) > MOST_ACROSS or len(values[across]) > MOST_ACROSS:
        return None
    bars = len(values[along]) <= MOST_BARS and len(values[across]) <= MOST_IN_GROUP
    series = tuple(
        ChartSeries(
            name=name(other, keys[across]),
            values=tuple(found.get((one, other) if along == 0 else (other, one)) for one in values[along]),
        )
        for other in values[across]
    )
    labels = tuple(name(one, keys[along]) for one in values[along])
    return Chart(kind="bar" if bars else "heatmap", title=title, labels=labels, series=series, unit=metric.unit, alt=alt)


def _drawn(answer: MetricAnswer) -> list[Column]:
    """The columns that a picture is of: the growth where that was asked for, else the figures; none for a list of records."""
    growth = [column for column in answer.columns if column.role == "metric" and column.name.endswith(".growth")]
    return growth or [column for column in answer.columns if column.is_figure]


def _lines(
    answer: MetricAnswer, time: Column, rest: list[Column], metrics: list[Column], title: str, name: Callable[[Scalar, Column], str], alt: str
) -> Chart | None:
    buckets = list(dict.fromkeys(row[time.name] for row in answer.rows))
    if not rest:
        series = tuple(ChartSeries(name=column.label, values=tuple(_number(row, column.name) for row in answer.rows)) for column in metrics)
    else:
        groups = list(dict.fromkeys(row[rest[0].name] for row in answer.rows))
        if len(groups) > MOST_LINES or len(metrics) > 1:
            return None
        found = {(row[rest[0].name], row[time.name]): _number(row, metrics[0].name) for row in answer.rows}
        series = tuple(ChartSeries(name=name(group, rest[0]), values=tuple(found.get((group, bucket)) for bucket in buckets)) for group in groups)
    return Chart(kind="line", title=title, labels=tuple(name(bucket, time) for bucket in buckets), series=series, unit=metrics[0].unit, alt=alt)


def _number(row: Row, name: str) -> float | None:
    value = row.get(name)
    return float(value) if isinstance(value, (int, float)) else None

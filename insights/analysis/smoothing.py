"""A figure averaged over a moving window: each bucket is the mean of itself and the whole ones before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from insights.analysis.comparison import adds_up
from insights.analysis.data import Data, Series
from insights.answers import MetricAnswer, Row
from insights.catalog.labels import inside
from insights.errors import NotAnswerable
from insights.query.measures import measured
from insights.query.progress import earlier
from insights.query.times import bucket_of
from insights.requests import Grain, MetricQuestion, Period

MOST = 400
"""Buckets of a window."""


def answer(question: MetricQuestion, data: Data) -> MetricAnswer:
    """The series of means, without the buckets that have not enough whole ones behind them. Raises NotAnswerable for what has no such mean."""
    window, grain = question.options.get("moving"), question.grain
    if not isinstance(window, int) or isinstance(window, bool) or not 2 <= window <= MOST or grain is None:
        raise NotAnswerable(f"A moving average is over two to {MOST} steps of time.", remedy="Say over how many, such as '7-day moving average'.")
    _check(question, data)
    series = data.series(question, grain=grain, period=_reaching(question.period, window, grain, data))
    smooth = means(series.values, series.incomplete, window)
    first = question.period.first if question.period is not None else None
    begun = bucket_of(first, grain, data.catalog) if first is not None else None
    asked = [(at, value) for at, value in zip(series.starts, smooth, strict=True) if begun is None or _day(at) >= _day(begun)]
    kept = [(at, value) for at, value in asked if value is not None]
    if not kept:
        raise NotAnswerable(f"There are no {window} whole {grain}s in a row to average.", remedy="Ask for a smaller window, or for a longer time.")
    short = f"; {asked.index(kept[0])} before them have too few behind them" if asked[0] != kept[0] else ""
    return _told(question, series, kept, f"each is the average of {window} whole {grain}s, the last of them the one that is named{short}")


def means(values: Sequence[float | None], incomplete: frozenset[int], window: int) -> list[float | None]:
    """The mean of each value and those before it, `window` in all; None where one of them is unknown, incomplete or not there.

    >>> means([1.0, 3.0, 5.0, None, 7.0], frozenset(), 2)
    [None, 2.0, 4.0, None, None]
    """
    whole = [None if n in incomplete else value for n, value in enumerate(values)]
    found: list[float | None] = []
    for n in range(len(whole)):
        part = [value for value in whole[max(0, n - window + 1) : n + 1] if value is not None]
        found.append(sum(part) / window if len(part) == window else None)
    return found


def _check(question: MetricQuestion, data: Data) -> None:
    """Refuse ratios, whose mean is not that of the window; and everything that is not one figure over time."""
    if len(question.metrics) != 1 or question.group_by or question.compare is not None or question.limit is not None:
        raise NotAnswerable("I can give a moving average of one figure, over all of it.", remedy="Ask without groups; narrow it with a filter.")
    if any(condition.metric for condition in question.filters) or {"running", "change", "average"} & set(question.options):
        raise NotAnswerable("I can give a moving average of a figure as it is.", remedy="Ask for it without conditions, growth or running totals.")
    measure = measured(question.metrics[0], data.catalog, frozenset(data.catalog.metrics))
    if not adds_up(question.metrics[0], data) and not measure.stands:
        raise NotAnswerable(
            f"I can't average {inside(measure.definition.label)} over moving windows: the mean of the parts is not that of the whole.",
            remedy="Ask for it by longer steps, such as months, or for a figure that adds up.",
        )


def _reaching(period: Period | None, window: int, grain: Grain, data: Data) -> Period | None:
    """The period with the buckets before it that its first ones are averaged with."""
    if period is None or period.first is None:
        return period
    start = bucket_of(period.first, grain, data.catalog)
    for _ in range(window - 1):
        start = earlier(start, grain, "previous") or start
    return Period(first=start, last=period.last)


def _told(question: MetricQuestion, series: Series, kept: Sequence[tuple[date, float]], note: str) -> MetricAnswer:
    base = series.answer
    time = next(column for column in base.columns if column.role == "time")
    metric = next(column for column in base.columns if column.is_figure)
    label = f"{metric.label}, {question.options['moving']}-{question.grain} moving average"
    rows: tuple[Row, ...] = tuple({time.name: at, metric.name: value} for at, value in kept)
    return replace(
        base,
        period=question.period,
        columns=(time, replace(metric, label=label)),
        rows=rows,
        total_rows=len(rows),
        incomplete=(),
        notes=(*base.notes, note),
    )


def _day(at: date) -> date:
    return at.date() if isinstance(at, datetime) else at

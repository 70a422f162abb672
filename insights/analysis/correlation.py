"""How two figures go together: over time, or over the records that have both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from insights.analysis.data import Data
from insights.analysis.forecasting.fitted import Array
from insights.analysis.outlook import SEASONS
from insights.analysis.related.lags import lagged
from insights.analysis.related.ranks import Ranked, shape, spearman
from insights.answers import Column, MetricAnswer, Row
from insights.errors import NotAnswerable
from insights.findings.together import Rank, Together
from insights.requests import Grain, MetricName, MetricQuestion, parse_measure

_LEAST = 10
_FURTHEST: dict[Grain, int] = {"hour": 24, "day": 28, "week": 8, "month": 6, "quarter": 4, "year": 2}
_DRAWN = 400
_SURE = 0.05


def answer(question: MetricQuestion, data: Data) -> MetricAnswer:
    """Correlate the two that were named. Raises NotAnswerable with too little data, or where they never meet."""
    if len(question.metrics) != 2 or question.compare is not None or (question.group_by and question.grain is not None):
        raise NotAnswerable("I can tell how two figures go together.", remedy="Name two of them.")
    if question.group_by and question.grain is None:
        return _over_groups(question, data)
    if all(isinstance(measure := parse_measure(text), MetricName) and measure.name not in data.catalog.metrics for text in question.metrics):
        return _over_records(question, data)
    return _over_time(question, data)


def _over_time(question: MetricQuestion, data: Data) -> MetricAnswer:
    grain = question.grain or "week"
    both = [data.series(replace(question, metrics=(name,), time_field=question.time_field if at == 0 else None), grain=grain, period=question.period).whole()
            for at, name in enumerate(question.metrics)]  # fmt: skip
    tables = [{start: value for start, value in zip(one.starts, one.values, strict=True) if value is not None} for one in both]
    shared = sorted(set(tables[0]) & set(tables[1]))
    if len(shared) < _LEAST:
        raise NotAnswerable(f"There are {len(shared)} {grain}s with both figures, too few to tell a connection from chance.", remedy="Ask about a longer time.")
    one, other = (np.array([table[start] for start in shared]) for table in tables)
    _changing(one, other)
    found = lagged(one, other, SEASONS[grain], min(_FURTHEST[grain], len(shared) // 4))
    sure = found.p < _SURE
    columns = [next(column for column in series.answer.columns if column.is_figure) for series in both]
    finding = Together(
        first=columns[0].label,
        second=columns[1].label,
        rank=_rank(found.together),
        pairs=len(shared),
        of=len(shared),
        shape=shape(one, other),
        grain=grain,
        rest=_rank(found.apart),
        lag=found.lag if sure else None,
        at_lag=found.at_lag if sure else None,
        lag_p=found.p,
        tried=found.tried,
        points=_points(*_moved(one, other, found.lag if sure else 0)),
    )
    base = both[0].answer
    time = next(column for column in base.columns if column.role == "time")
    rows: tuple[Row, ...] = tuple({time.name: start, columns[0].name: tables[0][start], columns[1].name: tables[1][start]} for start in shared)
    definition = tuple(dict.fromkeys((*base.definition, *both[1].answer.definition)))
    return replace(
        base, analysis=question.analysis, period=question.period or base.period, columns=(time, *columns), rows=rows, total_rows=len(rows),
        value=found.together.correlation, unit=None, incomplete=(), definition=definition, finding=finding,
    )  # fmt: skip


def _over_groups(question: MetricQuestion, data: Data) -> MetricAnswer:
    """Each group is a pair."""
    found = data.ask(replace(question, analysis="breakdown", limit=None, options={}))
    columns = [column for column in found.columns if column.is_figure]
    return _of_pairs(question, found, columns, [tuple(row[column.name] for column in columns) for row in found.rows], found.total_rows or len(found.rows))


def _over_records(question: MetricQuestion, data: Data) -> MetricAnswer:
    """Each record is a pair."""
    dataset = question.options.get("dataset") or next(
        (id_.dataset for id_ in data.catalog.fields if str(question.metrics[0]) in (id_.name, f"{id_.dataset}.{id_.name}")), None
    )
    if dataset is None:
        raise NotAnswerable("I don't know of which records these are.", remedy="Name two fields of one table.")
    read = data.numbers(question, tuple(question.metrics), dataset=str(dataset), shown=False)
    columns = [replace(column, role="metric") for column in read.answer.columns]
    cells = list(zip(read.column(read.names[0]), read.column(read.names[1]), strict=True))
    if len(cells) < data.least:
        raise NotAnswerable("Too few people are behind that to tell.", remedy="Ask about more of them.")
    told = _of_pairs(question, read.answer, columns, cells, read.total)
    return replace(told, rows=(), total_rows=0)


def _of_pairs(question: MetricQuestion, base: MetricAnswer, columns: list[Column], cells: Sequence[tuple[object, ...]], of: int) -> MetricAnswer:
    pairs = [(float(a), float(b)) for a, b in cells if isinstance(a, int | float) and isinstance(b, int | float)]
    if len(pairs) < _LEAST:
        raise NotAnswerable(f"There are {len(pairs)} pairs with both figures, too few to tell a connection from chance.", remedy="Ask about more of them.")
    one, other = (np.array(side) for side in zip(*pairs, strict=True))
    _changing(one, other)
    found = spearman(one, other)
    finding = Together(
        first=columns[0].label,
        second=columns[1].label,
        rank=_rank(found),
        pairs=len(pairs),
        of=of,
        shape=shape(one, other),
        points=_points(one, other) if question.group_by else (),
    )
    return replace(base, analysis=question.analysis, value=found.correlation, unit=None, finding=finding)


def _changing(one: Array, other: Array) -> None:
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        raise NotAnswerable("One of the two never changes, so nothing can go with it.", remedy="Ask about another figure.")


def _rank(found: Ranked) -> Rank:
    return Rank(correlation=found.correlation, low=found.low, high=found.high, p=found.p)


def _moved(one: Array, other: Array, lag: int) -> tuple[Array, Array]:
    """The pairs as they go together: the second so many buckets after the first (before it where `lag` is below 0)."""
    if lag == 0:
        return one, other
    return (one[:-lag], other[lag:]) if lag > 0 else (one[-lag:], other[:lag])


def _points(one: Array, other: Array) -> tuple[tuple[float, float], ...]:
    return tuple((float(a), float(b)) for a, b in zip(one[-_DRAWN:], other[-_DRAWN:], strict=True))

"""A metric that an endpoint of the company predicts: its inputs are asked for like any question, the predictions put together as they may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from insights.analysis.data import Data
from insights.analysis.outlook import following, in_whole, last_day
from insights.answers import Column, Comparison, MetricAnswer, Row
from insights.catalog.labels import inside
from insights.catalog.model import Endpoint, FieldId, Metric
from insights.errors import NotAnswerable, NotPermitted
from insights.query.about import define
from insights.query.times import bucket_of
from insights.requests import GRAINS, ComparePeriod, Grain, MetricQuestion, Period, Scalar

MOST_ROWS = 5_000
"""Combinations of inputs that are predicted at once."""
_TOLD = ("value", "breakdown", "ranking", "series", "compare", "forecast")
_DAYS: Mapping[Grain, int] = {"day": 1, "week": 7}
_MONTHS: Mapping[Grain, int] = {"month": 1, "quarter": 3, "year": 12}
_SHARE, _LONGEST = 0.9, 60.0
Keys = tuple[Scalar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Predicted:
    """What was predicted by the keys of the question, and the answer that holds the inputs."""

    found: Mapping[Keys, float | None]
    inputs: MetricAnswer


def answer(question: MetricQuestion, data: Data) -> MetricAnswer:
    """The predictions that were asked for. Raises NotAnswerable for what endpoints cannot be asked, NotPermitted, OutsideFailed, DeadlinePassed."""
    metric = data.catalog.metrics[question.metrics[0]]
    endpoint = metric.endpoint
    if endpoint is None or len(question.metrics) > 1:
        raise NotAnswerable("What a model predicts I can tell by itself only.", remedy="Ask for it alone.")
    label = inside(metric.label)
    if (
        question.analysis not in _TOLD
        or question.options.keys() - {"horizon"}
        or (question.compare is not None and not isinstance(question.compare, ComparePeriod))
    ):
        raise NotAnswerable(f"A model predicts {label}, so I can't tell that of it.", remedy="Ask for its value, by group, or over time.")
    question = _plain(question, metric, endpoint, data)
    if question.period is None or question.period.first is None or question.period.last is None:
        raise NotAnswerable(f"I need to know when {label} is meant for.", remedy=f"Say for which {endpoint.grain}.")
    if question.grain is not None and GRAINS.index(question.grain) < GRAINS.index(endpoint.grain):
        raise NotAnswerable(f"{metric.label} is predicted by {endpoint.grain}, not by {question.grain}.", remedy=f"Ask by {endpoint.grain}.")
    now = _predict(question, question.period, metric, data)
    before = _predict(question, question.compare.period, metric, data) if isinstance(question.compare, ComparePeriod) else None
    return _told(question, metric, now, before)


def _plain(question: MetricQuestion, metric: Metric, endpoint: Endpoint, data: Data) -> MetricQuestion:
    """A forecast is what the company's own model says; a series without a period is of all that can be predicted."""
    if question.analysis == "forecast":
        question = replace(question, analysis="breakdown" if question.group_by else "value", grain=None)
    if question.analysis != "series":
        return question
    covered = data.contents.coverage.get(metric.time) if metric.time is not None else None
    if question.period is None and covered is not None:
        first = in_whole(Period(first=covered.first), endpoint.grain, data.catalog).first or covered.first
        last = bucket_of(covered.last + timedelta(days=1), endpoint.grain, data.catalog) - timedelta(days=1)
        ends = bucket_of(last, endpoint.grain, data.catalog)
        period = Period(first=_moved(first, endpoint.grain, endpoint.ahead), last=last_day(_moved(ends, endpoint.grain, endpoint.ahead), endpoint.grain))
        question = replace(question, period=period)
    return replace(question, grain=question.grain or endpoint.grain)


def _predict(question: MetricQuestion, period: Period, metric: Metric, data: Data) -> _Predicted:
    """Everything within the period, by bucket (where there are any) and the question's groups."""
    endpoint, told = metric.endpoint, metric.prediction
    if endpoint is None or told is None:
        raise AssertionError(metric.name)
    inputs = _inputs(question, period, metric, endpoint, data)
    time = next(column.name for column in inputs.columns if column.role == "time")
    rows = [row for row in inputs.rows if isinstance(row[time], date)]
    starts = [_moved(_day(row[time]), endpoint.grain, endpoint.ahead) for row in rows]
    sent = [_cells(row, start, inputs, endpoint, data) for row, start in zip(rows, starts, strict=True)]
    if data.predictions is None:
        raise NotAnswerable(f"No model can be asked for {inside(metric.label)} from here.", remedy="Ask where the company's settings are known.")
    made = data.predictions.of(endpoint, told, sent, version=data.catalog.version, deadline=data.until(_SHARE, _LONGEST)) if sent else ()
    names = [_column(name, inputs, data) for name in question.group_by]
    parts: dict[Keys, list[tuple[float, float]]] = {}
    for row, start, number in zip(rows, starts, made, strict=True):
        keys = (*([bucket_of(start, question.grain, data.catalog)] if question.grain else []), *(row[name] for name in names))
        weight = row[endpoint.weight] if endpoint.weight else 1.0
        parts.setdefault(keys, []).append((number, float(weight) if isinstance(weight, int | float) else 0.0))
    return _Predicted(found={keys: _together(some, endpoint) for keys, some in parts.items()}, inputs=inputs)


def _inputs(question: MetricQuestion, period: Period, metric: Metric, endpoint: Endpoint, data: Data) -> MetricAnswer:
    """The inputs by every dimension that the model takes, asked like any question. Raises where that would be other inputs than the model is made for."""
    for name in (*question.group_by, *(one.dimension for one in question.filters if one.dimension is not None)):
        if _id(name, data) not in endpoint.dimensions:
            raise NotAnswerable(
                f"{metric.label} is predicted {_by(endpoint, data)}, not for each {inside(_called(name, data))}.", remedy="Ask without that."
            )  # fmt: skip
    if any(one.metric is not None for one in question.filters):
        raise NotAnswerable("I can't set conditions on what a model predicts.", remedy="Ask without them.")
    whole = in_whole(period, endpoint.grain, data.catalog)
    if (whole.first, whole.last) != (period.first, period.last) or whole.first is None or whole.last is None:
        raise NotAnswerable(f"{metric.label} is predicted by {endpoint.grain}.", remedy=f"Ask for whole {endpoint.grain}s.")
    first = _moved(whole.first, endpoint.grain, -endpoint.ahead)
    last = last_day(_moved(bucket_of(whole.last, endpoint.grain, data.catalog), endpoint.grain, -endpoint.ahead), endpoint.grain)
    asked = MetricQuestion(
        analysis="series",
        metrics=tuple(dict.fromkeys((*endpoint.metrics, *([endpoint.weight] if endpoint.weight else [])))),
        group_by=tuple(data.catalog.written(id_) for id_ in endpoint.dimensions),
        grain=endpoint.grain,
        filters=question.filters,
        period=Period(first=first, last=last),
        time_field=question.time_field,
    )
    _check_rows(asked, metric, endpoint, data)
    found = data.ask(asked)
    through = found.data_through
    if found.incomplete or through is None or through < last or (found.data_from is not None and found.data_from > first):
        raise NotAnswerable(
            f"What {inside(metric.label)} is predicted from is not known for all of that.",
            remedy=f"The last {endpoint.grain} that can be predicted {_last(through, endpoint, data)}.",
        )
    if found.hidden:
        raise NotAnswerable(f"Too few people are behind some of what {inside(metric.label)} is predicted from.", remedy="Ask for another period.")
    if (found.total_rows or len(found.rows)) > min(len(found.rows), MOST_ROWS):
        raise NotAnswerable(
            f"That is {found.total_rows:,} predictions, and I get {MOST_ROWS:,} at once.", remedy="Ask for a shorter period, or for some of it."
        )
    return found


def _check_rows(asked: MetricQuestion, metric: Metric, endpoint: Endpoint, data: Data) -> None:
    """A model that is given a part of the rows predicts something else: rows may be kept from the asker by the dimensions that it takes alone."""
    try:
        grant = data.decide(asked)
    except NotPermitted as refused:
        raise NotPermitted(f"What {inside(metric.label)} is predicted from is not for you here.", remedy=refused.remedy) from refused
    facts = {fact for name in asked.metrics for fact in data.catalog.metrics[name].datasets} if all(n in data.catalog.metrics for n in asked.metrics) else set()
    if not facts:
        raise NotPermitted(f"What {inside(metric.label)} is predicted from is not for you here.", remedy="Ask the data owner for access.")
    held = {name for fact in facts for name in data.catalog.reachable(fact)}
    by = {id_ for name, some in grant.rows.items() if name in held for one in some for id_ in one}
    none = any(name in held and not some for name, some in grant.rows.items())
    if none or not by <= set(endpoint.dimensions):
        raise NotPermitted(f"{metric.label} is predicted from rows that you may not see.", remedy="Ask the data owner for access.")


def _cells(row: Row, start: date, inputs: MetricAnswer, endpoint: Endpoint, data: Data) -> list[Scalar]:
    """What the model takes of a row, in its order."""
    cells: list[Scalar] = []
    for name in endpoint.inputs:
        if name in endpoint.metrics:
            cells.append(row[name])
        else:
            cells.append(row[_column(name, inputs, data)] if data.catalog.field_ids(name) else start)
    return cells


def _together(some: Sequence[tuple[float, float]], endpoint: Endpoint) -> float | None:
    """The sum, or the mean by weight; unknown where nothing weighs anything."""
    if endpoint.combine == "sum":
        return sum(number for number, _ in some)
    weights = sum(weight for _, weight in some)
    return sum(number * weight for number, weight in some) / weights if weights > 0 else None


def _told(question: MetricQuestion, metric: Metric, now: _Predicted, before: _Predicted | None) -> MetricAnswer:
    base, name = now.inputs, metric.name
    figure = Column(name=name, label=metric.label, role="metric", unit=metric.unit)
    time = [replace(column, grain=question.grain) for column in base.columns if column.role == "time"] if question.grain else []
    groups = [next(column for column in base.columns if column.name.rpartition(".")[2] == key.rpartition(".")[2]) for key in question.group_by]
    keys = [*time, *(replace(column, name=key) for column, key in zip(groups, question.group_by, strict=True))]
    columns = (*keys, figure)
    every = dict.fromkeys((*now.found, *(before.found if before is not None else ())))
    rows: list[Row] = []
    for one in every:
        row: dict[str, Scalar] = {**dict(zip((column.name for column in keys), one, strict=True)), name: now.found.get(one)}
        if before is not None:
            was, is_now = before.found.get(one), now.found.get(one)
            row |= {f"{name}.before": was, f"{name}.change": is_now - was if is_now is not None and was is not None else None}
        rows.append(row)
    rows.sort(key=lambda row: _place(row, keys, name, question))
    if before is not None:
        beside = (("before", f"{metric.label} before"), ("change", f"Change of {metric.label}"))
        columns += tuple(replace(figure, name=f"{name}.{side}", label=said) for side, said in beside)
    single = rows[0] if rows and not keys else None
    ahead = metric.endpoint.ahead if metric.endpoint is not None else 0
    grain = metric.endpoint.grain if metric.endpoint is not None else "month"
    note = (f"it is predicted from what was {ahead} {grain}{'s' if ahead > 1 else ''} before",) if ahead else ()
    value = now.found.get(()) if not keys else None
    return replace(
        base,
        analysis=question.analysis,
        value=value,
        unit=metric.unit,
        columns=columns,
        rows=tuple(rows[: question.limit] if question.limit else rows),
        definition=(define(metric),),
        period=question.period,
        comparison=_comparison(question, single, name),
        total_rows=len(rows) if keys else None,
        limit=question.limit,
        order=(question.order or "desc") if question.analysis == "ranking" else None,
        data_from=None,
        incomplete=(),
        notes=(*base.notes, *note),
    )


def _comparison(question: MetricQuestion, row: Row | None, name: str) -> Comparison | None:
    if not isinstance(question.compare, ComparePeriod):
        return None
    before, change = (row[f"{name}.before"], row[f"{name}.change"]) if row is not None else (None, None)
    was, by = (float(one) if isinstance(one, int | float) else None for one in (before, change))
    return Comparison(period=question.compare.period, value=was, change=by, ratio=by / abs(was) if by is not None and was else None)


def _place(row: Row, keys: Sequence[Column], name: str, question: MetricQuestion) -> tuple[object, ...]:
    """By time and name; the largest first (or as was asked) in rankings and breakdowns without time, what is unknown last."""
    figure = row[name]
    named = tuple((row[column.name] is None, str(row[column.name])) for column in keys)
    if not isinstance(figure, int | float) or any(column.role == "time" for column in keys):
        return (1 if not isinstance(figure, int | float) and not any(column.role == "time" for column in keys) else 0, 0.0, *named)
    return (0, figure if question.order == "asc" else -figure, *named)


def _moved(start: date, grain: Grain, by: int) -> date:
    """The first day of the bucket `by` buckets after one.

    >>> _moved(date(2026, 1, 1), "quarter", -1), _moved(date(2026, 1, 5), "week", 2)
    (datetime.date(2025, 10, 1), datetime.date(2026, 1, 19))
    """
    if grain in _DAYS:
        return start + timedelta(days=_DAYS[grain] * by)
    year, month = divmod(start.year * 12 + start.month - 1 + _MONTHS[grain] * by, 12)
    return start.replace(year=year, month=month + 1)


def _last(through: date | None, endpoint: Endpoint, data: Data) -> str:
    """Which bucket the last whole one of the inputs predicts."""
    if through is None:
        return "is not known"
    start = bucket_of(through, endpoint.grain, data.catalog)
    if last_day(start, endpoint.grain) > through:
        start = _moved(start, endpoint.grain, -1)
    there = _moved(start, endpoint.grain, endpoint.ahead)
    return f"is that from {there.isoformat()} to {(following(there, endpoint.grain) - timedelta(days=1)).isoformat()}"


def _day(cell: Scalar) -> date:
    if not isinstance(cell, date):
        raise TypeError(cell)
    return cell


def _id(name: str, data: Data) -> FieldId | None:
    try:
        return data.catalog.resolve(name)
    except KeyError:
        return None


def _column(name: str, inputs: MetricAnswer, data: Data) -> str:
    """The name that the inputs' rows have a dimension under."""
    id_ = _id(name, data)
    return next(column.name for column in inputs.columns if column.role == "dimension" and _id(column.name, data) == id_)


def _called(name: str, data: Data) -> str:
    id_ = _id(name, data)
    return data.catalog.fields[id_].label if id_ is not None else name


def _by(endpoint: Endpoint, data: Data) -> str:
    labels = [inside(data.catalog.fields[id_].label) for id_ in endpoint.dimensions if id_ in data.catalog.fields]
    return f"for each {' and '.join(labels)}" if labels else "for everything together"

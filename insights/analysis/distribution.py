"""How a number is spread over the records: exact quantiles, the shape in words, and what lies beyond the fences."""

from __future__ import annotations

from dataclasses import replace

from insights.analysis.cohorts import said_of
from insights.analysis.data import Data
from insights.answers import Definition, MetricAnswer
from insights.catalog.model import Aggregation, Field, RowExpression
from insights.errors import AskerCanFix, NotAnswerable, NotPermitted
from insights.findings import Distribution, Outlier
from insights.query.measures import Measured
from insights.requests import Filter, MetricQuestion, Scalar

MOST_OUTLIERS = 10
_FENCE = 1.5
_SKEWED = 0.2
_LEAST = 30
_AT = {"p10": 0.1, "q1": 0.25, "median": 0.5, "q3": 0.75, "p90": 0.9}


def answer(question: MetricQuestion, data: Data) -> MetricAnswer:
    """The median of the records, with how they are spread around it. Raises NotAnswerable for what is no number, or nobody may ask for."""
    if len(question.metrics) != 1 or question.group_by:
        raise NotAnswerable("I can tell how one number of the records is spread.", remedy="Name one, without a breakdown.")
    field = _field(question.metrics[0], data)
    bare = replace(question, analysis="value", grain=None, limit=None, order=None, compare=None)
    found = data.ask(replace(bare, metrics=(f"median({field.id})",)))
    measures = [_measure(name, Aggregation(function="percentile", dataset=field.id.dataset, operand=(field.id,), at=at)) for name, at in _AT.items()]
    measures += [_measure(name, Aggregation(function=name, dataset=field.id.dataset, operand=(field.id,))) for name in ("count", "min", "max")]
    read = _figures(data, bare, tuple(measures))
    if read["count"] < _LEAST:
        raise NotAnswerable(f"There are only {read['count']:.0f} records, too few to tell how they are spread.", remedy="Ask over a longer period.")
    width = read["q3"] - read["q1"]
    fences = (read["q1"] - _FENCE * width, read["q3"] + _FENCE * width)
    beyond = _figures(data, bare, (_beyond("below", field, f" < {fences[0]!r}"), _beyond("above", field, f" > {fences[1]!r}")))
    skew = kelly(read["p10"], read["median"], read["p90"])
    finding = Distribution(
        field=str(field.id),
        label=field.label,
        records=round(read["count"]),
        least=read["min"] if "min" in field.aggregates else None,
        p10=read["p10"],
        q1=read["q1"],
        median=read["median"],
        q3=read["q3"],
        p90=read["p90"],
        greatest=read["max"] if "max" in field.aggregates else None,
        skew=skew,
        shape="one value" if skew is None else "tail upward" if skew > _SKEWED else "tail downward" if skew < -_SKEWED else "symmetric",
        fences=fences,
        below=round(beyond["below"]),
        above=round(beyond["above"]),
    )
    if question.options.get("outliers"):
        finding = replace(finding, asked=True, outliers=_outliers(field, fences, bare, data), named=said_of(field.id.dataset, data.catalog))
    return replace(found, analysis="distribution", finding=finding)


def _outliers(field: Field, fences: tuple[float, float], question: MetricQuestion, data: Data) -> tuple[Outlier, ...]:
    """The records that lie furthest beyond the fences, the furthest first; none where single records may not be listed."""
    dataset = data.catalog.datasets[field.id.dataset]
    keys = [name for name in dataset.primary_key if name in dataset.fields]
    time = question.time_field or (str(dataset.time) if dataset.time is not None else None)
    columns = tuple(f"{dataset.name}.{name}" for name in keys) + ((time,) if time is not None else ()) + (str(field.id),)
    found: list[Outlier] = []
    if not keys:
        return ()
    for order, op, fence in (("desc", ">", fences[1]), ("asc", "<", fences[0])):
        beyond = Filter(dimension=str(field.id), op=">" if op == ">" else "<", values=(fence,))
        asked = replace(
            question,
            analysis="list",
            metrics=(),
            columns=columns,
            filters=(*question.filters, beyond),
            limit=MOST_OUTLIERS,
            order="desc" if order == "desc" else "asc",
            options={"dataset": dataset.name, "by": str(field.id)},
        )
        try:
            listed = data.ask(asked)
        except (AskerCanFix, NotPermitted):
            return ()
        names = [column.name for column in listed.columns]
        for row in listed.rows:
            cells = [row[name] for name in names]
            value = cells[-1]
            if isinstance(value, int | float):
                found.append(Outlier(key=tuple(cells[: len(keys)]), day=cells[len(keys)] if time is not None else None, value=float(value)))
    middle = (fences[0] + fences[1]) / 2
    return tuple(sorted(found, key=lambda one: -abs(one.value - middle))[:MOST_OUTLIERS])


def kelly(p10: float, median: float, p90: float) -> float | None:
    """Kelly's coefficient of skewness (1923): how much further the upper tenth lies from the middle than the lower one; None where both are the same.

    >>> kelly(1, 2, 5), kelly(1, 2, 3), kelly(2, 2, 2)
    (0.5, 0.0, None)
    """
    return (p90 + p10 - 2 * median) / (p90 - p10) if p90 > p10 else None


def _field(name: str, data: Data) -> Field:
    ids = data.catalog.field_ids(name)
    if len(ids) != 1 or data.catalog.fields[ids[0]].kind != "number":
        raise NotAnswerable("I can tell how a number of the records is spread, such as the amount of an order.", remedy="Name a number of them.")
    field = data.catalog.fields[ids[0]]
    if "median" not in field.aggregates:
        raise NotAnswerable(f"I can't tell how {field.label.lower()} is spread: its median may not be asked for.", remedy="Ask its owner.")
    return field


def _measure(name: str, aggregation: Aggregation) -> Measured:
    return Measured(text=name, formula=(aggregation,), definition=Definition(name=name, label=name, expression=name))


def _beyond(name: str, field: Field, condition: str) -> Measured:
    where: RowExpression = (field.id, condition)
    return _measure(name, Aggregation(function="count", dataset=field.id.dataset, operand=(field.id,), where=where))


def _figures(data: Data, question: MetricQuestion, measures: tuple[Measured, ...]) -> dict[str, float]:
    """The figures by name; what is unknown is 0."""
    rows: tuple[tuple[Scalar, ...], ...] = data.cuts(question, [()], measures).rows[()]
    cells = rows[0] if rows else (None,) * len(measures)
    return {measure.text: float(cell) if isinstance(cell, (int, float)) else 0.0 for measure, cell in zip(measures, cells, strict=True)}

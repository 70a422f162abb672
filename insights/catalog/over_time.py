"""Compiles the metrics of the overlay that count other rows than those of the period itself: cumulative, balance, conversion, earlier; and percentiles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from insights.catalog.expressions import CompiledMetric
from insights.catalog.model import Aggregation, Balance, Catalog, Earlier, FieldId, Followed, Gathered, Metric, MetricFormula, RowExpression, UpTo
from insights.catalog.notes import MetricNotes, Part
from insights.catalog.pieces import divided
from insights.catalog.scopes import ExpressionError, FieldScope, joined, listing

Other = Callable[[str], Metric | None]
"""Another metric by its name; None when its mistake has been written down already."""


class Misplaced(Exception):
    """A definition that cannot be compiled, and the line of what is wrong in it."""

    def __init__(self, line: int, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.line, self.message, self.suggestion = line, message, suggestion


def standing(notes: MetricNotes, other: Other) -> CompiledMetric | None:
    """A cumulative, a balance or an earlier figure of another metric. Raises Misplaced."""
    if notes.of is None:
        return None
    metric = other(notes.of.text)
    if metric is None:
        return None
    if notes.type == "earlier":
        return CompiledMetric(_earlier(metric, notes), metric.additive)
    _refuse_layers(metric, notes.of)
    if notes.type == "cumulative":
        over: UpTo | Balance = UpTo(window=notes.window, to_date=notes.to_date, period_agg=notes.period_agg, with_data=notes.with_data)
        return CompiledMetric(_over(metric.formula, over), metric.additive)
    _check_balanced(metric, notes)
    balance = Balance(take=notes.take, per=tuple(_per(metric, part) for part in notes.per), carried=notes.carried)
    return CompiledMetric(_over(metric.formula, balance), metric.additive and notes.take in ("last", "first", "average"))


def _earlier(metric: Metric, notes: MetricNotes) -> MetricFormula:
    """The metric at an earlier time: what it is over there stays as it is. Raises Misplaced for conversions."""
    assert notes.of is not None
    parts: list[str | Aggregation] = []
    for part in metric.formula:
        if isinstance(part, Aggregation) and isinstance(part.over, Followed):
            raise Misplaced(notes.of.line, f"'{metric.name}' is {kind_of(metric)}, which is not told of an earlier time.", "Take what it is made of.")
        parts.append(part if isinstance(part, str) else replace(part, over=Earlier(ago=notes.ago, start_of=notes.start_of, then=_kept(part))))
    return tuple(parts)


def _kept(part: Aggregation) -> UpTo | Balance | Earlier | None:
    assert not isinstance(part.over, Followed)
    return part.over


def _over(formula: MetricFormula, over: UpTo | Balance) -> MetricFormula:
    return tuple(replace(part, over=over) if isinstance(part, Aggregation) else part for part in formula)


def _refuse_layers(metric: Metric, part: Part) -> None:
    if any(one.over is not None for one in metric.aggregations):
        raise Misplaced(part.line, f"'{metric.name}' is {kind_of(metric)} already.", "Take the metric that it is made of.")


def kind_of(metric: Metric) -> str:
    """What a metric over other rows than those of its period is."""
    return {"cumulative": "cumulative", "balance": "a balance", "conversion": "a conversion", "earlier": "of an earlier time"}.get(
        metric.type, f"made of one such ({metric.expression})"
    )


def _check_balanced(metric: Metric, notes: MetricNotes) -> None:
    """An average, a least or a greatest balance is one of sums: of a quotient it would be something else than it says."""
    assert notes.of is not None
    parts = metric.aggregations
    if notes.per and notes.take not in ("last", "first"):
        raise Misplaced(notes.per[0].line, "'per' goes with last and first only: the others are over the instants of all.", "Leave it out.")
    if notes.take == "average" and not metric.additive:
        raise Misplaced(notes.of.line, f"'{metric.name}' does not add up, so it has no average balance.", "Take a sum or a count, and divide two balances.")
    if notes.take in ("min", "max") and (len(metric.formula) != 1 or parts[0].function not in ("sum", "count", "count_distinct")):
        raise Misplaced(notes.of.line, f"'{metric.name}' is not one sum or count, so it has no {notes.take} balance.", "Take one sum or count.")


def _per(metric: Metric, part: Part) -> FieldId:
    """A field that rows are told apart by, written with or without its dataset."""
    dataset, _, name = part.text.rpartition(".")
    return FieldId(dataset or metric.datasets[0], name)


def check_reach(formula: MetricFormula, notes: MetricNotes, shape: Catalog, known: Callable[[FieldId], str]) -> None:
    """The fields that a balance is taken `per` can be told of every row. Raises Misplaced; `known` says what is wrong with a field, if anything."""
    for one in formula:
        if isinstance(one, Aggregation) and isinstance(one.over, Balance):
            for field, part in zip(one.over.per, notes.per, strict=False):
                wrong = known(field)
                if wrong:
                    raise Misplaced(part.line, f"per: there is no field '{field}'.", wrong)
                if len(shape.paths(one.dataset, field.dataset)) != 1:
                    raise Misplaced(part.line, f"per: '{field}' cannot be told of rows of '{one.dataset}' in one way.", f"Take a field of {one.dataset}.")


def conversion(notes: MetricNotes, other: Other, rows: Callable[[str], FieldScope], shape: Catalog) -> CompiledMetric | None:
    """The share (or, with `counts`, the number) of events that were followed by another. Raises Misplaced."""
    if notes.base is None or notes.goal is None or notes.by is None:
        return None
    sides = [_event(other(part.text), part) for part in (notes.base, notes.goal)]
    base, goal = sides
    if base is None or goal is None:
        return None
    over = Followed(
        goal=replace(goal, time=_time(goal, shape, notes.goal)),
        by=shared(notes.by, base.dataset, rows, shape),
        goal_by=shared(notes.by, goal.dataset, rows, shape),
        within=notes.within,
        same=tuple((shared(one, base.dataset, rows, shape, "same"), shared(two, goal.dataset, rows, shape, "same")) for one, two in notes.same),
    )
    followed = Aggregation(function=goal.function, dataset=base.dataset, where=_known(base), time=_time(base, shape, notes.base), over=over)
    if notes.counts:
        return CompiledMetric((followed,), goal.function in ("sum", "count"))
    parts = divided((followed,), (base,))
    return CompiledMetric(tuple(part for part in parts if isinstance(part, str | Aggregation)), False)


def _event(metric: Metric | None, part: Part) -> Aggregation | None:
    """The one count that a side of a conversion is."""
    if metric is None:
        return None
    _refuse_layers(metric, part)
    if len(metric.formula) != 1 or not isinstance(event := metric.formula[0], Aggregation) or event.function not in ("count", "count_distinct", "sum"):
        raise Misplaced(part.line, f"'{metric.name}' is not one count, so there is nothing that could follow.", "Take a metric that counts rows.")
    return event


def _known(event: Aggregation) -> RowExpression | None:
    """The rows that are events of a side: those its own count counts."""
    if event.operand is None or event.function == "sum":
        return event.where
    counted = joined("(", event.operand, ") IS NOT NULL")
    both = counted if event.where is None else joined("(", event.where, ") AND ", counted)
    return tuple(part for part in both if isinstance(part, str | FieldId | Gathered))


def _time(event: Aggregation, shape: Catalog, part: Part) -> FieldId:
    time = event.time or shape.datasets[event.dataset].time
    if time is None:
        raise Misplaced(part.line, f"'{part.text}' has no time, so it cannot be told what came first.", "Give that metric a 'time'.")
    return time


def shared(part: Part, dataset: str, rows: Callable[[str], FieldScope], shape: Catalog, key: str = "by") -> FieldId:
    """A field that both sides have, as a row of `dataset` has it: one of its own, or of what it refers to."""
    named, _, bare = part.text.rpartition(".")
    ways = len(shape.paths(dataset, named)) if named in shape.datasets and named != dataset else 0
    if ways > 1:
        raise Misplaced(part.line, f"{key}: '{part.text}' can be meant in several ways for rows of '{dataset}'.", f"Name a field of {dataset}.")
    try:
        found = rows(dataset).resolve((named, bare) if ways == 1 else (dataset, bare) if named else (bare,))
    except ExpressionError as error:
        raise Misplaced(part.line, f"{key}: rows of '{dataset}' have no '{part.text}'.", error.suggestion or listing(shape.reachable(dataset))) from None
    (field,) = found.parts
    assert isinstance(field, FieldId)
    if len(shape.paths(dataset, field.dataset)) != 1:
        raise Misplaced(
            part.line, f"{key}: '{field}' cannot be told of rows of '{dataset}'.", f"Name a field that both sides have: {', '.join(sorted(shape.datasets))}."
        )
    return field


def percentile(notes: MetricNotes, rows: FieldScope) -> CompiledMetric | None:
    """A percentile of a field. Raises Misplaced."""
    if notes.of is None or notes.at is None:
        return None
    try:
        found = rows.resolve(tuple(notes.of.text.split(".")))
    except ExpressionError as error:
        raise Misplaced(notes.of.line, error.message, error.suggestion) from None
    (field,) = found.parts
    assert isinstance(field, FieldId)
    if found.kind not in ("number", "unknown"):
        raise Misplaced(notes.of.line, f"'{field}' is a {found.kind}, so it has no percentiles.", "Take a number.")
    made = Aggregation(function="percentile", dataset=field.dataset, operand=(field,), at=notes.at, discrete=notes.discrete)
    return CompiledMetric((made,), False)


def words(notes: MetricNotes) -> str:
    """What such a metric is, as people read it."""
    of = notes.of.text if notes.of is not None else ""
    match notes.type:
        case "cumulative":
            how = f"over {notes.window}" if notes.window else f"{notes.to_date} to date" if notes.to_date else "from the beginning"
            return f"{of} {how}"
        case "earlier":
            return f"{of} {notes.ago} earlier" if notes.ago else f"{of} on the first day of the {notes.start_of}"
        case "balance":
            each = f" for each {' and '.join(part.text for part in notes.per)}" if notes.per else ""
            return f"{notes.take} {of} of the period{each}"
        case "conversion" if notes.base is not None and notes.goal is not None and notes.by is not None:
            within = f" within {notes.within}" if notes.within else ""
            what = "number of" if notes.counts else "share of"
            same = "".join(f", of the same {one.text}" + (f" as {two.text}" if two.text != one.text else "") for one, two in notes.same)
            return f"{what} {notes.base.text} followed by {notes.goal.text}{within}, by {notes.by.text}{same}"
        case "percentile" if notes.at is not None:
            return f"{notes.at:.15g} percentile of {of}" + (", one of the values" if notes.discrete else "")
        case _:
            return ""

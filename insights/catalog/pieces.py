"""What a compiler of expressions makes: pieces of SQL with holes, aggregates, and divisions that cannot fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from insights.catalog.model import Aggregation, FieldId, Gathered, RowExpression
from insights.catalog.scopes import ExpressionError, Parts, Scope, joined
from insights.lake.source import Kind
from insights.requests import AggregateFunction

Additivity = Literal["sum", "constant", "other"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an expression; `additivity` matters in metrics only. `guarded`: it is NULLIF(..., 0) already."""

    parts: Parts
    kind: Kind = "unknown"
    additivity: Additivity = "other"
    guarded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricScope:
    """What a metric's expression may name: fields inside aggregates, other metrics outside of them.

    `metric` gives another metric's formula and whether it is additive. `rows` is the dataset that COUNT(*) counts, when that can be told.
    """

    fields: Scope
    metric: Callable[[str], tuple[Parts, bool] | None]
    datasets: Mapping[str, object]
    rows: str | None = None


def divided(left: Parts, right: Parts) -> Parts:
    """`left / NULLIF(right, 0)`: a division by zero has no answer, on any engine."""
    return joined(left, " / NULLIF(", right, ", 0)")


def aggregation(function: AggregateFunction, operand: Parts | None, where: Parts | None = None, *, dataset: str | None = None) -> Aggregation:
    """The aggregate over the one dataset that its operand reads; without an operand over `dataset`, else the one its condition reads.

    Raises ExpressionError when the operand reads several datasets or none.
    """
    source = operand if operand is not None else () if dataset else where or ()
    read = list(dict.fromkeys(part.dataset for part in source if isinstance(part, FieldId))) or ([dataset] if dataset else [])
    if len(read) > 1:
        raise ExpressionError(
            f"one aggregate reads several datasets ({', '.join(read)}); its rows would be those of none.",
            "Aggregate fields of one dataset and combine the results.",
        )
    if not read:
        raise ExpressionError(
            "an aggregate reads no field, so it cannot be told whose rows it is over.", "Write COUNT(dataset.key), or give the metric a 'time'."
        )
    return Aggregation(function=function, dataset=read[0], operand=_row(operand), where=_row(where))


def _row(parts: Parts | None) -> RowExpression | None:
    if parts is None:
        return None
    return tuple(part for part in parts if isinstance(part, str | FieldId | Gathered))


def combined(operator: str, left: Additivity, right: Additivity) -> Additivity:
    """Sums stay sums under plus and minus, and under a constant factor."""
    if left == right == "constant":
        return "constant"
    if operator in ("+", "-") and left == right == "sum":
        return "sum"
    if operator == "*" and {left, right} == {"sum", "constant"}:
        return "sum"
    return "other"

"""Records that begin and end, such as subscriptions: what the catalog's metrics say about when."""

from __future__ import annotations

from dataclasses import dataclass

from insights.catalog.model import Catalog, FieldId, Metric, RowExpression


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """Each row of `dataset` lasts from `began` to `ended` (unknown while it lasts); `where` are the conditions on rows that count."""

    dataset: str
    began: FieldId
    ended: FieldId
    where: tuple[RowExpression, ...] = ()


def lifetime_of(metric: Metric, catalog: Catalog) -> Lifetime | None:
    """The lifetime that a metric counts the beginnings or the ends of; None for any other metric.

    A metric of which less is better that counts a time field of its own dataset, by that very time, counts ends. The beginnings are what another metric
    counts the same rows by, at another time; or the only other time that they have.
    """
    ends = _ended(metric, catalog)
    if ends is not None:
        began = _began(ends, catalog)
        return None if began is None else Lifetime(dataset=ends.dataset, began=began, ended=ends, where=_where(metric))
    if len(metric.formula) != 1 or len(metric.aggregations) != 1 or metric.aggregations[0].function != "count" or metric.time is None:
        return None
    dataset = metric.aggregations[0].dataset
    found = [one for other in catalog.metrics.values() if (one := _ended(other, catalog)) is not None and one.dataset == dataset]
    if len(set(found)) != 1 or metric.time.dataset != dataset or metric.time == found[0]:
        return None
    return Lifetime(dataset=dataset, began=metric.time, ended=found[0], where=_where(metric))


def _ended(metric: Metric, catalog: Catalog) -> FieldId | None:
    """The time that a metric counts, by that time."""
    if len(metric.formula) != 1 or len(metric.aggregations) != 1 or metric.good != "down":
        return None
    part = metric.aggregations[0]
    time = part.time or metric.time
    if part.function != "count" or part.over is not None or part.operand is None or len(part.operand) != 1 or part.operand[0] != time or time is None:
        return None
    return time if catalog.fields[time].role == "time" and time.dataset == part.dataset else None


def _began(ended: FieldId, catalog: Catalog) -> FieldId | None:
    counted = {
        metric.time
        for metric in catalog.metrics.values()
        if metric.time is not None and metric.time.dataset == ended.dataset and metric.time != ended and [a.function for a in metric.aggregations] == ["count"]
    }
    others = counted or {field.id for field in catalog.datasets[ended.dataset].time_fields if field.id != ended}
    return next(iter(others)) if len(others) == 1 else None


def _where(metric: Metric) -> tuple[RowExpression, ...]:
    where = metric.aggregations[0].where
    return () if where is None else (where,)

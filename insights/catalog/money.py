"""Which aggregates are of amounts of money, where a dataset holds several currencies."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from insights.catalog.model import Aggregation, Catalog, Currency, Dataset, FieldId, MetricFormula

CODE = re.compile(r"[A-Z]{3}")
"""An ISO 4217 code."""


def marked(formula: MetricFormula, unit: str | None, shape: Catalog) -> MetricFormula:
    """The formula of a metric of this unit with its aggregates of amounts marked as such."""
    return tuple(_marked(part, unit, shape.datasets[part.dataset]) if isinstance(part, Aggregation) else part for part in formula)


def _marked(part: Aggregation, unit: str | None, dataset: Dataset) -> Aggregation:
    if dataset.currency is None or part.money == "amount" or part.operand is None or part.function in ("count", "count_distinct"):
        return part
    return replace(part, money=money_of(part, unit, dataset, dataset.currency))


def money_of(part: Aggregation, unit: str | None, dataset: Dataset, currency: Currency) -> Literal["amount", "unclear"] | None:
    """Whether it is of an amount: as the overlay says, else as the units of its fields and its own say."""
    read = [dataset.fields[id_.name] for id_ in part.operand or () if isinstance(id_, FieldId) and id_.dataset == dataset.name and id_.name in dataset.fields]
    if currency.amounts:
        return "amount" if any(field.id.name in currency.amounts for field in read) else None
    units = [field.unit for field in read if field.unit is not None]
    if any(CODE.fullmatch(one) for one in (*units, *([unit] if unit is not None else []))):
        return "amount"
    return None if unit is not None or (units and len(units) == len(read)) else "unclear"


def is_amount(catalog: Catalog, id_: FieldId) -> bool:
    """Whether a number of single records is an amount of which each is in the currency of its own record."""
    currency = catalog.datasets[id_.dataset].currency if id_.dataset in catalog.datasets else None
    if currency is None or id_ not in catalog.fields:
        return False
    if currency.amounts:
        return id_.name in currency.amounts
    if CODE.fullmatch(catalog.fields[id_].unit or ""):
        return True
    return any(part.money and id_ in (part.operand or ()) for metric in catalog.metrics.values() for part in metric.aggregations)


def foreign(formula: MetricFormula, unit: str | None, shape: Catalog) -> str:
    """The currency that amounts are reported in where the metric's unit names another; empty where all is well."""
    if unit is None or not CODE.fullmatch(unit):
        return ""
    reports = [c.report for part in formula if isinstance(part, Aggregation) and part.money == "amount" and (c := shape.datasets[part.dataset].currency)]
    return next((report for report in reports if report != unit), "")

"""Amounts in several currencies: converted with the rate of their day, never added as they are."""

from __future__ import annotations

from collections.abc import Iterable

from insights.catalog.model import Aggregation, Catalog, FieldId, Rate
from insights.errors import NotAnswerable
from insights.query.algebra import Bucket, Exchange, Expression, Spelled
from insights.query.joins import Joining, said
from insights.requests import Period
from insights.warehouse.quoting import literal

NOT_RATED = "Some amounts are in a currency that has no rate for their day, so they cannot be added up."


def converted(catalog: Catalog, aggregation: Aggregation, operand: Expression, time: FieldId | None, period: Period | None, joining: Joining) -> Expression:
    """The amount in the currency that is reported; not a number where there is no rate, so that nothing is made of it.

    Raises NotAnswerable where it is not known which day's rate applies, or whether it is an amount at all.
    """
    currency = catalog.datasets[aggregation.dataset].currency
    if currency is None or aggregation.money is None:
        return operand
    if aggregation.money == "unclear":
        raise NotAnswerable(
            f"{said(catalog, aggregation.dataset).capitalize()} are in several currencies, and it is not known whether this adds up amounts of money.",
            remedy=f"Its owner has to give it a unit: {currency.report} for money, else a noun.",
        )
    own = aggregation.time or catalog.datasets[aggregation.dataset].time or time
    if own is None:
        raise NotAnswerable(f"{said(catalog, aggregation.dataset).capitalize()} have no dates, so I don't know which rates apply.")
    day, code = joining.field(own), joining.field(currency.field)
    if catalog.fields[own].kind == "timestamp":
        day = Bucket(of=day, grain="day", instant=True)
    rates = tuple(rate for rate in currency.dated if _applies(rate, period if own == time else None) and rate.currency != currency.report)
    worth = joining.exchanged(Exchange(alias=f"{aggregation.dataset} rates", code=code, day=day, rates=rates))
    factor = Spelled(("CASE WHEN ", code, f" = {literal(currency.report)} THEN 1 ELSE coalesce(", worth, ", CAST('NaN' AS DOUBLE)) END"))
    return Spelled((operand, " * ", factor))


def _applies(rate: Rate, period: Period | None) -> bool:
    if period is None:
        return True
    return (period.last is None or rate.first <= period.last) and (period.first is None or rate.last is None or rate.last >= period.first)


def reported(aggregations: Iterable[Aggregation], catalog: Catalog) -> tuple[str, ...]:
    """The currencies that amounts were converted to."""
    reports = {c.report for a in aggregations if a.money == "amount" and (c := catalog.datasets[a.dataset].currency) is not None}
    return tuple(sorted(reports))

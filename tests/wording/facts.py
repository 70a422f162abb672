"""Answers made by hand for the wording tests: a few columns, the rest as a real answer has it."""

from __future__ import annotations

from datetime import date, datetime

from insights.answers import Column, Comparison, Definition, MetricAnswer
from insights.requests import Period

MAY = Period(first=date(2026, 5, 1), last=date(2026, 5, 31))
APRIL = Period(first=date(2026, 4, 1), last=date(2026, 4, 30))
REVENUE = Column(name="revenue", label="Revenue", role="metric", unit="USD")
ORDERS = Column(name="orders", label="Orders", role="metric", unit="orders")
CHURN = Column(name="churn", label="Churn rate", role="metric", unit="percent")
REGION = Column(name="region", label="Region", role="dimension")
MONTH = Column(name="orders.ordered_on", label="Ordered on", role="time", grain="month")
NINE = datetime(2026, 6, 1, 9)


def metric_answer(*columns: Column, rows: list[tuple], good: str = "up", **facts) -> MetricAnswer:
    """An answer with these columns; each row gives its cells in their order, a comparison's earlier figures last."""
    names = [column.name for column in columns]
    analysis = facts.pop("analysis", "value" if len(rows) < 2 else "breakdown")
    compared = facts.get("comparison") is not None
    metrics = [column for column in columns if column.role == "metric"]
    extra = [Column(name=f"{c.name}.before", label=f"{c.label} before", role="metric", unit=c.unit) for c in metrics] if compared else []
    keyed = [dict(zip([*names, *(c.name for c in extra)], row, strict=True)) for row in rows]
    definition = tuple(Definition(name=c.name, label=c.label, expression=f"SUM({c.name})", good=good, certified=True) for c in metrics)
    given = {"period": MAY, "source": "orders", "engine": "DuckDB", "definition": definition} | facts
    return MetricAnswer(analysis=analysis, value=None, unit=metrics[0].unit, columns=(*columns, *extra), rows=tuple(keyed), **given)


def against_april() -> Comparison:
    """The other side of a comparison with the month before."""
    return Comparison(period=APRIL, value=None, change=None, ratio=None)

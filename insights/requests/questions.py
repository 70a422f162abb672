"""A question about data: its figures, groups, conditions and periods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Literal, TypeAlias, get_args

Scalar: TypeAlias = str | int | float | bool | date | datetime | None
Analysis = Literal[
    "value",
    "breakdown",
    "ranking",
    "series",
    "trend",
    "compare",
    "share",
    "drivers",
    "anomalies",
    "forecast",
    "correlation",
    "distribution",
    "concentration",
    "segments",
    "cohorts",
    "funnel",
    "experiment",
    "pace",
    "list",
    "about",
    "briefing",
]
Grain = Literal["hour", "day", "week", "month", "quarter", "year"]
Operator = Literal["=", "!=", ">", ">=", "<", "<=", "between", "starts_with", "is_null", "not_null"]
AggregateFunction = Literal["sum", "avg", "median", "min", "max", "count", "count_distinct"]
Order = Literal["asc", "desc"]
ANALYSES: tuple[Analysis, ...] = get_args(Analysis)
GRAINS: tuple[Grain, ...] = get_args(Grain)
OPERATORS: tuple[Operator, ...] = get_args(Operator)
AGGREGATES: tuple[AggregateFunction, ...] = get_args(AggregateFunction)
NOTHING: Mapping[str, Scalar] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Whole days from `first` to `last`, both included; None is an open end. `words` are those the person used."""

    first: date | None = None
    last: date | None = None
    words: str = ""

    @property
    def days(self) -> int | None:
        """The number of days, or None when an end is open."""
        if self.first is None or self.last is None:
            return None
        return (self.last - self.first).days + 1

    def preceding(self) -> Period:
        """Return the period of the same length that ends the day before this one starts.

        >>> Period(first=date(2024, 5, 8), last=date(2024, 5, 14)).preceding()
        Period(first=datetime.date(2024, 5, 1), last=datetime.date(2024, 5, 7), words='')
        """
        if self.first is None or self.last is None:
            raise ValueError("an open period has none before it")
        return Period(first=self.first - (self.last - self.first) - timedelta(days=1), last=self.first - timedelta(days=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A condition that was asked for: on a dimension of the rows, or on a metric of the result (then `metric` is set).

    `values` are OR; `between` has two, `is_null` and `not_null` none.
    """

    dimension: str | None = None
    metric: str | None = None
    op: Operator = "="
    values: tuple[Scalar, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparePeriod:
    """Against the same question over another period."""

    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareValues:
    """One value of a dimension against others."""

    dimension: str
    values: tuple[Scalar, ...]


Compare = ComparePeriod | CompareValues


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricQuestion:
    """A question that data answers. For `about`, `options["topic"]` names what is asked about (a metric, dimension, dataset or nothing)."""

    analysis: Analysis = "value"
    metrics: tuple[str, ...] = ()
    group_by: tuple[str, ...] = ()
    time_field: str | None = None
    grain: Grain | None = None
    filters: tuple[Filter, ...] = ()
    period: Period | None = None
    compare: Compare | None = None
    limit: int | None = None
    order: Order | None = None
    columns: tuple[str, ...] | None = None
    options: Mapping[str, Scalar] = field(default_factory=lambda: NOTHING)

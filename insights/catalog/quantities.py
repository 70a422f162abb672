"""What is measured: metrics, compiled to arithmetic over aggregates, and which rows an aggregate is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias

from insights.answers import Prediction
from insights.catalog.tables import FieldId, Good, Sensitivity
from insights.requests import AggregateFunction, Grain, Scalar

RowExpression: TypeAlias = "tuple[str | FieldId | Gathered, ...]"
"""Row-level SQL with holes for fields and for what is gathered of a key, in the engine-neutral dialect that the emitters read (DuckDB's spelling)."""


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time: `count` of a calendar unit."""

    count: int
    unit: Literal["hour", "day", "week", "month", "quarter", "year"]

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


Take = Literal["last", "first", "average", "min", "max"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UpTo:
    """Over all rows up to the last day of each period or bucket: the last `window` of them, since the first day of its `to_date`, or (neither) all of them.

    Of a bucket of several days the last is told, or the first that there is something to tell of, or the average of all such days (`period_agg`).
    A bucket that the data ends in ends `with_data`, so that a window is a whole one.
    """

    window: Length | None = None
    period_agg: Literal["last", "first", "average"] = "last"
    with_data: bool = True
    to_date: Literal["month", "quarter", "year"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Summed over everything but time; along time one instant that rows were recorded at is taken, or the average, least or greatest of all of them.

    The instant is the last (or first) that any of the rows have, or with `per` the last of each of its values. Where a period has none, the last before
    it stands (`carried`). The average is over all instants that any row has, so that the averages of groups add up.
    """

    take: Take = "last"
    per: tuple[FieldId, ...] = ()
    carried: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """Counts what followed: the `goal` events less than `within` after a row, each belonging to the latest such row before it.

    They belong together where `by` of the row and `goal_by` of the event are the same, and known; and so must each pair of `same`, the row's field first.
    """

    goal: Aggregation
    by: FieldId
    goal_by: FieldId
    within: Length | None = None
    same: tuple[tuple[FieldId, FieldId], ...] = ()


StartOf = Literal["week", "month", "quarter", "year"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """Over the rows of an earlier time than the period or bucket itself: the one a length of time `ago`, or the day that the `start_of` it lies in begins with.

    Nothing is known of a time before the data begins. `then` says what counts there: how things stood at its end, or what was so much earlier again.
    """

    ago: Length | None = None
    start_of: StartOf | None = None
    then: UpTo | Balance | Earlier | None = None

    @property
    def figure(self) -> UpTo | Balance | None:
        """How things stood is told of that time; None for what happened in it."""
        return self.then.figure if isinstance(self.then, Earlier) else self.then


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregation:
    """One aggregate over the rows of one dataset (the fact). `operand` None counts rows; `where` restricts the rows (the metric's own filter).

    `time` is the field that periods apply to for these rows, where the metric it comes from says so: a ratio keeps that of each of its parts. `at` is the
    fraction of a percentile, `discrete` takes one of the values instead of what lies between two. `over` says that other rows count than those of the
    period itself, or that other events are counted for them. `money` says that it is of amounts in several currencies, or
    that this cannot be told.
    """

    function: AggregateFunction | Literal["percentile"]
    dataset: str
    operand: RowExpression | None = None
    where: RowExpression | None = None
    time: FieldId | None = None
    at: float | None = None
    discrete: bool = False
    over: UpTo | Balance | Followed | Earlier | None = None
    money: Literal["amount", "unclear"] | None = None

    @property
    def datasets(self) -> tuple[str, ...]:
        """The facts it reads, those that its rows are chosen by included."""
        own = (self.dataset, *self.over.goal.datasets) if isinstance(self.over, Followed) else (self.dataset,)
        return tuple(dict.fromkeys((*own, *(name for one in self.gathered for name in one.datasets))))

    @property
    def gathered(self) -> tuple[Gathered, ...]:
        """The figures of keys that its rows are chosen by."""
        return tuple(part for part in (*(self.operand or ()), *(self.where or ())) if isinstance(part, Gathered))

    @property
    def fields(self) -> tuple[FieldId, ...]:
        """Every field it reads, in order of appearance."""
        parts: tuple[object, ...] = (*(self.operand or ()), *(self.where or ()))
        parts = tuple(inner for part in parts for inner in (part.fields if isinstance(part, Gathered) else (part,)))
        over = self.over.figure if isinstance(self.over, Earlier) else self.over
        parts += (
            (*self.over.goal.fields, self.over.goal.time, self.over.by, self.over.goal_by, *(field for pair in self.over.same for field in pair))
            if isinstance(self.over, Followed)
            else over.per
            if isinstance(over, Balance)
            else ()
        )
        return tuple(dict.fromkeys(part for part in parts if isinstance(part, FieldId)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What a metric comes to for each value of a key, whenever that was, as a row has that of its own key: what its customer has ordered in all.

    `key` is the row's; `keys` are those of the rows that each aggregate of `formula` (in order, as often as it stands there) is over. Unknown where no
    such row has the key. Whoever asks sees it made of the rows that they may see.
    """

    name: str
    key: FieldId
    formula: MetricFormula
    keys: tuple[FieldId, ...]

    def __str__(self) -> str:
        return f"METRIC({self.name}, {self.key})"

    @property
    def aggregations(self) -> tuple[Aggregation, ...]:
        """The aggregates of the formula, as often as they stand there."""
        return tuple(part for part in self.formula if isinstance(part, Aggregation))

    @property
    def datasets(self) -> tuple[str, ...]:
        """The facts it is made of."""
        return tuple(dict.fromkeys(name for part in self.aggregations for name in part.datasets))

    @property
    def fields(self) -> tuple[FieldId, ...]:
        """Every field it reads."""
        return tuple(dict.fromkeys((self.key, *self.keys, *(field for part in self.aggregations for field in part.fields))))


MetricType = Literal["simple", "ratio", "derived", "cumulative", "balance", "conversion", "percentile", "earlier"]
MetricFormula = tuple[str | Aggregation, ...]
"""Arithmetic over aggregates: literal SQL text with holes for aggregations. A division is always written `x / NULLIF(y, 0)`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An endpoint of Amazon SageMaker that predicts a metric: one number for each combination of its dimensions, `grain` by `grain`.

    `inputs` are the columns it takes, in order: metrics, dimensions, and the name of the grain for the first day of what is predicted. Metrics are those of
    `ahead` grains before. Predictions add up (`sum`), or their mean by the metric `weight` is taken (`average`).
    """

    name: str
    inputs: tuple[str, ...]
    metrics: tuple[str, ...]
    dimensions: tuple[FieldId, ...]
    grain: Grain
    ahead: int = 0
    combine: Literal["sum", "average"] = "sum"
    weight: str | None = None
    format: Literal["csv", "json"] = "csv"

    def through(self, known: date) -> date:
        """The last day that can be predicted from inputs that are known through a day.

        >>> Endpoint(name="e", inputs=(), metrics=(), dimensions=(), grain="month", ahead=1).through(date(2026, 5, 31))
        datetime.date(2026, 6, 30)
        """
        days = {"day": 1, "week": 7}.get(self.grain)
        if days is not None:
            return known + timedelta(days=days * self.ahead)
        after = known + timedelta(days=1)
        year, month = divmod(after.year * 12 + after.month - 1 + {"month": 1, "quarter": 3}.get(self.grain, 12) * self.ahead, 12)
        ends = (date(year, month + 1, 28) + timedelta(days=4)).replace(day=1)
        return min(date(year, month + 1, 1) + timedelta(days=after.day - 1), ends) - timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A quantity the company has defined. `type` is how it was declared; every type this version can answer compiles to `formula`.

    `expression` is what it says, for people. `unit` is ISO 4217, `percent` (a fraction of 1), `minutes` or a noun. `time` is the field periods
    apply to (None: there is no time field, periods are refused). `additive` is False where parts do not add up (ratios, averages, distinct counts).
    `endpoint` predicts it: then the formula only tells what it is worked out from, and no SQL is made of it.
    """

    name: str
    label: str
    formula: MetricFormula
    type: MetricType = "simple"
    expression: str = ""
    synonyms: tuple[str, ...] = ()
    description: str = ""
    unit: str | None = None
    good: Good = "neither"
    time: FieldId | None = None
    filter: str | None = None
    owner: str | None = None
    certified: bool = False
    sensitivity: Sensitivity = "internal"
    additive: bool = True
    fresh_within: str | None = None
    target: Scalar | Mapping[str, Scalar] = None
    prediction: Prediction | None = None
    endpoint: Endpoint | None = None

    @property
    def aggregations(self) -> tuple[Aggregation, ...]:
        """The distinct aggregates it is made of."""
        found: list[Aggregation] = []
        for part in self.formula:
            if isinstance(part, Aggregation) and part not in found:  # few are compared sooner than their expressions are hashed
                found.append(part)
        return tuple(found)

    @property
    def datasets(self) -> tuple[str, ...]:
        """The facts it reads, in order of appearance."""
        return tuple(dict.fromkeys(name for part in self.aggregations for name in part.datasets))

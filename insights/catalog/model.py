"""The semantic layer as values: datasets, fields, relationships, metrics, and how the assistant may use them.

Everything that SQL is made of is compiled when the catalog is read: an expression is a tuple of literal SQL text and typed holes, so that
planning a question neither parses nor formats any SQL it did not get from the catalog.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

from insights.answers import Prediction
from insights.catalog.rollups import Rollup
from insights.lake.source import Kind, Source
from insights.requests import AggregateFunction, Grain, Scalar

Good = Literal["up", "down", "neither"]
Sensitivity = Literal["public", "internal", "confidential"]


@dataclass(frozen=True, slots=True, order=True)
class FieldId:
    """`dataset.name`: one field of the model."""

    dataset: str
    name: str

    def __str__(self) -> str:
        return f"{self.dataset}.{self.name}"


@dataclass(frozen=True, slots=True)
class ColumnRef:
    """A hole in a field's expression: a physical column of the field's own dataset."""

    name: str


RowExpression = tuple[str | FieldId, ...]
"""Row-level SQL with holes for fields, in the engine-neutral dialect that the emitters read (DuckDB's spelling)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A row-level attribute. `expression` is over columns of its dataset; `role` is how people use it.

    `values` maps a stored value to other words for it. `aggregates` are the ad-hoc aggregates people may ask for: the first is meant when none is
    said if `aggregates_declared`, else we ask; `percentiles` may be asked for beside them. A `fact` can be aggregated, a `dimension` grouped by and
    filtered on, a `time` field carries periods, a `key` joins.
    """

    id: FieldId
    expression: tuple[str | ColumnRef, ...]
    kind: Kind
    role: Literal["dimension", "fact", "time", "key"]
    label: str
    synonyms: tuple[str, ...] = ()
    description: str = ""
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aggregates: tuple[AggregateFunction, ...] = ()
    aggregates_declared: bool = False
    percentiles: bool = False
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of a currency is worth in the currency of the report, from the `first` day to the `last` (None: until now)."""

    currency: str
    first: date
    last: date | None
    worth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency:
    """Amounts of a dataset are in the currency that `field` names; `rates` is a file of dated rates, `report` the currency to answer in.

    `amounts` names the fields that hold amounts; without it those whose unit is a currency, or that a metric reads whose unit is one.
    """

    field: FieldId
    rates: str
    report: str
    amounts: tuple[str, ...] = ()
    dated: tuple[Rate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A business entity: a fact table or a dimension table. `time` is the field that periods apply to where no metric says otherwise.

    `warnings` are sentences about its data that every answer from it carries: tests that failed, sources that are stale.
    """

    name: str
    source: Source
    fields: Mapping[str, Field]
    primary_key: tuple[str, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()
    label: str = ""
    synonyms: tuple[str, ...] = ()
    description: str = ""
    personal: bool = False
    sensitivity: Sensitivity = "internal"
    timezone: str | None = None
    currency: Currency | None = None
    time: FieldId | None = None
    warnings: tuple[str, ...] = ()

    @property
    def time_fields(self) -> tuple[Field, ...]:
        """The fields that periods can apply to, in the order of the model."""
        return tuple(f for f in self.fields.values() if f.role == "time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """Many `many` rows to one `one` row, joined where the columns (physical) are equal."""

    name: str
    many: str
    one: str
    many_columns: tuple[str, ...]
    one_columns: tuple[str, ...]


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

    They belong together where `by` of the row and `goal_by` of the event are the same, and known.
    """

    goal: Aggregation
    by: FieldId
    goal_by: FieldId
    within: Length | None = None


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
    over: UpTo | Balance | Followed | None = None
    money: Literal["amount", "unclear"] | None = None

    @property
    def datasets(self) -> tuple[str, ...]:
        """The facts it reads."""
        return (self.dataset, self.over.goal.dataset) if isinstance(self.over, Followed) else (self.dataset,)

    @property
    def fields(self) -> tuple[FieldId, ...]:
        """Every field it reads, in order of appearance."""
        parts: tuple[object, ...] = (*(self.operand or ()), *(self.where or ()))
        parts += (
            (*self.over.goal.fields, self.over.goal.time, self.over.by, self.over.goal_by)
            if isinstance(self.over, Followed)
            else self.over.per
            if isinstance(self.over, Balance)
            else ()
        )
        return tuple(dict.fromkeys(part for part in parts if isinstance(part, FieldId)))


MetricType = Literal["simple", "ratio", "derived", "cumulative", "balance", "conversion", "percentile"]
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
        return tuple(dict.fromkeys(part for part in self.formula if isinstance(part, Aggregation)))

    @property
    def datasets(self) -> tuple[str, ...]:
        """The facts it reads, in order of appearance."""
        return tuple(dict.fromkeys(name for part in self.aggregations for name in part.datasets))


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """Steps that those whom `by` names go through, first to last. `means` says what a step is, a metric or a time field, where its name does not."""

    by: str
    steps: tuple[str, ...]
    means: Mapping[str, str] = field(default_factory=dict)

    @property
    def meanings(self) -> tuple[str, ...]:
        """What the steps go by: metrics and time fields, where they are known."""
        return tuple(self.means.get(step, step) for step in self.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """Who was shown what: `unit` was shown `arm` at `at`, all fields of `dataset`; `control` is the arm that is as before."""

    dataset: str
    unit: str
    arm: str
    control: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPolicy:
    """Rows of `dataset` that people with one of `roles` may see: every field of `where` equals its value.

    A value `{person.region}` is the asker's attribute (a list of them: any). Once any policy names a dataset, people whom none fits see none of its rows,
    nor of any fact with a many-to-one path to it.
    """

    dataset: str
    roles: tuple[str, ...]
    where: Mapping[str, Scalar | tuple[Scalar, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A question with a known right reading; `expect` fixes its value when given. `period` words in the request are resolved when it is asked."""

    ask: str
    request: Mapping[str, object]
    expect: Scalar = None
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """All definitions, checked and compiled; `version` is a digest of the files it was read from.

    `country` is the code that stands under `holidays`: whose Labour Day and Mother's Day are meant where none is named.
    `owner` (a role or a person) answers for what has no owner of its own. `refused` are metrics that the definitions hold and this version cannot
    answer, by name and by label, with the reason.
    """

    name: str
    version: str
    datasets: Mapping[str, Dataset]
    metrics: Mapping[str, Metric]
    relationships: tuple[Relationship, ...] = ()
    description: str = ""
    locale: str = "en-US"
    timezone: str = "UTC"
    week_starts: Literal["monday", "sunday", "saturday"] = "monday"
    fiscal_year_starts: int = 1
    fiscal_periods: bool = False
    today: date | None = None
    holidays: Mapping[date, str] = field(default_factory=dict)
    country: str | None = None
    events: Mapping[str, date] = field(default_factory=dict)
    access: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    policies: tuple[RowPolicy, ...] = ()
    minimum_group: int | None = None
    verified: tuple[Verified, ...] = ()
    funnels: Mapping[str, Funnel] = field(default_factory=dict)
    experiments: Mapping[str, Experiment] = field(default_factory=dict)
    owner: str | None = None
    rollups: tuple[Rollup, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def fields(self) -> Mapping[FieldId, Field]:
        """Every field by its id."""
        return {f.id: f for dataset in self.datasets.values() for f in dataset.fields.values()}

    @cached_property
    def _short_names(self) -> Mapping[str, tuple[FieldId, ...]]:
        names: dict[str, list[FieldId]] = {}
        for id_ in self.fields:
            names.setdefault(id_.name, []).append(id_)
        return {name: tuple(ids) for name, ids in names.items()}

    def field_ids(self, name: str) -> tuple[FieldId, ...]:
        """The fields that `name` can mean: one for `dataset.field`, perhaps several for a bare field name, none when unknown.

        `relationship.field` is a field of what that relationship leads to, where several lead there: the city of the origin, and not of the target.
        """
        if "." in name:
            dataset, _, bare = name.partition(".")
            id_ = FieldId(dataset, bare)
            return (id_,) if id_ in self.fields else () if dataset in self.datasets else self._by_role(dataset, bare)
        return self._short_names.get(name, ())

    def role(self, name: str) -> Relationship | None:
        """The relationship that a name such as `origin.city` goes along."""
        prefix, dot, _ = name.partition(".")
        return next((r for r in self.relationships if r.name == prefix), None) if dot and prefix not in self.datasets else None

    def _by_role(self, role: str, bare: str) -> tuple[FieldId, ...]:
        leading = next((r for r in self.relationships if r.name == role), None)
        if leading is None:
            return ()
        near = [leading.one, *sorted(self.reachable(leading.one) - {leading.one})]
        return tuple(id_ for dataset in near if (id_ := FieldId(dataset, bare)) in self.fields)[:1]

    def written(self, id_: FieldId) -> str:
        """How a request writes the field: bare where that is unambiguous among dimensions and time fields, else `dataset.field`."""
        rivals = [i for i in self._short_names[id_.name] if self.fields[i].role in ("dimension", "time")]
        return id_.name if rivals == [id_] else str(id_)

    def resolve(self, name: str) -> FieldId:
        """The one field a request means by `name`; a bare name prefers dimensions and time fields to keys.

        Raises KeyError when there is none, or several that it could be.
        """
        ids = self.field_ids(name)
        if len(ids) > 1:
            ids = tuple(i for i in ids if self.fields[i].role in ("dimension", "time")) or ids
        if len(ids) != 1:
            raise KeyError(name)
        return ids[0]

    @cached_property
    def counting(self) -> Mapping[str, str]:
        """The first metric that counts each record of a dataset once, by itself or by its key, without any condition; by dataset."""
        found: dict[str, str] = {}
        for name, metric in self.metrics.items():
            parts = metric.aggregations
            if len(metric.formula) == 1 and len(parts) == 1 and parts[0].where is None and parts[0].over is None and self._counts_each(parts[0]):
                found.setdefault(parts[0].dataset, name)
        return found

    def _counts_each(self, part: Aggregation) -> bool:
        key = tuple(FieldId(part.dataset, name) for name in self.datasets[part.dataset].primary_key)
        return part.function in ("count", "count_distinct") and (part.operand == key if part.operand else part.function == "count")

    @cached_property
    def _paths(self) -> Mapping[str, Mapping[str, tuple[tuple[Relationship, ...], ...]]]:
        """Many-to-one chains from each dataset to each it reaches."""
        steps: dict[str, list[Relationship]] = {}
        for relationship in self.relationships:
            steps.setdefault(relationship.many, []).append(relationship)
        found: dict[str, dict[str, tuple[tuple[Relationship, ...], ...]]] = {}
        for start in self.datasets:
            reached: dict[str, list[tuple[Relationship, ...]]] = {start: [()]}
            frontier: list[tuple[str, tuple[Relationship, ...]]] = [(start, ())]
            while frontier:
                here, path = frontier.pop(0)
                passed = {start, *(step.one for step in path)}
                for step in steps.get(here, []):
                    if step.one not in passed:
                        reached.setdefault(step.one, []).append((*path, step))
                        frontier.append((step.one, (*path, step)))
            found[start] = {name: tuple(paths) for name, paths in reached.items()}
        return found

    def paths(self, fact: str, dataset: str) -> tuple[tuple[Relationship, ...], ...]:
        """Every many-to-one chain from `fact` to `dataset`: the empty chain for itself, none when it cannot be reached without fan-out."""
        return self._paths[fact].get(dataset, ())

    def reachable(self, fact: str) -> frozenset[str]:
        """The datasets that `fact` can be grouped or filtered by, itself included."""
        return frozenset(self._paths[fact])

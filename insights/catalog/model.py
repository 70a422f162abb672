"""The semantic layer as values: datasets, fields, relationships, metrics, and how the assistant may use them.

Everything that SQL is made of is compiled when the catalog is read: an expression is a tuple of literal SQL text and typed holes, so that
planning a question neither parses nor formats any SQL it did not get from the catalog.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Literal

from insights.catalog.quantities import Aggregation as Aggregation
from insights.catalog.quantities import Balance as Balance
from insights.catalog.quantities import Earlier as Earlier
from insights.catalog.quantities import Endpoint as Endpoint
from insights.catalog.quantities import Followed as Followed
from insights.catalog.quantities import Gathered as Gathered
from insights.catalog.quantities import Length as Length
from insights.catalog.quantities import Metric as Metric
from insights.catalog.quantities import MetricFormula as MetricFormula
from insights.catalog.quantities import MetricType as MetricType
from insights.catalog.quantities import RowExpression as RowExpression
from insights.catalog.quantities import StartOf as StartOf
from insights.catalog.quantities import Take as Take
from insights.catalog.quantities import UpTo as UpTo
from insights.catalog.rollups import Rollup
from insights.catalog.tables import ColumnRef as ColumnRef
from insights.catalog.tables import Currency as Currency
from insights.catalog.tables import Dataset as Dataset
from insights.catalog.tables import Field as Field
from insights.catalog.tables import FieldId as FieldId
from insights.catalog.tables import Good as Good
from insights.catalog.tables import Rate as Rate
from insights.catalog.tables import Relationship as Relationship
from insights.catalog.tables import Sensitivity as Sensitivity
from insights.catalog.tables import Validity as Validity
from insights.requests import Scalar


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

    def reckoned(self, calendar: Scalar) -> Catalog:
        """These definitions with quarters and years as a question wants them counted, "fiscal" or "calendar"; anything else leaves them as they are."""
        other = "calendar" if self.fiscal_periods else "fiscal"
        return self._otherwise if calendar == other and self.fiscal_year_starts != 1 else self

    @cached_property
    def _otherwise(self) -> Catalog:
        return replace(self, fiscal_periods=not self.fiscal_periods)

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

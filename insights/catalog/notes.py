"""What assistant.yaml says, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from insights.answers import Prediction
from insights.catalog.declared import NO_WORDS, Words
from insights.catalog.model import (
    Currency,
    Endpoint,
    Experiment,
    FieldId,
    Funnel,
    Good,
    Length,
    MetricType,
    RowPolicy,
    Sensitivity,
    StartOf,
    Take,
    Validity,
    Verified,
)
from insights.catalog.rollups import Rollup
from insights.requests import AggregateFunction, Scalar

METRIC_TYPES: tuple[MetricType, ...] = get_args(MetricType)
WeekDay = Literal["monday", "sunday", "saturday"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A text of the overlay with its line: a filter, an expression, the name of another metric."""

    text: str
    line: int
    dialect: str = "ANSI_SQL"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricNotes:
    """About one metric; `type` None says nothing about how it is computed.

    A cumulative has `of`, `window`, `to_date`, `period_agg` and `with_data`; a balance `of`, `take`, `per` and `carried`; a conversion `base`, `goal`, `by`,
    `within`, `same` and `counts`; a percentile `of` (a field), `at` and `discrete`; an earlier one `of` and `ago` or `start_of`.
    `of_model`: the model's own file says how it is computed; `hidden`: it is part of others and has no name of its own.
    """

    name: str
    line: int
    words: Words = NO_WORDS
    type: MetricType | None = None
    type_line: int = 0
    unit: str | None = None
    good: Good = "neither"
    time: FieldId | None = None
    time_line: int = 0
    filter: Part | None = None
    numerator: Part | None = None
    denominator: Part | None = None
    expression: Part | None = None
    of: Part | None = None
    window: Length | None = None
    to_date: Literal["month", "quarter", "year"] | None = None
    period_agg: Literal["last", "first", "average"] = "last"
    with_data: bool = True
    take: Take = "last"
    per: tuple[Part, ...] = ()
    carried: bool = True
    base: Part | None = None
    goal: Part | None = None
    by: Part | None = None
    within: Length | None = None
    same: tuple[tuple[Part, Part], ...] = ()
    counts: bool = False
    at: float | None = None
    discrete: bool = False
    ago: Length | None = None
    start_of: StartOf | None = None
    target: Scalar | Mapping[str, Scalar] = None
    owner: str | None = None
    certified: bool = False
    sensitivity: Sensitivity | None = None
    fresh_within: str | None = None
    of_model: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetNotes:
    """About one dataset; `time` is the field that periods apply to where a metric does not say."""

    words: Words = NO_WORDS
    sensitivity: Sensitivity = "internal"
    timezone: str | None = None
    currency: Currency | None = None
    personal: bool = False
    time: FieldId | None = None
    calendar: bool = False
    valid: Validity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldNotes:
    """About one field; `aggregates` None: nothing is declared. A `hidden` one is for definitions only: people do not see it."""

    line: int = 0
    words: Words = NO_WORDS
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aggregates: tuple[AggregateFunction, ...] | None = None
    percentiles: bool = False
    unit: str | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Regional:
    """Language, clock and calendar of the company."""

    locale: str = "en-US"
    timezone: str = "UTC"
    week_starts: WeekDay = "monday"
    fiscal_year_starts: int = 1
    fiscal_periods: bool = False
    today: date | None = None
    holidays: Mapping[date, str] = field(default_factory=dict)
    country: str | None = None
    events: Mapping[str, date] = field(default_factory=dict)


BARE = Regional()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelNotes:
    """What an entry of `models` says: what is told of each prediction, and of an endpoint where and from what it is had."""

    prediction: Prediction
    endpoint: Endpoint | None = None
    inputs_line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """The whole of assistant.yaml; the defaults are those of a bare model."""

    file: str = ""
    regional: Regional = BARE
    metrics: Mapping[str, MetricNotes] = field(default_factory=dict)
    datasets: Mapping[str, DatasetNotes] = field(default_factory=dict)
    fields: Mapping[FieldId, FieldNotes] = field(default_factory=dict)
    access: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    policies: tuple[RowPolicy, ...] = ()
    minimum_group: int | None = None
    verified: tuple[Verified, ...] = ()
    funnels: Mapping[str, Funnel] = field(default_factory=dict)
    models: Mapping[str, ModelNotes] = field(default_factory=dict)
    experiments: Mapping[str, Experiment] = field(default_factory=dict)
    owner: str | None = None
    rollups: tuple[Rollup, ...] = ()

"""Figures with their units, periods, definitions and sources, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from insights.findings import Finding
from insights.requests import Analysis, Filter, Grain, Part, Period, Scalar

Row = Mapping[str, Scalar]
_BESIDE = (".before", ".change", ".growth", ".part", ".whole", ".share", ".low", ".high")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of `rows`: `name` as in the request, `label` as people say it, `unit` for metrics (ISO 4217, percent, minutes or a noun).

    `grain` is set for a time bucket, whose value is its first day (or instant for hours), `calendar` where its year is not the company's usual one;
    `part` for a recurring part of a time field; `width` for the steps of a numeric field, whose value is the lower end of its step.
    """

    name: str
    label: str
    role: Literal["dimension", "time", "metric"]
    unit: str | None = None
    grain: Grain | None = None
    part: Part | None = None
    width: float | None = None
    calendar: Literal["fiscal", "calendar"] | None = None

    @property
    def is_figure(self) -> bool:
        """Whether it holds what was asked for, rather than a grouping or what it was worked out from (`<metric>.before`, `<metric>.whole`, ...)."""
        return self.role == "metric" and not self.name.endswith(_BESIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """That a figure is what a model of the company predicts: whose it is, the last day it learned from, and how far off it was, a fraction by `measure`."""

    model: str
    owner: str
    trained_through: date
    error: float
    measure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What a metric means here and who answers for it; `certified` is False for ad-hoc aggregates and formulas. `prediction`: it is no fact but predicted."""

    name: str
    label: str
    expression: str
    description: str = ""
    filter: str | None = None
    unit: str | None = None
    good: Literal["up", "down", "neither"] = "neither"
    owner: str | None = None
    certified: bool = False
    sensitivity: str = "internal"
    prediction: Prediction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The other side of a comparison of two periods: its period, its value, and the change from it to now (`ratio` is a fraction of 1)."""

    period: Period
    value: float | None
    change: float | None
    ratio: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """What else the members of a set did: they were there in `period` too, or (`negated`) were not. `members` is what people call them."""

    members: str
    period: Period
    negated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Average:
    """What the time buckets of a series came to on average, and how many they were: those that the period and the data cover whole.

    `grain` is set where the rows are such averages themselves, of groups; `value` is then that of all of them.
    """

    value: float
    buckets: int
    grain: Grain | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricAnswer:
    """Figures, or for a `list` the records themselves. `rows` are keyed by the request's own names (a time bucket by `time_field`, an unknown key is None).

    A comparison of periods adds `<metric>.before` and `<metric>.change` to each row; the growth of a series adds these and `<metric>.growth` (a fraction
    of 1 of the bucket before it, or a year before: `growth`). A share is a fraction of 1 with `<metric>.part` and `<metric>.whole` beside it. `value` is
    the single number, when there is one. `labels` gives what people call each name used in `filters` and `rows`. `total_rows` counts groups (or records)
    before `limit` cut them. `part` names the dimensions whose filters make the part of a share, `within` those that a ranking starts anew in; `again` is
    what the members of a set did besides; `running` says that figures add up from the period's first day; `average` is what a series comes to, where that was
    asked; `incomplete` lists the time buckets that the period or the data covers only in part, where that matters. `records` is what people call the
    records of a list, `sorted_by` what orders them.
    `trust` says why the files that were read are believed: a manifest vouches for each of them, or they are trusted on first use; None without files.
    `snapshot` says when the files became the table (UTC), where a log of the table tells; the oldest of several.
    `bytes_read` is about how much had to be read, by the files' statistics, and `cost` about what that costs in US dollars (None: not known, or nothing).
    `version` is that of the definitions it was answered by. `rollups` names what was read in place of the rows; `age` is how many seconds ago the data
    were current, more than 0 only where that is allowed.
    `hidden` counts the groups that are not shown because too few people are behind them, or because they would tell those.
    `finding` is what an analysis found beyond the rows.
    """

    analysis: Analysis
    value: float | None
    unit: str | None
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    definition: tuple[Definition, ...]
    source: str
    engine: str
    period: Period | None = None
    time_field: str | None = None
    filters: tuple[Filter, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    comparison: Comparison | None = None
    data_from: date | None = None
    data_through: date | None = None
    total_rows: int | None = None
    limit: int | None = None
    order: Literal["asc", "desc"] | None = None
    part: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    again: tuple[Again, ...] = ()
    running: bool = False
    average: Average | None = None
    growth: Literal["previous", "year"] | None = None
    incomplete: tuple[date, ...] = ()
    records: str | None = None
    version: str | None = None
    sorted_by: str | None = None
    notes: tuple[str, ...] = ()
    trust: Literal["manifest", "first use"] | None = None
    snapshot: datetime | None = None
    sql: str = ""
    parameters: tuple[Scalar, ...] = ()
    rollups: tuple[str, ...] = ()
    age: float = 0.0
    hidden: int = 0
    bytes_read: int | None = None
    cost: float | None = None
    finding: Finding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutAnswer:
    """What can be asked, or what one thing means: definitions, dimensions (label -> some values), freshness."""

    topic: str | None
    definition: tuple[Definition, ...] = ()
    metrics: tuple[str, ...] = ()
    dimensions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    source: str = ""
    data_from: date | None = None
    data_through: date | None = None
    examples: tuple[str, ...] = ()

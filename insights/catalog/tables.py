"""What rows are: fields and the datasets they are of, amounts in several currencies, and how datasets are joined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from insights.catalog.speakable import says_birth
from insights.lake.source import Kind, Source
from insights.requests import AggregateFunction

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


@dataclass(frozen=True, slots=True)
class Validity:
    """Rows hold from the field `first` until the field `after`, which is unknown for those that still do; `by_day` where days are compared."""

    first: str
    after: str
    by_day: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A business entity: a fact table or a dimension table. `time` is the field that periods apply to where no metric says otherwise.

    `warnings` are sentences about its data that every answer from it carries: tests that failed, sources that are stale. Each row of a `calendar` is a day,
    which others refer to by a time: what it tells of a figure is that of the figure's own time. Where rows are `valid` for a time, those that refer to them
    mean the one that held at the time that their own dataset goes by.
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
    calendar: bool = False
    valid: Validity | None = None

    @property
    def time_fields(self) -> tuple[Field, ...]:
        """The fields that periods can apply to, in the order of the model."""
        return tuple(f for f in self.fields.values() if f.role == "time")

    @property
    def dated(self) -> tuple[Field, ...]:
        """Of these, when a record came to be: who was born in 1990 was no patient of 1990, so days of birth are asked for by their name alone."""
        return tuple(f for f in self.time_fields if not says_birth(f.id.name, f.label))


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """Many `many` rows to one `one` row, joined where the columns (physical) are equal."""

    name: str
    many: str
    one: str
    many_columns: tuple[str, ...]
    one_columns: tuple[str, ...]

"""A request in the making, and what it is made in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from insights.catalog.model import Catalog, FieldId
from insights.catalog.values import Contents
from insights.language.times import Times
from insights.requests import Analysis, Bin, Compare, Filter, Grain, Order, Part, Period, PlainField, Scalar, TimePart, parse_group


@dataclass(frozen=True, slots=True)
class Key:
    """What rows are divided by: the values of a field, a recurring part of a time field, or bins of a number."""

    id: FieldId
    form: Part | Literal["", "bin"] = ""

    def written(self, catalog: Catalog) -> str:
        """How a request writes it."""
        return f"{self.form}({self.id})" if self.form else catalog.written(self.id)


def read_key(text: str, catalog: Catalog) -> Key:
    """The key that a request of this catalog writes as `text`. Raises KeyError for a field that does not exist."""
    match parse_group(text):
        case PlainField(field):
            return Key(catalog.resolve(field))
        case TimePart(part, field):
            return Key(catalog.resolve(field), part)
        case Bin(field):
            return Key(catalog.resolve(field), "bin")


@dataclass(slots=True, kw_only=True)
class Draft:
    """What one reading says so far; it belongs to that reading and is never shared. `cost` lowers it beside other readings."""

    measures: list[str] = field(default_factory=list)
    group_by: list[Key] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    period: Period | None = None
    compare: Compare | None = None
    time_field: FieldId | None = None
    grain: Grain | None = None
    limit: int | None = None
    order: Order | None = None
    ranking: bool = False
    analysis: Analysis | None = None
    columns: tuple[str, ...] | None = None
    options: dict[str, Scalar] = field(default_factory=dict)
    cost: float = 0.0

    def assume(self, sentence: str) -> None:
        """Note what was taken for granted, once."""
        if sentence not in self.assumed:
            self.assumed.append(sentence)

    def keep(self, condition: Filter) -> None:
        """Add a condition, once."""
        if condition not in self.filters:
            self.filters.append(condition)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What an utterance is read in: definitions, data, the clock, and the periods it names."""

    catalog: Catalog
    contents: Contents
    now: datetime
    times: Times

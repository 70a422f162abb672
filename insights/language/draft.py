"""A request in the making, and what it is made in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from insights.catalog.model import Catalog, FieldId
from insights.catalog.values import Contents
from insights.language.times import Times
from insights.requests import Compare, Filter, Grain, Order, Period


@dataclass(slots=True, kw_only=True)
class Draft:
    """What one reading says so far; it belongs to that reading and is never shared. `cost` lowers it beside other readings."""

    measures: list[str] = field(default_factory=list)
    group_by: list[FieldId] = field(default_factory=list)
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
    cost: float = 0.0

    def assume(self, sentence: str) -> None:
        """Note what was taken for granted, once."""
        if sentence not in self.assumed:
            self.assumed.append(sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What an utterance is read in: definitions, data, the clock, and the periods it names."""

    catalog: Catalog
    contents: Contents
    now: datetime
    times: Times

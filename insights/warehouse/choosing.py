"""Which engine computes a question: the embedded one while what must be read fits it, else a distributed one within its budgets."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from insights.errors import InsightsError, NotAnswerable
from insights.lake.source import Kind, Source
from insights.warehouse.budgets import Budgets, amount, meter
from insights.warehouse.port import Query, Size, Span, Table, Warehouse

if TYPE_CHECKING:
    from insights.warehouse.duckdb import DuckDB

PRICES: Mapping[str, float] = {"Athena": 5.0}
"""US dollars for a terabyte read, where the engine asks for that."""
_LEAST_BILLED = 10_000_000
_TERABYTE = 1e12


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a question reads of one source: the rows in `span`, and of those the physical `columns` (None: which ones is not known)."""

    source: Source
    span: Span | None = None
    columns: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the embedded engine may be given: bytes and rows of the needed columns, and how many bytes it reads in a second. None is without limit."""

    local_bytes: int | None = 4_000_000_000
    local_rows: int | None = 500_000_000
    local_speed: int = 400_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The engine of a question, what it will read by the files' statistics (None: not known), and about what that costs in US dollars (None: nothing)."""

    engine: Warehouse
    size: Size | None = None
    cost: float | None = None


class Engines:
    """Several engines as one: files belong to the embedded one, tables to the first other one that knows them, and what is not a question of its own
    (values, fingerprints, rollups) is asked of the engine that the rows belong to."""

    def __init__(self, embedded: DuckDB, others: Sequence[Warehouse], limits: Limits, budgets: Budgets) -> None:
        self._embedded = embedded
        self._others = tuple(others)
        self._limits = limits
        self._budgets = budgets

    @property
    def name(self) -> str:
        """That of the embedded engine."""
        return self._embedded.name

    @property
    def dialect(self) -> str:
        """That of the embedded engine."""
        return getattr(self._embedded, "dialect", "duckdb")

    @property
    def engines(self) -> tuple[Warehouse, ...]:
        """All of them, the embedded one first."""
        return (self._embedded, *self._others)

    def home(self, source: Source) -> Warehouse:
        """The engine that the rows of a source belong to."""
        if source.table is None:
            return self._embedded
        return next((engine for engine in self._others if knows(engine, source)), self._embedded)

    def choose(self, readings: Sequence[Reading], *, deadline: float | None = None) -> Choice:
        """The embedded engine while it can do it in time, else the first other one that knows every source.

        Raises NotAnswerable where no engine can.
        """
        if any(reading.source.table is not None for reading in readings):
            return Choice(engine=self.near(readings))
        sizes = [self._embedded.estimate(reading.source, reading.span, reading.columns) for reading in readings]
        known = [size for size in sizes if size is not None]
        if len(known) < len(sizes):
            return Choice(engine=self._embedded)
        size = Size(bytes=sum(one.bytes for one in known), rows=sum(one.rows for one in known))
        if self._fits(size, deadline):
            return Choice(engine=self._embedded, size=size)
        other = self._able(readings)
        if other is not None:
            return Choice(engine=other, size=size, cost=cost(other.name, size.bytes))
        if not self._fits(size, None):
            raise NotAnswerable(
                f"That would read {amount(size.bytes)}, which is more than there is room for here.", remedy="Ask for a shorter period, or for fewer things."
            )
        return Choice(engine=self._embedded, size=size)

    def near(self, readings: Sequence[Reading]) -> Warehouse:
        """The engine that has all of these rows, however many they are; the embedded one where they are files. Raises NotAnswerable where none has."""
        if all(reading.source.table is None for reading in readings):
            return self._embedded
        found = self._able(readings)
        if found is None:
            raise NotAnswerable("No engine has all of the rows that this is about.", remedy="Unload them to Parquet files, and name those in the definitions.")
        return found

    def _able(self, readings: Sequence[Reading]) -> Warehouse | None:
        """The first other engine that knows every source."""
        return next((engine for engine in self._others if all(knows(engine, reading.source) for reading in readings)), None)

    def compute(self, choice: Choice, query: Query, *, deadline: float | None = None, person: str | None = None) -> Table:
        """Run the query on the engine that was chosen; what another than the embedded one reads is taken from the budgets of the person and the day.

        Raises NotAnswerable where a budget would be passed, and what the engine raises.
        """
        if choice.engine is self._embedded:
            return self._embedded.run(query, deadline=deadline)
        with self._budgets.reserved(choice.size.bytes if choice.size is not None else None, person) as reserved:
            table = choice.engine.run(query, deadline=deadline)
            read = read_by(choice, table, kept=False)
            if read.size is not None:
                meter().add(choice.engine.name, read.size.bytes, read.cost)
            if table.scanned is not None:
                reserved.settle(table.scanned)
        return table

    def _fits(self, size: Size, deadline: float | None) -> bool:
        limits = self._limits
        if (limits.local_bytes is not None and size.bytes > limits.local_bytes) or (limits.local_rows is not None and size.rows > limits.local_rows):
            return False
        return deadline is None or size.bytes / limits.local_speed <= max(0.0, deadline - time.monotonic())

    def run(self, query: Query, *, deadline: float | None = None) -> Table:
        """As the embedded engine does."""
        return self._embedded.run(query, deadline=deadline)

    def relation(self, source: Source, *, span: Span | None = None) -> str:
        """As the engine does that has the rows."""
        return self.home(source).relation(source, span=span)

    def citation(self, source: Source) -> str:
        """As the engine does that has the rows."""
        return self.home(source).citation(source)

    def columns(self, source: Source) -> Mapping[str, Kind]:
        """As the engine does that has the rows."""
        return self.home(source).columns(source)

    def fingerprint(self, source: Source) -> str:
        """As the engine does that has the rows: files are the same for all of them."""
        return self.home(source).fingerprint(source)

    def trust(self, source: Source) -> Literal["manifest", "first use"]:
        """As the embedded engine does."""
        return self._embedded.trust(source)

    def snapshot(self, source: Source) -> datetime | None:
        """As the embedded engine does."""
        return self._embedded.snapshot(source)

    def types(self, query: Query) -> tuple[str, ...]:
        """As the embedded engine does."""
        return self._embedded.types(query)

    def keep(self, query: Query, path: str) -> int:
        """As the embedded engine does."""
        return self._embedded.keep(query, path)

    def close(self) -> None:
        """Close all of them."""
        for engine in self.engines:
            engine.close()


def read_by(choice: Choice, table: Table, *, kept: bool) -> Choice:
    """The choice with what was really read and billed, where the engine said so; what was kept from before costs nothing more."""
    size = choice.size
    if table.scanned is not None:
        size = Size(bytes=table.scanned, rows=size.rows if size is not None else 0)
    return replace(choice, size=size, cost=None if kept or size is None else cost(choice.engine.name, size.bytes))


def cost(engine: str, read: int) -> float | None:
    """US dollars for reading so many bytes, None for an engine that asks nothing for it.

    >>> cost("Athena", 2_000_000_000_000), cost("Athena", 5), cost("Spark", 5)
    (10.0, 5e-05, None)
    """
    price = PRICES.get(engine)
    return None if price is None else max(read, _LEAST_BILLED) / _TERABYTE * price


def home_of(warehouse: Warehouse, source: Source) -> Warehouse:
    """The engine that the rows of a source belong to, of one or of several."""
    return warehouse.home(source) if isinstance(warehouse, Engines) else warehouse


def knows(engine: Warehouse, source: Source) -> bool:
    """Whether the engine can read the source at all, as far as it can tell without running anything."""
    try:
        engine.relation(source)
    except InsightsError:
        return False
    return True

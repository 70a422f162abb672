"""Which engine computes a question: the embedded one while what must be read fits it, else a distributed one within its budgets."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from insights.errors import InsightsError, NotAnswerable
from insights.lake.source import Kind, Source
from insights.warehouse.port import Query, Size, Sized, Span, Table, Warehouse

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
    """What the embedded engine may be given (bytes and rows of the needed columns, bytes in a second), and what others may read: bytes for a question,
    and bytes a day for a person and for everybody. None is without limit."""

    local_bytes: int | None = 4_000_000_000
    local_rows: int | None = 500_000_000
    local_speed: int = 400_000_000
    question_bytes: int | None = None
    person_bytes: int | None = None
    day_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The engine of a question, what it will read by the files' statistics (None: not known), and about what that costs in US dollars (None: nothing)."""

    engine: Warehouse
    size: Size | None = None
    cost: float | None = None


class Engines:
    """Several engines as one: what is not a question of its own (values, fingerprints) goes to the first, which is the embedded one.

    What was spent is kept in memory: a server that starts again, and each of several servers, counts its days from nothing. `today` gives the day.
    """

    def __init__(self, embedded: Warehouse, others: Sequence[Warehouse], limits: Limits, *, today: Callable[[], date]) -> None:
        self._embedded = embedded
        self._others = tuple(others)
        self._limits = limits
        self._today = today
        self._lock = threading.Lock()
        self._spent: dict[tuple[date, str | None], int] = {}

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

    def choose(self, readings: Sequence[Reading], *, deadline: float | None = None, person: str | None = None) -> Choice:
        """The embedded engine while it can do it in time, else the first other one that knows every source.

        Raises NotAnswerable when no engine can, or when a budget would be passed; what is chosen counts as spent.
        """
        sizes = [self._embedded.estimate(r.source, r.span, r.columns) for r in readings] if isinstance(self._embedded, Sized) else [None]
        known = [size for size in sizes if size is not None]
        if len(known) < len(sizes):
            return Choice(engine=self._embedded)
        size = Size(bytes=sum(one.bytes for one in known), rows=sum(one.rows for one in known))
        if self._fits(size, deadline):
            return Choice(engine=self._embedded, size=size)
        for engine in self._others:
            if all(_knows(engine, reading.source) for reading in readings):
                self._spend(size.bytes, person)
                return Choice(engine=engine, size=size, cost=cost(engine.name, size.bytes))
        if not self._fits(size, None):
            raise NotAnswerable(
                f"That would read {_told(size.bytes)}, which is more than there is room for here.",
                remedy="Ask for a shorter period, or for fewer things.",
            )
        return Choice(engine=self._embedded, size=size)

    def _fits(self, size: Size, deadline: float | None) -> bool:
        limits = self._limits
        if (limits.local_bytes is not None and size.bytes > limits.local_bytes) or (limits.local_rows is not None and size.rows > limits.local_rows):
            return False
        return deadline is None or size.bytes / limits.local_speed <= max(0.0, deadline - time.monotonic())

    def _spend(self, amount: int, person: str | None) -> None:
        limits, today = self._limits, self._today()
        if limits.question_bytes is not None and amount > limits.question_bytes:
            raise NotAnswerable(
                f"That would read {_told(amount)}, and one question may read {_told(limits.question_bytes)}.", remedy="Ask for a shorter period."
            )
        with self._lock:
            self._spent = {key: spent for key, spent in self._spent.items() if key[0] == today}
            mine, all_of_us = self._spent.get((today, person or ""), 0), self._spent.get((today, None), 0)
            if limits.person_bytes is not None and mine + amount > limits.person_bytes:
                raise NotAnswerable(f"Your questions have read {_told(mine)} today, and that would be {_told(amount)} more.", remedy="Ask again tomorrow.")
            if limits.day_bytes is not None and all_of_us + amount > limits.day_bytes:
                raise NotAnswerable(f"Today's budget for large questions leaves no room for {_told(amount)} more.", remedy="Ask again tomorrow.")
            self._spent[today, person or ""] = mine + amount
            self._spent[today, None] = all_of_us + amount

    def run(self, query: Query, *, deadline: float | None = None) -> Table:
        """As the embedded engine does."""
        return self._embedded.run(query, deadline=deadline)

    def relation(self, source: Source, *, span: Span | None = None) -> str:
        """As the embedded engine does."""
        return self._embedded.relation(source, span=span)

    def citation(self, source: Source) -> str:
        """As the embedded engine does."""
        return self._embedded.citation(source)

    def columns(self, source: Source) -> Mapping[str, Kind]:
        """As the embedded engine does."""
        return self._embedded.columns(source)

    def fingerprint(self, source: Source) -> str:
        """As the embedded engine does: the files are the same for all of them."""
        return self._embedded.fingerprint(source)

    def close(self) -> None:
        """Close all of them."""
        for engine in self.engines:
            engine.close()


def cost(engine: str, read: int) -> float | None:
    """US dollars for reading so many bytes, None for an engine that asks nothing for it.

    >>> cost("Athena", 2_000_000_000_000), cost("Athena", 5), cost("Spark", 5)
    (10.0, 5e-05, None)
    """
    price = PRICES.get(engine)
    return None if price is None else max(read, _LEAST_BILLED) / _TERABYTE * price


def _knows(engine: Warehouse, source: Source) -> bool:
    try:
        engine.relation(source)
    except InsightsError:
        return False
    return True


def _told(size: int) -> str:
    """An amount of data in words.

    >>> _told(1_500_000_000), _told(20)
    ('1.5 GB', '20 bytes')
    """
    for unit, name in ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if size >= unit:
            return f"{size / unit:.3g} {name}"
    return f"{size} bytes"

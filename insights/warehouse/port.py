"""What a query engine promises; one contract suite proves it for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol, runtime_checkable

from insights.lake.source import Kind, Source
from insights.requests import Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """SQL with `?` placeholders and the values bound to them; nothing a person said is ever part of `sql`."""

    sql: str
    parameters: tuple[Scalar, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What came back, in the order of the query; `scanned` are the bytes that were read for it, where the engine tells and bills them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Scalar, ...], ...]
    scanned: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Rows whose physical `column` (of days or instants) is at least `first` and before `after`; None is an open end."""

    column: str
    first: date | None
    after: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much of the files has to be read at most: stored bytes and rows."""

    bytes: int
    rows: int


class Warehouse(Protocol):
    """An engine that can read the sources of a catalog. Safe to call from many threads."""

    @property
    def name(self) -> str:
        """What answers say about where they were computed, such as "DuckDB"."""

    def run(self, query: Query, *, deadline: float | None = None) -> Table:
        """Run one query; DECIMAL comes back as float or int, dates as date, instants as naive datetime.

        `deadline` is an instant of `time.monotonic()`: the query is stopped there with DeadlinePassed. Raises OutsideFailed for anything else that the
        engine reports, without the engine's own words for the asker (they are in `reference`).
        """

    def relation(self, source: Source, *, span: Span | None = None) -> str:
        """The SQL that stands for the source in a FROM clause, safely quoted; it comes only from the catalog, never from a question.

        With `span` it may leave out rows outside of it, or not: the query selects them itself.
        """

    def citation(self, source: Source) -> str:
        """The FROM item as people are shown it: it names the files as the catalog does, where `relation` may name what the engine keeps of them."""

    def columns(self, source: Source) -> Mapping[str, Kind]:
        """The physical columns and their kinds. Raises WrongCatalog naming the path when nothing can be read there."""

    def fingerprint(self, source: Source) -> str:
        """A digest that changes whenever the rows may have changed (files: name, size, time)."""

    def close(self) -> None:
        """Let go of memory and files; calling it twice is fine."""


@runtime_checkable
class Keeper(Warehouse, Protocol):
    """An engine that can also write what it worked out into files, which it may read again."""

    def types(self, query: Query) -> tuple[str, ...]:
        """The engine's types of the columns of a query. Raises OutsideFailed."""

    def keep(self, query: Query, path: str) -> int:
        """Write the rows of a query into a new Parquet file, and say how many there were. Raises OutsideFailed."""


@runtime_checkable
class Vouching(Protocol):
    """An engine that reads files and knows why they are believed."""

    def trust(self, source: Source) -> Literal["manifest", "first use"]:
        """Whether a manifest vouches for the source's files, or they are trusted on first use."""

    def snapshot(self, source: Source) -> datetime | None:
        """When the files became the table (UTC, naive), for sources that keep a log; None for others."""

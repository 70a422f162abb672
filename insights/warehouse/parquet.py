"""Parquet files, read with the least looking around: only those that can hold the days asked for, and by columns only where they differ."""
# ruff: noqa: S608  # writing SQL is what this file is for: names come from the file system and are quoted

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import duckdb

from insights.errors import WrongCatalog
from insights.lake.files import FileState, states
from insights.lake.source import Source
from insights.warehouse.port import Span
from insights.warehouse.quoting import listing, literal
from insights.warehouse.tables import unreadable, without_zones

ZONED = "TIMESTAMP WITH TIME ZONE"
Bounds = tuple[datetime, datetime]
_PARTITION = re.compile(r"/([^/=]+)=[^/]*(?=/)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is known of a source's files as they are in `files`: whether their columns are `alike`, columns of instants with a zone, the types of
    the Hive partitions' columns, and the first and last value of each column of days or instants by file. A file without statistics of a column has
    no bounds there."""

    files: tuple[FileState, ...]
    alike: bool
    zoned: tuple[str, ...]
    partitions: Mapping[str, str]
    bounds: Mapping[str, Mapping[str, Bounds]]


class ParquetFiles:
    """The Parquet sources of one database. Safe to call from many threads."""

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self._cursor = database.cursor()
        self._lock = threading.Lock()
        self._known: dict[Source, _Known] = {}

    def relation(self, source: Source, span: Span | None) -> str:
        """The FROM item for the files as they are now, without those that cannot have a row in `span`. Raises WrongCatalog when none can be read."""
        now = states(source)
        known = self._known.get(source)
        if known is None or known.files != now:
            with self._lock:
                known = self._known[source] = self._look(source, now)
        paths = [path for path, *_ in known.files if span is None or _may_hold(known.bounds.get(span.column, {}).get(path), span)]
        # A table without rows still has its columns.
        reading = reading_of(paths or [known.files[0][0]], hive=source.hive, by_name=not known.alike, partitions=known.partitions)
        return f"(SELECT {without_zones(known.zoned)} FROM {reading})" if known.zoned else reading

    def citation(self, source: Source) -> str:
        """How the files are read, by the patterns that the catalog names."""
        return reading_of(source.paths, hive=source.hive, by_name=True)

    def _look(self, source: Source, now: tuple[FileState, ...]) -> _Known:
        """Look into the files, once for as long as they stay as they are."""
        paths = [path for path, *_ in now]
        if not paths:
            raise unreadable(source, "there is no such file")
        try:
            alike = len(paths) == 1 or self._alike(paths)
            described = self._cursor.execute(f"DESCRIBE SELECT * FROM {reading_of(paths, hive=source.hive, by_name=not alike)}").fetchall()
            zoned = tuple(name for name, type_, *_ in described if type_ == ZONED)
            named = set(_PARTITION.findall(paths[0])) if source.hive else set()
            partitions = {name: type_ for name, type_, *_ in described if name in named}
            bounds = {} if zoned or len(paths) == 1 else self._bounds(paths)
            return _Known(files=now, alike=alike, zoned=zoned, partitions=partitions, bounds=bounds)
        except duckdb.Error as failure:
            raise self._broken(source, str(failure)) from failure

    def _broken(self, source: Source, failure: str) -> WrongCatalog:
        return unreadable(source, failure.splitlines()[0][:200])

    def _alike(self, paths: Sequence[str]) -> bool:
        """Whether all the files have the same columns of the same types in the same order."""
        columns = f"SELECT file_name, list((name, type, converted_type, logical_type, scale, precision)) AS c FROM parquet_schema({listing(paths)}) GROUP BY 1"
        (row,) = self._cursor.execute(f"SELECT count(DISTINCT c::VARCHAR) = 1 FROM ({columns})").fetchall()
        return bool(row[0])

    def _bounds(self, paths: Sequence[str]) -> Mapping[str, Mapping[str, Bounds]]:
        """The first and last value of each column of days or instants by file, where every row group says so."""
        known = "bool_and(stats_min_value IS NOT NULL AND stats_max_value IS NOT NULL OR coalesce(stats_null_count = num_values, false))"
        ends = "min(TRY_CAST(stats_min_value AS TIMESTAMP)), max(TRY_CAST(stats_max_value AS TIMESTAMP))"
        groups = f"FROM parquet_metadata({listing(paths)}) WHERE type IN ('INT32', 'INT64', 'INT96') GROUP BY 1, 2 HAVING {known}"
        bounds: dict[str, dict[str, Bounds]] = {}
        for column, path, first, last in self._cursor.execute(f"SELECT path_in_schema, file_name, {ends} {groups}").fetchall():
            if first is not None and last is not None:
                bounds.setdefault(column, {})[path] = (first, last)
        return bounds


def reading_of(paths: Sequence[str], *, hive: bool, by_name: bool, partitions: Mapping[str, str] | None = None) -> str:
    """The call that reads these files or patterns.

    The types of `partitions` are stated, for they are guessed from the paths that are read: months 01 to 12 are text, 10 to 12 alone would be numbers.
    """
    files = literal(paths[0]) if len(paths) == 1 else listing(paths)
    typed = ", ".join(f"{literal(name)}: {literal(type_)}" for name, type_ in (partitions or {}).items())
    types = f", hive_types = {{{typed}}}" if typed else ""
    return f"read_parquet({files}, hive_partitioning = {str(hive).lower()}{types}, union_by_name = {str(by_name).lower()})"


def _may_hold(bounds: Bounds | None, span: Span) -> bool:
    """Whether a file can have a row in the span; one that does not tell can."""
    if bounds is None:
        return True
    first, last = bounds
    return (span.first is None or last >= _instant(span.first)) and (span.after is None or first < _instant(span.after))


def _instant(day: date) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time())

"""Parquet files, read with the least looking around: only those that can hold the days asked for, and by columns only where they differ."""
# ruff: noqa: S608  # writing SQL is what this file is for: names come from the file system and are quoted

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import _duckdb as duckdb

from insights.errors import WrongCatalog
from insights.lake.files import FileState
from insights.lake.lake import Lake
from insights.lake.partitions import days_of
from insights.lake.source import Source
from insights.warehouse.facts import Bounds, Facts, FileFacts
from insights.warehouse.filesystem import Failures
from insights.warehouse.port import Size, Span
from insights.warehouse.quoting import listing, literal
from insights.warehouse.sizes import Sizes
from insights.warehouse.tables import nothing_there, unreadable, without_zones

FOUND = f"1 {duckdb.__version__}"
"""Names what is kept of a source's files: the form that it is written in, and the engine that looked."""
ZONED = "TIMESTAMP WITH TIME ZONE"
_PARTITION = re.compile(r"/([^/=]+)=[^/]*(?=/)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is known of a source's files as they are in `files`: what to open for each (`opened`), whether their columns are `alike`, columns of instants
    with a zone, the types of the Hive partitions' columns, and the first and last value of each column of days or instants by file. A file without
    statistics of a column has no bounds there. `kept` are the columns whose days lie within the partitions' in every file."""

    files: tuple[FileState, ...]
    opened: Mapping[FileState, str]
    alike: bool
    zoned: tuple[str, ...]
    partitions: Mapping[str, str]
    bounds: Mapping[str, Mapping[str, Bounds]]
    kept: frozenset[str]


class ParquetFiles:
    """The Parquet sources of one database; `cursor` makes one of its cursors. Safe to call from many threads."""

    def __init__(self, cursor: Callable[[], duckdb.DuckDBPyConnection], lake: Lake, failures: Failures) -> None:
        self._cursor = cursor()
        self._lock = threading.Lock()
        self._lake = lake
        self._facts = FileFacts(self._cursor, lake)
        self._failures = failures
        self._sizes = Sizes(cursor())
        self._known: dict[Source, _Known] = {}

    def relation(self, source: Source, span: Span | None) -> str:
        """The FROM item for the files as they are now, without those that cannot have a row in `span`. Raises WrongCatalog when none can be read."""
        known, paths = self._needed(source, span)
        # A table without rows still has its columns.
        reading = reading_of(paths or [known.opened[known.files[0]]], hive=source.hive, by_name=not known.alike, partitions=known.partitions)
        return f"(SELECT {without_zones(known.zoned)} FROM {reading})" if known.zoned else reading

    def size(self, source: Source, span: Span | None, columns: frozenset[str] | None) -> Size:
        """The stored bytes of these columns (None: all) and the rows of the files that can have a row in `span`, by their footers."""
        _, paths = self._needed(source, span)
        return self._sizes.of(paths, columns)

    def _needed(self, source: Source, span: Span | None) -> tuple[_Known, list[str]]:
        """What is known of the files as they are now, and which of them are to be read."""
        known = self._known.get(source)
        within = (span.first, span.after) if known is not None and span is not None and span.column in known.kept else None
        now = self._lake.states(source, within)
        if known is None or known.files != now:
            with self._lock:
                known = self._known[source] = self._look(source, now, span)
        bounds = known.bounds.get(span.column, {}) if span is not None else {}
        return known, [known.opened[state] for state in known.files if span is None or _may_hold(bounds.get(known.opened[state]), span)]

    def citation(self, source: Source) -> str:
        """How the files are read, by the patterns that the catalog names."""
        return reading_of(source.paths, hive=source.hive, by_name=True)

    def facts(self, source: Source) -> Mapping[str, str]:
        """What is worth noting of each file by its path, as the lake keeps notes."""
        opened = {self._lake.opened(source, state): state[0] for state in self._lake.states(source)}
        return {opened[path]: facts.written() for path, facts in self._facts.of(tuple(opened)).items()}

    def _look(self, source: Source, now: tuple[FileState, ...], span: Span | None) -> _Known:
        """What is in the files: what a process before found in files of this machine, else found now and kept, for as long as they stay as they are."""
        if not now:
            raise nothing_there(source)
        opened = {state: self._lake.opened(source, state) for state in now}
        own = all(state[0] == path for state, path in opened.items())
        if own and (known := _read(self._lake.found(source, now), now, opened)) is not None:
            return known
        known = self._looked(source, now, opened, span)
        if own:
            self._lake.find(source, now, _written(known))
        return known

    def _looked(self, source: Source, now: tuple[FileState, ...], opened: Mapping[FileState, str], span: Span | None) -> _Known:
        """Look into the files."""
        paths = tuple(opened.values())
        try:
            facts = self._facts.of(paths) if len(paths) > 1 else {}
            alike = len({one.columns for one in facts.values()}) <= 1
            if alike and span is not None:  # the engine opens the first: let it be one that is needed anyway
                paths = tuple(sorted(paths, key=lambda path: path not in facts or not _may_hold(facts[path].bounds.get(span.column), span)))
            described = self._cursor.execute(f"DESCRIBE SELECT * FROM {reading_of(paths, hive=source.hive, by_name=not alike)}").fetchall()
        except duckdb.Error as failure:
            raise self._failures.behind(str(failure)) or self._broken(source, str(failure)) from failure
        zoned = tuple(name for name, type_, *_ in described if type_ == ZONED)
        named = set(_PARTITION.findall(paths[0])) if source.hive else set()
        bounds = {} if zoned else _by_column(facts)
        return _Known(
            files=now,
            opened=opened,
            alike=alike,
            zoned=zoned,
            partitions={name: type_ for name, type_, *_ in described if name in named},
            bounds=bounds,
            kept=frozenset(column for column, of in bounds.items() if all(_within(of.get(path), path) for path in paths)) if source.hive else frozenset(),
        )

    def _broken(self, source: Source, failure: str) -> WrongCatalog:
        return unreadable(source, failure.splitlines()[0][:200])


def _written(known: _Known) -> str:
    """What was found as it is kept between processes."""
    bounds = {column: {path: [first.isoformat(), last.isoformat()] for path, (first, last) in of.items()} for column, of in known.bounds.items()}
    return json.dumps(
        {"by": FOUND, "alike": known.alike, "zoned": known.zoned, "partitions": dict(known.partitions), "bounds": bounds, "kept": sorted(known.kept)}
    )  # fmt: skip


def _read(note: str | None, now: tuple[FileState, ...], opened: Mapping[FileState, str]) -> _Known | None:
    """What a note says of these files, None when it is none of ours."""
    try:
        told = json.loads(note) if note is not None else None
        if told is None or told["by"] != FOUND:
            return None
        bounds = {
            str(column): {str(path): (datetime.fromisoformat(first), datetime.fromisoformat(last)) for path, (first, last) in of.items()}
            for column, of in told["bounds"].items()
        }
        return _Known(
            files=now,
            opened=opened,
            alike=bool(told["alike"]),
            zoned=tuple(told["zoned"]),
            partitions=dict(told["partitions"]),
            bounds=bounds,
            kept=frozenset(told["kept"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


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


def _by_column(facts: Mapping[str, Facts]) -> Mapping[str, Mapping[str, Bounds]]:
    found: dict[str, dict[str, Bounds]] = {}
    for path, one in facts.items():
        for column, bounds in one.bounds.items():
            found.setdefault(column, {})[path] = bounds
    return found


def _within(bounds: Bounds | None, path: str) -> bool:
    """Whether a file's values are known to be of the days that its partition is named for."""
    days = days_of(path)
    return bounds is not None and days is not None and days[0] <= bounds[0] and bounds[1] < days[1]

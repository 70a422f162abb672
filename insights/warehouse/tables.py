"""CSV files as tables in memory: read once, and again only when the files have changed."""
# ruff: noqa: S608  # writing SQL is what this file is for: names come from the catalog and are quoted, values are bound

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import _duckdb as duckdb

from insights.errors import Problem, WrongCatalog
from insights.lake.files import FileState, unusable
from insights.lake.lake import ENGINE_SCHEME, Lake
from insights.lake.snapshots import SCHEMES
from insights.lake.source import Source
from insights.warehouse.filesystem import Failures
from insights.warehouse.quoting import identifier, listing, literal

MARKERS = ("NA", "N/A", "#N/A", "NULL", "null", "NaN", "nan", "None", "\\N", "-")
"""How files write a missing value. They are read as missing only in files that do so in a column of numbers, dates or the like: the country
code of Namibia stays what it is."""
LOOKED_AT = 20_480
_NO_TABLE = "Configure the engine that has this table, or unload it to Parquet and name the files as its source (for dbt: 'sources' in assistant.yaml)."
MOST_BYTES = 1_000_000_000
"""Larger files are read from disk for each question, to leave the memory to the queries."""


@dataclass(slots=True)
class _Loaded:
    """What stands for a source, as its files are in `states`."""

    states: tuple[FileState, ...]
    relation: str
    table: str | None
    citation: str


@dataclass(frozen=True, slots=True)
class _Conventions:
    """How files write missing values; columns that only look like numbers or truth values; columns of instants with a zone."""

    missing: tuple[str, ...]
    texts: tuple[str, ...]
    zoned: tuple[str, ...]


class CsvTables:
    """The CSV sources of one database, through a cursor of it. Safe to call from many threads."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, lake: Lake, failures: Failures) -> None:
        self._cursor = cursor
        self._lock = threading.Lock()
        self._lake = lake
        self._failures = failures
        self._loaded: dict[Source, _Loaded] = {}
        self._outdated: dict[Source, str] = {}
        self._count = 0

    def relation(self, source: Source) -> str:
        """The FROM item for the source as its files are now. Raises WrongCatalog when they cannot be read."""
        states = self._lake.states(source)
        with self._lock:
            known = self._loaded.get(source)
            if known is None or known.states != states:
                self._replace(source, self._load(source, states))
            return self._loaded[source].relation

    def citation(self, source: Source) -> str:
        """How the files of the source were read, for people."""
        self.relation(source)
        return self._loaded[source].citation

    def _replace(self, source: Source, loaded: _Loaded) -> None:
        """Put the new rows in place. The ones before are kept until the next change, for queries that were written before this one."""
        before = self._loaded.get(source)
        if source in self._outdated:
            self._cursor.execute(f"DROP TABLE IF EXISTS {identifier(self._outdated.pop(source))}")
        if before is not None and before.table is not None:
            self._outdated[source] = before.table
        self._loaded[source] = loaded

    def _load(self, source: Source, states: tuple[FileState, ...]) -> _Loaded:
        paths = [self._lake.opened(source, state) for state in states]
        reasons = [reason for path in paths if not path.startswith(ENGINE_SCHEME) and (reason := unusable(path)) is not None]
        if reasons or not paths:
            raise unreadable(source, reasons[0]) if reasons else nothing_there(source)
        try:
            return self._read(source, paths, states, sample=LOOKED_AT)
        except duckdb.Error as failure:
            self._pass_on(failure)  # else a value further down is of another kind than those at the top, or the text is not UTF-8
        failures = []
        for encoding in ("utf-8", "latin-1"):
            try:
                return self._read(source, paths, states, sample=-1, encoding=encoding)
            except duckdb.Error as failure:
                self._pass_on(failure)
                failures.append(str(failure))
        raise unreadable(source, failures[0].splitlines()[0][:200])

    def _pass_on(self, failure: duckdb.Error) -> None:
        """Raise what the lake said went wrong, where it is that; what was stopped is not tried in another way."""
        if isinstance(failure, duckdb.InterruptException):
            raise failure
        known = self._failures.behind(str(failure))
        if known is not None:
            raise known from failure

    def _read(self, source: Source, paths: Sequence[str], states: tuple[FileState, ...], *, sample: int, encoding: str = "utf-8") -> _Loaded:
        options = [f"hive_partitioning = {str(source.hive).lower()}", "union_by_name = true", f"sample_size = {sample:d}"]
        options += [f"encoding = {literal(encoding)}"] if encoding != "utf-8" else []
        conventions = self._conventions(paths, options, sample)
        options += [f"nullstr = {listing(('', *conventions.missing))}"]
        texts = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in conventions.texts)
        options += [f"types = {{{texts}}}"] if texts else []
        reading = f"read_csv({listing(paths)}, {', '.join(options)})"
        rows = f"SELECT {without_zones(conventions.zoned)} FROM {reading}"
        if sum(size for _, size, *_ in states) > MOST_BYTES:
            return _Loaded(states, f"({rows})", None, f"({rows})")
        self._count += 1
        name = os.path.basename(paths[0] if len(paths) == 1 else os.path.dirname(paths[0])).partition(".")[0] or "csv"
        table = f"{name} {self._count}"
        self._cursor.execute(f"CREATE TABLE {identifier(table)} AS {rows}")
        return _Loaded(states, identifier(table), table, self._cited(source, conventions))

    def _cited(self, source: Source, conventions: _Conventions) -> str:
        """The reading of the files without what goes without saying."""
        options = [listing(source.paths) if len(source.paths) > 1 else literal(source.paths[0])]
        options += ["hive_partitioning = true"] if source.hive else []
        options += [f"nullstr = {listing(('', *conventions.missing))}"] if conventions.missing else []
        texts = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in conventions.texts)
        options += [f"types = {{{texts}}}"] if texts else []
        return f"read_csv({', '.join(options)})"

    def _conventions(self, paths: Sequence[str], options: Sequence[str], sample: int) -> _Conventions:
        """Find out how the files write things, from their first rows."""
        written = ", ".join((listing(paths), *options))
        plain = self._types(f"read_csv({written})")
        marked = self._types(f"read_csv({written}, nullstr = {listing(('', *MARKERS))})")
        if plain.keys() != marked.keys():
            return _Conventions((), (), _zoned(plain))
        doubtful = [name for name in marked if plain[name] != marked[name] or marked[name] in ("BIGINT", "HUGEINT", "BOOLEAN")]
        if not doubtful:
            return _Conventions((), (), _zoned(plain))
        columns = ", ".join(map(identifier, doubtful))
        top = f"SELECT {columns} FROM read_csv({written}, all_varchar = true)" + (f" LIMIT {sample:d}" if sample > 0 else "")
        markers = [f"list_intersect(list(DISTINCT {identifier(name)}), {listing(MARKERS)})" for name in doubtful]
        texts = [_only_looks_like(marked[name], identifier(name)) for name in doubtful]
        (row,) = self._cursor.execute(f"SELECT {', '.join(markers + texts)} FROM ({top})").fetchall()
        found = dict(zip(doubtful, zip(row[: len(doubtful)], row[len(doubtful) :], strict=True), strict=True))
        used = {marker for name, (seen, text) in found.items() if plain[name] != marked[name] and not text for marker in seen or ()}
        return _Conventions(
            missing=tuple(marker for marker in MARKERS if marker in used),
            texts=tuple(name for name, (_, text) in found.items() if text),
            zoned=_zoned(marked),
        )

    def _types(self, reading: str) -> dict[str, str]:
        return {name: type_ for name, type_, *_ in self._cursor.execute(f"DESCRIBE SELECT * FROM {reading}").fetchall()}


def _only_looks_like(type_: str, name: str) -> str:
    """Whether a column is text after all: digits with a leading zero are a postcode, and NO is Norway."""
    if type_ == "BOOLEAN":
        return f"bool_or(lower({name}) NOT IN ('true', 'false') AND {name} NOT IN ({', '.join(map(literal, MARKERS))}))"
    return f"bool_or(regexp_full_match({name}, '0[0-9]+'))" if type_ in ("BIGINT", "HUGEINT") else "false"


def _zoned(types: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(name for name, type_ in types.items() if type_ == "TIMESTAMP WITH TIME ZONE")


def without_zones(zoned: Sequence[str]) -> str:
    """A select list in which instants with a zone are those of UTC without one."""
    if not zoned:
        return "*"
    # Not a CAST: the engine hands that to the CSV reader, which then ignores the offset.
    return "* REPLACE (" + ", ".join(f"timezone('UTC', {identifier(name)}) AS {identifier(name)}" for name in zoned) + ")"


def nothing_there(source: Source) -> WrongCatalog:
    """The error for a source without files: a table that keeps a log may have none, and then nothing tells its columns."""
    where = source.paths[0] if source.paths else str(source.table)
    if where.startswith(SCHEMES):
        return WrongCatalog([Problem(file=where, line=0, message="it has no rows yet, so that nothing tells its columns.", suggestion="Load some rows.")])
    return unreadable(source, "there is no such file")


def unreadable(source: Source, reason: str) -> WrongCatalog:
    """The error for a source that holds nothing that can be read."""
    where = source.paths[0] if source.paths else str(source.table)
    remedy = "Check that the files exist and are whole." if source.paths else _NO_TABLE
    return WrongCatalog([Problem(file=where, line=0, message=f"it cannot be read: {reason}.", suggestion=remedy)])

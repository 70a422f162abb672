"""DuckDB in this process: reads Parquet where it lies, and CSV once into memory. Nothing else on the machine can be read through it."""
# ruff: noqa: S608  # writing SQL is what this file is for: names come from the catalog and are quoted, values are bound

from __future__ import annotations

import os
import re
import tempfile
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import _duckdb as duckdb  # the engine itself: what its package puts around it (relations, expressions, its version) takes longer to import than the engine

from insights.errors import DeadlinePassed, InsightsError, OutsideFailed
from insights.lake.failures import Replaced
from insights.lake.files import FileState
from insights.lake.lake import ENGINE_SCHEME, Lake, Trust
from insights.lake.naming import told
from insights.lake.source import Kind, Source
from insights.lake.waiting import stopped_when_nobody_waits
from insights.requests import Scalar
from insights.warehouse.filesystem import Failures, addresses, register
from insights.warehouse.parquet import ParquetFiles
from insights.warehouse.port import Query, Size, Span, Table
from insights.warehouse.quoting import identifier, listing, literal
from insights.warehouse.tables import CsvTables, nothing_there, unreadable

KINDS: Mapping[str, Kind] = {
    "VARCHAR": "text",
    "ENUM": "text",
    "UUID": "text",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP_S": "timestamp",
    "TIMESTAMP_MS": "timestamp",
    "TIMESTAMP_NS": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamp",
}
_STOPPING = 30.0
"""Seconds that queries of other threads have to end in when the engine is closed."""
_REMEMBERED = 256
"""FROM items of the lake that can be written anew when a file is replaced while it is read."""
_UNREAD = re.compile(r"""(?:(?:Invalid Input|IO) Error: )?[^"'(]*\bfile ["'(]([^"'()]+\.\w+)["')]""")
"""How DuckDB says which file it could not read."""
NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL")


class DuckDB:
    """One in-memory instance, a cursor for each thread.

    `allowed` are the only folders and files that it can read by itself; what else it reads, `lake` reads for it. `memory_limit` is in DuckDB's spelling
    ("2GB"); None leaves DuckDB's own default. `kept` is the folder for what is found out of files that it reads by itself, for the next process.
    """

    name = "DuckDB"

    def __init__(
        self, *, allowed: Sequence[str], memory_limit: str | None = None, threads: int | None = None, lake: Lake | None = None, kept: Path | None = None
    ) -> None:
        self._database = duckdb.connect(":memory:")
        allowed = [place for place in allowed if "://" not in place]
        self._lake = lake or Lake(folder=kept)
        failures = self._failures = Failures()
        self._let_go: Callable[[], object] = lambda: None
        if lake is not None:
            register(self._database, lake, failures)
            # The database would hold the lake, and the lake it: an engine that nobody closes must go as well.
            self._let_go = weakref.finalize(self, self._database.unregister_filesystem, ENGINE_SCHEME.removesuffix("://"))
        self._database.execute("SET parquet_metadata_cache = true")
        # What does not fit into memory must not go beside whatever the program was started from.
        self._database.execute(f"SET temp_directory = {literal(os.path.join(tempfile.gettempdir(), f'insights-{os.getpid()}'))}")
        self._database.execute("SET TimeZone = 'UTC'")
        if memory_limit is not None:
            self._database.execute(f"SET memory_limit = {literal(memory_limit)}")
        if threads is not None:
            self._database.execute(f"SET threads = {threads:d}")
        self._database.execute(f"SET allowed_directories = {listing((*allowed, ENGINE_SCHEME) if lake is not None else allowed)}")
        self._database.execute(f"SET allowed_paths = {listing(allowed)}")
        self._database.execute("SET autoinstall_known_extensions = false")
        self._database.execute("SET enable_external_access = false")
        self._cursors = threading.local()
        self._made: weakref.WeakSet[duckdb.DuckDBPyConnection] = weakref.WeakSet()
        self._closed = False
        self._lock = threading.RLock()
        self._relations: OrderedDict[str, tuple[Source, Span | None]] = OrderedDict()
        self._parquet = ParquetFiles(self._new_cursor, self._lake, failures)
        self._csv = CsvTables(self._new_cursor(), self._lake, failures)

    def run(self, query: Query, *, deadline: float | None = None) -> Table:
        """Run one query, as the port promises; one that meets a file that was replaced meanwhile is run once more over the files as they are then."""
        read = addresses(query.sql)
        with self._lake.running(deadline) if read else nullcontext():
            try:
                table = self._once(query, deadline)
            except Replaced:
                self._lake.again()
                query = self._renewed(query)
                read = addresses(query.sql)
                table = self._once(query, deadline)
        if read:
            self._lake.answered(read)
        return table

    def _once(self, query: Query, deadline: float | None) -> Table:
        milliseconds = 0
        if deadline is not None:
            milliseconds = int((deadline - time.monotonic()) * 1000)
            if milliseconds <= 0:
                raise DeadlinePassed("There was no time left to look that up.", remedy="Try again, or ask for less.")
        try:
            cursor = self._limited(milliseconds)
            with stopped_when_nobody_waits(cursor.interrupt):
                cursor.execute(query.sql, query.parameters)
                columns = tuple(column[0] for column in cursor.description or ())
                decimals = [n for n, column in enumerate(cursor.description or ()) if str(column[1]).startswith("DECIMAL")]
                rows = cursor.fetchall()
        except duckdb.InterruptException as stopped:
            if self._closed:
                raise self._told(stopped, "", "") from stopped
            raise DeadlinePassed("Looking that up took longer than there was time for.", remedy="Ask for a shorter period, or for less detail.") from stopped
        except (duckdb.Error, UnicodeDecodeError) as failure:  # a damaged text is found when it becomes one of Python's
            raise self._told(failure, "The data could not be read.", "Tell whoever runs this.") from failure
        return Table(columns=columns, rows=tuple(map(_plain, rows)) if decimals else tuple(rows))

    def _told(self, failure: Exception, problem: str, remedy: str) -> InsightsError:
        """What the lake said went wrong, else the problem with the engine's words for whoever runs this."""
        if self._closed:
            return OutsideFailed("The data is not open any more.", remedy="Ask again in a moment.", reference=str(failure))
        known = self._failures.behind(str(failure))
        if known is not None:
            return known
        if isinstance(failure, duckdb.OutOfMemoryException):
            much = "That takes more memory than there is for a question."
            way = "Ask for a shorter period, or for less detail. Whoever runs this can raise memory_limit under [warehouse]."
            return OutsideFailed(much, remedy=way, reference=str(failure))
        unread = _UNREAD.match(str(failure))
        return OutsideFailed(f"{told(unread[1])} could not be read." if unread else problem, remedy=remedy, reference=str(failure))

    def _renewed(self, query: Query) -> Query:
        """The same query over the files as they are now."""
        with self._lock:
            known = list(self._relations.items())
        sql = query.sql
        for item, (source, span) in known:
            if item in sql:
                sql = sql.replace(item, self.relation(source, span=span))
        return Query(sql=sql, parameters=query.parameters)

    def types(self, query: Query) -> tuple[str, ...]:
        """The types of the columns of a query."""
        try:
            return tuple(str(row[1]) for row in self._cursor().execute(f"DESCRIBE {query.sql}", query.parameters).fetchall())
        except duckdb.Error as failure:
            raise self._told(failure, "The data could not be read.", "Tell whoever runs this.") from failure

    def keep(self, query: Query, path: str) -> int:
        """Write the rows of a query into a Parquet file, and say how many there were."""
        try:
            (row,) = self._limited(0).execute(f"COPY (\n{query.sql}\n) TO {literal(path)} (FORMAT parquet)", query.parameters).fetchall()
        except duckdb.Error as failure:
            raise self._told(failure, "What was worked out could not be kept.", "Look at the folder and its permissions.") from failure
        return int(row[0])

    def relation(self, source: Source, *, span: Span | None = None) -> str:
        """The FROM item for the source, as the port promises; files that have changed are looked at or read again now."""
        if source.table is not None:
            return ".".join(identifier(part) for part in source.table.split("."))
        try:
            item = self._csv.relation(source) if source.format == "csv" else self._parquet.relation(source, span)
        except (InsightsError, duckdb.Error) as failure:
            if self._closed:
                raise self._told(failure, "", "") from failure
            raise
        if ENGINE_SCHEME in item:
            with self._lock:
                self._relations[item] = source, span
                self._relations.move_to_end(item)
                while len(self._relations) > _REMEMBERED:
                    self._relations.popitem(last=False)
        return item

    def citation(self, source: Source) -> str:
        """The FROM item for people, as the port promises."""
        if source.table is not None:
            return self.relation(source)
        return self._csv.citation(source) if source.format == "csv" else self._parquet.citation(source)

    def columns(self, source: Source) -> Mapping[str, Kind]:
        """The physical columns and their kinds, as the port promises."""
        return {name: kind_of(type_) for name, type_ in self._described(source, self.relation(source))}

    def fingerprint(self, source: Source) -> str:
        """A digest of the files' names, sizes, times and inodes, or ETags in S3."""
        return self._lake.fingerprint(source)

    def states(self, source: Source) -> tuple[FileState, ...]:
        """The files of the source right now, wherever they lie; those of a table that keeps a log too."""
        return self._lake.states(source)

    def trust(self, source: Source) -> Trust:
        """Why the source's files are believed: a manifest vouches for them, or they are trusted on first use."""
        return self._lake.trust(source)

    def snapshot(self, source: Source) -> datetime | None:
        """When the files became the table, for sources that keep a log (UTC, naive)."""
        return self._lake.snapshot(source)

    def facts(self, source: Source) -> Mapping[str, str]:
        """What a manifest notes of each Parquet file by its path, so that nobody has to look into it again."""
        return self._parquet.facts(source) if source.format == "parquet" else {}

    def estimate(self, source: Source, span: Span | None, columns: frozenset[str] | None) -> Size | None:
        """Bytes and rows by the footers of the Parquet files that the span leaves; None for anything else."""
        if source.format != "parquet" or not source.paths:
            return None
        try:
            return self._parquet.size(source, span, columns)
        except duckdb.Error as failure:
            raise self._told(failure, "The data could not be read.", "Tell whoever runs this.") from failure

    def close(self) -> None:
        """Let go of memory and files; calling it twice is fine. What another thread is still reading is stopped, and fails there."""
        self._closed = True
        self._let_go()
        until = time.monotonic() + _STOPPING
        while True:
            with self._lock:
                cursors = list(self._made)
            for cursor in cursors:
                with suppress(duckdb.ConnectionException):  # it is closed already
                    cursor.interrupt()
            try:
                return self._database.close()
            except duckdb.ResourceInUseException:  # a query ends at its next step, and what it was part of may begin another
                if time.monotonic() > until:
                    raise
                time.sleep(0.005)

    def _new_cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor that is stopped when this is closed."""
        cursor = self._database.cursor()
        with self._lock:
            self._made.add(cursor)
        return cursor

    def _described(self, source: Source, relation: str) -> list[tuple[str, str]]:
        if source.paths and not self._lake.states(source):
            raise nothing_there(source)
        try:
            rows = self._cursor().execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
        except duckdb.Error as failure:
            if self._closed:
                raise self._told(failure, "", "") from failure
            raise self._failures.behind(str(failure)) or unreadable(source, str(failure).splitlines()[0][:200]) from failure
        return [(str(row[0]), str(row[1])) for row in rows]

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """This thread's cursor."""
        cursor: duckdb.DuckDBPyConnection | None = getattr(self._cursors, "cursor", None)
        if cursor is None:
            cursor = self._cursors.cursor = self._new_cursor()
            self._cursors.limit = 0
        return cursor

    def _limited(self, milliseconds: int) -> duckdb.DuckDBPyConnection:
        """This thread's cursor, with that long for a query; 0 is without end."""
        cursor = self._cursor()
        if milliseconds != self._cursors.limit:
            cursor.execute(f"SET SESSION max_execution_time = {milliseconds:d}")
            self._cursors.limit = milliseconds
        return cursor


def kind_of(type_: str) -> Kind:
    """The kind of a physical type.

    >>> kind_of("DECIMAL(18,2)"), kind_of("BLOB")
    ('number', 'unknown')
    """
    return "number" if type_.startswith(NUMBERS) and not type_.endswith("]") else "text" if type_.startswith("ENUM(") else KINDS.get(type_, "unknown")


def _plain(row: tuple[Any, ...]) -> tuple[Scalar, ...]:
    """The row without decimals, which answers do not have."""
    return tuple(_number(cell) if isinstance(cell, Decimal) else cell for cell in row)


def _number(cell: Decimal) -> float:
    return int(cell) if cell.is_finite() and cell.as_tuple().exponent == 0 else float(cell)

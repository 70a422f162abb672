"""PostgreSQL: tables where they are, read only, with a connection for each thread."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from insights.errors import DeadlinePassed, OutsideFailed, Problem, WrongCatalog, WrongSettings
from insights.lake.source import Kind, Source
from insights.lake.waiting import once, stopped_when_nobody_waits
from insights.requests import Scalar
from insights.warehouse.cells import plain
from insights.warehouse.placeholders import numbered
from insights.warehouse.port import Query, Span, Table
from insights.warehouse.quoting import identifier

if TYPE_CHECKING:
    import psycopg

_CATEGORIES: Mapping[str, Kind] = {"N": "number", "S": "text", "E": "text", "B": "boolean"}
_NAMED: Mapping[str, Kind] = {"date": "date", "timestamp": "timestamp", "timestamptz": "timestamp", "uuid": "text", "money": "unknown", "oid": "unknown"}
_COLUMNS = """
SELECT a.attname, coalesce(b.typname, t.typname), coalesce(b.typcategory, t.typcategory)
FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid LEFT JOIN pg_type AS b ON b.oid = t.typbasetype
WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
_STATE = """
SELECT c.relkind::text, count(s.relid), sum(s.n_tup_ins), sum(s.n_tup_upd), sum(s.n_tup_del),
  string_agg(pg_relation_filenode(c2.oid)::text, ',' ORDER BY c2.oid)
FROM pg_class AS c
LEFT JOIN LATERAL (SELECT relid FROM pg_partition_tree(c.oid) WHERE isleaf UNION SELECT c.oid) AS leaves ON true
LEFT JOIN pg_class AS c2 ON c2.oid = leaves.relid
LEFT JOIN pg_stat_all_tables AS s ON s.relid = c2.oid
WHERE c.oid = to_regclass($1) GROUP BY c.relkind
"""
_COUNTED = """
SELECT pg_postmaster_start_time()::text, stats_reset::text, CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()::text END
FROM pg_stat_database WHERE datname = current_database()
"""
"""Since when the server counts: after a crash it begins anew. A standby counts nothing; what it has replayed takes the place of that."""
_ANYTHING = "SELECT tup_inserted, tup_updated, tup_deleted FROM pg_stat_database WHERE datname = current_database()"


class Postgres:
    """One server, by its `dsn` (libpq's, TLS options included). `search_path` is where tables without a schema are looked for.

    `version_query` gives one row that changes whenever rows may have changed. Without it a table's state is what the server counts of rows written to it
    and the file that it is kept in; of views and foreign tables nothing is counted, so that any write into the database counts for them. A standby counts
    no writes at all: there whatever it has replayed counts for every table.
    """

    name = "PostgreSQL"
    dialect = "postgres"

    def __init__(self, dsn: str, *, password: str | None = None, search_path: Sequence[str] = (), version_query: str | None = None) -> None:
        self._dsn = dsn
        self._password = password
        self._search_path = ", ".join(map(identifier, search_path))
        self._version_query = version_query
        self._threads = threading.local()
        self._lock = threading.Lock()
        self._open: list[psycopg.Connection[Any]] = []
        self._closed = threading.Event()

    def run(self, query: Query, *, deadline: float | None = None) -> Table:
        """Run one query, as the port promises. A connection that was lost is made anew once: nothing is ever written."""
        import psycopg

        sql = numbered(query.sql)
        for attempt in (1, 2):
            connection = self._connection(deadline)
            try:
                with stopped_when_nobody_waits(connection.cancel):
                    return self._once(connection, sql, query.parameters, deadline)
            except psycopg.errors.QueryCanceled as stopped:
                if self._closed.is_set():
                    raise _over() from stopped
                raise DeadlinePassed(
                    "Looking that up took longer than there was time for.", remedy="Ask for a shorter period, or for less detail."
                ) from stopped
            except psycopg.OperationalError as failure:
                if attempt == 2 or not connection.closed:
                    raise _failed(failure) from failure
            except psycopg.Error as failure:
                raise _failed(failure) from failure
        raise AssertionError("a second attempt returns or raises")

    def _once(self, connection: psycopg.Connection[Any], sql: str, parameters: Sequence[Scalar], deadline: float | None) -> Table:
        milliseconds = 0 if deadline is None else _left(deadline)
        if milliseconds != self._threads.limit:
            connection.execute(f"SET statement_timeout = {milliseconds:d}")
            self._threads.limit = milliseconds
        cursor = connection.execute(sql, tuple(parameters))
        columns = tuple(column.name for column in cursor.description or ())
        return Table(columns=columns, rows=tuple(tuple(map(plain, row)) for row in cursor.fetchall()))

    def relation(self, source: Source, *, span: Span | None = None) -> str:  # noqa: ARG002  # the server prunes by itself
        """The table, quoted. Raises WrongCatalog for files, which this engine does not read."""
        if source.table is None:
            raise _unknown(source.paths[0] if source.paths else "", "PostgreSQL reads no files", "Name a table, or use DuckDB for files.")
        return ".".join(identifier(part) for part in source.table.split("."))

    def citation(self, source: Source) -> str:
        """The table."""
        return self.relation(source)

    def columns(self, source: Source) -> Mapping[str, Kind]:
        """The physical columns and their kinds, as the port promises."""
        found = self.run(Query(sql=_COLUMNS.replace("$1", "?"), parameters=(self.relation(source),))).rows
        if not found:
            raise _unknown(str(source.table), "there is no such table in PostgreSQL", "Correct its name, its schema or warehouse.search_path.")
        return {str(name): _NAMED.get(str(type_), _CATEGORIES.get(str(category), "unknown")) for name, type_, category in found}

    def fingerprint(self, source: Source) -> str:
        """A digest of what the server counts of writes, or of what `version_query` says; asked for once for each question, however many queries that takes."""
        return once((id(self), "fingerprint", source), lambda: self._state(source))

    def _state(self, source: Source) -> str:
        if self._version_query is not None:
            state = self.run(Query(sql=self._version_query)).rows
        else:
            state = self.run(Query(sql=_STATE.replace("$1", "?"), parameters=(self.relation(source),))).rows
            if not state or state[0][0] not in ("r", "p", "m") or state[0][0] == "m":
                state = (*state, *self.run(Query(sql=_ANYTHING)).rows)
            state = (*state, *once((id(self), "counted"), lambda: self.run(Query(sql=_COUNTED)).rows))
        return hashlib.sha256(f"{self.relation(source)} {state!r}".encode()).hexdigest()

    def close(self) -> None:
        """Close every connection; calling it twice is fine. What another thread is still asking is stopped at the server, and fails there."""
        import psycopg

        with self._lock:
            self._closed.set()
            opened, self._open = self._open, []
        for connection in opened:
            with suppress(psycopg.Error):  # the server may be gone
                connection.cancel()
            connection.close()

    def _connection(self, deadline: float | None) -> psycopg.Connection[Any]:
        """This thread's connection."""
        import psycopg

        if self._closed.is_set():
            raise _over()
        known: psycopg.Connection[Any] | None = getattr(self._threads, "connection", None)
        if known is not None and not known.closed:
            return known
        options = "-c default_transaction_read_only=on -c TimeZone=UTC -c DateStyle=ISO -c application_name=insights"
        wait = 10 if deadline is None else max(2, _left(deadline) // 1000)
        try:
            made = psycopg.connect(
                self._dsn,
                autocommit=True,
                cursor_factory=psycopg.RawCursor,
                prepare_threshold=None,  # a pooler in between would lose what was prepared
                options=options,
                connect_timeout=wait,
                password=self._password,
            )
            if self._search_path:
                made.execute(f"SET search_path = {self._search_path}")
        except psycopg.ProgrammingError:  # whose words repeat the address, a password in it too
            raise WrongSettings("warehouse.dsn is no address of PostgreSQL.", remedy="Write postgresql://USER@HOST/DATABASE.") from None
        except psycopg.Error as failure:
            raise OutsideFailed("PostgreSQL cannot be reached.", remedy="Tell whoever runs this.", reference=str(failure)) from failure
        self._threads.connection, self._threads.limit = made, 0
        with self._lock:
            closed = self._closed.is_set()
            if not closed:
                self._open = [one for one in self._open if not one.closed] + [made]
        if closed:
            made.close()
            raise _over()
        return made


def _left(deadline: float) -> int:
    """Milliseconds until then. Raises DeadlinePassed."""
    milliseconds = int((deadline - time.monotonic()) * 1000)
    if milliseconds <= 0:
        raise DeadlinePassed("There was no time left to look that up.", remedy="Try again, or ask for less.")
    return milliseconds


def _over() -> OutsideFailed:
    return OutsideFailed("The data is not open any more.", remedy="Ask again in a moment.")


def _failed(failure: Exception) -> OutsideFailed:
    return OutsideFailed("The data could not be read.", remedy="Tell whoever runs this.", reference=str(failure))


def _unknown(name: str, problem: str, remedy: str) -> WrongCatalog:
    return WrongCatalog([Problem(file=name, line=0, message=f"{problem}.", suggestion=remedy)])

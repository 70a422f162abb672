"""PostgreSQL under the ledger: connections, transactions, locks and migrations."""

from __future__ import annotations

import hashlib
import os
import threading
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from insights.errors import OutcomeUnknown, WrongSettings
from insights.ledger.database import Row, Undone, Value, migrations, storable
from insights.ledger.postgres.errors import named_errors

if TYPE_CHECKING:
    import psycopg

    Connection: TypeAlias = psycopg.Connection[dict[str, Any]]

MIGRATIONS = Path(__file__).parent / "migrations"
ABANDONED = 60_000  # milliseconds after which the server ends a transaction whose process says nothing: it would keep others waiting


class PostgresSession:
    """Statements inside one transaction; every value is bound. Only where it runs beside other writers (`shared`) a lock of its own says something."""

    def __init__(self, connection: Connection, locks: _Locks, *, shared: bool) -> None:
        self._connection = connection
        self._locks = locks
        self._shared = shared

    def one(self, sql: str, *values: Value) -> Row | None:
        """See the seam."""
        return self._run(sql, values).fetchone()

    def every(self, sql: str, *values: Value) -> list[Row]:
        """See the seam."""
        return list(self._run(sql, values).fetchall())

    def run(self, sql: str, *values: Value) -> int:
        """See the seam."""
        return self._run(sql, values).rowcount

    def add(self, sql: str, *values: Value) -> int:
        """See the seam."""
        row = self._run(f"{sql} RETURNING number", values).fetchone()
        assert row is not None
        return int(row["number"])

    def many(self, sql: str, rows: Iterable[tuple[Value, ...]]) -> None:
        """See the seam."""
        with self._connection.cursor() as cursor:
            cursor.executemany(_translated(sql), (tuple(map(storable, row)) for row in rows))

    def tables(self) -> tuple[str, ...]:
        """See the seam."""
        found = self.every(
            "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema() AND table_name <> 'ledger_version'"
            " ORDER BY table_name"
        )
        return tuple(row["name"] for row in found)

    @contextmanager
    def without_rules(self) -> Iterator[None]:
        """See the seam. Numbers go on after the highest that was put in."""
        for table in self.tables():
            self.run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in self.tables():
            self.run(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for row in self.every("SELECT table_name AS name FROM information_schema.columns WHERE table_schema = current_schema() AND is_identity = 'YES'"):
            table = row["name"]
            counter = f"pg_get_serial_sequence('{table}', 'number')"
            self.one(f"SELECT setval({counter}, greatest(coalesce(max(number), 0) + 1, nextval({counter})), false) AS next FROM {table}")  # noqa: S608 # ours

    def lock(self, name: str) -> None:
        """See the seam."""
        if self._shared:
            self._connection.execute(self._locks.taking(name))

    def _run(self, sql: str, values: tuple[Value, ...]) -> psycopg.Cursor[dict[str, Any]]:
        return self._connection.execute(_translated(sql), tuple(map(storable, values)))


class PostgresDatabase:
    """One schema of one database; a connection per thread and process, opened when first needed.

    A writer holds the ledger's advisory lock alone, as it holds the file in SQLite. One that names what it is about holds that lock beside others and the
    locks of its names alone. All locks are taken in one order before anything is read, the audit log's last: so nobody waits in a circle, and every
    statement sees what was committed before. The constraints of the tables stand behind that, whoever writes.
    """

    engine = "PostgreSQL"

    def __init__(self, url: str, *, schema: str, patience: timedelta) -> None:
        self._url = url
        self._schema = schema
        self._locks = _Locks(schema)
        self._patience = patience
        self._local = threading.local()
        self._open: weakref.WeakSet[_Connection] = weakref.WeakSet()
        self._prepare()

    @contextmanager
    def reading(self) -> Iterator[PostgresSession]:
        """See the seam."""
        with self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") as session:
            yield session

    @contextmanager
    def writing(self, *only: str, lasting: bool = True) -> Iterator[PostgresSession]:
        """See the seam."""
        locks = "; ".join([self._locks.sharing(), *map(self._locks.taking, sorted(only))]) if only else self._locks.taking("")
        locks = locks if lasting else f"SET LOCAL synchronous_commit = off; {locks}"
        with self._transaction("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", locks, shared=bool(only)) as session:
            yield session

    def close(self) -> None:
        """Close the connections of all threads; using the database again opens new ones."""
        for connection in list(self._open):
            connection.close()
        self._local = threading.local()

    @contextmanager
    def _transaction(self, begin: str, locks: str = "", *, shared: bool = False) -> Iterator[PostgresSession]:
        with named_errors():
            connection = self._connection()
            try:
                connection.execute(f"{begin}; {self._settled()}; {locks}")  # settings for this transaction only, which a pooler in between keeps apart
                yield PostgresSession(connection, self._locks, shared=shared)
            except BaseException as error:
                self._let_go(connection, error)
                raise
            self._commit(connection)

    def _commit(self, connection: Connection) -> None:
        import psycopg

        try:
            connection.execute("COMMIT")
        except psycopg.OperationalError as error:
            if error.sqlstate is None or connection.closed:  # no word from the server, or its last one: it may have committed before
                self._local.held = None
                raise OutcomeUnknown("The connection to the ledger was lost, and nobody can tell whether that was written down.") from error
            raise

    def _let_go(self, connection: Connection, error: BaseException) -> None:
        """Undo the transaction; a connection that cannot do even that is not used again. Raises Undone when it was lost before anything was committed."""
        import psycopg

        with suppress(psycopg.Error):
            connection.execute("ROLLBACK")
            return
        self._local.held = None
        if isinstance(error, psycopg.OperationalError):
            raise Undone(f"the connection was lost: {type(error).__name__}") from error

    def _settled(self) -> str:
        milliseconds = int(self._patience.total_seconds() * 1000)
        return (
            f'SET LOCAL search_path = "{self._schema}", public; SET LOCAL lock_timeout = {milliseconds};'
            f" SET LOCAL idle_in_transaction_session_timeout = {ABANDONED}"
        )

    def _connection(self) -> Connection:
        held: _Connection | None = getattr(self._local, "held", None)
        if held is None or held.process != os.getpid() or held.postgres.closed:  # a connection must not be carried through a fork
            held = _Connection(self._url, self._patience)
            self._local.held = held
            self._open.add(held)
        return held.postgres

    def _prepare(self) -> None:
        """Make the schema a ledger of the newest version; quick when it is one."""
        if not self._schema.isidentifier() or not self._schema.isascii():
            raise WrongSettings(f"ledger.schema is {self._schema!r}, which is no name of a schema.", remedy="Use letters, digits and underscores.")
        steps = migrations(MIGRATIONS)
        with self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") as session:
            version = self._version(session, newest=len(steps))
        if version == len(steps):
            return
        with self._transaction("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", self._locks.taking("")) as session:
            version = self._version(session, newest=len(steps))  # another process may have been first
            session.run(f'CREATE SCHEMA IF NOT EXISTS "{self._schema}"')
            for step in steps[version:]:
                self._connection().execute(step.read_bytes())  # the statements of a file at once, within this transaction
            session.run("CREATE TABLE IF NOT EXISTS ledger_version (version BIGINT NOT NULL)")
            session.run("DELETE FROM ledger_version")
            session.run("INSERT INTO ledger_version (version) VALUES (?)", len(steps))

    def _version(self, session: PostgresSession, *, newest: int) -> int:
        """The version of the schema, 0 for an empty one. Raises WrongSettings for a newer one and for another program's schema."""
        tables = {row["name"] for row in session.every("SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ?", self._schema)}
        if not tables:
            return 0
        if "ledger_version" not in tables:
            raise WrongSettings(f"The schema {self._schema} of the ledger is another program's.", remedy="Name another one in ledger.schema.")
        row = session.one("SELECT version FROM ledger_version")
        version = 0 if row is None else int(row["version"])
        if version > newest:
            raise WrongSettings("The ledger was made by a newer version of this program.", remedy="Update the program.")
        return version


class _Connection:
    """A connection that is closed with the thread that used it."""

    def __init__(self, url: str, patience: timedelta) -> None:
        self.process = os.getpid()
        self.postgres = _connected(url, patience)

    def close(self) -> None:
        """Close it; without effect in a process that merely inherited it, where closing would end the owner's session."""
        if self.process == os.getpid():
            self.postgres.close()

    def __del__(self) -> None:
        if hasattr(self, "postgres"):
            self.close()


def _connected(url: str, patience: timedelta) -> Connection:
    try:
        import psycopg
        from psycopg.rows import dict_row
    except ImportError:
        raise WrongSettings(
            "The ledger is to be kept in PostgreSQL, but psycopg is not installed.", remedy='Install it: pip install "insights-assistant[postgres]".'
        ) from None
    seconds = max(2, int(patience.total_seconds()))
    try:
        return psycopg.connect(
            url, autocommit=True, row_factory=dict_row, prepare_threshold=None, application_name="insights ledger", connect_timeout=seconds
        )  # fmt: skip
    except psycopg.ProgrammingError:
        raise WrongSettings("ledger.url is no address of a PostgreSQL database.", remedy="Write it like postgresql://user@host:5432/database.") from None


class _Locks:
    """Advisory locks by name, of one schema; a name stands for 64 bits of its digest."""

    def __init__(self, schema: str) -> None:
        self._schema = schema

    def taking(self, name: str) -> str:
        """Be the only one with this name; the empty name is the whole ledger."""
        return f"SELECT pg_advisory_xact_lock({self._number(name)})"

    def sharing(self) -> str:
        """Be one of several who do not have the whole ledger."""
        return f"SELECT pg_advisory_xact_lock_shared({self._number('')})"

    def _number(self, name: str) -> int:
        digest = hashlib.sha256(f"{self._schema}\0{name}".encode("utf-8", "replace")).digest()
        return int.from_bytes(digest[:8], "big", signed=True)


@cache
def _translated(sql: str) -> bytes:
    """With psycopg's placeholders."""
    return sql.replace("%", "%%").replace("?", "%s").encode()

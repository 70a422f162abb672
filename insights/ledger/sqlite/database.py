"""The SQLite file under the ledger: connections, transactions, migrations, and its errors in words that help."""

from __future__ import annotations

import os
import random
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from insights.errors import InsightsError, OutsideFailed, WrongSettings
from insights.ledger.database import Forbidden, Row, Value, migrations, storable

MIGRATIONS = Path(__file__).parent / "migrations"
_ALONE = "BEGIN IMMEDIATE"
_LOOK_AGAIN = (0.001, 0.008)  # seconds
APPLICATION = 0x494E5347  # "INSG" in the file's header: this is a ledger, not another program's database


class SqliteSession:
    """Statements inside one transaction; every value is bound."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def one(self, sql: str, *values: Value) -> Row | None:
        """See the seam."""
        row: Row | None = self._run(sql, values).fetchone()
        return row

    def every(self, sql: str, *values: Value) -> list[Row]:
        """See the seam."""
        return self._run(sql, values).fetchall()

    def run(self, sql: str, *values: Value) -> int:
        """See the seam."""
        return self._run(sql, values).rowcount

    def add(self, sql: str, *values: Value) -> int:
        """See the seam."""
        row = self._run(f"{sql} RETURNING number", values).fetchone()
        return int(row["number"])

    def many(self, sql: str, rows: Iterable[tuple[Value, ...]]) -> None:
        """See the seam."""
        self._connection.executemany(sql, (tuple(map(storable, row)) for row in rows))

    def tables(self) -> tuple[str, ...]:
        """See the seam."""
        return tuple(row["name"] for row in self.every("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'sqlite_sequence' ORDER BY name"))

    @contextmanager
    def without_rules(self) -> Iterator[None]:
        """See the seam."""
        rules = self.every("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
        for rule in rules:
            self.run(f'DROP TRIGGER "{rule["name"]}"')
        yield
        for rule in rules:
            self.run(rule["sql"])

    def lock(self, name: str) -> None:
        """See the seam: whoever writes is the only one anyway."""

    def _run(self, sql: str, values: tuple[Value, ...]) -> sqlite3.Cursor:
        return self._connection.execute(sql, tuple(map(storable, values)))


class SqliteDatabase:
    """One SQLite file; a connection per thread and process, opened when first needed."""

    engine = "SQLite"

    def __init__(self, path: Path, *, patience: timedelta) -> None:
        self.path = path
        self._patience = patience
        self._local = threading.local()
        self._open: weakref.WeakSet[_Connection] = weakref.WeakSet()
        with named_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._prepare()

    @contextmanager
    def reading(self) -> Iterator[SqliteSession]:
        """See the seam."""
        with named_errors(self.path), self._transaction("BEGIN") as session:
            yield session

    @contextmanager
    def writing(self, *only: str, lasting: bool = True) -> Iterator[SqliteSession]:  # noqa: ARG002  # the file has one writer at a time, whatever it names
        """See the seam."""
        with named_errors(self.path):
            if lasting:
                with self._transaction(_ALONE) as session:
                    yield session
                return
            connection = self._connection()
            connection.execute("PRAGMA synchronous = NORMAL")
            try:
                with self._transaction(_ALONE) as session:
                    yield session
            finally:
                connection.execute("PRAGMA synchronous = FULL")

    def close(self) -> None:
        """Close the connections of all threads; using the database again opens new ones."""
        for connection in list(self._open):
            connection.close()
        self._local = threading.local()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[SqliteSession]:
        connection = self._connection()
        if begin == _ALONE:
            self._begin_alone(connection)
        else:
            connection.execute(begin)
        try:
            yield SqliteSession(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _begin_alone(self, connection: sqlite3.Connection) -> None:
        """Become the only writer. SQLite itself looks again after up to a tenth of a second, and where eight write all the time some never get in; so we look
        again after a few milliseconds."""
        until = time.monotonic() + self._patience.total_seconds()
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    connection.execute(_ALONE)
                    return
                except sqlite3.OperationalError as error:
                    if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                        raise
                    time.sleep(random.uniform(*_LOOK_AGAIN))  # noqa: S311  # to part those who wait, not to keep a secret
        finally:
            connection.execute(f"PRAGMA busy_timeout = {int(self._patience.total_seconds() * 1000)}")

    def _connection(self) -> sqlite3.Connection:
        held: _Connection | None = getattr(self._local, "held", None)
        if held is None or held.process != os.getpid():  # a connection must not be carried through a fork
            held = _Connection(self.path, self._patience)
            self._local.held = held
            self._open.add(held)
        return held.sqlite

    def _prepare(self) -> None:
        """Make the file a ledger of the newest version; quick when it is one."""
        steps = migrations(MIGRATIONS)
        with self._transaction("BEGIN") as session:
            version = _version(session, self.path, newest=len(steps))
        if version == len(steps):
            return
        with self._transaction(_ALONE) as session:
            version = _version(session, self.path, newest=len(steps))  # another process may have been first
            for step in steps[version:]:
                for statement in _statements(step.read_text(encoding="utf-8")):
                    session.run(statement)
            session.run(f"PRAGMA application_id = {APPLICATION}")
            session.run(f"PRAGMA user_version = {len(steps)}")


class _Connection:
    """A connection that is closed with the thread that used it."""

    def __init__(self, path: Path, patience: timedelta) -> None:
        self.process = os.getpid()
        self.sqlite = sqlite3.connect(path, timeout=patience.total_seconds(), isolation_level=None, check_same_thread=False)
        self.sqlite.row_factory = _row
        try:
            _use_wal(self.sqlite, path, until=time.monotonic() + patience.total_seconds())
            self.sqlite.execute("PRAGMA synchronous = FULL")
        except BaseException:
            self.sqlite.close()
            raise

    def close(self) -> None:
        """Close it; without effect in a process that merely inherited it, where closing would drop the owner's locks."""
        if self.process == os.getpid():
            self.sqlite.close()

    def __del__(self) -> None:
        if hasattr(self, "sqlite"):
            self.close()


@contextmanager
def named_errors(path: Path) -> Iterator[None]:
    """Raise what SQLite and the file system say as OutsideFailed (worth trying again) or WrongSettings (someone must act)."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.IntegrityError):
            raise Forbidden(str(error)) from error
        explained = _explained(error, path)
        if explained is None:
            raise
        raise explained from error
    except OSError as error:
        raise WrongSettings(f"The ledger {path} cannot be opened: {error.strerror}.", remedy="Set INSIGHTS_HOME to a folder that can be written.") from error


def _explained(error: sqlite3.DatabaseError, path: Path) -> InsightsError | None:
    """None for our own mistakes."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF  # the low byte is the family
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return OutsideFailed("The ledger is busy.", remedy="Try again in a moment.", reference=str(path))
    if code == sqlite3.SQLITE_FULL:
        return OutsideFailed("There is no room left on the disk of the ledger.", remedy="Free some space, then try again.", reference=str(path))
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return WrongSettings(f"The ledger {path} cannot be written.", remedy="Let this user write the file and its folder, or set INSIGHTS_HOME.")
    if code == sqlite3.SQLITE_CANTOPEN:
        return WrongSettings(f"The ledger {path} cannot be opened.", remedy="Set INSIGHTS_HOME to a folder that can be written.")
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return WrongSettings(f"The ledger {path} is damaged or is not a ledger.", remedy="Restore it from a backup, or move it away to start a new one.")
    if code == sqlite3.SQLITE_IOERR:
        return OutsideFailed("The disk of the ledger failed.", remedy="Look at the disk, then try again.", reference=str(path))
    return None


def _use_wal(connection: sqlite3.Connection, path: Path, *, until: float) -> None:
    """Readers then never wait for the writer. The switch of a new file does not heed the busy timeout, so it is tried until then."""
    while True:
        try:
            mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()["journal_mode"]
            break
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
    if mode != "wal":
        raise WrongSettings(f"The disk of the ledger {path} cannot share it between processes.", remedy="Set INSIGHTS_HOME to a folder on a local disk.")


def _version(session: SqliteSession, path: Path, *, newest: int) -> int:
    """The version of the file, 0 for an empty one. Raises WrongSettings for a newer one and for another program's database."""
    queries = ("PRAGMA user_version", "PRAGMA application_id", "SELECT count(*) AS tables FROM sqlite_master")
    version, application, tables = (next(iter(session.every(sql)[0].values())) for sql in queries)
    if tables and application != APPLICATION:
        raise WrongSettings(f"{path} is a database of another program.", remedy="Move it away or set INSIGHTS_HOME to another folder.")
    if version > newest:
        raise WrongSettings(f"The ledger {path} was made by a newer version of this program.", remedy="Update the program.")
    return int(version)


def _statements(script: str) -> Iterator[str]:
    """The statements of a migration one by one, so that all of it is a single transaction."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""


def _row(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> Row:
    return {column[0]: value for column, value in zip(cursor.description, values, strict=True)}

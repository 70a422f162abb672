"""The ledger in one SQLite file: for one host, any number of threads and processes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from insights.ledger.port import Ledger
from insights.ledger.sqlite.actions import SqliteActions
from insights.ledger.sqlite.audit import SqliteAudit
from insights.ledger.sqlite.bookings import SqliteBookings
from insights.ledger.sqlite.conversations import SqliteConversations
from insights.ledger.sqlite.database import Database
from insights.ledger.sqlite.lessons import SqliteEnquiries, SqliteLessons, SqliteRefusals
from insights.ledger.sqlite.tickets import SqliteTickets
from insights.ledger.sqlite.work import SqliteWork

PATIENCE = timedelta(seconds=5)


class SqliteLedger(SqliteConversations, SqliteActions, SqliteBookings, SqliteTickets, SqliteLessons, SqliteEnquiries, SqliteRefusals, SqliteWork, SqliteAudit):
    """All topics of the ledger over one database."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)

    def close(self) -> None:
        """Close the connections of all threads."""
        self._database.close()


def open_ledger(path: Path, *, patience: timedelta = PATIENCE) -> Ledger:
    """Open the ledger file, made (with its folder) when it is missing and brought up to date when it is older.

    A writer waits at most `patience` for others. Raises WrongSettings for a file that cannot be written, is damaged, is another program's or is newer
    than this program, and OutsideFailed when it stays locked.
    """
    return SqliteLedger(Database(path, patience=patience))

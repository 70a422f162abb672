"""The ledger in one SQLite file: for one host, any number of threads and processes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from insights.ledger.port import Ledger
from insights.ledger.sqlite.database import SqliteDatabase
from insights.ledger.topics import StoredLedger

PATIENCE = timedelta(seconds=5)


def open_ledger(path: Path, *, patience: timedelta = PATIENCE) -> Ledger:
    """Open the ledger file, made (with its folder) when it is missing and brought up to date when it is older.

    A writer waits at most `patience` for others. Raises WrongSettings for a file that cannot be written, is damaged, is another program's or is newer
    than this program, and OutsideFailed when it stays locked.
    """
    return StoredLedger(SqliteDatabase(path, patience=patience))

"""The ledger in PostgreSQL: for several hosts, and for functions that keep no disk."""

from __future__ import annotations

from datetime import timedelta

from insights.ledger.place import SCHEMA
from insights.ledger.port import Ledger
from insights.ledger.postgres.database import PostgresDatabase
from insights.ledger.topics import StoredLedger

PATIENCE = timedelta(seconds=5)


def open_ledger(url: str, *, schema: str = SCHEMA, patience: timedelta = PATIENCE) -> Ledger:
    """Open the ledger in a schema of a PostgreSQL database (`postgresql://...`), made when it is missing and brought up to date when it is older.

    A writer waits at most `patience` for others. Raises WrongSettings for a server or schema that cannot be used, and OutsideFailed for one out of reach.
    """
    return StoredLedger(PostgresDatabase(url, schema=schema, patience=patience))

"""What PostgreSQL says went wrong, in words that help."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from insights.errors import InsightsError, OutsideFailed, WrongSettings
from insights.ledger.database import Forbidden, Undone

if TYPE_CHECKING:
    import psycopg

_UNDONE = ("40001", "40P01")  # serialization failure, deadlock
_BUSY = ("55P03", "57014", "53300", "57P03")  # waited for a lock too long, for a statement too long, too many connections, starting up
_FULL = "53100"
_NOT_ALLOWED = ("42501", "25006", "28000", "28P01")  # no right, a replica, not let in


@contextmanager
def named_errors() -> Iterator[None]:
    """Raise what the server says as Forbidden, Undone, OutsideFailed (worth trying again) or WrongSettings (someone must act)."""
    try:
        import psycopg
    except ImportError:
        yield  # told where the connection is made
        return
    try:
        yield
    except psycopg.IntegrityError as error:
        raise Forbidden(error.diag.constraint_name or error.diag.message_primary or "") from error
    except psycopg.Error as error:
        if error.sqlstate in _UNDONE:
            raise Undone(type(error).__name__) from error
        explained = _explained(error)
        if explained is None:
            raise
        raise explained from error


def _explained(error: psycopg.Error) -> InsightsError | None:
    """None for our own mistakes."""
    import psycopg

    first = (str(error).splitlines() or [""])[0]
    if "btree_gist" in first:
        return WrongSettings("The ledger in PostgreSQL needs the extension btree_gist.", remedy="Let an administrator run: CREATE EXTENSION btree_gist;")
    if error.sqlstate in _BUSY:
        return OutsideFailed("The ledger is busy.", remedy="Try again in a moment.", reference=first)
    if error.sqlstate == _FULL:
        return OutsideFailed("There is no room left on the disk of the ledger.", remedy="Free some space, then try again.", reference=first)
    if error.sqlstate in _NOT_ALLOWED:
        return WrongSettings("The ledger in PostgreSQL may not be written.", remedy=f"Let the user of ledger.url in, and let it write: {first}")
    if isinstance(error, psycopg.OperationalError):
        return OutsideFailed("The ledger cannot be reached.", remedy="Try again in a moment.", reference=first)
    return None

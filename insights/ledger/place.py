"""Where the ledger is kept: one file on this host, or a database for several."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from insights.errors import WrongSettings

if TYPE_CHECKING:
    from insights.ledger.port import Ledger

SCHEMA = "insights"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """In PostgreSQL where there is an `address` (asked for when the ledger is opened: it may be a secret), else in the file.

    `keeps_nothing` says that this host loses its disk when it is done, as a function on Lambda does.
    """

    file: Path
    address: Callable[[], str] | None = None
    schema: str = SCHEMA
    keeps_nothing: bool = False

    def checked(self) -> Place:
        """Itself. Raises WrongSettings where what is written down would be lost."""
        if self.keeps_nothing and self.address is None:
            raise WrongSettings(
                "On Lambda the ledger cannot be a SQLite file: bookings, tickets and the audit log would vanish with the function, and two of them would"
                " give one room twice.",
                remedy="Set ledger.url (INSIGHTS_LEDGER__URL) to a PostgreSQL database, postgresql://..., or a reference to a secret that holds it.",
            )
        return self

    def stands(self) -> bool:
        """Whether there may be something in it; nothing is made."""
        return self.address is not None or self.file.exists()

    def open(self) -> Ledger:
        """Open it, made when it is missing. Raises WrongSettings and OutsideFailed as the engine does."""
        if self.address is not None:
            from insights.ledger.postgres import open_ledger as open_database

            return open_database(self.address(), schema=self.schema)
        from insights.ledger.sqlite import open_ledger as open_file

        return open_file(self.checked().file)

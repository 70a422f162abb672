"""What the store promises about being copied, about what it holds on a person, and for how long it holds what was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A backup that was written: how many rows, and the number and hash of the last entry of its audit log (0 and empty without one)."""

    rows: int
    entries: int
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A backup that was put back. `held`: work that was due and may have been done since, so that it is not done; `doubted`: actions that are looked up
    before anything else happens to them; `skipped`: digests and alerts that wait for their next time. `broken` is the first entry of the backup's audit
    log that was changed, None when it is whole."""

    rows: int
    held: int
    doubted: int
    skipped: int
    broken: int | None


class Copies(Protocol):
    """The whole ledger as one file, whatever engine it came from: a ledger in SQLite that either engine can be restored from."""

    def back_up(self, file: Path) -> Copied:
        """Write a copy as it is at one moment, while others go on. Raises WrongSettings when the file exists or cannot be written."""

    def restore(self, file: Path, *, replace: bool = False, now: datetime) -> Restored:
        """Put a copy in the place of everything, at once or not at all; one of an older version is brought up to date.

        Nothing is sent again and no action is repeated: what was due by now is held as unknown, unfinished actions are looked up first, what people follow
        waits for its next time, link codes stop working. Raises WrongSettings for what is no backup, and without `replace` when the ledger holds anything.
        """


class Privacy(Protocol):
    """What is held about people."""

    def held_about(self, person: str) -> Mapping[str, list[dict[str, Any]]]:
        """Every row about a person by table, hashes of secrets left out; the audit entries that mean the person under `audit`."""

    def forget(self, person: str, *, now: datetime) -> Mapping[str, int]:
        """Erase what is the person's alone, and take the name and the words off what others need (a booked hour, a ticket's fate); rows by table.

        Rooms that the person holds from now on are given back. The audit log stays as it is: it holds a pseudonym, and whom that meant is erased.
        """

    def expire(self, *, before: datetime, now: datetime) -> Mapping[str, int]:
        """Erase what was said before a time, where nothing needs it any more; rows by table.

        Keys stay, so that nothing happens twice. What is still in use stays: corrections that hold, bookings, tickets, what people follow.
        """

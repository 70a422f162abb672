"""The audit log: each entry holds the hash of the one before, so that a change or a gap shows."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from insights.ledger.database import Session, Topic, storable
from insights.ledger.port import AuditEntry

_COLUMNS = "number, at, person, event, subject, detail, previous, hash"


class StoredAudit(Topic):
    """Reads and checks the log; entries are added by `note`, in the transaction of what they tell of."""

    def audit_trail(self) -> tuple[AuditEntry, ...]:
        """See the port."""
        with self._database.reading() as session:
            rows = session.every(f"SELECT {_COLUMNS} FROM audit ORDER BY number")  # noqa: S608 # the names are ours
        return tuple(AuditEntry(**dict(row)) for row in rows)

    def first_broken(self) -> int | None:
        """See the port."""
        previous = ""
        for place, entry in enumerate(self.audit_trail(), start=1):
            fits = entry.number == place and entry.previous == previous
            if not fits or entry.hash != _hash(place, entry.at, entry.person, entry.event, entry.subject, entry.detail, previous):
                return entry.number
            previous = entry.hash
        return None


def note(session: Session, event: str, subject: str, *, person: str | None, detail: str = "", now: datetime) -> None:
    """Add an entry; `detail` must not hold what a person said."""
    session.lock("audit")
    last = session.one("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")
    subject, detail, person = str(storable(subject)), str(storable(detail)), None if person is None else str(storable(person))
    number, previous = (1, "") if last is None else (last["number"] + 1, last["hash"])
    at = now.timestamp()
    digest = _hash(number, at, person, event, subject, detail, previous)
    session.run(f"INSERT INTO audit ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", number, at, person, event, subject, detail, previous, digest)  # noqa: S608 # the names are ours


def digest_of(text: str) -> str:
    """A short fingerprint that shows whether a text is the one that was acted on, without holding it."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _hash(number: int, at: float, person: str | None, event: str, subject: str, detail: str, previous: str) -> str:
    document = json.dumps([number, at, person, event, subject, detail, previous], separators=(",", ":"))
    return hashlib.sha256(document.encode()).hexdigest()

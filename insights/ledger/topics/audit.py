"""The audit log: each entry holds the hash of the one before, so that a change or a gap shows."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime

from insights.ledger.database import Row, Session, Topic, storable
from insights.ledger.instants import instant
from insights.ledger.port import AuditEntry

_COLUMNS = "number, at, person, event, subject, detail, previous, hash"


class StoredAudit(Topic):
    """Reads and checks the log; entries are added by `note`, in the transaction of what they tell of."""

    def audit_trail(self) -> tuple[AuditEntry, ...]:
        """See the port."""
        with self._database.reading() as session:
            rows = session.every(f"SELECT {_COLUMNS} FROM audit ORDER BY number")  # noqa: S608 # the names are ours
            names = {row["who"]: row["person"] for row in session.every("SELECT who, person FROM audit_names")}
        return tuple(_entry(row, names) for row in rows)

    def first_broken(self) -> int | None:
        """See the port."""
        return first_broken(self.audit_trail())


def first_broken(trail: Iterable[AuditEntry]) -> int | None:
    """The number of the first entry whose hash or place in the chain is wrong, None when all is well."""
    previous = ""
    for place, entry in enumerate(trail, start=1):
        fits = entry.number == place and entry.previous == previous
        if not fits or entry.hash != _hash(place, entry.at, entry.who, entry.event, entry.subject, entry.detail, previous):
            return entry.number
        previous = entry.hash
    return None


def note(session: Session, event: str, subject: str, *, person: str | None, detail: str = "", now: datetime) -> None:
    """Add an entry; neither `subject` nor `detail` may hold what a person said, nor who it was."""
    session.lock("audit")
    last = session.one("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")
    subject, detail, who = str(storable(subject)), str(storable(detail)), None if person is None else pseudonym(session, person)
    number, previous = (1, "") if last is None else (last["number"] + 1, last["hash"])
    at = instant(now)
    digest = _hash(number, at, who, event, subject, detail, previous)
    session.run(f"INSERT INTO audit ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", number, at, who, event, subject, detail, previous, digest)  # noqa: S608 # the names are ours


def pseudonym(session: Session, person: str) -> str:
    """What the log calls a person. Only `audit_names` knows who that is, and may forget it."""
    known = session.one("SELECT who FROM audit_names WHERE person = ?", person)
    if known is not None:
        return str(known["who"])
    who = f"p-{secrets.token_hex(8)}"
    session.run("INSERT INTO audit_names (who, person) VALUES (?, ?)", who, person)
    return who


def _entry(row: Row, names: Mapping[str, str]) -> AuditEntry:
    facts = dict(row)
    who = facts.pop("person")
    return AuditEntry(who=who, person=None if who is None else names.get(who, who), **facts)


def digest_of(text: str) -> str:
    """A short fingerprint that shows whether a text is the one that was acted on, without holding it."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _hash(number: int, at: float, who: str | None, event: str, subject: str, detail: str, previous: str) -> str:
    document = json.dumps([number, at, who, event, subject, detail, previous], separators=(",", ":"))
    return hashlib.sha256(document.encode()).hexdigest()

"""People who are not here any more: everything that lets them in goes at once."""

from __future__ import annotations

from datetime import datetime

from insights.ledger.database import Session, Topic
from insights.ledger.topics.audit import note

_HELD = {
    "bindings": "DELETE FROM bindings WHERE person = ?",
    "pins": "DELETE FROM pins WHERE person = ?",
    "link_codes": "DELETE FROM link_codes WHERE person = ?",
    "conversations": "DELETE FROM conversations WHERE person = ?",
    "last_answers": "DELETE FROM last_answers WHERE person = ?",
    "devices": "DELETE FROM devices WHERE person = ?",
    "subscriptions": "UPDATE subscriptions SET state = 'ended' WHERE person = ? AND state <> 'ended'",
}


class StoredDepartures(Topic):
    """One transaction over all that lets a person in."""

    def withdraw_access(self, person: str, *, now: datetime) -> bool:
        """See the port."""
        with self._database.writing() as session:
            gone = withdraw(session, person)
            if gone:
                note(session, "access withdrawn", "", person=person, now=now)
        return gone

    def people_with_access(self) -> frozenset[str]:
        """See the port."""
        with self._database.reading() as session:
            rows = session.every(
                " UNION ".join(
                    f"SELECT person FROM {table} WHERE person IS NOT NULL" + (" AND state <> 'ended'" if table == "subscriptions" else "")  # noqa: S608 # names are ours
                    for table in _HELD
                )
            )
        return frozenset(str(row["person"]) for row in rows if row["person"])


def withdraw(session: Session, person: str) -> bool:
    """Remove all of it; False when there was nothing."""
    return bool(sum(session.run(sql, person) for sql in _HELD.values()))

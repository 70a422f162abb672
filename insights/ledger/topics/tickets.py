"""Tickets of the embedded desk."""

from __future__ import annotations

from datetime import datetime

from insights.ledger.database import Forbidden, Row, Session, Topic
from insights.ledger.port import Fault, FiledTicket
from insights.ledger.topics.actions import given_up
from insights.ledger.topics.audit import note

_COLUMNS = "number, key, person, what, room, urgency, status, raised, updated"
_FIRST = 1000


class StoredTickets(Topic):
    """Tickets by the person who raised them."""

    def file_ticket(self, fault: Fault, *, now: datetime) -> FiledTicket:
        """See the port."""
        try:
            with self._database.writing() as session:
                earlier = _with_key(session, fault.key)
                if earlier is not None:
                    return earlier
                number = session.add(
                    "INSERT INTO tickets (key, person, what, room, urgency, raised, updated) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    fault.key, fault.person, fault.what, fault.room, fault.urgency, now.isoformat(), now.isoformat(),
                )  # fmt: skip
                note(session, "ticket filed", f"T-{_FIRST + number}", person=fault.person, detail=fault.key, now=now)
                filed = _with_key(session, fault.key)
        except Forbidden as error:
            if error.reason == "given up":
                raise given_up(fault.key) from None
            raise
        assert filed is not None
        return filed

    def ticket_with_key(self, key: str) -> FiledTicket | None:
        """See the port."""
        with self._database.reading() as session:
            return _with_key(session, key)

    def ticket_of(self, person: str | None, ticket: str) -> FiledTicket | None:
        """See the port."""
        digits = ticket.strip().upper().removeprefix("T-")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
            return None
        with self._database.reading() as session:
            row = session.one(f"SELECT {_COLUMNS} FROM tickets WHERE number = ? AND person IS NOT DISTINCT FROM ?", int(digits) - _FIRST, person)  # noqa: S608 # the names are ours
        return None if row is None else _filed(row)

    def open_tickets_of(self, person: str | None) -> tuple[FiledTicket, ...]:
        """See the port."""
        with self._database.reading() as session:
            rows = session.every(
                f"SELECT {_COLUMNS} FROM tickets WHERE person IS NOT DISTINCT FROM ? AND status IN ('open', 'in_progress') ORDER BY number DESC",  # noqa: S608 # the names are ours
                person,
            )
        return tuple(_filed(row) for row in rows)


def _with_key(session: Session, key: str) -> FiledTicket | None:
    row = session.one(f"SELECT {_COLUMNS} FROM tickets WHERE key = ?", key)  # noqa: S608 # the names are ours
    return None if row is None else _filed(row)


def _filed(row: Row) -> FiledTicket:
    facts = dict(row)
    number, raised, updated = facts.pop("number"), facts.pop("raised"), facts.pop("updated")
    return FiledTicket(id=f"T-{_FIRST + number}", raised=datetime.fromisoformat(raised), updated=datetime.fromisoformat(updated), **facts)

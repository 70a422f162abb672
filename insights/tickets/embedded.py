"""Tickets in our own ledger: works with no account anywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from insights.errors import UnknownThing
from insights.helpdesk import Attachment, RequestType
from insights.ledger.port import Fault, FiledTicket, Ledger, TicketState
from insights.tickets.forms import told as _forms
from insights.tickets.port import Change, Filing, Seen


class EmbeddedTickets:
    """The ledger is the ticket system. It is opened when it is first needed; `types` are the forms that organization.yaml declares."""

    name = "the help desk"

    def __init__(self, ledger: Callable[[], Ledger], types: tuple[RequestType, ...] = ()) -> None:
        self._ledger = ledger
        self._types = types

    def types(self) -> tuple[RequestType, ...]:
        """See the port."""
        return self._types

    def file(self, filing: Filing | Fault, *, now: datetime) -> FiledTicket:
        """See the port. Raises OutsideFailed when the action was given up meanwhile."""
        return self._ledger().file_ticket(filing, now=now)

    def filed(self, key: str) -> FiledTicket | None:
        """See the port."""
        return self._ledger().ticket_with_key(key)

    def ticket(self, person: str | None, ticket: str) -> FiledTicket | None:
        """See the port."""
        return self._ledger().ticket_of(person, ticket)

    def open_of(self, person: str | None) -> tuple[FiledTicket, ...]:
        """See the port."""
        return self._ledger().open_tickets_of(person)

    def change(self, ticket: str, change: Change, *, now: datetime) -> TicketState:
        """See the port."""
        ledger, id_ = self._ledger(), ticket.strip().upper()
        before = ledger.ticket_state(id_)
        if before is None:
            raise UnknownThing(f"There is no ticket {ticket.strip()[:40]}.")
        said = "; ".join(part for part in (change.note, f"priority {change.priority}" if change.priority else "") if part) or (change.status or "")
        if ledger.add_note(change.key, id_, said, person=change.person, now=now) and change.status is not None:
            ledger.set_ticket_state(id_, change.status, now=now)
            return change.status
        return ledger.ticket_state(id_) or before

    def changed(self, ticket: str, key: str) -> bool:
        """See the port."""
        return any(note.key == key for note in self._ledger().notes_of(ticket.strip().upper()))

    def has_file(self, ticket: str, file: Attachment) -> bool:  # noqa: ARG002 # the note tells
        """See the port."""
        return False

    def look(self, ticket: str, *, person: str | None) -> Seen | None:
        """See the port; what is said through us is told when it is said."""
        ledger, id_ = self._ledger(), ticket.strip().upper()
        state = ledger.ticket_state(id_)
        if state is None:
            return None
        others = [note for note in ledger.notes_of(id_) if note.person != person and ledger.find(note.key) is None]
        return Seen(status=state, said=others[-1].note if others else None, by=others[-1].person if others else None)

    def examine(self) -> str:
        """See the port."""
        return f"tickets are kept in the ledger, with {_forms(self._types)}"

    def close(self) -> None:
        """See the port: there is nothing to let go of."""

    def url(self, ticket: str) -> str | None:  # noqa: ARG002 # the port's promise
        """See the port: the ledger has no pages."""
        return None

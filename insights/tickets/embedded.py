"""Tickets in our own ledger: works with no account anywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from insights.ledger.port import Fault, FiledTicket, TicketFile


class EmbeddedTickets:
    """The ledger is the ticket system. It is opened when it is first needed."""

    def __init__(self, ledger: Callable[[], TicketFile]) -> None:
        self._ledger = ledger

    def file(self, fault: Fault, *, now: datetime) -> FiledTicket:
        """See the port. Raises OutsideFailed when the action was given up meanwhile."""
        return self._ledger().file_ticket(fault, now=now)

    def filed(self, key: str) -> FiledTicket | None:
        """See the port."""
        return self._ledger().ticket_with_key(key)

    def ticket(self, person: str | None, ticket: str) -> FiledTicket | None:
        """See the port."""
        return self._ledger().ticket_of(person, ticket)

    def open_of(self, person: str | None) -> tuple[FiledTicket, ...]:
        """See the port."""
        return self._ledger().open_tickets_of(person)

    def url(self, ticket: str) -> str | None:  # noqa: ARG002 # the port's promise
        """See the port: the ledger has no pages."""
        return None

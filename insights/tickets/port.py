"""What can be done about tickets (`Tickets`), and what a ticket system promises, wherever it is (`TicketSystem`)."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from insights.answers import TicketAnswer, TicketsAnswer
from insights.ledger.port import Fault, FiledTicket
from insights.permit import Asker
from insights.requests import RaiseTicket, TicketStatus


class Tickets(Protocol):
    """Faults reported and followed up for people. `now` is the asker's local time without offset.

    Raises UnknownThing for a room that does not exist, NotAnswerable when nothing is reported, OutsideFailed and OutcomeUnknown from the provider.
    """

    def propose(self, request: RaiseTicket, *, asker: Asker, now: datetime) -> TicketAnswer:
        """What would be filed, to be read back; nothing is. Without a room it is that of the device."""

    def raise_ticket(self, request: RaiseTicket, *, asker: Asker, now: datetime, key: str) -> TicketAnswer:
        """File it, once per key: asked again with the same key, the same ticket is told."""

    def status(self, request: TicketStatus, *, asker: Asker, now: datetime) -> TicketsAnswer:
        """The asker's ticket, or their open ones, newest first. Raises UnknownThing, the same for a ticket that is another's and for none."""


class TicketSystem(Protocol):
    """Files tickets for people. Every method may raise OutsideFailed."""

    def file(self, fault: Fault, *, now: datetime) -> FiledTicket:
        """File it for the person named in it.

        Safe to repeat and to race: the same key files once and gives the same ticket. Raises OutcomeUnknown when nobody can tell whether it was filed.
        """

    def filed(self, key: str) -> FiledTicket | None:
        """The ticket filed under this key, or None: how an interrupted filing is looked for."""

    def ticket(self, person: str | None, ticket: str) -> FiledTicket | None:
        """This person's ticket with this id; None when there is none or it is another's, without telling which."""

    def open_of(self, person: str | None) -> tuple[FiledTicket, ...]:
        """This person's tickets that are not resolved or closed, newest first."""

    def url(self, ticket: str) -> str | None:
        """The page of a ticket, None where the system has none."""

"""How tickets stand: what their system says now, with what we know of them besides."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from insights.answers import Ticket, TicketsAnswer
from insights.errors import UnknownThing
from insights.ledger.helpdesk import Registered
from insights.ledger.port import FiledTicket
from insights.organization import Person
from insights.permit import Asker
from insights.requests import TicketStatus
from insights.tickets.port import TicketSystem
from insights.tickets.register import Register


class Standing:
    """Looks tickets up for those who may know of them."""

    def __init__(self, provider: TicketSystem, register: Register) -> None:
        self._provider = provider
        self._register = register

    def of(self, request: TicketStatus, *, asker: Asker) -> TicketsAnswer:
        """What a person hears of a ticket, or of all their open ones. Raises UnknownThing naming the open ones for a ticket they may not see."""
        person = asker.person.id if asker.person else None
        if request.ticket is None:
            return TicketsAnswer(tickets=self._open_of(asker.person), approvals=self._register.to_decide(asker.person))
        filed = self._provider.ticket(person, request.ticket)
        if filed is not None:
            return TicketsAnswer(tickets=(self._as_known(filed),))
        other = self._register.visible(request.ticket, asker.person)
        if other is not None:
            shown = (
                self._register.shown(other) if other.person == person or self._register.knows_words(other, asker.person) else self._register.for_others(other)
            )
            return TicketsAnswer(tickets=(self._now(shown, other),))
        mine = [ticket.id for ticket in self._open_of(asker.person)][:5]
        remedy = "" if mine else "You have no open ticket."
        raise UnknownThing(f"You have no ticket {request.ticket.strip()[:40]}.", remedy=remedy, options=mine)

    def _open_of(self, person: Person | None) -> tuple[Ticket, ...]:
        """What the system has of this person, and what we filed for them that it does not know to be theirs; newest first."""
        theirs = {filed.id.upper(): self._as_known(filed) for filed in self._provider.open_of(person.id if person else None)}
        for ours in self._register.open_of(person):
            if ours.id not in theirs:
                shown = self._now(self._register.shown(ours), ours)
                theirs |= {ours.id: shown} if shown.status in ("open", "in_progress") else {}
        return tuple(sorted(theirs.values(), key=lambda ticket: (ticket.raised or datetime.min, ticket.id), reverse=True))

    def _now(self, shown: Ticket, ours: Registered) -> Ticket:
        """The ticket with the state that its system tells."""
        seen = self._provider.look(ours.id, person=ours.person)
        return shown if seen is None else replace(shown, status=seen.status)

    def _as_known(self, filed: FiledTicket) -> Ticket:
        """A ticket of the asker as its system has it now, with what we know of it besides."""
        ours = self._register.called(filed.id)
        if ours is None:
            return self._register.plain(filed, url=self._provider.url(filed.id))
        return replace(self._register.shown(ours), status=filed.status, updated=filed.updated)

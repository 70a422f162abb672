"""Propose and raise a ticket, and tell how it stands."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from insights.answers import Ticket, TicketAnswer, TicketsAnswer
from insights.contract import decode_request, encode
from insights.errors import InsightsError, NotAnswerable, UnknownThing
from insights.ledger.once import Step, once, silent
from insights.ledger.port import Actions, Fault, FiledTicket
from insights.organization import Organization
from insights.permit import Asker
from insights.requests import RaiseTicket, TicketStatus
from insights.tickets.port import TicketSystem

KIND = "raise_ticket"
LONGEST = 2000
"""Characters of a report that are kept."""


class TicketDesk:
    """Tickets of one organization over one provider. Safe to use from many threads."""

    def __init__(self, *, provider: TicketSystem, actions: Callable[[], Actions], organization: Organization) -> None:
        self._provider = provider
        self._actions = actions
        self._organization = organization

    def propose(self, request: RaiseTicket, *, asker: Asker, now: datetime) -> TicketAnswer:
        """See the port."""
        settled = self._settled(request, asker)
        ticket = Ticket(
            id="", status="proposed", what=settled.what, room=settled.room, room_name=self._room_name(settled.room), urgency=settled.urgency, raised=now
        )  # fmt: skip
        assumed = () if request.room or ticket.room is None else (f"it is in {ticket.room_name}, because that is where you are",)
        return TicketAnswer(status="proposed", ticket=ticket, assumed=assumed)

    def _settled(self, request: RaiseTicket, asker: Asker) -> RaiseTicket:
        """The request made definite: the room's id, by default that of the device, and a tidy report."""
        what = " ".join("".join(char if char.isprintable() else " " for char in request.what).split())[:LONGEST]
        if not what:
            raise NotAnswerable("A ticket needs to say what is wrong.", remedy="Say what is broken and where.")
        room = self._organization.room_called(request.room, here=asker.room).id if request.room else asker.room
        return replace(request, what=what, room=room)

    def raise_ticket(self, request: RaiseTicket, *, asker: Asker, now: datetime, key: str, step: Step = silent) -> TicketAnswer:
        """See the port; `step` hears the steps of the action."""
        result = once(
            self._actions(),
            key=key,
            kind=KIND,
            request=json.dumps(encode(request)),
            person=asker.person.id if asker.person else None,
            now=now,
            attempt=lambda: self._file(request, asker, key, now),
            found=lambda: self.found(key),
            step=step,
        )
        return self.answer(result)

    def status(self, request: TicketStatus, *, asker: Asker, now: datetime) -> TicketsAnswer:  # noqa: ARG002 # the port's promise
        """See the port."""
        person = asker.person.id if asker.person else None
        if request.ticket is None:
            return TicketsAnswer(tickets=tuple(self._ticket(filed) for filed in self._provider.open_of(person)))
        filed = self._provider.ticket(person, request.ticket)
        if filed is None:
            mine = [ticket.id for ticket in self._provider.open_of(person)][:5]
            remedy = "" if mine else "You have no open ticket."
            raise UnknownThing(f"You have no ticket {request.ticket.strip()[:40]}.", remedy=remedy, options=mine)
        return TicketsAnswer(tickets=(self._ticket(filed),))

    def found(self, key: str) -> str | None:
        """The result of the ticket filed under this key, or None: for reconciliation."""
        filed = self._provider.filed(key)
        return None if filed is None else json.dumps(encode(self._ticket(filed)))

    def answer(self, result: str) -> TicketAnswer:
        """The answer that a recorded result stands for."""
        facts = json.loads(result)
        raised, updated = (datetime.fromisoformat(facts.pop(name)) for name in ("raised", "updated"))
        return TicketAnswer(status="raised", ticket=Ticket(raised=raised, updated=updated, **facts))

    def undone(self, request: str) -> InsightsError:
        """What to tell the person whose ticket was interrupted and not filed."""
        asked = decode_request(json.loads(request))
        what = asked.what if isinstance(asked, RaiseTicket) else ""
        return NotAnswerable(f'I was interrupted, and no ticket was filed for "{what[:100]}".', remedy="Report it again if it is still so.")

    def _file(self, request: RaiseTicket, asker: Asker, key: str, now: datetime) -> str:
        settled = self._settled(request, asker)
        person = asker.person.id if asker.person else None
        fault = Fault(key=key, person=person, what=settled.what, room=settled.room, urgency=settled.urgency)
        return json.dumps(encode(self._ticket(self._provider.file(fault, now=now))))

    def _ticket(self, filed: FiledTicket) -> Ticket:
        return Ticket(
            id=filed.id,
            status=filed.status,
            what=filed.what,
            room=filed.room,
            room_name=self._room_name(filed.room),
            urgency=filed.urgency,
            url=self._provider.url(filed.id),
            raised=filed.raised,
            updated=filed.updated,
        )

    def _room_name(self, room: str | None) -> str | None:
        known = self._organization.rooms.get(room) if room else None
        return known.name if known else room

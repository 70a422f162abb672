"""Tickets: raised, followed up."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from insights.answers import Answer, TicketsAnswer
from insights.office.task import Prepared, Proposal, Task
from insights.requests import AboutTickets, AnnounceOutage, RaiseTicket, TicketStatus, UpdateTicket

LOOKS = (TicketStatus,)


def prepare(errand: AboutTickets, task: Task) -> Prepared:
    """A report is read back."""
    match errand:
        case RaiseTicket():
            if task.agreed:
                return None
            filed = task.office.tickets.propose(errand, asker=task.asker, now=task.now)
            return Proposal(errand=replace(errand, room=filed.ticket.room), answer=filed)  # the room of this device, wherever the yes is said
        case TicketStatus() | UpdateTicket() | AnnounceOutage():
            return None
        case _:
            assert_never(errand)


def carry_out(errand: AboutTickets, task: Task) -> Answer:
    """Do it."""
    match errand:
        case RaiseTicket():
            return task.office.tickets.raise_ticket(errand, asker=task.asker, now=task.now, key=task.key)
        case TicketStatus(about=str(about)):
            return TicketsAnswer(tickets=(), about=about)  # none can be announced yet
        case TicketStatus():
            return task.office.tickets.status(errand, asker=task.asker, now=task.now)
        case UpdateTicket() | AnnounceOutage():
            raise task.unready(errand)
        case _:
            assert_never(errand)

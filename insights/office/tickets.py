"""Tickets: raised, followed up."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from insights.answers import Answer
from insights.office.task import Prepared, Proposal, Task
from insights.requests import AboutTickets, RaiseTicket, TicketStatus, UpdateTicket

LOOKS = (TicketStatus,)


def prepare(errand: AboutTickets, task: Task) -> Prepared:
    """A report is read back."""
    match errand:
        case RaiseTicket():
            if task.agreed:
                return None
            filed = task.office.tickets.propose(errand, asker=task.asker, now=task.now)
            return Proposal(errand=replace(errand, room=filed.ticket.room), answer=filed)  # the room of this device, wherever the yes is said
        case TicketStatus() | UpdateTicket():
            return None
        case _:
            assert_never(errand)


def carry_out(errand: AboutTickets, task: Task) -> Answer:
    """Do it."""
    match errand:
        case RaiseTicket():
            return task.office.tickets.raise_ticket(errand, asker=task.asker, now=task.now, key=task.key)
        case TicketStatus():
            return task.office.tickets.status(errand, asker=task.asker, now=task.now)
        case UpdateTicket():
            raise task.unready(errand)
        case _:
            assert_never(errand)

"""Tickets: raised, followed up, changed, and outages announced."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from insights.answers import Answer, OtherRoom, TicketAnswer
from insights.errors import InsightsError
from insights.office.task import Prepared, Proposal, Task
from insights.organization import Room
from insights.requests import AboutTickets, AnnounceOutage, FindRoom, MoveMeeting, MyCalendar, RaiseTicket, TicketStatus, UpdateTicket

LOOKS = (TicketStatus,)


def prepare(errand: AboutTickets, task: Task) -> Prepared:
    """What a form wants to know is asked, a report is read back; an outage is told to everybody, so that waits for a yes too."""
    tickets = task.office.tickets
    match errand:
        case RaiseTicket():
            question = tickets.ask(replace(errand, new=True) if task.agreed else errand, asker=task.asker, now=task.now)
            if question is not None:
                return question
            if task.agreed:
                return None
            proposed = tickets.propose(errand, asker=task.asker, now=task.now)
            if proposed.status == "known":
                return None  # nothing is filed, so nothing waits
            return Proposal(errand=tickets.settled(errand, proposed), answer=proposed)
        case AnnounceOutage(over=False):
            return None if task.agreed else Proposal(errand=errand, answer=tickets.propose_outage(errand, asker=task.asker, now=task.now))
        case TicketStatus() | UpdateTicket() | AnnounceOutage():
            return None
        case _:
            assert_never(errand)


def carry_out(errand: AboutTickets, task: Task) -> Answer:
    """Do it."""
    tickets = task.office.tickets
    match errand:
        case RaiseTicket():
            return tickets.raise_ticket(errand, asker=task.asker, now=task.now, key=task.key)
        case TicketStatus():
            return tickets.status(errand, asker=task.asker)
        case UpdateTicket():
            return tickets.update(errand, asker=task.asker, now=task.now, key=task.key)
        case AnnounceOutage():
            return tickets.announce(errand, asker=task.asker, now=task.now, key=task.key)
        case _:
            assert_never(errand)


def afterwards(answer: Answer, task: Task) -> Proposal | None:
    """Whoever reports a fault in the room they meet in is offered another one for the rest of the meeting; None where there is nothing to offer."""
    if not isinstance(answer, TicketAnswer) or answer.status != "raised" or answer.ticket.room is None or answer.ticket.room != task.asker.room:
        return None
    here, now = task.asker.room, task.now
    try:
        held = task.office.meetings.mine(MyCalendar(), asker=task.asker, now=now).bookings
        running = next((one for one in held if one.room == here and one.start <= now < one.end), None)
        if running is None:
            return None
        minutes = max(1, int((running.end - now).total_seconds() // 60))
        free = task.office.meetings.find(FindRoom(start=now, minutes=minutes), asker=task.asker, now=now).rooms
    except InsightsError:
        return None  # the ticket is filed all the same
    found = _nearest([str(row["room"]) for row in free if row["room"] != here], here, task)
    if found is None:
        return None
    room = task.organization.rooms[found]
    offered = OtherRoom(room=room.id, room_name=room.name, capacity=room.capacity, until=running.end, booking=running.id)
    move = MoveMeeting(meeting=running.id, to_room=room.id, reason=f"Something in {task.rooms.get(here or '', here)} is out of order.")
    return Proposal(errand=move, answer=replace(answer, other_room=offered))


def _nearest(free: list[str], here: str | None, task: Task) -> str | None:
    """The free room that suits: at least as much equipment and seats before others, on the same floor before others, then as they were found."""
    own = task.organization.rooms.get(here or "")
    known = [task.organization.rooms[id_] for id_ in free if id_ in task.organization.rooms]
    if own is None or not known:
        return known[0].id if known else None

    def far(room: Room) -> tuple[bool, bool, bool, bool]:
        return room.capacity < min(own.capacity, 4), not room.equipment >= own.equipment & {"video"}, room.building != own.building, room.floor != own.floor

    return min(known, key=far).id

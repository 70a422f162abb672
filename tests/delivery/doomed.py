"""A process that acts and is killed at a step: `doomed.py LEDGER book|raise|schedule|extend|cancel STEP`; with a step that never comes it finishes."""

import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from insights.meetings import EmbeddedCalendars, EmbeddedRooms, Ground, MeetingsOffice
from insights.organization import Organization, Person, Room
from insights.permit import Asker
from insights.requests import BookRoom, CancelMeeting, ExtendBooking, RaiseTicket, ScheduleMeeting
from insights.tickets import EmbeddedTickets, TicketDesk

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.ledgers import open_at  # a process of its own has no path to the tests

NOW = datetime(2026, 12, 1, 10)
ADA = Person(id="ada", name="Ada Okafor")
FERN = Organization(people={"ada": ADA, "ben": Person(id="ben", name="Ben")}, rooms={"fern": Room(id="fern", name="Fern", capacity=6)})
ASKER = Asker(person=ADA, audience="private")
BOOKING = BookRoom(room="fern", start=datetime(2026, 12, 2, 15), minutes=60)
FAULT = RaiseTicket(what="The projector is dark.", room="fern")


def meetings(ledger):
    """Everything about rooms and meetings over one ledger."""
    providers = {"rooms": EmbeddedRooms(lambda: ledger), "calendars": EmbeddedCalendars(lambda: ledger, FERN)}
    return MeetingsOffice(Ground(**providers, ledger=lambda: ledger, organization=FERN, zone=ZoneInfo("UTC")))


def desks(ledger):
    """Both desks over one ledger."""
    rooms = meetings(ledger).rooms
    tickets = TicketDesk(provider=EmbeddedTickets(lambda: ledger), ledger=lambda: ledger, organization=FERN)
    return rooms, tickets


def act(ledger, what, step=lambda _: None):
    """Book Fern or report its projector, always under the same key."""
    rooms, tickets = desks(ledger)
    if what == "book":
        return rooms.book(BOOKING, asker=ASKER, now=NOW, key="k", step=step).booking.id
    if what != "raise":
        return change(meetings(ledger), what, step)
    return tickets.raise_ticket(FAULT, asker=ASKER, now=NOW, key="k", step=step).ticket.id


LATER = datetime(2026, 12, 2, 17)
REVIEW = ScheduleMeeting(people=("ben",), start=datetime(2026, 12, 3, 9), minutes=30, title="Review", room="fern")


def change(office, what, step):
    """Arrange a meeting with a room, or change what was there before."""
    if what == "extend":
        booking = office.rooms.book(BOOKING, asker=ASKER, now=NOW, key="before").booking.id
        request, doing = ExtendBooking(room="fern", until=LATER, booking=booking), office.holding.extending
    elif what == "cancel":
        meeting = office.scheduling.scheduling.once(REVIEW, asker=ASKER, key="before", now=NOW).meeting.id
        request, doing = CancelMeeting(meeting=meeting, start=REVIEW.start, room="fern"), office.changing.cancelling
    else:
        request, doing = REVIEW, office.scheduling.scheduling
    return doing.once(request, asker=ASKER, key="k", now=NOW, step=step).status


def done(ledger, what):
    """Whether that has happened, and nothing of it in part."""
    office = meetings(ledger)
    held = office.ground.rooms.held_by("ada", start=None, end=None)
    events = office.ground.calendars.events("ada", held[0].start, held[0].end) if held else ()
    if what == "extend":
        return [one.end.replace(tzinfo=None) for one in held] == [LATER]
    assert len(held) == len(events), "a meeting without its room, or a room without its meeting"
    return bool(events) if what == "schedule" else not events


def main(where: str, what: str, fatal: str) -> None:
    """Act, and die at the fatal step without a chance to tidy up."""

    def step(name: str) -> None:
        if name == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    print(act(open_at(where), what, step))


if __name__ == "__main__":
    main(*sys.argv[1:])

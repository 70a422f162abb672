"""A process that acts and is killed at a step: `doomed.py LEDGER book|raise STEP`; with a step that never comes it finishes."""

import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from insights.meetings import EmbeddedRooms, RoomDesk
from insights.organization import Organization, Person, Room
from insights.permit import Asker
from insights.requests import BookRoom, RaiseTicket
from insights.tickets import EmbeddedTickets, TicketDesk

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.ledgers import open_at  # a process of its own has no path to the tests

NOW = datetime(2026, 12, 1, 10)
ADA = Person(id="ada", name="Ada Okafor")
FERN = Organization(people={"ada": ADA}, rooms={"fern": Room(id="fern", name="Fern", capacity=6)})
ASKER = Asker(person=ADA, audience="private")
BOOKING = BookRoom(room="fern", start=datetime(2026, 12, 2, 15), minutes=60)
FAULT = RaiseTicket(what="The projector is dark.", room="fern")


def desks(ledger):
    """Both desks over one ledger."""
    rooms = RoomDesk(provider=EmbeddedRooms(lambda: ledger), actions=lambda: ledger, organization=FERN, timezone="UTC")
    tickets = TicketDesk(provider=EmbeddedTickets(lambda: ledger), ledger=lambda: ledger, organization=FERN)
    return rooms, tickets


def act(ledger, what, step=lambda _: None):
    """Book Fern or report its projector, always under the same key."""
    rooms, tickets = desks(ledger)
    if what == "book":
        return rooms.book(BOOKING, asker=ASKER, now=NOW, key="k", step=step).booking.id
    return tickets.raise_ticket(FAULT, asker=ASKER, now=NOW, key="k", step=step).ticket.id


def main(where: str, what: str, fatal: str) -> None:
    """Act, and die at the fatal step without a chance to tidy up."""

    def step(name: str) -> None:
        if name == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    print(act(open_at(where), what, step))


if __name__ == "__main__":
    main(*sys.argv[1:])

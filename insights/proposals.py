"""What waits for a yes before it is done: what would happen, and whether the words leave anything to confirm."""

from __future__ import annotations

from dataclasses import replace

from insights.answers import BookingAnswer, TicketAnswer
from insights.dialogue import Exchange
from insights.parts import Office
from insights.requests import Action, BookRoom, RaiseTicket
from insights.turns import Turn

Confirmed = BookRoom | RaiseTicket
"""The requests that are read back before they are done."""


def waits_for_yes(request: Confirmed, turn: Turn, ignored: tuple[str, ...]) -> bool:
    """Whether something is left to confirm: no yes in advance, and not a booking that names room, start and length and nothing that was not used."""
    said_it_all = isinstance(request, BookRoom) and None not in (request.room, request.start, request.minutes) and not ignored
    return not (turn.yes or said_it_all)


def propose(office: Office, exchange: Exchange, request: Confirmed) -> tuple[Action, BookingAnswer | TicketAnswer]:
    """The action that a yes would carry out, with everything it needs, and what would come of it. Raises InsightsError where nothing could."""
    if isinstance(request, BookRoom):
        proposed = office.meetings.propose(request, asker=exchange.asker, now=exchange.now)
        return office.meetings.settled(request, proposed), proposed
    filed = office.tickets.propose(request, asker=exchange.asker, now=exchange.now)
    return replace(request, room=filed.ticket.room), filed  # the room of this device, wherever the yes is said

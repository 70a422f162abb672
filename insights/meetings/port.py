"""What can be done about meetings (`Meetings`), and what calendars promise, wherever they are kept: of rooms (`Rooms`) and of people (`Calendars`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from insights.answers import BookingAnswer, CalendarAnswer, RoomsAnswer
from insights.events import Draft, Event, EventChange, Response
from insights.ledger.meetings import Ended
from insights.ledger.port import HeldRoom, RoomChange, RoomHold
from insights.permit import Asker
from insights.requests import BookRoom, FindRoom, MyCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """A meeting that could not be brought into the calendar of `person`, and why."""

    key: str
    person: str
    title: str
    problem: str


class Meetings(Protocol):
    """Rooms found, proposed and booked for people. `now` is the asker's local time without offset.

    Raises NothingFree with the nearest alternative, NotPermitted for what no policy allows, UnknownThing for a room or equipment that does not exist,
    NotAnswerable for a time that has passed or does not exist, OutsideFailed and OutcomeUnknown from the provider.
    """

    def find(self, request: FindRoom, *, asker: Asker, now: datetime) -> RoomsAnswer:
        """The rooms that are free, best first: `room` (id), `name`, `capacity`, `equipment` (listed), `floor`, `building`."""

    def propose(self, request: BookRoom, *, asker: Asker, now: datetime) -> BookingAnswer:
        """What would be booked, to be confirmed; nothing is held."""

    def settled(self, request: BookRoom, proposed: BookingAnswer) -> BookRoom:
        """The request that books exactly what was proposed: what a yes carries out."""

    def book(self, request: BookRoom, *, asker: Asker, now: datetime, key: str) -> BookingAnswer:
        """Book it, once per key: asked again with the same key, the same booking is told."""

    def mine(self, request: MyCalendar, *, asker: Asker, now: datetime) -> CalendarAnswer:
        """What the asker has booked in the period (whole days), or from now on, earliest first."""


class Rooms(Protocol):
    """Holds rooms for people. All times are aware. Every method may raise OutsideFailed."""

    def busy(self, start: datetime, end: datetime) -> tuple[HeldRoom, ...]:
        """Everything held at some time between `start` and `end` (not included), by anyone, earliest first."""

    def hold(self, hold: RoomHold, *, now: datetime) -> HeldRoom | None:
        """Hold the room; None when it is taken for any part of that time, back-to-back is fine.

        Safe to repeat and to race: the same key holds once and gives the same booking. Raises OutcomeUnknown when nobody can tell whether it is held.
        """

    def held(self, key: str) -> HeldRoom | None:
        """The booking made under this key, or None: how an interrupted booking is looked for."""

    def held_by(self, person: str | None, *, start: datetime | None, end: datetime | None) -> tuple[HeldRoom, ...]:
        """What this person holds at some time in between (None: open), earliest first."""

    def find(self, booking: str) -> HeldRoom | None:
        """The booking with this id, letter case aside; None when there is none or its room was released."""

    def change(self, change: RoomChange, *, now: datetime) -> HeldRoom | None:
        """Give a booking that room and time; None when they are taken by another for any part, then it keeps what it had. It keeps its id.

        Safe to repeat and to race: between the old and the new nobody else gets either. Raises UnknownThing when the booking is gone, OutcomeUnknown when
        nobody can tell whether it was changed.
        """

    def release(self, booking: str, *, key: str, now: datetime, why: Ended = "released") -> HeldRoom | None:
        """Give the room back: the booking as it was, None when it is gone already. `why` is kept where there is a place for it.

        Raises OutcomeUnknown when nobody can tell whether it is released.
        """


class Calendars(Protocol):
    """Keeps the meetings of people, who are named by their ids. All times are aware. Every method may raise OutsideFailed.

    What changes something also raises OutcomeUnknown when nobody can tell whether it did, and is safe to repeat with the same key.
    """

    def events(self, person: str, start: datetime, end: datetime) -> tuple[Event, ...]:
        """Everything in this person's calendar at some time between `start` and `end` (not included), earliest first.

        Series are expanded here, exceptions applied, what was called off left out; what the person declined is in it and says so. Raises UnknownThing for
        somebody who has no calendar here.
        """

    def find(self, person: str, event: str, occurrence: datetime | None = None) -> Event | None:
        """The event of this id in this person's calendar, of a series the one `occurrence`, or the series where that is None; None when it is gone."""

    def called_off(self, person: str, event: str, start: datetime) -> Event | None:
        """A meeting of this person's that was called off, as it was, the one at `start` of a series; None while it is on, and where that is not kept."""

    def made(self, organizer: str, key: str) -> Event | None:
        """The event created under this key in the organizer's calendar, or None: how an interrupted creation is looked for."""

    def create(self, draft: Draft, *, now: datetime) -> Event:
        """Put it into the organizer's calendar and invite the others; the same key creates once and gives the same event."""

    def change(self, event: Event, change: EventChange, *, key: str, now: datetime) -> Event:
        """Change an event of its organizer's calendar, and let the others know: an occurrence alone, or all of a series given as such.

        A new start asks the others to answer anew. Raises UnknownThing when it is gone.
        """

    def cancel(self, event: Event, *, key: str, now: datetime, reason: str = "") -> str:
        """Call an event of its organizer's calendar off for everybody: an occurrence alone, or all of a series given as such. What is gone stays gone.

        The name of the calendar system in which it still stands for now, empty where there is none.
        """

    def respond(self, event: Event, response: Response, *, key: str, now: datetime) -> Event:
        """Answer for whose calendar the event is in: an occurrence alone, or all of a series given as such. Raises UnknownThing when it is gone."""

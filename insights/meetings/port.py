"""What can be done about meetings (`Meetings`), and what a calendar of rooms promises, wherever it is kept (`Rooms`)."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from insights.answers import BookingAnswer, CalendarAnswer, RoomsAnswer
from insights.ledger.port import HeldRoom, RoomHold
from insights.permit import Asker
from insights.requests import BookRoom, FindRoom, MyCalendar


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

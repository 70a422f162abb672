"""Everything that can be done about rooms and meetings, over the providers of one company."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from insights.answers import BookingAnswer, CalendarAnswer, RoomsAnswer, RoomStatusAnswer
from insights.delivery.reconcile import Witness
from insights.meetings.agenda import mine
from insights.meetings.before import Before
from insights.meetings.changing import ChangingDesk
from insights.meetings.desk import RoomDesk
from insights.meetings.ground import Ground
from insights.meetings.holding import HoldingDesk
from insights.meetings.keeping import Keeping
from insights.meetings.lateness import LateDesk
from insights.meetings.scheduling import SchedulingDesk
from insights.meetings.settling import SettlingDesk
from insights.meetings.status import status
from insights.permit import Asker
from insights.requests import BookRoom, FindRoom, MyCalendar, RoomStatus, WhoBooked


class MeetingsOffice:
    """The desks, side by side. Safe to use from many threads."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.rooms = RoomDesk(ground)
        self.holding = HoldingDesk(ground, self._asker)
        self.scheduling = SchedulingDesk(ground, self._asker)
        self.settling = SettlingDesk(ground)
        self.changing = ChangingDesk(ground, self._asker)
        self.lateness = LateDesk(ground, self._asker)
        self.keeping = Keeping(ground)
        self.before = Before(ground)

    @property
    def witnesses(self) -> Mapping[str, Witness]:
        """Who can tell what became of an interrupted action, by its kind."""
        doings: tuple[Any, ...] = (
            self.holding.extending, self.holding.ending, self.holding.checking_in, self.holding.releasing,
            self.scheduling.scheduling, self.changing.moving, self.changing.cancelling, self.changing.responding, self.lateness.telling,
        )  # fmt: skip
        return {"book_room": self.rooms, **{doing.kind: doing.witness() for doing in doings}}

    def find(self, request: FindRoom, *, asker: Asker, now: datetime) -> RoomsAnswer:
        """See the port."""
        return self.rooms.find(request, asker=asker, now=now)

    def propose(self, request: BookRoom, *, asker: Asker, now: datetime) -> BookingAnswer:
        """See the port."""
        return self.rooms.propose(request, asker=asker, now=now)

    def settled(self, request: BookRoom, proposed: BookingAnswer) -> BookRoom:
        """See the port."""
        return self.rooms.settled(request, proposed)

    def book(self, request: BookRoom, *, asker: Asker, now: datetime, key: str) -> BookingAnswer:
        """See the port."""
        return self.rooms.book(request, asker=asker, now=now, key=key)

    def mine(self, request: MyCalendar, *, asker: Asker, now: datetime) -> CalendarAnswer:
        """See the port."""
        return mine(self.ground, request, asker=asker, now=now)

    def status(self, request: RoomStatus | WhoBooked, *, asker: Asker, now: datetime) -> RoomStatusAnswer:
        """Whether a room is free or who has it, until when, and what comes next."""
        return status(self.ground, request, asker=asker, now=now)

    def _asker(self, person: str | None) -> Asker:
        """Whoever asked for an interrupted action, told of it in private."""
        return Asker(person=self.ground.person(person) if person else None, audience="private")

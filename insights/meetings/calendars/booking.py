"""Rooms whose bookings are events of calendars kept elsewhere (see the port `Rooms`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from insights.errors import OutsideFailed, UnknownThing
from insights.ledger.meetings import Ended
from insights.ledger.port import HeldRoom, RoomChange, RoomHold
from insights.meetings.calendars.changing import Kept, Move, removed
from insights.meetings.calendars.contending import LEFT, Contest, is_held
from insights.meetings.calendars.occurrences import Agenda, Occurrence, Ours, Unread
from insights.meetings.calendars.store import CalendarStore, Draft, called, name_of, named
from insights.organization import Organization
from insights.web import by

T = TypeVar("T")
ELSEWHERE = "calendar:"
"""How the key of a booking begins that somebody wrote into the calendar themselves, or that is not settled yet."""
_REACH = timedelta(days=400)
"""How far from now an open end of a span reaches; no policy lets a room be booked further ahead by default."""
_AT_ONCE = 8


class CalendarRooms:
    """Holds rooms in their calendars. `calendars` gives the address of each room's calendar. Safe to use from many threads and processes.

    With `invite`, whoever books is invited to the booking; not to one of a meeting where those are `copied` into the calendar of whoever arranged them.
    """

    def __init__(
        self,
        store: CalendarStore,
        calendars: Mapping[str, str],
        organization: Organization,
        *,
        patience: float,
        invite: bool = True,
        copied: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._calendars = calendars
        self._organization = organization
        self._patience = patience
        self._invite = invite
        self._copied = copied
        self._clock = clock
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="calendars")  # it starts them when they are needed
        self.unread: tuple[Unread, ...] = ()

    def busy(self, start: datetime, end: datetime) -> tuple[HeldRoom, ...]:
        """See the port. What others wrote into a room's calendar has a key that begins with `calendar:`; so has what is not settled yet."""
        until = self._until()
        found = self._each(lambda room, calendar: self._busy(room, self._store.read(calendar, start, end, until=until)))
        return tuple(sorted(found, key=lambda one: (one.start.timestamp(), one.room)))

    def hold(self, hold: RoomHold, *, now: datetime) -> HeldRoom | None:  # noqa: ARG002 # the calendar knows when it is written into
        """See the port."""
        until, calendar = self._until(), self._calendar(hold.room)
        earlier = self._told(self._copies(name_of(hold.key), until))
        if earlier is not None:
            return earlier
        ours = Ours(key=hold.key, person=hold.person, block=hold.block, meeting=hold.meeting)
        draft = Draft(ours=ours, start=hold.start, end=hold.end, title=hold.title, private=hold.private)
        found = Contest(self._store, calendar, draft, until, self._attending(ours)).run()
        return None if found is None else self._held(hold.room, found)

    def held(self, key: str) -> HeldRoom | None:
        """See the port. What was left pending is taken away, once whoever wrote it has certainly given up, so that it can never be booked after all."""
        return self._told(self._copies(name_of(key), self._until(), sweep=True))

    def held_by(self, person: str | None, *, start: datetime | None, end: datetime | None) -> tuple[HeldRoom, ...]:
        """See the port; an open end reaches about a year from now."""
        first, last = start or self._clock() - _REACH, end or self._clock() + _REACH
        if first >= last:
            return ()
        return tuple(one for one in self.busy(first, last) if one.person == person and (person is not None or not one.key.startswith(ELSEWHERE)))

    def find(self, booking: str) -> HeldRoom | None:
        """See the port. Only what was booked here has an id; what others wrote into a room's calendar is theirs to change."""
        name = named(booking)
        return None if name is None else self._told(self._copies(name, self._until()))

    def change(self, change: RoomChange, *, now: datetime) -> HeldRoom | None:  # noqa: ARG002 # the calendar knows when it is written into
        """See the port."""
        until, calendar = self._until(), self._calendar(change.room)
        copies = self._copies(named(change.booking) or "", until)
        if not copies:
            raise UnknownThing("That booking is gone.", remedy="Ask for a new one.")
        old = copies[0]
        for spare in copies[1:]:
            removed(self._store, spare, until)
        there = Kept(room=change.room, calendar=calendar, one=old.one)
        move = Move(self._store, old, there, change, until, self._attending(old.ours))
        if move.mark in old.ours.done:
            return self._held(old.room, old.one)
        found = move.run()
        if found is None:
            return None
        if old.room != change.room:
            removed(self._store, old, until)
        return self._held(change.room, found)

    def release(self, booking: str, *, key: str, now: datetime, why: Ended = "released") -> HeldRoom | None:  # noqa: ARG002 # a removed event keeps no reason
        """See the port; releasing twice is releasing."""
        until = self._until()
        copies = self._copies(named(booking) or "", until)
        for copy in copies:
            removed(self._store, copy, until)
        return self._told(copies)

    def close(self) -> None:
        """Let go of connections and threads."""
        self._threads.shutdown(cancel_futures=True)
        self._store.close()

    def _until(self) -> float:
        return by(self._patience)

    def _calendar(self, room: str) -> str:
        calendar = self._calendars.get(room)
        if calendar is None:
            raise UnknownThing("That room has no calendar.", remedy="Its `calendar` is set in organization.yaml.", options=sorted(self._calendars)[:8])
        return calendar

    def _attending(self, ours: Ours) -> tuple[str, ...]:
        known = self._organization.people.get(ours.person or "")
        invited = self._invite and not (self._copied and ours.meeting)
        return (known.email,) if invited and known is not None and known.email else ()

    def _each(self, ask: Callable[[str, str], Iterable[T]]) -> list[T]:
        """Every room's calendar asked at once; one that fails fails the whole, for a room nobody could ask is not free."""
        waiting = [self._threads.submit(ask, room, calendar) for room, calendar in self._calendars.items()]
        return [one for each in waiting for one in each.result()]

    def _busy(self, room: str, found: Agenda) -> list[HeldRoom]:
        if found.unread:
            self.unread = found.unread
        return [self._held(room, one) for one in found.busy]

    def _copies(self, name: str, until: float, *, sweep: bool = False) -> list[Kept]:
        """The bookings of this name, that which counts first; there are two only where giving one another room was interrupted."""
        if not name:
            return []
        found = self._each(lambda room, calendar: self._kept(room, calendar, self._store.find(calendar, name, until=until), until, sweep=sweep))
        return sorted(found, key=lambda one: -one.ours.moves)

    def _kept(self, room: str, calendar: str, found: Occurrence | None, until: float, *, sweep: bool) -> list[Kept]:
        if found is None or found.ours is None or found.cancelled:
            return []
        if is_held(found):
            return [Kept(room=room, calendar=calendar, one=found)]
        if sweep and found.ours.until + LEFT < self._clock().timestamp() and not self._store.remove(calendar, found, until=until):
            raise OutsideFailed("That booking is being changed at this moment.", remedy="Ask again in a minute.", reference=found.ours.key)
        return []

    def _told(self, copies: list[Kept]) -> HeldRoom | None:
        return self._held(copies[0].room, copies[0].one) if copies else None

    def _held(self, room: str, one: Occurrence) -> HeldRoom:
        """A booking as we tell it; of what others wrote only who organizes it, and no private title."""
        ours = one.ours if one.ours is not None and one.ours.state == "held" else None
        organizer = self._organization.person_by_email(one.organizer) if one.organizer and ours is None else None
        key = ours.key if ours is not None else f"{ELSEWHERE}{one.uid}:{one.recurrence or ''}"
        known = ours.person if ours is not None else organizer.id if organizer is not None else None
        return HeldRoom(
            id=called(key),
            key=key,
            room=room,
            person=known,
            start=one.start,
            end=one.end,
            title=one.title if ours is not None or not one.private else None,
            private=one.private,
            block=ours is not None and ours.block,
            meeting=ours.meeting if ours is not None else None,
            holder=None if known is not None or ours is not None else one.organizer_name or one.organizer,
        )

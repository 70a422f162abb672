"""A room taken from whoever has it, for the office: they are told why, and where else they could go."""

from __future__ import annotations

from typing import Any

from insights.answers import Booking
from insights.errors import AskerCanFix
from insights.events import EventChange
from insights.ledger.port import HeldRoom
from insights.meetings.acting import Act
from insights.meetings.choosing import Wish, allowed, free, suitable
from insights.meetings.ground import Ground
from insights.meetings.notices import tell
from insights.organization import Room
from insights.wording import formats


class Displacing:
    """Clears a room for a time."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def there(self, room: Room, wish: Wish) -> tuple[HeldRoom, ...]:
        """What is in the room then."""
        return tuple(held for held in self._ground.rooms.busy(wish.start, wish.end) if held.room == room.id)

    def clear(self, room: Room, wish: Wish, act: Act[Any]) -> tuple[tuple[Booking, ...], tuple[str, ...]]:
        """Release everything in the room at that time, once per key: what was there, and the names of those who are told."""
        displaced: list[Booking] = []
        told: list[str] = []
        for held in self.there(room, wish):
            if held.key == act.key:
                continue
            self._ground.rooms.release(held.id, key=f"{act.key}:{held.id}", now=act.now, why="displaced")
            displaced.append(self._ground.booking(held, act.asker))
            told += self._gave_way(held, act)
        return tuple(displaced), tuple(dict.fromkeys(told))

    def finish(self, room: Room, wish: Wish, act: Act[Any]) -> tuple[tuple[Booking, ...], tuple[str, ...]] | None:
        """Clear a room to the end whose clearing was begun under this key and interrupted; None when it was not."""
        before = self._ground.ledger().changed_within(act.key)
        if not before:
            return None
        told = [name for held in before for name in self._gave_way(held, act)]
        displaced, others = self.clear(room, wish, act)
        return (*(self._ground.booking(held, act.asker) for held in before), *displaced), tuple(dict.fromkeys((*told, *others)))

    def _gave_way(self, held: HeldRoom, act: Act[Any]) -> tuple[str, ...]:
        """What follows for a booking that gave way, done once: its meeting is nowhere, and those in it are told."""
        people, event = self._ground.people_in(held), self._ground.meeting_of(held)
        key = f"{act.key}:{held.id}"
        if event is not None and event.room == held.room:
            self._ground.calendars.change(event, EventChange(room=""), key=f"{key}:meeting", now=act.now)
        about: Act[Any] = Act(request=act.request, asker=act.asker, key=key, now=act.now)
        return tell(self._ground, people, self._sentence(held, act), about, reason=act.request.reason)

    def _sentence(self, held: HeldRoom, act: Act[Any]) -> str:
        ground = self._ground
        start, end = ground.here(held.start), ground.here(held.end)
        when = f"on {formats.weekday(start.date(), ground.locale)} from {formats.clock(start, ground.locale)} to {formats.clock(end, ground.locale)}"
        other = self._instead(held, act)
        instead = f" ({other.name} is free then)" if other else ""
        return f"Your booking of {ground.room_name(held.room)} {when} was released by the office{instead}"

    def _instead(self, held: HeldRoom, act: Act[Any]) -> Room | None:
        """Another room that would do: as large and as well equipped, free then."""
        ground, room = self._ground, self._ground.room(held.room)
        if room is None:
            return None
        wish = Wish(start=held.start, end=held.end, people=room.capacity, near=room)
        person = ground.person(held.person or "")
        try:
            fit = allowed(suitable(ground.organization, wish), wish, ground.now(act.now), person.roles if person else frozenset())
        except AskerCanFix:
            return None
        return next((one for one in free(fit, wish, ground.rooms.busy(held.start, held.end)) if one.id != room.id), None)

"""Which rooms suit a wish, best first, and what a room's policy allows; without state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from insights.errors import NothingFree, NotPermitted, UnknownThing, nearest
from insights.ledger.port import HeldRoom
from insights.meetings.times import after, overlap
from insights.organization import Organization, Room
from insights.wording import formats


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A time (aware, `end` not included) and what the room must have. `near` is the room that it should be near to."""

    start: datetime
    end: datetime
    people: int | None = None
    equipment: frozenset[str] = frozenset()
    floor: str | None = None
    building: str | None = None
    near: Room | None = None
    without: frozenset[str] = frozenset()

    @property
    def length(self) -> timedelta:
        """The time that passes between start and end."""
        return timedelta(seconds=self.end.timestamp() - self.start.timestamp())

    def at(self, start: datetime) -> Wish:
        """The same wish at another time."""
        return replace(self, start=start, end=after(start, self.length))


def suits(room: Room, wish: Wish) -> bool:
    """Whether the room is large enough, has the equipment, is where it is wanted, and is none of those that are not."""
    return room.id not in wish.without and room.capacity >= (wish.people or 1) and wish.equipment <= _equipment(room) and stands(room, wish)


def stands(room: Room, wish: Wish) -> bool:
    """Whether the room is on the floor and in the building that are wanted, letter case aside."""
    wanted = ((wish.floor, room.floor), (wish.building, room.building))
    return all(said is None or (has is not None and said.casefold() == has.casefold()) for said, has in wanted)


def distance(room: Room, near: Room | None) -> tuple[int, int]:
    """How far a room is from another: elsewhere after the same building, then by floors between; an unknown floor is the farthest."""
    if near is None:
        return (0, 0)
    if room.id == near.id:
        return (-1, 0)
    if room.building != near.building:
        return (1, 0)
    floors = (room.floor or "", near.floor or "")
    if not all(floor.lstrip("-").isdigit() for floor in floors):
        return (0, 0 if floors[0] == floors[1] else 1000)
    return (0, abs(int(floors[0]) - int(floors[1])))


def suitable(organization: Organization, wish: Wish) -> list[Room]:
    """The rooms that suit, the nearest first where that is wanted, then the one that wastes least: seats, then unused equipment, then by name.

    Raises NothingFree, naming what comes nearest, when no room suits at any time.
    """
    fit = [room for room in organization.rooms.values() if suits(room, wish)]
    if not fit:
        raise _none_suits(organization, wish)
    return sorted(fit, key=lambda room: (distance(room, wish.near), room.capacity, len(_equipment(room) - wish.equipment), room.name, room.id))


def known_equipment(asked: Iterable[str], organization: Organization) -> frozenset[str]:
    """The equipment asked for, as rooms list it. Raises UnknownThing with what there is."""
    known = sorted({item for room in organization.rooms.values() for item in _equipment(room)})
    wanted = frozenset(item.strip().casefold() for item in asked)
    for item in sorted(wanted - set(known)):
        raise UnknownThing(f"No room here lists '{item[:60]}'.", remedy=nearest(item[:60], known), options=known[:8])
    return wanted


def known_place(said: str | None, kind: Literal["floor", "building"], organization: Organization) -> str | None:
    """A floor or a building as rooms list it. Raises UnknownThing with what there is."""
    if said is None:
        return None
    known = sorted({str(place) for room in organization.rooms.values() if (place := getattr(room, kind)) is not None})
    found = next((place for place in known if place.casefold() == said.strip().casefold()), None)
    if found is None:
        raise UnknownThing(f"No room here is on floor '{said[:40]}'." if kind == "floor" else f"No room here is in '{said[:40]}'.", options=known[:8])
    return found


def check_policy(room: Room, wish: Wish, now: datetime, roles: frozenset[str] | None = None) -> None:
    """Raise NotPermitted when the room may not be held by somebody with these roles (None: whoever), that long or that far ahead; `now` is aware."""
    if roles is not None and room.policy.roles and not roles & room.policy.roles:
        who = formats.listed(sorted(role.replace("_", " ") for role in room.policy.roles), "or")
        raise NotPermitted(f"{room.name} can be booked by {who} only.", remedy="Ask for another room.")
    if wish.length > room.policy.longest:
        longest = _span(room.policy.longest)
        raise NotPermitted(f"{room.name} can be booked for at most {longest}.", remedy=f"Ask for {longest} or less.")
    if wish.start.timestamp() - now.timestamp() > room.policy.ahead.total_seconds():
        ahead = _span(room.policy.ahead)
        raise NotPermitted(f"{room.name} can be booked at most {ahead} ahead.", remedy="Ask for an earlier day.")


def allowed(rooms: Sequence[Room], wish: Wish, now: datetime, roles: frozenset[str] | None = None) -> list[Room]:
    """The rooms whose policy allows it. Raises NotPermitted, in the words of the most generous room, when none does."""
    refusals: list[tuple[timedelta, NotPermitted]] = []
    kept = []
    for room in rooms:
        try:
            check_policy(room, wish, now, roles)
            kept.append(room)
        except NotPermitted as refusal:
            refusals.append((min(room.policy.longest, room.policy.ahead), refusal))
    if not kept:
        raise max(refusals, key=lambda pair: pair[0])[1]
    return kept


def free(rooms: Sequence[Room], wish: Wish, busy: Iterable[HeldRoom]) -> list[Room]:
    """The rooms that nobody holds at that time, in the given order."""
    taken = {held.room for held in busy if overlap(wish.start, wish.end, held.start, held.end)}
    return [room for room in rooms if room.id not in taken]


def next_free(room: Room, wish: Wish, busy: Iterable[HeldRoom]) -> datetime:
    """The first time from the wished start on when the room is free for that long. `busy` must reach far enough."""
    start = wish.start
    for held in sorted((one for one in busy if one.room == room.id), key=lambda one: one.start.timestamp()):
        if overlap(start, after(start, wish.length), held.start, held.end):
            start = held.end
    return start.astimezone(wish.start.tzinfo)


def _none_suits(organization: Organization, wish: Wish) -> NothingFree:
    rooms = [room for room in organization.rooms.values() if wish.equipment <= _equipment(room) and stands(room, wish)]
    having = f" with {formats.listed(sorted(wish.equipment))}" if wish.equipment else ""
    if not organization.rooms:
        return NothingFree("I don't know any rooms here.", remedy="Rooms are listed in organization.yaml.")
    where = f" on floor {wish.floor}" if wish.floor else ""
    where += f" in {wish.building}" if wish.building else ""
    having += where
    if not rooms:
        return NothingFree(f"There is no room{having}.", remedy="Ask for a room elsewhere." if where else "Ask for less equipment.")
    largest = max(rooms, key=lambda room: (room.capacity, room.name))
    return NothingFree(f"No room{having} seats {wish.people}.", remedy=f"The largest is {largest.name}, which seats {largest.capacity}.")


def _equipment(room: Room) -> frozenset[str]:
    return frozenset(item.casefold() for item in room.equipment)


def _span(span: timedelta) -> str:
    if span >= timedelta(days=2) and span % timedelta(days=1) == timedelta(0):
        return f"{span.days} days"
    return formats.duration(int(span.total_seconds() // 60))

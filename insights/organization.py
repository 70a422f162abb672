"""People, rooms and devices of the company, and who a speaker is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Literal

from insights.errors import UnknownThing, nearest
from insights.helpdesk import HelpDesk

_HERE = frozenset({"here", "this room", "this one"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone of the company. `attributes` are what row policies refer to; `delegates` may act for them; `responsible_for` is what they see to.

    `calendar` is the address of their calendar, where it is not their `email`.
    """

    id: str
    name: str
    email: str | None = None
    roles: frozenset[str] = frozenset()
    attributes: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    slack: str | None = None
    delegates: tuple[str, ...] = ()
    active: bool = True
    title: str | None = None
    phone: str | None = None
    responsible_for: tuple[str, ...] = ()
    calendar: str | None = None
    timezone: str | None = None
    hours: WorkingHours | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingHours:
    """When people work, by their own clocks: `days` are weekdays, Monday is 0; `end` is not included."""

    start: time = time(9)
    end: time = time(17)
    days: frozenset[int] = frozenset(range(5))


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomPolicy:
    """Who may book a room, how long and how far ahead, and what is done about it by itself.

    `roles`: whoever has one of them may book it; none means everybody. `check_in` is how long after its start a booking is released when nobody has come,
    None for never. `reminder` is how long before its end the holder is told, None for not at all. `status` is who may hear from the speaker in the room whether
    it is free: anyone who stands there, or whose voice is known.
    """

    longest: timedelta = timedelta(hours=8)
    ahead: timedelta = timedelta(days=365)
    roles: frozenset[str] = frozenset()
    check_in: timedelta | None = None
    reminder: timedelta | None = None
    status: Literal["anyone", "known"] = "anyone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A meeting room. `calendar` is the address of its calendar in the configured calendar system."""

    id: str
    name: str
    capacity: int
    equipment: frozenset[str] = frozenset()
    floor: str | None = None
    building: str | None = None
    policy: RoomPolicy = field(default_factory=RoomPolicy)
    calendar: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A speaker or screen: in a room (a public place) or on one person's desk."""

    id: str
    room: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something to say at once: `about` is how people call it, the first as its heading. `rooms` (ids), `roles` and `private` say where and to whom."""

    about: tuple[str, ...]
    say: str
    rooms: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()
    private: bool = False
    owner: str | None = None
    updated: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """Who and what there is; empty where no `organization.yaml` stands beside the catalog.

    `hours` are those of people who have none of their own; `buffer` is left free before and after the meetings of everybody.
    """

    people: Mapping[str, Person] = field(default_factory=dict)
    rooms: Mapping[str, Room] = field(default_factory=dict)
    devices: Mapping[str, Device] = field(default_factory=dict)
    help_desk: HelpDesk = field(default_factory=HelpDesk)
    handbook: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    hours: WorkingHours = field(default_factory=lambda: WorkingHours())
    buffer: timedelta = timedelta()

    def person_by_slack(self, user: str) -> Person | None:
        """The active person with this Slack user id."""
        return next((p for p in self.people.values() if p.active and p.slack == user), None)

    def person_by_email(self, email: str) -> Person | None:
        """The active person with this address, letter case aside."""
        wanted = email.casefold()
        return next((p for p in self.people.values() if p.active and p.email and p.email.casefold() == wanted), None)

    def room_called(self, said: str, *, here: str | None = None) -> Room:
        """The room with this id or name, letter case aside; `here` is the id of the room that "this room" means.

        Raises UnknownThing with the nearest and, when there are few, all names.
        """
        wanted = here if here and said.casefold() in _HERE else said
        for room in self.rooms.values():
            if wanted.casefold() in (room.id.casefold(), room.name.casefold()):
                return room
        if said.casefold() in _HERE:
            raise UnknownThing("I don't know which room this is.", remedy="Say its name.")
        names = sorted(room.name for room in self.rooms.values())
        if not names:
            raise UnknownThing("I don't know any rooms here.", remedy="Rooms are listed in organization.yaml.")
        raise UnknownThing(f"I don't know a room '{said[:60]}'.", remedy=nearest(said[:60].title(), names), options=names if len(names) <= 8 else ())

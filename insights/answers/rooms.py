"""Rooms that are free, and what is held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from insights.answers.figures import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A room held; local date-times of the room, `end` not included.

    `person` (an id) and `person_name` are whose it is. For those who may not know it is `hidden`: neither the holder nor the title is there. `block`: it
    is kept out of use.
    """

    id: str
    room: str
    room_name: str
    start: datetime
    end: datetime
    title: str | None = None
    capacity: int | None = None
    person: str | None = None
    person_name: str | None = None
    hidden: bool = False
    block: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomsAnswer:
    """Rooms that are free for the time asked about, best first. `assumed` says what was taken for granted (sentences)."""

    start: datetime
    end: datetime
    rooms: tuple[Row, ...]
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingAnswer:
    """A booking, and what was done to it; `proposed` waits for a yes, and `act` says what for. `assumed` says what was taken for granted (sentences).

    `before` is the booking as it was. `displaced` are those that give way to it. `told` are the names of those who are told, for what `reason`. `others`:
    it is somebody else's. `repeats` is the rule by which it is held again (RFC 5545), `missing` the days of it on which the room is taken, `through` the
    last day on which it is held so far. `ahead` is who comes next, when somebody does.
    """

    status: Literal["proposed", "booked", "extended", "shortened", "moved", "released", "ended", "checked_in"]
    booking: Booking
    assumed: tuple[str, ...] = ()
    act: Literal["book", "extend", "shorten", "move", "release", "end", "check_in"] = "book"
    before: Booking | None = None
    displaced: tuple[Booking, ...] = ()
    told: tuple[str, ...] = ()
    reason: str | None = None
    others: bool = False
    repeats: str | None = None
    missing: tuple[date, ...] = ()
    through: date | None = None
    ahead: Booking | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomStatusAnswer:
    """Whether a room is free `at` a time: until when (`until`, None for the rest of the day), who holds it, who comes next that day.

    `asks` tells what was asked: whether it is free, or who has it. `minutes` is how long it is wanted for, and `fits` whether it is free that long.
    `now`: it is asked about the present.
    """

    room: str
    room_name: str
    at: datetime
    free: bool
    asks: Literal["status", "who"] = "status"
    until: datetime | None = None
    booking: Booking | None = None
    next: Booking | None = None
    minutes: int | None = None
    fits: bool | None = None
    now: bool = True
    checked_in: bool = False

"""What can be asked about rooms: one that is free, one to hold, and one that is held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from insights.requests.questions import Period

THIS = "this"
"""The floor or the building of the room in which it is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindRoom:
    """Which rooms are free; `start` None means now, `minutes` None the room policy's usual length. `floor` and `building` may be "this".

    `near` is the room (an id) near which it is wanted, `without` are rooms that are not.
    """

    start: datetime | None = None
    minutes: int | None = None
    people: int | None = None
    equipment: tuple[str, ...] = ()
    floor: str | None = None
    building: str | None = None
    nearest: bool = False
    near: str | None = None
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BookRoom:
    """Hold a room; `room` None means any that fits (then the choice is confirmed), local date-times without offset.

    `nearest` puts what is near the device's room first, or near the room `near`; `without` are rooms that are not wanted. `repeats` is an RRULE of RFC 5545.
    `block` keeps everybody out of it, and takes it from those who have it; `reason` is what they are told. `person` (an id) is for whom, None the asker.
    `floor` and `building` may be "this".
    """

    room: str | None = None
    start: datetime | None = None
    minutes: int | None = None
    people: int | None = None
    equipment: tuple[str, ...] = ()
    title: str | None = None
    floor: str | None = None
    building: str | None = None
    nearest: bool = False
    private: bool = False
    repeats: str | None = None
    block: bool = False
    reason: str | None = None
    person: str | None = None
    near: str | None = None
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendBooking:
    """Hold a room longer, by `minutes` (negative: shorter), `until` a time or for `length` minutes in all.

    `room` None means the asker's own booking that is running or next.

    `booking` is the id of the booking that is meant, where that is known or said; else its `title` and when it is (`start`) name it.
    """

    room: str | None = None
    minutes: int | None = None
    until: datetime | None = None
    booking: str | None = None
    title: str | None = None
    start: datetime | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndMeeting:
    """The meeting in `room` is over; None means the asker's own. `booking` is the id of the booking that is meant."""

    room: str | None = None
    booking: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """The people of the booking have come. `booking` is the id of the booking that is meant."""

    room: str | None = None
    booking: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRoom:
    """A booking is not needed; `start` None means the one that is running or next, or those on the days of `period`; `series` all that repeat with it.

    `booking` is the id of the booking that is meant, `title` what it is called; `reason` is what its holder is told, where that is not the asker.
    """

    room: str | None = None
    start: datetime | None = None
    booking: str | None = None
    series: bool = False
    reason: str | None = None
    title: str | None = None
    period: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomStatus:
    """Whether a room is free, until when, and what comes next; `start` None means now, `minutes` how long it is wanted for."""

    room: str | None = None
    start: datetime | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoBooked:
    """Who holds a room; `start` None means now."""

    room: str | None = None
    start: datetime | None = None


AboutRooms = FindRoom | BookRoom | ExtendBooking | EndMeeting | CheckIn | ReleaseRoom | RoomStatus | WhoBooked

"""Rooms: found, booked, held longer or shorter, checked in to, released, asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from insights.answers import Answer, RoomsAnswer
from insights.ledger.port import HeldRoom
from insights.meetings.holding import Held
from insights.office.task import Prepared, Proposal, Settled, Task
from insights.requests import AboutRooms, BookRoom, CheckIn, Choice, Clarify, EndMeeting, ExtendBooking, FindRoom, ReleaseRoom, RoomStatus, WhoBooked
from insights.wording import formats

LOOKS = (FindRoom, RoomStatus, WhoBooked)
_MOST = 3
"""Bookings that are listed where we ask which."""


def prepare(errand: AboutRooms, task: Task) -> Prepared:
    """What leaves something open, takes something away or is for others waits for a yes."""
    match errand:
        case BookRoom():
            return _booking(errand, task)
        case ExtendBooking() | EndMeeting() | CheckIn() | ReleaseRoom():
            return _held(errand, task)
        case FindRoom() | RoomStatus() | WhoBooked():
            return None
        case _:
            assert_never(errand)


def carry_out(errand: AboutRooms, task: Task) -> Answer:
    """Do it."""
    meetings = task.office.meetings
    match errand:
        case FindRoom():
            return _sound_first(meetings.find(errand, asker=task.asker, now=task.now), task)
        case BookRoom():
            return meetings.book(errand, asker=task.asker, now=task.now, key=task.key)
        case ExtendBooking():
            return meetings.holding.extending.once(errand, asker=task.asker, key=task.key, now=task.now)
        case EndMeeting():
            return meetings.holding.ending.once(errand, asker=task.asker, key=task.key, now=task.now)
        case CheckIn():
            return meetings.holding.checking_in.once(errand, asker=task.asker, key=task.key, now=task.now)
        case ReleaseRoom():
            return meetings.holding.releasing.once(errand, asker=task.asker, key=task.key, now=task.now)
        case RoomStatus() | WhoBooked():
            return meetings.status(errand, asker=task.asker, now=task.now)
        case _:
            assert_never(errand)


def choices(errand: FindRoom, found: RoomsAnswer) -> tuple[Choice, ...]:
    """Each room that was found, to be booked for the time it was found free."""
    minutes = int((found.end - found.start).total_seconds() // 60)
    wish = BookRoom(
        start=found.start, minutes=minutes, people=errand.people, equipment=errand.equipment, floor=errand.floor, building=errand.building,
        nearest=errand.nearest,
    )  # fmt: skip
    return tuple(Choice(label=str(row["name"]), request=replace(wish, room=str(row["room"]))) for row in found.rooms)


def _sound_first(found: RoomsAnswer, task: Task) -> RoomsAnswer:
    """Rooms with something out of order come last, with a warning."""
    faulty = task.office.tickets.faulty_rooms(now=task.now)
    rooms = tuple(sorted(found.rooms, key=lambda row: str(row["room"]) in faulty))
    warned = tuple(_warning(str(row["name"]), faulty[str(row["room"])]) for row in rooms if str(row["room"]) in faulty)
    return replace(found, rooms=rooms, assumed=(*found.assumed, *warned))


def _in_a_sound_room(errand: BookRoom, task: Task) -> BookRoom:
    """A booking of any room goes to the best in which nothing is out of order, where there is one."""
    faulty = task.office.tickets.faulty_rooms(now=task.now) if errand.room is None and not errand.block else {}
    if not faulty:
        return errand
    wish = FindRoom(
        start=errand.start, minutes=errand.minutes, people=errand.people, equipment=errand.equipment, floor=errand.floor, building=errand.building,
        nearest=errand.nearest,
    )  # fmt: skip
    free = [str(row["room"]) for row in task.office.meetings.find(wish, asker=task.asker, now=task.now).rooms]
    if not free or free[0] not in faulty:
        return errand
    return replace(errand, room=next((room for room in free if room not in faulty), None))


def _warning(room: str, trouble: str) -> str:
    return f"in {room} something is reported to be out of order ({trouble})"


def _booking(errand: BookRoom, task: Task) -> Prepared:
    """A booking that says it all is made; a block, one for somebody else and one that repeats are read back."""
    rooms = task.office.meetings.rooms
    if errand.block and errand.reason is None and rooms.displaces(errand, asker=task.asker, now=task.now):
        return Clarify(about="reason", missing="reason", partial=errand)
    plain = not errand.block and errand.person is None and errand.repeats is None
    said_it_all = plain and None not in (errand.room, errand.start, errand.minutes) and not task.ignored
    if said_it_all or (task.agreed and plain):
        return None
    proposed = rooms.propose(_in_a_sound_room(errand, task), asker=task.asker, now=task.now)
    trouble = task.office.tickets.faulty_rooms(now=task.now).get(proposed.booking.room)
    if trouble is not None:
        proposed = replace(proposed, assumed=(*proposed.assumed, _warning(proposed.booking.room_name, trouble)))
    settled = rooms.settled(errand, proposed)
    return Settled(errand=settled) if task.agreed else Proposal(errand=settled, answer=proposed)


def _held(errand: Held, task: Task) -> Prepared:
    holding = task.office.meetings.holding
    found = holding.settle(errand, asker=task.asker, now=task.now)
    if len(found) > 1:
        return _which(errand, found, task)
    settled = found[0]
    if isinstance(settled, ReleaseRoom) and holding.needs_reason(settled, asker=task.asker):
        return Clarify(about="reason", missing="reason", partial=settled)
    unnamed = (
        isinstance(errand, ExtendBooking) and (errand.booking, errand.title, errand.start) == (None, None, None) and errand.room in (None, task.asker.room)
    )
    waits = isinstance(settled, ReleaseRoom) or (isinstance(settled, ExtendBooking) and holding.others(settled, asker=task.asker))
    waits = waits or (unnamed and holding.is_of_another_day(settled, now=task.now))  # "can we stay" is said of where one is
    if waits and not task.agreed:
        assert isinstance(settled, ReleaseRoom | ExtendBooking)
        return Proposal(errand=settled, answer=holding.propose(settled, asker=task.asker, now=task.now))
    return Settled(errand=settled)


def _which(errand: Held, found: Sequence[Held], task: Task) -> Clarify:
    """Which of several bookings is meant; where there are more than can be listed, that is said."""
    ground = task.office.meetings.ground
    held = [ground.rooms.find(one.booking or "") for one in found]
    several = len({ground.here(one.start).date() for one in held if one is not None}) > 1
    choices = tuple(Choice(label=_label(one, there, task, several=several), request=one) for one, there in zip(found[:_MOST], held, strict=False))
    said = f"There are {len(found)}; these are the next {_MOST}. For another, say its day and time." if len(found) > _MOST else ""
    return Clarify(about="booking", missing="booking", choices=choices, partial=errand, said=said)


def _label(settled: Held, held: HeldRoom | None, task: Task, *, several: bool) -> str:
    """What to call a booking; with its day where there are `several`."""
    if held is None:
        return settled.booking or ""
    ground = task.office.meetings.ground
    start = ground.here(held.start)
    day = f" on {formats.weekday(start.date(), ground.said_in)}" if several else ""
    return f"{task.rooms.get(held.room, held.room)}{day} at {formats.clock(start, ground.said_in)}"

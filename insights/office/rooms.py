"""Rooms: found, booked, held longer or shorter, checked in to, released, asked about."""

from __future__ import annotations

from typing import assert_never

from insights.answers import Answer
from insights.meetings.holding import Held
from insights.office.task import Prepared, Proposal, Settled, Task
from insights.requests import AboutRooms, BookRoom, CheckIn, Choice, Clarify, EndMeeting, ExtendBooking, FindRoom, ReleaseRoom, RoomStatus, WhoBooked
from insights.wording import formats

LOOKS = (FindRoom, RoomStatus, WhoBooked)


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
            return meetings.find(errand, asker=task.asker, now=task.now)
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


def _booking(errand: BookRoom, task: Task) -> Prepared:
    """A booking that says it all is made; a block, one for somebody else and one that repeats are read back."""
    rooms = task.office.meetings.rooms
    if errand.block and errand.reason is None and rooms.displaces(errand, asker=task.asker, now=task.now):
        return Clarify(about="reason", missing="reason", partial=errand)
    plain = not errand.block and errand.person is None and errand.repeats is None
    said_it_all = plain and None not in (errand.room, errand.start, errand.minutes) and not task.ignored
    if said_it_all or (task.agreed and plain):
        return None
    proposed = rooms.propose(errand, asker=task.asker, now=task.now)
    settled = rooms.settled(errand, proposed)
    return Settled(errand=settled) if task.agreed else Proposal(errand=settled, answer=proposed)


def _held(errand: Held, task: Task) -> Prepared:
    holding = task.office.meetings.holding
    found = holding.settle(errand, asker=task.asker, now=task.now)
    if len(found) > 1:
        return Clarify(about="booking", missing="booking", choices=tuple(Choice(label=_label(one, task), request=one) for one in found[:3]), partial=errand)
    settled = found[0]
    if isinstance(settled, ReleaseRoom) and holding.needs_reason(settled, asker=task.asker):
        return Clarify(about="reason", missing="reason", partial=settled)
    waits = isinstance(settled, ReleaseRoom) or (isinstance(settled, ExtendBooking) and holding.others(settled, asker=task.asker))
    if waits and not task.agreed:
        assert isinstance(settled, ReleaseRoom | ExtendBooking)
        return Proposal(errand=settled, answer=holding.propose(settled, asker=task.asker))
    return Settled(errand=settled)


def _label(settled: Held, task: Task) -> str:
    held = task.office.meetings.ground.rooms.find(settled.booking or "")
    if held is None:
        return settled.booking or ""
    start = task.office.meetings.ground.here(held.start)
    return f"{task.rooms.get(held.room, held.room)} at {formats.clock(start, task.office.meetings.ground.locale)}"

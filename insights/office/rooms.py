"""Rooms: found, booked, held longer or shorter, checked in to, released, asked about."""

from __future__ import annotations

from typing import assert_never

from insights.answers import Answer
from insights.office.task import Prepared, Proposal, Task
from insights.requests import AboutRooms, BookRoom, CheckIn, EndMeeting, ExtendBooking, FindRoom, ReleaseRoom, RoomStatus, WhoBooked

LOOKS = (FindRoom, RoomStatus, WhoBooked)


def prepare(errand: AboutRooms, task: Task) -> Prepared:
    """A booking that leaves something open waits for a yes."""
    match errand:
        case BookRoom():
            said_it_all = None not in (errand.room, errand.start, errand.minutes) and not task.ignored
            if task.agreed or said_it_all:
                return None
            proposed = task.office.meetings.propose(errand, asker=task.asker, now=task.now)
            return Proposal(errand=task.office.meetings.settled(errand, proposed), answer=proposed)
        case FindRoom() | ExtendBooking() | EndMeeting() | CheckIn() | ReleaseRoom() | RoomStatus() | WhoBooked():
            return None
        case _:
            assert_never(errand)


def carry_out(errand: AboutRooms, task: Task) -> Answer:
    """Do it."""
    match errand:
        case FindRoom():
            return task.office.meetings.find(errand, asker=task.asker, now=task.now)
        case BookRoom():
            return task.office.meetings.book(errand, asker=task.asker, now=task.now, key=task.key)
        case ExtendBooking() | EndMeeting() | CheckIn() | ReleaseRoom() | RoomStatus() | WhoBooked():
            raise task.unready(errand)
        case _:
            assert_never(errand)

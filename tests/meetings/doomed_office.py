"""A process that changes bookings and meetings in children which are killed: reads `what ledger commit` a line, a JSON list, and tells how each child ended."""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from insights.ledger.sqlite.database import SqliteDatabase
from insights.meetings import EmbeddedCalendars, EmbeddedRooms, Ground, MeetingsOffice
from insights.organization import Organization, Person, Room
from insights.permit import Asker
from insights.requests import BookRoom, CancelMeeting, CheckIn, EndMeeting, ExtendBooking, MoveMeeting, ReleaseRoom, RespondInvitation, ScheduleMeeting
from tests.ledgers import open_at

NOW = datetime(2026, 12, 1, 10)
DURING = datetime(2026, 12, 2, 15, 20)
PEOPLE = {
    "ada": Person(id="ada", name="Ada Okafor", delegates=("sam",)),
    "sam": Person(id="sam", name="Sam Reyes"),
    "ben": Person(id="ben", name="Ben Ito"),
    "ivan": Person(id="ivan", name="Ivan Kowalski", roles=frozenset({"facilities"})),
}
OFFICE = Organization(people=PEOPLE, rooms={id_: Room(id=id_, name=id_.title(), capacity=6) for id_ in ("fern", "oak")})
BOOKING = BookRoom(room="fern", start=datetime(2026, 12, 2, 15), minutes=60)
REVIEW = ScheduleMeeting(people=("ben",), start=datetime(2026, 12, 2, 15), minutes=60, title="Review", room="fern")
WEEKLY = BookRoom(room="fern", start=datetime(2026, 12, 2, 15), minutes=60, repeats="FREQ=WEEKLY;COUNT=3")
FOUR = datetime(2026, 12, 2, 16)


def asker(person):
    """Somebody who asks in private."""
    return Asker(person=PEOPLE[person], audience="private")


def office_of(ledger):
    """Everything about rooms and meetings over one ledger."""
    providers = {"rooms": EmbeddedRooms(lambda: ledger), "calendars": EmbeddedCalendars(lambda: ledger, OFFICE)}
    return MeetingsOffice(Ground(**providers, ledger=lambda: ledger, organization=OFFICE, zone=ZoneInfo("UTC")))


def prepare(office, what):
    """What is there before: the id of the booking or of the meeting that something is to become of."""
    if "meeting" in what or what.startswith("invitation"):
        meeting = office.scheduling.scheduling.once(REVIEW, asker=asker("ada"), key="before", now=NOW).meeting.id
        return meeting if what.startswith(("move", "cancel", "invitation")) else office.ground.rooms.held_by("ada", start=None, end=None)[0].id
    booking = office.rooms.book(WEEKLY if "series" in what else BOOKING, asker=asker("ada"), key="before", now=NOW).booking.id
    return office.ground.calendars.made("ada", "before").id if what in ("cancel a series", "move a series") else booking


def errand(office, what, thing):
    """How it is done, what is asked, by whom, when."""
    start, holding, changing = BOOKING.start, office.holding, office.changing
    match what:
        case "release a booking":
            return holding.releasing, ReleaseRoom(room="fern", booking=thing, start=start), "ada", NOW
        case "release the room of a meeting":
            return holding.releasing, ReleaseRoom(room="fern", booking=thing, start=start), "ada", NOW
        case "release for the office":
            return holding.releasing, ReleaseRoom(room="fern", booking=thing, start=start, reason="a leak"), "ivan", NOW
        case "release one of a series":
            return holding.releasing, ReleaseRoom(room="fern", booking=thing, start=start), "ada", NOW
        case "extend the room of a meeting":
            return holding.extending, ExtendBooking(room="fern", booking=thing, until=datetime(2026, 12, 2, 17)), "ada", NOW
        case "end a meeting":
            return holding.ending, EndMeeting(room="fern", booking=thing), "ada", DURING
        case "end a booking":
            return holding.ending, EndMeeting(room="fern", booking=thing), "ada", DURING
        case "check in":
            return holding.checking_in, CheckIn(room="fern", booking=thing), "ada", DURING
        case "move a booking":
            return changing.moving, MoveMeeting(meeting=thing, start=start, to=FOUR, room="fern", to_room="oak"), "ada", NOW
        case "move for the office":
            return changing.moving, MoveMeeting(meeting=thing, start=start, to=FOUR, room="fern", reason="a leak"), "ivan", NOW
        case "move a meeting":
            return changing.moving, MoveMeeting(meeting=thing, start=start, to=FOUR, room="fern", to_room="oak"), "ada", NOW
        case "move a meeting out of its room":
            return changing.moving, MoveMeeting(meeting=thing, start=start, to=FOUR, room="fern", to_room=""), "ada", NOW
        case "cancel a meeting":
            return changing.cancelling, CancelMeeting(meeting=thing, start=start, room="fern"), "ada", NOW
        case "cancel a series":
            return changing.cancelling, CancelMeeting(meeting=thing, start=start, room="fern", series=True), "ada", NOW
        case "move a series":
            return changing.moving, MoveMeeting(meeting=thing, start=start, to=FOUR, room="fern", series=True), "ada", NOW
        case "move a meeting for the office":
            held = office.ground.rooms.held_by("ada", start=None, end=None)[0]
            return changing.moving, MoveMeeting(meeting=held.id, start=start, to=FOUR, room="fern", to_room="oak", reason="a leak"), "ivan", NOW
        case "book for somebody":
            return None, BookRoom(room="fern", start=FOUR, minutes=60, person="ada"), "sam", NOW
        case "book what begins now":
            return None, BookRoom(room="fern", start=FOUR, minutes=60), "ada", FOUR
        case "book a series":
            return None, BookRoom(room="oak", start=FOUR, minutes=60, repeats="FREQ=WEEKLY;COUNT=2"), "ada", NOW
        case "block a room":
            return None, BookRoom(room="fern", start=start, minutes=60, block=True, reason="a leak"), "ivan", NOW
        case "schedule a meeting":
            return office.scheduling.scheduling, replace(REVIEW, start=FOUR, room="oak"), "ada", NOW
        case "invitation accepted":
            return changing.responding, RespondInvitation(meeting=thing, start=start, response="accept"), "ben", NOW
        case "invitation declined":
            return changing.responding, RespondInvitation(meeting=thing, start=start, response="decline"), "ben", NOW
    raise KeyError(what)


EXPECTED = {
    "release a booking": ([], []),
    "release the room of a meeting": ([], ["15:00-16:00 None waiting"]),
    "release for the office": ([], []),
    "release one of a series": (["9 fern 15:00-16:00", "16 fern 15:00-16:00"], ["9 fern", "16 fern"]),
    "extend the room of a meeting": (["2 fern 15:00-17:00"], ["15:00-17:00 fern waiting"]),
    "end a meeting": (["2 fern 15:00-15:20"], ["15:00-15:20 fern waiting"]),
    "end a booking": (["2 fern 15:00-15:20"], []),
    "check in": (["2 fern 15:00-16:00"], []),
    "move a booking": (["2 oak 16:00-17:00"], []),
    "move for the office": (["2 fern 16:00-17:00"], []),
    "move a meeting": (["2 oak 16:00-17:00"], ["16:00-17:00 oak waiting"]),
    "move a meeting out of its room": ([], ["16:00-17:00 None waiting"]),
    "cancel a meeting": ([], []),
    "cancel a series": ([], []),
    "move a series": (["2 fern 16:00-17:00", "9 fern 16:00-17:00", "16 fern 16:00-17:00"], ["2 fern", "9 fern", "16 fern"]),
    "move a meeting for the office": (["2 oak 16:00-17:00"], ["16:00-17:00 oak waiting"]),
    "book for somebody": (["2 fern 15:00-16:00", "2 fern 16:00-17:00"], []),
    "book what begins now": (["2 fern 15:00-16:00", "2 fern 16:00-17:00"], []),
    "book a series": (
        ["2 fern 15:00-16:00", "9 fern 15:00-16:00", "16 fern 15:00-16:00", "2 oak 16:00-17:00", "9 oak 16:00-17:00"],
        "2 fern,2 oak,9 fern,9 oak,16 fern".split(","),
    ),
    "block a room": ([], []),
    "schedule a meeting": (["2 fern 15:00-16:00", "2 oak 16:00-17:00"], ["15:00-16:00 fern waiting", "16:00-17:00 oak waiting"]),
    "invitation accepted": (["2 fern 15:00-16:00"], ["15:00-16:00 fern accepted"]),
    "invitation declined": (["2 fern 15:00-16:00"], ["15:00-16:00 fern declined"]),
}
"""What Ada holds and what is in her calendar, once it is done."""
TOLD = {
    "move a meeting for the office": "ada ben", "book for somebody": "ada", "block a room": "ada", "schedule a meeting": "ben",
    "release the room of a meeting": "ben", "release for the office": "ada", "move for the office": "ada", "move a meeting": "ben",
    "move a meeting out of its room": "ben", "cancel a meeting": "ben", "invitation accepted": "ada", "invitation declined": "ada",
}  # fmt: skip
"""Who hears of it besides whoever does it, by name in the alphabet."""


def standing(office, what):
    """What Ada holds and what is in her calendar."""
    ground = office.ground
    held = [
        f"{one.start.day} {one.room} {one.start:%H:%M}-{one.end:%H:%M}"
        for one in sorted(ground.rooms.held_by("ada", start=None, end=None), key=lambda one: (one.room, one.start))
    ]
    events = ground.calendars.events("ada", ground.at(NOW), ground.at(datetime(2027, 1, 10)))
    if "series" in what:
        return held, [f"{one.start.day} {one.room}" for one in sorted(events, key=lambda one: one.start)]
    return held, [f"{one.start:%H:%M}-{one.end:%H:%M} {one.room} {one.response_of('ben')}" for one in events]


def act(ledger, what, thing):
    """Do it, always under the same key."""
    office = office_of(ledger)
    doing, request, person, now = errand(office, what, thing)
    if isinstance(request, BookRoom):
        return office.rooms.book(request, asker=asker(person), key="k", now=now)
    return doing.once(request, asker=asker(person), key="k", now=now)


def die_after(commits):
    """From now on, the process is killed when it has committed so often."""
    whole, left = SqliteDatabase.writing, [commits]

    @contextmanager
    def writing(self, *only):
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        with whole(self, *only) as session:
            yield session
        left[0] -= 1

    SqliteDatabase.writing = writing


def child(where, what, thing, commits):
    """Do it, and die after so many commits, at the next write."""
    ledger = open_at(where)
    die_after(commits)
    act(ledger, what, thing)
    os._exit(0)


def main():
    """Fork for each line."""
    for line in sys.stdin:
        where, what, thing, commits = json.loads(line)
        pid = os.fork()
        if pid == 0:
            try:
                child(where, what, thing, commits)
            finally:
                os._exit(4)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()

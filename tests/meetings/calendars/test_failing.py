"""Calendar systems that fail while a room is booked: what is said is true, and asking again never books twice."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from insights.errors import OutcomeUnknown, OutsideFailed
from insights.lake.waiting import waiting
from insights.ledger.port import RoomChange, RoomHold
from insights.meetings.calendars.booking import CalendarRooms
from insights.meetings.calendars.contending import LEFT, SETTLED_WITHIN
from insights.meetings.calendars.occurrences import Ours
from insights.meetings.calendars.store import Draft
from tests.meetings.calendars.office import PEOPLE, ZONE

NOON = datetime(2026, 12, 2, 12, tzinfo=ZONE)
NOW = datetime(2026, 12, 1)
HOUR = timedelta(hours=1)
STAMP = "%Y%m%dT%H%M%SZ"
KINDS = ("radicale", "google", "graph")
WRITES = {"radicale": ("PUT", "PUT"), "google": ("POST", "PATCH"), "graph": ("POST", "PATCH")}


@pytest.fixture(params=KINDS)
def kind(request):
    """Which system."""
    return request.param


@pytest.fixture
def office(servers, kind):
    """One room, reached through a front that can fail, and the calendar as it is behind it."""
    with servers.front_of(kind) as front:
        if kind == "graph":
            servers.graph_fake.url = front.url
        store, made = servers.store(kind, f"{front.url}/" if kind == "radicale" else front.url)
        calendar = made("fern").replace(servers.radicale, f"{front.url}/") if kind == "radicale" else made("fern")
        rooms = CalendarRooms(store, {"fern": calendar}, PEOPLE, patience=8)
        yield Office(front, store, calendar, rooms)
        rooms.close()


class Office:
    """What a test holds in its hands."""

    def __init__(self, front, store, calendar, rooms):
        self.front, self.store, self.calendar, self.rooms = front, store, calendar, rooms

    def hold(self, key="k", start=NOON, person="ada"):
        """Try to book the room for an hour."""
        return self.rooms.hold(RoomHold(key=key, room="fern", person=person, start=start, end=start + HOUR, title="Stand-up"), now=NOW)

    def standing(self):
        """The events that stand in the calendar around noon: key and state."""
        self.front.faults.clear()
        found = self.store.read(self.calendar, NOON - 12 * HOUR, NOON + 12 * HOUR, until=time.monotonic() + 30)
        return sorted((one.ours.key, one.ours.state) if one.ours else (one.title, "theirs") for one in found.busy)


@pytest.mark.parametrize("write", [0, 1])
@pytest.mark.parametrize("fault", ["busy", "throttled", "lost", "dropped", "broken"])
def test_a_fault_while_writing_is_survived(office, kind, fault, write):
    """Turned away, dropped before or after it was written, and written though an error was told: booked once, and said so."""
    method = WRITES[kind][write]
    office.front.fail(fault, method, skip=1 if kind == "radicale" and write else 0)
    assert office.hold() is not None
    assert all(not one.times for one in office.front.faults)
    assert office.standing() == [("k", "held")]
    assert office.hold() == office.rooms.held("k")


def test_a_server_that_says_nothing_more_leaves_it_unknown_until_it_is_looked_up(office, kind):
    """Making it definite is written and nobody says so, nor anything else: not sure yet. Looked up later, it is booked, once."""
    office.front.fail("lost", WRITES[kind][1], skip=1 if kind == "radicale" else 0)
    office.rooms._patience = 3
    seen = office.store.change

    def silent(*args, **options):
        office.front.fail("dropped", "GET", times=500)
        return seen(*args, **options)

    office.store.change = silent
    with pytest.raises(OutcomeUnknown):
        office.hold()
    office.store.change = seen
    office.front.faults.clear()
    assert office.rooms.held("k").person == "ada"
    assert office.standing() == [("k", "held")]
    assert office.hold().key == "k"


def test_a_server_that_fails_throughout_is_said_to_have_failed_and_nothing_is_booked(office, kind):
    """Whatever was left pending never counts, and is swept away by whoever meets it later."""
    office.rooms._patience = 2
    office.front.fail("busy", "REPORT" if kind == "radicale" else "GET", times=1000, skip=1 if kind == "radicale" else 2)
    with pytest.raises(OutsideFailed) as failed:
        office.hold()
    assert not isinstance(failed.value, OutcomeUnknown)
    assert ("k", "held") not in office.standing()


def test_nobody_waits_longer_than_whoever_asked_can(office, kind):
    """The server hangs; before the deadline it is said that nothing was booked, however much patience the settings give."""
    office.rooms.busy(NOON, NOON + HOUR)
    office.front.fail("slow", times=50, seconds=6)
    started = time.monotonic()
    with waiting(started + 3), pytest.raises(OutsideFailed) as failed:
        office.hold()
    assert not isinstance(failed.value, OutcomeUnknown)
    assert time.monotonic() - started < 4
    assert ("k", "held") not in office.standing()


def test_what_somebody_left_pending_is_swept_away(office):
    """A crash between writing and looking: after a minute the room is free for others, and the booking is not there."""
    until = time.time() - LEFT - 1
    draft = Draft(ours=Ours(key="crashed", person="sam", state="pending", until=until), start=NOON, end=NOON + HOUR)
    assert office.store.create(office.calendar, draft, until=time.monotonic() + 30) is not None
    assert office.hold() is not None
    assert office.standing() == [("k", "held")]


def test_what_is_pending_now_is_waited_for_and_never_booked_over(office):
    """Somebody else is between writing and looking: we wait, and say that it could not be settled. Looked up, it is not booked yet, and it stays."""
    until = time.time() + SETTLED_WITHIN
    draft = Draft(ours=Ours(key="other", person="sam", state="pending", until=until), start=NOON, end=NOON + HOUR)
    assert office.store.create(office.calendar, draft, until=time.monotonic() + 30) is not None
    office.rooms._patience = 2
    with pytest.raises(OutsideFailed):
        office.hold()
    assert office.rooms.held("other") is None
    assert office.standing() == [("other", "pending")]


def test_looking_up_what_was_left_pending_takes_it_away_for_good(office):
    """So that what is reported as not done is not done afterwards either."""
    draft = Draft(ours=Ours(key="crashed", person="sam", state="pending", until=time.time() - LEFT - 1), start=NOON, end=NOON + HOUR)
    pending = office.store.create(office.calendar, draft, until=time.monotonic() + 30)
    assert office.rooms.held("crashed") is None
    assert office.standing() == []
    late = Draft(ours=Ours(key="crashed", person="sam"), start=NOON, end=NOON + HOUR)
    assert office.store.change(office.calendar, pending, late, until=time.monotonic() + 30) is None
    assert office.standing() == []


@pytest.mark.parametrize("fault", ["busy", "lost", "dropped", "broken"])
def test_a_fault_while_moving_or_releasing_is_survived(office, kind, fault):
    """Moved once and released once, or said to be unknown and found out by asking again."""
    made = office.hold()
    change = RoomChange(key="c", booking=made.id, room="fern", start=NOON + HOUR, end=NOON + 2 * HOUR)
    office.front.fail(fault, WRITES[kind][1], skip=1 if kind == "radicale" else 0)
    moved = office.rooms.change(change, now=NOW)
    assert (moved.id, moved.start.timestamp()) == (made.id, (NOON + HOUR).timestamp())
    assert office.standing() == [("k", "held")]
    office.front.fail(fault, "DELETE")
    assert office.rooms.release(made.id, key="r", now=NOW).id == made.id
    assert office.standing() == []


def test_what_people_book_themselves_takes_the_room(office, servers, kind):
    """Before us: refused. It is told as theirs, and cannot be changed by us."""
    theirs(office, servers, kind, NOON)
    assert office.hold() is None
    (held,) = office.rooms.busy(NOON, NOON + HOUR)
    assert (held.room, held.title, held.key.startswith("calendar:")) == ("fern", "Their own", True)
    assert office.rooms.find(held.id) is None
    assert office.hold(key="later", start=NOON + HOUR) is not None
    assert office.standing() == [("Their own", "theirs"), ("later", "held")]


def test_who_books_between_our_writing_and_our_looking_gets_the_room(office, servers, kind):
    """We take ours away and say that it is taken."""
    create = office.store.create

    def overtaken(*args, **options):
        found = create(*args, **options)
        theirs(office, servers, kind, NOON)
        return found

    office.store.create = overtaken
    assert office.hold() is None
    assert office.standing() == [("Their own", "theirs")]


def theirs(office, servers, kind, start):
    """Somebody books the room in the calendar itself."""
    first, last = (moment.astimezone(UTC) for moment in (start, start + HOUR))
    web, until = office.store._web, time.monotonic() + 30
    if kind == "radicale":
        lines = (
            "BEGIN:VEVENT",
            "UID:theirs",
            "DTSTAMP:20261101T000000Z",
            "SUMMARY:Their own",
            f"DTSTART:{first:{STAMP}}",
            f"DTEND:{last:{STAMP}}",
            "END:VEVENT",
        )
        text = "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *lines, "END:VCALENDAR", ""))
        answer = web.send("PUT", f"{office.calendar}theirs.ics", until=until, headers={"content-type": "text/calendar"}, content=text.encode())
    elif kind == "google":
        document = {"summary": "Their own", "start": {"dateTime": first.isoformat()}, "end": {"dateTime": last.isoformat()}}
        answer = web.send("POST", f"{office.store._calendar(office.calendar)}/events", until=until, document=document)
    else:
        times = {name: {"dateTime": moment.strftime("%Y-%m-%dT%H:%M:%S.0000000"), "timeZone": "UTC"} for name, moment in (("start", first), ("end", last))}
        answer = web.send("POST", f"{office.store._user(office.calendar)}/events", until=until, document={"subject": "Their own", "showAs": "busy", **times})
    assert answer.status in (200, 201, 204)

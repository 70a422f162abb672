"""Meetings made here are brought into the calendar of their organizer, once, whatever the calendar does meanwhile."""

import time
from datetime import UTC, timedelta

import pytest

from insights.errors import InsightsError, NotAnswerable, UnknownThing
from insights.events import EventChange
from insights.ledger.sqlite import open_ledger
from insights.meetings import EmbeddedRooms, Ground
from insights.meetings.calendars.altering import Alteration
from insights.meetings.keeping import Keeping
from tests.meetings.calendars.copies import DAY, HOUR, NOON, NOW, Desk
from tests.meetings.calendars.office import ZONE


def test_a_meeting_made_here_stands_in_the_calendar_of_its_organizer(desk):
    """With title, time, room and whom it is with; asked again it is still one, and it is seen once."""
    event = desk.make()
    assert event.not_yet_in == ""
    (one,) = desk.standing()
    assert (one.title, one.start, one.end, one.location, one.ours.key) == ("Budget", NOON, NOON + HOUR, "Fern", "k")
    assert desk.guest in one.attendees
    assert desk.make().id == event.id
    assert len(desk.standing()) == 1
    (seen,) = desk.calendars.events("ada", NOON - DAY, NOON + DAY)
    assert (seen.id, seen.title, seen.key) == (event.id, "Budget", "k")


def test_moving_and_cancelling_it_reaches_the_calendar(desk):
    """What else stands in the event is left as it is."""
    event = desk.make()
    moved = desk.calendars.change(event, EventChange(start=NOON + 2 * HOUR, end=NOON + 3 * HOUR), key="m", now=NOW)
    assert (moved.start, moved.not_yet_in) == (NOON + 2 * HOUR, "")
    assert desk.times() == [(2.0, "Budget")]
    assert desk.guest in desk.standing()[0].attendees
    assert desk.calendars.cancel(moved, key="c", now=NOW) == ""
    assert desk.times() == []
    assert desk.calendars.events("ada", NOON - DAY, NOON + DAY) == ()
    assert desk.work() == (0, ())


@pytest.mark.parametrize("fault", ["busy", "throttled", "lost", "dropped", "broken"])
def test_a_fault_while_it_is_written_makes_neither_none_nor_two(desk, fault):
    """Turned away, dropped before and after it was written, written though an error was told."""
    desk.front.fail(fault, "POST" if desk.kind in ("google", "graph") else "PUT", skip=1 if desk.kind == "google" and fault != "busy" else 0)
    desk.make()
    desk.work()
    assert desk.times() == [(0.0, "Budget")]


@pytest.mark.parametrize("fault", ["busy", "dropped"])
def test_a_calendar_that_fails_throughout_gets_it_later(desk, fault, monkeypatch):
    """It is made here and said to be not yet there; a move meanwhile is brought along, and everything once."""
    monkeypatch.setattr("insights.meetings.calendars.copying.PATIENCE", 0.4)
    desk.front.fail(fault, times=10_000)
    event = desk.make()
    assert event.not_yet_in == desk.store.name
    assert desk.calendars.made("ada", "k").not_yet_in == desk.store.name
    moved = desk.calendars.change(event, EventChange(start=NOON + HOUR, end=NOON + 2 * HOUR), key="m", now=NOW)
    assert moved.not_yet_in == desk.store.name
    assert desk.times() == []
    monkeypatch.setattr("insights.meetings.calendars.copying.PATIENCE", 30)
    done, lost = desk.work()
    assert (done, lost) == (2, ())
    assert desk.times() == [(1.0, "Budget")]
    assert desk.calendars.made("ada", "k").not_yet_in == ""


def test_a_meeting_cancelled_before_it_was_brought_never_appears(desk, monkeypatch):
    """The calendar failed for as long as it was to take place."""
    monkeypatch.setattr("insights.meetings.calendars.copying.PATIENCE", 0.4)
    desk.front.fail("busy", times=10_000)
    event = desk.make()
    assert desk.calendars.cancel(event, key="c", now=NOW) == desk.store.name
    desk.front.faults.clear()
    monkeypatch.setattr("insights.meetings.calendars.copying.PATIENCE", 30)
    desk.work()
    assert desk.times() == []


def test_what_somebody_does_to_it_in_the_calendar_is_followed(desk):
    """Moved there, it is then here too; removed there, it is gone here."""
    desk.make()
    (one,) = desk.standing()
    assert desk.store.alter(desk.address, one, Alteration(start=NOON + 3 * HOUR, end=NOON + 4 * HOUR), until=time.monotonic() + 30) is not None
    (seen,) = desk.calendars.events("ada", NOON - DAY, NOON + DAY)
    assert (seen.start, seen.key) == (NOON + 3 * HOUR, "k")
    (one,) = desk.standing()
    assert desk.store.remove(desk.address, one, until=time.monotonic() + 30)
    assert desk.calendars.events("ada", NOON - DAY, NOON + DAY) == ()


def put(desk, guest):
    """An event that somebody wrote into Ada's calendar themselves, with one guest."""
    first, last = (moment.astimezone(UTC) for moment in (NOON, NOON + HOUR))
    until, web, store = time.monotonic() + 30, desk.store._web, desk.store
    if desk.kind == "google":
        document = {"summary": "Theirs", "start": {"dateTime": first.isoformat()}, "end": {"dateTime": last.isoformat()}, "attendees": [{"email": guest}]}
        answer = web.send("POST", f"{store._calendar(desk.address)}/events", until=until, document=document)
    elif desk.kind == "graph":
        times = {name: {"dateTime": moment.strftime("%Y-%m-%dT%H:%M:%S.0000000"), "timeZone": "UTC"} for name, moment in (("start", first), ("end", last))}
        document = {"subject": "Theirs", "showAs": "busy", "attendees": [{"emailAddress": {"address": guest}, "status": {"response": "none"}}], **times}
        answer = web.send("POST", f"{store._user(desk.address)}/events", until=until, document=document)
    else:
        stamp = "%Y%m%dT%H%M%SZ"
        lines = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", "UID:theirs", "DTSTAMP:20261101T000000Z", "SUMMARY:Theirs",
            f"DTSTART:{first.strftime(stamp)}", f"DTEND:{last.strftime(stamp)}", "ORGANIZER:mailto:ada@halcyon.example",
            f"ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{guest}", "X-KEPT:yes", "END:VEVENT", "END:VCALENDAR", "",
        ]  # fmt: skip
        answer = web.send("PUT", f"{desk.address}theirs.ics", until=until, headers={"content-type": "text/calendar"}, content="\r\n".join(lines).encode())
    assert answer.status in (200, 201, 204)


def test_a_meeting_that_stands_elsewhere_is_moved_and_called_off_there(desk):
    """Under its own conditions: what changed meanwhile is not overwritten; what is gone says so."""
    put(desk, desk.guest)
    (event,) = desk.calendars.events("ada", NOON - DAY, NOON + DAY)
    moved = desk.calendars.change(event, EventChange(start=NOON + HOUR, end=NOON + 2 * HOUR), key="m", now=NOW)
    assert (moved.title, moved.start) == ("Theirs", NOON + HOUR)
    assert desk.times() == [(1.0, "Theirs")]
    with pytest.raises(UnknownThing):
        desk.calendars.change(event, EventChange(title="x"), key="n", now=NOW)
    assert desk.calendars.cancel(moved, key="c", now=NOW) == ""
    assert desk.times() == []
    assert desk.calendars.cancel(moved, key="c", now=NOW) == ""


@pytest.mark.parametrize(("said", "field"), [("accepted", "accepted"), ("tentative", "unsure"), ("declined", "declined")])
def test_an_invitation_that_stands_elsewhere_is_answered_there(desk, said, field):
    """For whoever is invited, and for nobody else."""
    guest = desk.address if desk.kind == "graph" else desk.guest
    put(desk, guest)
    whose = "ada" if desk.kind == "graph" else "sam"
    (event,) = desk.calendars.events(whose, NOON - DAY, NOON + DAY)
    assert desk.calendars.respond(event, said, key="r", now=NOW).start == NOON
    (one,) = desk.standing()
    assert guest in getattr(one, field)
    assert desk.calendars.respond(event, said, key="r", now=NOW).start == NOON
    if desk.kind != "graph":
        (event,) = desk.calendars.events("ada", NOON - DAY, NOON + DAY)
        with pytest.raises(InsightsError, match="not invited"):
            desk.calendars.respond(event, said, key="s", now=NOW)


@pytest.mark.parametrize("kind", ["radicale", "xandikos", "google"])
def test_an_answer_given_here_stands_in_ones_own_copy(desk):
    """At once, or later where the calendar failed."""
    desk.make()
    (mine,) = desk.calendars.events("sam", NOON - DAY, NOON + DAY)
    assert desk.calendars.respond(mine, "accepted", key="r", now=NOW).not_yet_in == ""
    assert desk.guest in desk.standing()[0].accepted
    desk.front.fail("busy", "PATCH" if desk.kind == "google" else "PUT", times=1)
    desk.calendars.respond(mine, "declined", key="s", now=NOW)
    desk.work()
    assert desk.guest in desk.standing()[0].declined


def test_an_answer_that_google_does_not_take_is_not_said_to_be_given(servers, tmp_path):
    """It says that all is well, and leaves the guest as they were: only who signed in may answer."""
    ledger = open_ledger(tmp_path / "ledger.db")
    with servers.front_of("google") as front:
        desk = Desk(servers, "google", front, ledger)
        put(desk, "zoe@halcyon.example")
        (one,) = desk.standing()
        with pytest.raises(NotAnswerable, match="did not take it"):
            desk.store.respond(desk.address, one, "zoe@halcyon.example", "accepted", until=time.monotonic() + 30)
        desk.store.close()
    ledger.close()


@pytest.mark.parametrize("kind", ["google", "graph"])
def test_a_call_is_made_by_the_calendar_and_its_link_comes_back(desk, kind):
    """In what is answered, and when the calendar is looked at."""
    event = desk.make(call=True)
    if kind == "graph":
        assert event.link.startswith("https://teams.microsoft.com/l/meetup-join/")
    else:
        assert event.link is not None
        assert event.link.startswith("https://meet.google.com/")
    (seen,) = desk.calendars.events("ada", NOON - DAY, NOON + DAY)
    assert seen.link == event.link


def test_a_crash_between_writing_it_down_and_making_it_is_repaired(desk):
    """What was noted is looked at before there is anything to bring; done again, it is brought all the same."""
    assert desk.calendars.copying.note("k", meeting="k", organizer="ada", now=NOW)
    assert desk.work() == (1, ())
    assert desk.standing() == []
    desk.make()
    assert desk.times() == [(0.0, "Budget")]


@pytest.mark.parametrize("kind", ["radicale", "graph"])
def test_a_calendar_that_hangs_keeps_nobody_waiting(desk, monkeypatch):
    """It is made here within the patience there is, and brought later."""
    monkeypatch.setattr("insights.meetings.calendars.copying.PATIENCE", 1)
    desk.front.fail("slow", times=50, seconds=4)
    started = time.monotonic()
    assert desk.make().not_yet_in == desk.store.name
    assert time.monotonic() - started < 4
    desk.front.faults.clear()
    monkeypatch.setattr("insights.meetings.calendars.copying.PATIENCE", 30)
    desk.work()
    assert desk.times() == [(0.0, "Budget")]


@pytest.mark.parametrize("kind", ["radicale", "graph"])
def test_what_cannot_be_brought_for_a_day_is_told_to_its_organizer(desk, monkeypatch):
    """Once, and it is kept here."""
    monkeypatch.setattr("insights.meetings.calendars.copying.PATIENCE", 0.2)
    monkeypatch.setattr("insights.meetings.calendars.copying.MOST", 2)
    desk.front.fail("busy", times=10_000)
    desk.make()
    ground = Ground(
        rooms=EmbeddedRooms(lambda: desk.ledger), calendars=desk.calendars, ledger=lambda: desk.ledger, organization=desk.people, zone=ZONE,
        bring=desk.calendars.copying.work,
    )  # fmt: skip
    assert Keeping(ground).work(NOW + timedelta(hours=2))["given_up"] == 1
    (told,) = [one for one in desk.ledger.work_in("message", "waiting") if "could not be brought" in one.payload]
    assert told.person == "ada"
    assert Keeping(ground).work(NOW + timedelta(days=2))["given_up"] == 0
    assert desk.times() == []

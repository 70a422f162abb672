"""Meetings with people: a time for all by everybody's own clocks, invitations, moved and called off by those who may."""

import json
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from insights.delivery.outbox import KIND
from insights.errors import NotAnswerable, NothingFree, NotPermitted
from insights.meetings.working import days_off
from insights.organization import Organization, Person, Room, WorkingHours
from insights.requests import BookRoom, CancelMeeting, Clarify, MoveMeeting, MyCalendar, Period, RespondInvitation, ScheduleMeeting
from tests.meetings.conftest import office_of

NOW = datetime(2026, 12, 1, 8)  # a Tuesday
ZONE = ZoneInfo("America/New_York")
KEYS = iter(range(10**9))


@pytest.fixture
def organization():
    """Ada with her delegate Sam and Ben in New York, Lena in Berlin, and two rooms."""
    people = (
        Person(id="ada", name="Ada", delegates=("sam",)),
        Person(id="sam", name="Sam"),
        Person(id="ben", name="Ben"),
        Person(id="lena", name="Lena", timezone="Europe/Berlin", hours=WorkingHours(start=time(9), end=time(18))),
    )
    rooms = (Room(id="oak", name="Oak", capacity=4), Room(id="fern", name="Fern", capacity=6))
    return Organization(people={one.id: one for one in people}, rooms={one.id: one for one in rooms})


def key():
    """A key that nothing has had."""
    return f"k{next(KEYS)}"


def arrange(desk, asker, now=NOW, **wish):
    """Settle and carry out; the key may be given."""
    used = wish.pop("key", None) or key()
    settled = desk.scheduling.settle(ScheduleMeeting(**wish), asker=asker, now=now)
    assert not isinstance(settled, Clarify), settled
    return desk.scheduling.scheduling.once(settled[0], asker=asker, key=used, now=now)


def change(desk, asker, request, now=NOW):
    """Settle and carry out a move, a cancellation or an answer."""
    settled = desk.settling.settle(request, asker=asker, now=now)
    assert not isinstance(settled, Clarify), settled
    doing = {MoveMeeting: desk.changing.moving, CancelMeeting: desk.changing.cancelling, RespondInvitation: desk.changing.responding}[type(request)]
    return doing.once(settled[0], asker=asker, key=key(), now=now)


def outbox(ledger):
    """Who is told what."""
    return [(item.person, json.loads(item.payload)["text"]) for item in ledger.work_in(KIND, "waiting")]


def starts(asked):
    """When the choices of a question back begin."""
    return [choice.request.start for choice in asked.choices]


def test_a_meeting_is_arranged_once_and_everybody_is_invited(desk, as_, ledger):
    """With a room of its own, under one key."""
    wish = {"people": ("ben",), "start": datetime(2026, 12, 2, 10), "minutes": 30, "title": "Budget", "room": "oak", "key": "once"}
    done = arrange(desk, as_("ada"), **wish)
    assert (done.status, done.meeting.title, done.meeting.people, done.meeting.room, done.told) == ("scheduled", "Budget", ("Ben",), "oak", ("Ben",))
    again = desk.scheduling.scheduling.once(
        ScheduleMeeting(people=("ben",), start=datetime(2026, 12, 2, 10), minutes=30, title="Budget", room="oak"), asker=as_("ada"), key="once", now=NOW
    )
    assert again == done
    assert len(desk.ground.rooms.held_by("ada", start=None, end=None)) == 1
    assert outbox(ledger) == [("ben", 'Ada invites you to "Budget" on Wednesday, December 2 at 10:00 AM in Oak; say accept or decline.')]
    assert [len(desk.mine(MyCalendar(), asker=as_(who), now=NOW).entries) for who in ("ada", "ben", "sam")] == [1, 1, 0]


def test_without_a_time_three_are_proposed_within_everybodys_own_hours(desk, as_):
    """In New York from nine to five, in Berlin until six: together from nine to noon in New York."""
    asked = desk.scheduling.settle(ScheduleMeeting(people=("lena",), minutes=60), asker=as_("ada"), now=NOW)
    assert asked.offer
    assert len(starts(asked)) == 3
    assert all(time(9) <= start.time() <= time(11) for start in starts(asked))
    assert starts(asked)[0] == datetime(2026, 12, 1, 9)


def test_what_anybody_has_is_passed_over_unless_they_declined_it(desk, as_):
    """A meeting blocks its time for those who did not decline."""
    arrange(desk, as_("ben"), people=("ada",), start=datetime(2026, 12, 1, 9), minutes=120)
    wish = ScheduleMeeting(people=("sam",), minutes=60, period=Period(first=NOW.date(), last=NOW.date()))
    assert starts(desk.scheduling.settle(wish, asker=as_("ada"), now=NOW))[0] == datetime(2026, 12, 1, 11)
    change(desk, as_("ada"), RespondInvitation(response="decline"))
    assert starts(desk.scheduling.settle(wish, asker=as_("ada"), now=NOW))[0] == datetime(2026, 12, 1, 9)


def test_holidays_weekends_and_buffers_are_left_free(as_, organization, ledger):
    """Friday the 25th is Christmas, then comes the weekend."""
    desk = office_of(ledger, replace(organization, buffer=timedelta(minutes=10)), holidays=days_off((), "US"))
    wish = ScheduleMeeting(people=("ben",), minutes=30)
    assert starts(desk.scheduling.settle(wish, asker=as_("ada"), now=datetime(2026, 12, 24, 20)))[0] == datetime(2026, 12, 28, 9)
    arrange(desk, as_("ada"), people=("ben",), start=datetime(2026, 12, 2, 9), minutes=30)
    later = desk.scheduling.settle(wish, asker=as_("ada"), now=datetime(2026, 12, 2, 7))
    assert starts(later)[0] == datetime(2026, 12, 2, 9, 45)  # ten minutes after half past, on the quarter hour


def test_when_nobody_can_the_next_time_is_named(desk, as_):
    """On a Sunday nobody works."""
    sunday = Period(first=datetime(2026, 12, 6).date(), last=datetime(2026, 12, 6).date(), words="on sunday")
    with pytest.raises(NothingFree, match=r"no time on sunday when everybody is free for 30 minutes\. The next time is Monday, December 7 at 9:00 AM"):
        desk.scheduling.settle(ScheduleMeeting(people=("ben",), minutes=30, period=sunday), asker=as_("ada"), now=NOW)


def test_somebody_who_has_something_else_is_named_and_what_it_is_is_not(desk, as_):
    """Times near it are offered, and all the same."""
    arrange(desk, as_("ben"), people=("sam",), start=datetime(2026, 12, 2, 10), minutes=60, title="Layoffs", private=True)
    asked = desk.scheduling.settle(ScheduleMeeting(people=("ben",), start=datetime(2026, 12, 2, 10), minutes=30), asker=as_("ada"), now=NOW)
    assert asked.said == "Ben has something else on Wednesday, December 2 at 10:00 AM."
    assert "Layoffs" not in str(asked)
    assert starts(asked)[-1] == datetime(2026, 12, 2, 10)
    assert len(asked.choices) == 3


def test_a_private_meeting_is_hidden_from_others_and_where_others_hear(desk, as_):
    """From its own people too, in a room or a channel."""
    arrange(desk, as_("ada"), people=("ben",), start=datetime(2026, 12, 2, 10), minutes=60, title="Layoffs", private=True)
    assert desk.mine(MyCalendar(), asker=as_("ben"), now=NOW).meetings[0].title == "Layoffs"
    for asker in (as_("ben", audience="room"), as_("ben", audience="channel"), as_("ada", audience="room")):
        (shown,) = desk.mine(MyCalendar(), asker=asker, now=NOW).meetings
        assert (shown.hidden, shown.title, shown.people, shown.organizer, shown.room) == (True, "", (), None, None)
    (delegates,) = desk.mine(MyCalendar(person="ada"), asker=as_("sam"), now=NOW).meetings
    assert delegates.hidden
    with pytest.raises(NotPermitted):
        desk.mine(MyCalendar(person="ada"), asker=as_("ben"), now=NOW)


def test_a_meeting_is_moved_with_its_room_or_to_the_nearest_that_is_free(desk, as_, ledger):
    """The others are told and asked anew."""
    arrange(desk, as_("ada"), people=("ben",), start=datetime(2026, 12, 2, 10), minutes=60, title="Budget", room="oak")
    change(desk, as_("ben"), RespondInvitation())
    moved = change(desk, as_("ada"), MoveMeeting(title="budget", to=datetime(2026, 12, 2, 14)))
    assert (moved.meeting.start, moved.meeting.room, moved.before.start) == (datetime(2026, 12, 2, 14), "oak", datetime(2026, 12, 2, 10))
    (held,) = desk.ground.rooms.held_by("ada", start=None, end=None)
    assert held.start == datetime(2026, 12, 2, 14, tzinfo=ZONE)
    assert desk.mine(MyCalendar(), asker=as_("ben"), now=NOW).meetings[0].response == "waiting"
    assert desk.book(BookRoom(room="oak", start=datetime(2026, 12, 3, 9), minutes=120), asker=as_("sam"), now=NOW, key=key()).booking is not None
    settled, assumed = desk.settling.settle(MoveMeeting(title="budget", to=datetime(2026, 12, 3, 10)), asker=as_("ada"), now=NOW)
    assert (settled.to_room, assumed) == ("fern", ("Oak is taken then, so it goes to Fern",))


def test_only_those_who_arranged_it_and_their_delegates_change_a_meeting(desk, as_):
    """Others are told who did, and can answer."""
    arrange(desk, as_("ada"), people=("ben",), start=datetime(2026, 12, 2, 10), minutes=60, title="Budget")
    with pytest.raises(NotPermitted, match="Ada has arranged that meeting"):
        change(desk, as_("ben"), CancelMeeting(title="budget"))
    with pytest.raises(NotAnswerable, match='nothing called "budget"'):
        change(desk, as_("lena"), CancelMeeting(title="budget"))
    done = change(desk, as_("sam"), CancelMeeting(title="budget"))
    assert (done.status, done.others, done.told) == ("cancelled", True, ("Ada", "Ben"))


def test_several_that_fit_are_asked_about(desk, as_):
    """By title or by person; nothing is changed by a guess."""
    for day in (2, 3):
        arrange(desk, as_("ada"), people=("ben",), start=datetime(2026, 12, day, 10), minutes=60, title="Budget")
    asked = desk.settling.settle(CancelMeeting(title="budget"), asker=as_("ada"), now=NOW)
    assert isinstance(asked, Clarify)
    assert [choice.request.start.day for choice in asked.choices] == [2, 3]


def test_one_of_a_series_or_all_of_it_is_called_off_with_its_rooms(desk, as_):
    """We ask which; the rooms go with it."""
    arrange(desk, as_("ada"), people=("ben",), repeats="FREQ=WEEKLY;BYDAY=WE;BYHOUR=10;BYMINUTE=0;COUNT=4", minutes=30, title="Sync", room="oak")
    assert len(desk.ground.rooms.held_by("ada", start=None, end=None)) == 4
    asked = desk.settling.settle(CancelMeeting(title="sync"), asker=as_("ada"), now=NOW)
    assert (asked.about, asked.offer) == ("series", True)
    one, whole = (choice.request for choice in asked.choices)
    desk.changing.cancelling.once(one, asker=as_("ada"), key=key(), now=NOW)
    assert [held.start.day for held in desk.ground.rooms.held_by("ada", start=None, end=None)] == [9, 16, 23]
    asked = desk.settling.settle(CancelMeeting(title="sync"), asker=as_("ada"), now=NOW)
    desk.changing.cancelling.once(asked.choices[1].request, asker=as_("ada"), key=key(), now=NOW)
    assert desk.ground.rooms.held_by("ada", start=None, end=None) == ()
    assert desk.mine(MyCalendar(), asker=as_("ben"), now=NOW).meetings == ()
    assert whole.series


def test_a_room_that_was_held_for_a_meeting_that_was_not_made_is_given_back(desk, as_, ledger):
    """The calendar refuses, or the process dies between the two: reconciliation finds no meeting, and frees the room."""

    class Dying(type(desk.ground.calendars)):
        """Dies before it creates."""

        def create(self, draft, *, now):
            """Never comes back."""
            raise KeyboardInterrupt

    broken = office_of(ledger, desk.ground.organization, calendars=Dying(lambda: ledger, desk.ground.organization))
    with pytest.raises(KeyboardInterrupt):
        arrange(broken, as_("ada"), people=("ben",), start=datetime(2026, 12, 2, 10), minutes=30, room="oak", key="dead")
    assert len(desk.ground.rooms.held_by("ada", start=None, end=None)) == 1
    assert ledger.doubt("dead", now=NOW)
    witness = desk.witnesses["schedule_meeting"]
    assert witness.found("dead") is None
    assert desk.ground.rooms.held_by("ada", start=None, end=None) == ()
    ledger.fail("dead", "interrupted", now=NOW)
    assert arrange(desk, as_("ada"), people=("ben",), start=datetime(2026, 12, 2, 10), minutes=30, room="oak", key="dead").meeting.room == "oak"

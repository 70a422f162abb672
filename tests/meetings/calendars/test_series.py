"""Series in calendars kept elsewhere: one event that repeats for whoever arranged it, a booking a day for the room, days that are different."""

import time
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from insights.errors import NotAnswerable
from insights.events import EventChange
from insights.ledger.port import RoomHold
from insights.ledger.sqlite import open_ledger
from insights.meetings import EmbeddedCalendars, Ground
from insights.meetings.calendars.altering import Alteration
from insights.meetings.calendars.booking import CalendarRooms
from insights.meetings.calendars.graph.recurring import recurrence
from insights.meetings.calendars.store import name_of
from insights.meetings.choosing import Wish
from insights.meetings.repeating import Repeating
from insights.organization import Organization, Person, Room, RoomPolicy
from insights.permit import Asker
from insights.requests import BookRoom
from tests.meetings.calendars.copies import DAY, HOUR, NOON, NOW
from tests.meetings.calendars.office import ZONE

WEEK = 7 * DAY
OCTOBER = datetime(2026, 10, 21, 12, tzinfo=ZONE)
"""A Wednesday eleven days before the clocks go back."""


def days(desk, since=NOON):
    """When it stands in the calendar, in days after it began by the clock on the wall, and what it is called."""
    start = since.replace(tzinfo=None)
    found = desk.store.read(desk.address, since - DAY, since + 10 * WEEK, until=time.monotonic() + 30).occurrences
    return [((one.start.astimezone(ZONE).replace(tzinfo=None) - start) / DAY, one.title) for one in found if not one.cancelled]


def on(desk, number):
    """The occurrence of our series in a week."""
    return next(one for one in desk.calendars.events("ada", NOON - DAY, NOON + 10 * WEEK) if one.occurrence == NOON + number * WEEK)


def test_a_series_goes_by_the_clock_on_both_sides_of_a_change_of_clocks(desk):
    """One event for whoever arranged it, with those invited; seen once."""
    event = desk.make(start=OCTOBER, end=OCTOBER + HOUR, rule="FREQ=WEEKLY;BYDAY=WE;UNTIL=20261111")
    assert event.not_yet_in == ""
    assert days(desk, OCTOBER) == [(0, "Budget"), (7, "Budget"), (14, "Budget"), (21, "Budget")]
    assert desk.make(start=OCTOBER, end=OCTOBER + HOUR, rule="FREQ=WEEKLY;BYDAY=WE;UNTIL=20261111").id == event.id
    seen = desk.calendars.events("ada", OCTOBER - DAY, OCTOBER + 4 * WEEK)
    assert [(one.id, one.start.hour, one.rule is not None) for one in seen] == [(event.id, 12, True)] * 4


def test_days_of_a_series_are_moved_and_called_off_there_and_then_all_of_it(desk):
    """Each alone; the others stay as they are, also when all of it is moved."""
    desk.make(rule="FREQ=WEEKLY;COUNT=4")
    moved = desk.calendars.change(on(desk, 1), EventChange(start=NOON + WEEK + HOUR, end=NOON + WEEK + 2 * HOUR), key="m", now=NOW)
    assert moved.not_yet_in == ""
    assert desk.calendars.cancel(on(desk, 2), key="c", now=NOW) == ""
    desk.calendars.change(on(desk, 3), EventChange(title="Last"), key="t", now=NOW)
    assert days(desk) == [(0, "Budget"), (7 + 1 / 24, "Budget"), (21, "Last")]
    whole = desk.calendars.made("ada", "k")
    later = EventChange(start=whole.start + 2 * HOUR, end=whole.end + 2 * HOUR, rule=whole.rule)
    desk.calendars.change(whole, later, key="w", now=NOW)
    ours = [((one.start - NOON) / DAY, one.title) for one in desk.calendars.events("ada", NOON - DAY, NOON + 10 * WEEK)]
    assert days(desk) == ours
    assert desk.calendars.cancel(desk.calendars.made("ada", "k"), key="x", now=NOW) == ""
    assert days(desk) == []
    assert desk.work() == (0, ())


def test_what_somebody_does_to_one_day_there_is_followed(desk):
    """Moved there, that day is so here; called off there, it is gone here; the others stay, until all of it is removed."""
    desk.make(rule="FREQ=WEEKLY;COUNT=4", room=None)
    theirs = desk.standing(60)
    until = time.monotonic() + 30
    assert desk.store.alter(desk.address, theirs[1], Alteration(start=NOON + WEEK + HOUR, end=NOON + WEEK + 2 * HOUR), until=until) is not None
    assert desk.store.remove(desk.address, desk.standing(60)[2], until=until)
    seen = desk.calendars.events("ada", NOON - DAY, NOON + 10 * WEEK)
    assert [(one.start - NOON) / DAY for one in seen] == [0, 7 + 1 / 24, 21]
    whole = desk.store.find(desk.address, name_of("k"), until=until)
    assert whole.series
    assert desk.store.remove(desk.address, whole, until=until)
    assert desk.calendars.events("ada", NOON - DAY, NOON + 10 * WEEK) == ()
    assert desk.calendars.made("ada", "k") is None


@pytest.mark.parametrize("fault", ["busy", "lost", "dropped"])
def test_a_fault_while_a_day_is_called_off_is_made_good(desk, fault):
    """It is gone there in the end, and only that one."""
    desk.make(rule="FREQ=WEEKLY;COUNT=3")
    desk.front.fail(fault, "DELETE" if desk.kind in ("google", "graph") else "PUT")
    desk.calendars.cancel(on(desk, 1), key="c", now=NOW)
    desk.front.faults.clear()
    desk.work()
    assert [day for day, _ in days(desk)] == [0, 14]


def test_the_room_of_a_series_is_held_a_day_at_a_time_and_never_twice(servers, kind, tmp_path):
    """A day that somebody has is named and stays theirs; one given back is free for others and is not taken again; so is all of it."""
    ledger = open_ledger(tmp_path / "ledger.db")
    people = Organization(
        people={"ada": Person(id="ada", name="Ada"), "sam": Person(id="sam", name="Sam")},
        rooms={"fern": Room(id="fern", name="Fern", capacity=4, policy=RoomPolicy(ahead=timedelta(days=30)))},
    )
    with servers.rooms(kind) as rooms:
        ground = Ground(rooms=rooms, calendars=EmbeddedCalendars(lambda: ledger, people), ledger=lambda: ledger, organization=people, zone=ZONE)
        repeating, asker = Repeating(ground), Asker(person=people.people["ada"], audience="private")
        taken = RoomHold(key="sam", room="fern", person="sam", start=NOON + WEEK - HOUR, end=NOON + WEEK + HOUR / 2)
        assert rooms.hold(taken, now=NOW) is not None
        wish, request = Wish(start=NOON, end=NOON + HOUR), BookRoom(room="fern", repeats="FREQ=WEEKLY")
        found = repeating.book(request, people.rooms["fern"], wish, asker=asker, holder="ada", key="k", now=NOW)
        assert found.missing == ((NOON + WEEK).date(),)

        def held():
            return {(one.person, (one.start - NOON) / DAY) for one in rooms.busy(NOON - DAY, NOON + 40 * DAY)}

        assert held() == {("ada", 0), ("ada", 14), ("ada", 21), ("ada", 28), ("sam", 7 - 1 / 24)}
        again = repeating.found(request, asker=asker, key="k")
        assert again is not None
        assert len(held()) == 5
        second = next(one for one in rooms.held_by("ada", start=NOON, end=None) if one.start == NOON + 2 * WEEK)
        rooms.release(second.id, key="r", now=NOW)
        event = ground.calendars.made("ada", "k")
        ground.calendars.cancel(ground.calendars.find("ada", event.id, NOON + 2 * WEEK), key="c", now=NOW)
        repeating.hold_ahead(event, now=NOW)
        assert ("ada", 14) not in held()
        assert rooms.hold(replace(taken, key="sam2", start=NOON + 2 * WEEK, end=NOON + 2 * WEEK + HOUR), now=NOW) is not None
        assert rooms.hold(replace(taken, key="sam3", start=NOON, end=NOON + HOUR), now=NOW) is None
        for one in rooms.held_by("ada", start=NOON, end=None):
            rooms.release(one.id, key=f"all:{one.id}", now=NOW)
        assert held() == {("sam", 7 - 1 / 24), ("sam", 14)}
    ledger.close()


@pytest.mark.parametrize(
    ("rule", "pattern", "range_"),
    [
        ("FREQ=DAILY", {"type": "daily", "interval": 1}, {"type": "noEnd"}),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", {"type": "weekly", "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"]}, {"type": "noEnd"}),
        ("FREQ=WEEKLY;INTERVAL=2", {"type": "weekly", "interval": 2, "daysOfWeek": ["wednesday"], "firstDayOfWeek": "monday"}, {}),
        ("FREQ=MONTHLY", {"type": "absoluteMonthly", "dayOfMonth": 2}, {}),
        ("FREQ=MONTHLY;BYDAY=-1FR", {"type": "relativeMonthly", "index": "last", "daysOfWeek": ["friday"]}, {}),
        ("FREQ=YEARLY;BYMONTH=12;BYDAY=WE;BYSETPOS=1", {"type": "relativeYearly", "index": "first", "daysOfWeek": ["wednesday"], "month": 12}, {}),
        ("FREQ=WEEKLY;UNTIL=20261218", {}, {"type": "endDate", "endDate": "2026-12-18", "startDate": "2026-12-02", "recurrenceTimeZone": "America/New_York"}),
    ],
)
def test_rules_are_told_in_the_words_of_graph(rule, pattern, range_):
    """As its reference of recurrencePattern and recurrenceRange has them."""
    found = recurrence(rule, NOON, "America/New_York")
    assert pattern.items() <= found["pattern"].items()
    assert range_.items() <= found["range"].items()


@pytest.mark.parametrize(
    "rule", ["FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=DAILY;BYMONTH=6", "FREQ=MONTHLY;BYDAY=MO", "FREQ=YEARLY;BYWEEKNO=20"]
)
def test_what_graph_has_no_words_for_is_refused(rule):
    """Never approximated: the 31st would be the last day of each month there."""
    with pytest.raises(NotAnswerable, match="no words"):
        recurrence(rule, NOON, "America/New_York")


@pytest.mark.parametrize("kind", ["graph"])
def test_a_series_that_its_calendar_cannot_keep_is_told_to_whoever_arranged_it(desk):
    """It is kept here, and not tried again and again."""
    start = datetime(2026, 12, 31, 12, tzinfo=ZONE)
    event = desk.make(rule="FREQ=MONTHLY", room=None, start=start, end=start + HOUR)
    assert event.not_yet_in == "Microsoft"
    done, lost = desk.work()
    assert (done, [one.person for one in lost]) == (0, ["ada"])
    assert "no words" in lost[0].problem
    assert desk.work() == (0, ())


def test_whoever_has_the_meeting_in_their_calendar_is_not_invited_to_each_of_its_rooms(servers):
    """One event that repeats is enough; a booking without a meeting does invite them."""
    people = Organization(people={"ada": Person(id="ada", name="Ada", email="ada@halcyon.example")})
    store, made = servers.store("radicale")
    address = made("fern")
    rooms = CalendarRooms(store, {"fern": address}, people, patience=30, copied=True)
    for number, meeting in enumerate((None, "k")):
        assert rooms.hold(
            RoomHold(key=f"h{number}", room="fern", person="ada", start=NOON + number * DAY, end=NOON + number * DAY + HOUR, meeting=meeting), now=NOW
        )
    found = store.read(address, NOON, NOON + 2 * DAY, until=time.monotonic() + 30).occurrences
    assert [sorted(one.attendees) for one in found] == [["ada@halcyon.example"], []]
    rooms.close()

"""What becomes of rooms by itself: reminders, releases, series that nobody comes to, each once."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from insights.delivery.outbox import KIND
from insights.organization import Organization, Person, Room, RoomPolicy
from insights.permit import Asker
from insights.requests import BookRoom
from tests.meetings.conftest import office_of

ZONE = ZoneInfo("America/New_York")
NINE = datetime(2026, 12, 1, 9)
POLICY = RoomPolicy(ahead=timedelta(days=14), check_in=timedelta(minutes=10), reminder=timedelta(minutes=5))


@pytest.fixture
def organization():
    """Ada and Ben, and a room that wants to be checked in to."""
    people = {id_: Person(id=id_, name=id_.title()) for id_ in ("ada", "ben")}
    return Organization(people=people, rooms={"oak": Room(id="oak", name="Oak", capacity=4, policy=POLICY), "moss": Room(id="moss", name="Moss", capacity=4)})


@pytest.fixture
def ada(organization):
    """Ada, in private."""
    return Asker(person=organization.people["ada"], audience="private")


def at(local):
    """That time in New York."""
    return local.replace(tzinfo=ZONE)


def outbox(ledger):
    """Who is told what."""
    return [(item.person, json.loads(item.payload)["text"]) for item in ledger.work_in(KIND, "waiting")]


def book(desk, asker, start=NINE, now=None, **more):
    """An hour in Oak, booked the evening before."""
    wish = BookRoom(**({"room": "oak", "start": start, "minutes": 60} | more))
    return desk.book(wish, asker=asker, now=now or NINE - timedelta(hours=12), key=f"k{start}{more}").booking


def test_a_booking_that_nobody_came_to_is_announced_and_then_released_once(desk, ada, ledger):
    """Halfway through the time of grace and after it; afterwards the room is free."""
    made = book(desk, ada)
    assert not desk.keeping.work(at(NINE + timedelta(minutes=4)))
    assert desk.keeping.work(at(NINE + timedelta(minutes=5))) == {"reminders": 1}
    assert not desk.keeping.work(at(NINE + timedelta(minutes=6)))
    assert desk.keeping.work(at(NINE + timedelta(minutes=10))) == {"released": 1}
    assert not desk.keeping.work(at(NINE + timedelta(minutes=11)))
    assert desk.ground.rooms.find(made.id) is None
    assert outbox(ledger) == [
        ("ada", "Nobody has checked in to Oak yet; it is released at 9:10 AM. Say check in to keep it."),
        ("ada", "Oak on Tuesday, December 1 at 9:00 AM was released, because nobody had checked in."),
    ]


def test_whoever_checked_in_or_booked_it_on_the_spot_keeps_it(desk, ada, ledger):
    """And is reminded shortly before the end, once."""
    made = book(desk, ada)
    ledger.check_in(made.id, "oak", key="c", person="ada", now=NINE)
    later = book(desk, ada, start=NINE + timedelta(hours=2), now=NINE + timedelta(hours=2))
    assert not desk.keeping.work(at(NINE + timedelta(minutes=30)))
    assert desk.keeping.work(at(NINE + timedelta(minutes=55))) == {"reminders": 1}
    assert not desk.keeping.work(at(NINE + timedelta(minutes=56)))
    assert not desk.keeping.work(at(NINE + timedelta(hours=2, minutes=30)))
    assert {desk.ground.rooms.find(one.id).id for one in (made, later)} == {made.id, later.id}
    assert outbox(ledger) == [("ada", "Oak is yours until 10:00 AM. Say extend if you need longer.")]


def test_a_room_without_such_a_policy_is_left_alone(desk, ada, ledger):
    """Nothing is released, nobody is told."""
    book(desk, ada, room="moss")
    assert not any(desk.keeping.work(at(NINE + timedelta(minutes=minutes))) for minutes in (5, 15, 55))
    assert outbox(ledger) == []


def test_a_series_that_nobody_comes_to_is_given_up_after_three_times(desk, ada, ledger):
    """The rest is released, and its holder told."""
    book(desk, ada, start=None, repeats="FREQ=DAILY;BYHOUR=9;BYMINUTE=0")
    assert len(desk.ground.rooms.held_by("ada", start=None, end=None)) == 14
    done = [desk.keeping.work(at(NINE + timedelta(days=day, minutes=10))) for day in range(3)]
    assert [one.get("released") for one in done[:2]] == [1, 1]
    assert done[2]["released"] > 10
    assert desk.ground.rooms.held_by("ada", start=None, end=None) == ()
    assert outbox(ledger)[-1][1].startswith("Nobody came to Oak 3 times in a row")
    assert not desk.keeping.work(at(NINE + timedelta(days=3, minutes=10)))


def test_the_rooms_of_a_series_are_held_for_more_days_as_time_goes_on(desk, ada):
    """As far ahead as the room may be booked by then."""
    book(desk, ada, start=None, room="oak", repeats="FREQ=WEEKLY;BYDAY=TU;BYHOUR=9;BYMINUTE=0")
    first = desk.ground.rooms.held_by("ada", start=None, end=None)
    desk.keeping.work(at(NINE + timedelta(days=8)))
    later = desk.ground.rooms.held_by("ada", start=None, end=None)
    assert [one.start.day for one in first] == [1, 8]
    assert [one.start.day for one in later] == [1, 8, 15, 22]


def test_what_somebody_holds_who_is_gone_is_given_back(desk, ada, ledger, organization):
    """Their series hold no rooms any more."""
    book(desk, ada, start=None, repeats="FREQ=DAILY;BYHOUR=9;BYMINUTE=0")
    gone = replace(organization, people=organization.people | {"ada": replace(organization.people["ada"], active=False)})
    assert office_of(ledger, gone).keeping.work(at(NINE - timedelta(hours=1)))["released"] == 14


def test_of_two_workers_one_looks(desk, ada):
    """The other finds nothing to do."""
    book(desk, ada)
    now = at(NINE + timedelta(minutes=10))
    assert [bool(desk.keeping.work(now)) for _ in range(2)] == [True, False]

"""A room that is held: longer, shorter, over, checked in to, given back, asked about; by those who may."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.delivery.outbox import KIND
from insights.errors import NotAnswerable, NothingFree, NotPermitted, UnknownThing
from insights.organization import Organization, Person, Room, RoomPolicy
from insights.requests import BookRoom, CheckIn, EndMeeting, ExtendBooking, MyCalendar, Period, ReleaseRoom, RoomStatus, WhoBooked

NOW = datetime(2026, 12, 1, 10)
ZONE = ZoneInfo("America/New_York")
KEYS = iter(range(10**9))


@pytest.fixture
def organization():
    """Ada with her delegate Sam, Ben, Ivan of the office; Oak and Fern."""
    people = (
        Person(id="ada", name="Ada", delegates=("sam",)),
        Person(id="sam", name="Sam"),
        Person(id="ben", name="Ben"),
        Person(id="ivan", name="Ivan", roles=frozenset({"facilities"})),
    )
    rooms = (
        Room(id="oak", name="Oak", capacity=4, policy=RoomPolicy(longest=timedelta(hours=3), check_in=timedelta(minutes=10), reminder=timedelta(minutes=5))),
        Room(id="fern", name="Fern", capacity=6, policy=RoomPolicy(roles=frozenset({"board"}))),
        Room(id="moss", name="Moss", capacity=6),
    )
    return Organization(people={one.id: one for one in people}, rooms={one.id: one for one in rooms})


def key():
    """A key that nothing has had."""
    return f"k{next(KEYS)}"


def book(desk, asker, start=NOW, minutes=60, room="oak", **more):
    """A booking."""
    return desk.book(BookRoom(room=room, start=start, minutes=minutes, **more), asker=asker, now=NOW, key=key()).booking


def extend(desk, asker, now=NOW, **more):
    """Settle and carry out."""
    (settled,) = desk.holding.settle(ExtendBooking(**more), asker=asker, now=now)
    return desk.holding.extending.once(settled, asker=asker, key=key(), now=now)


def release(desk, asker, now=NOW, **more):
    """Settle and carry out."""
    (settled,) = desk.holding.settle(ReleaseRoom(**more), asker=asker, now=now)
    return desk.holding.releasing.once(settled, asker=asker, key=key(), now=now)


def outbox(ledger):
    """Who is told what."""
    return [(item.person, json.loads(item.payload)["text"]) for item in ledger.work_in(KIND, "waiting")]


def test_a_booking_is_made_longer_and_shorter(desk, as_):
    """By minutes or until a time; it stays the same booking."""
    made = book(desk, as_("ada"))
    assert extend(desk, as_("ada"), minutes=15).booking.end == datetime(2026, 12, 1, 11, 15)
    assert extend(desk, as_("ada"), until=datetime(2026, 12, 1, 12)).status == "extended"
    shorter = extend(desk, as_("ada"), minutes=-30)
    assert (shorter.status, shorter.booking.id, shorter.booking.end) == ("shortened", made.id, datetime(2026, 12, 1, 11, 30))


def test_a_booking_is_kept_no_longer_than_the_next_one_and_the_policy_allow(desk, as_):
    """Until when it can be kept is told."""
    book(desk, as_("ada"))
    book(desk, as_("ben"), start=datetime(2026, 12, 1, 11, 30))
    with pytest.raises(NothingFree, match=r"booked again from 11:30 AM on\. I can keep it until 11:30 AM"):
        extend(desk, as_("ada"), minutes=45)
    book(desk, as_("ada"), room="moss")
    with pytest.raises(NotPermitted, match="kept until 1:00 PM at most"):
        extend(desk, as_("ada"), room="oak", minutes=121)
    with pytest.raises(NotAnswerable, match="over already"):
        extend(desk, as_("ada"), room="oak", until=datetime(2026, 12, 1, 10))


def test_people_change_only_what_is_theirs_or_their_principals(desk, as_):
    """A delegate may, a colleague may not, and is told who has it."""
    book(desk, as_("ada"))
    with pytest.raises(NotPermitted, match="Oak is booked by Ada from 10:00 AM to 11:00 AM"):
        extend(desk, as_("ben"), room="oak", minutes=15)
    done = extend(desk, as_("sam"), minutes=15)
    assert (done.others, done.told) == (True, ("Ada",))


def test_of_a_private_booking_nobody_else_hears_more_than_that_it_is_booked(desk, as_, ledger):
    """Neither who nor what for: in a status, in a refusal, and in a room where others hear it. Its holder hears it in private."""
    book(desk, as_("ada"), title="Layoffs", private=True)
    for asker in (as_("ben"), as_("ivan"), as_("sam"), as_("ada", audience="room"), as_("ada", audience="channel")):
        told = desk.status(WhoBooked(room="oak"), asker=asker, now=NOW)
        assert (told.free, told.booking.hidden, told.booking.person, told.booking.person_name, told.booking.title) == (False, True, None, None, None)
    with pytest.raises(NotPermitted) as caught:
        extend(desk, as_("ben"), room="oak", minutes=15)
    assert "Ada" not in str(caught.value)
    assert "Layoffs" not in str(caught.value)
    mine = desk.status(RoomStatus(room="oak"), asker=as_("ada"), now=NOW)
    assert (mine.booking.person_name, mine.booking.title) == ("Ada", "Layoffs")


def test_a_running_meeting_is_ended_and_the_room_is_free_at_once(desk, as_):
    """From the minute on; what has not begun is not ended."""
    made = book(desk, as_("ada"))
    now = NOW + timedelta(minutes=20)
    (settled,) = desk.holding.settle(EndMeeting(), asker=as_("ada"), now=now)
    assert desk.holding.ending.once(settled, asker=as_("ada"), key=key(), now=now).booking.end == now
    assert desk.status(RoomStatus(room="oak"), asker=as_("ben"), now=now).free
    assert desk.ground.rooms.find(made.id).end == now.replace(tzinfo=ZONE)
    book(desk, as_("ada"), start=datetime(2026, 12, 1, 15))
    with pytest.raises(NotAnswerable, match="begins on Tuesday, December 1 at 3:00 PM"):
        desk.holding.settle(EndMeeting(), asker=as_("ada"), now=now)


def test_one_checks_in_shortly_before_and_while_it_runs(desk, as_, ledger):
    """Not an hour ahead."""
    made = book(desk, as_("ada"), start=datetime(2026, 12, 1, 15))
    with pytest.raises(NotAnswerable, match="too early"):
        desk.holding.settle(CheckIn(), asker=as_("ada"), now=NOW)
    now = datetime(2026, 12, 1, 14, 45)
    (settled,) = desk.holding.settle(CheckIn(), asker=as_("ada"), now=now)
    assert desk.holding.checking_in.once(settled, asker=as_("ada"), key=key(), now=now).status == "checked_in"
    assert ledger.checked_in(made.id).person == "ada"


def test_the_office_releases_any_booking_and_those_affected_are_told_why(desk, as_, ledger):
    """The reason is asked for, and is what they hear."""
    made = book(desk, as_("ada"))
    (settled,) = desk.holding.settle(ReleaseRoom(room="oak"), asker=as_("ivan"), now=NOW)
    assert desk.holding.needs_reason(settled, asker=as_("ivan"))
    assert not desk.holding.needs_reason(settled, asker=as_("ada"))
    done = desk.holding.releasing.once(replace(settled, reason="the ceiling leaks"), asker=as_("ivan"), key=key(), now=NOW)
    assert done.told == ("Ada",)
    assert desk.ground.rooms.find(made.id) is None
    ((person, text),) = outbox(ledger)
    assert (person, text) == ("ada", "Oak on Tuesday, December 1 at 10:00 AM was released by Ivan: the ceiling leaks.")


def test_a_block_takes_the_room_from_everybody_and_tells_them(desk, as_, ledger):
    """Only the office can; where else there is room is told with it."""
    book(desk, as_("ada"))
    wish = BookRoom(room="oak", start=NOW, minutes=120, block=True, reason="the floor is painted")
    with pytest.raises(NotPermitted, match="Only the office"):
        desk.propose(wish, asker=as_("ben"), now=NOW)
    proposed = desk.propose(wish, asker=as_("ivan"), now=NOW)
    assert ([one.person_name for one in proposed.displaced], proposed.told) == (["Ada"], ("Ada",))
    done = desk.book(wish, asker=as_("ivan"), now=NOW, key="block")
    assert (done.booking.block, done.told) == (True, ("Ada",))
    assert desk.book(wish, asker=as_("ivan"), now=NOW, key="block") == done
    ((person, text),) = outbox(ledger)
    assert person == "ada"
    assert "released by the office (Moss is free then): the floor is painted." in text
    with pytest.raises(NothingFree):
        book(desk, as_("ben"))


def test_a_room_for_some_is_booked_by_those_alone(desk, as_, organization):
    """By role; the office may book any. It is not offered to others either."""
    with pytest.raises(NotPermitted, match="Fern can be booked by board only"):
        book(desk, as_("ben"), room="fern")
    assert book(desk, as_("ivan"), room="fern").room == "fern"
    assert [row["room"] for row in desk.find(_find(people=5), asker=as_("ben"), now=NOW + timedelta(days=1)).rooms] == ["moss"]


def _find(**wish):
    from insights.requests import FindRoom

    return FindRoom(**wish)


def test_a_delegate_books_for_whom_they_act_and_for_nobody_else(desk, as_, ledger):
    """Whose it is hears of it."""
    made = book(desk, as_("sam"), person="ada")
    assert desk.ground.rooms.find(made.id).person == "ada"
    assert outbox(ledger)[0][0] == "ada"
    with pytest.raises(NotPermitted, match="You can't book for Ben"):
        book(desk, as_("sam"), room="moss", person="ben")


def test_a_status_tells_until_when_and_what_comes_next(desk, as_):
    """Bookings without a gap between them are one stretch."""
    book(desk, as_("ada"))
    book(desk, as_("ben"), start=datetime(2026, 12, 1, 11))
    book(desk, as_("ben"), start=datetime(2026, 12, 1, 14))
    taken = desk.status(RoomStatus(room="oak"), asker=as_("ben"), now=NOW)
    assert (taken.free, taken.booking.person_name, taken.until, taken.next.start) == (False, "Ada", datetime(2026, 12, 1, 12), datetime(2026, 12, 1, 11))
    free = desk.status(RoomStatus(room="oak", start=datetime(2026, 12, 1, 12)), asker=as_("ben"), now=NOW)
    assert (free.free, free.until, free.next.start, free.now) == (True, datetime(2026, 12, 1, 14), datetime(2026, 12, 1, 14), False)
    for minutes, fits in ((120, True), (121, False)):
        assert desk.status(RoomStatus(room="oak", start=datetime(2026, 12, 1, 12), minutes=minutes), asker=as_("ben"), now=NOW).fits is fits
    with pytest.raises(UnknownThing):
        desk.status(RoomStatus(room="attic"), asker=as_("ben"), now=NOW)


def test_a_booking_that_repeats_is_held_as_far_ahead_as_the_room_may_be_booked(desk, as_, organization):
    """Days on which the room is taken are left out and told; the series stands in the calendar."""
    book(desk, as_("ben"), start=datetime(2026, 12, 14, 9), room="moss")
    wish = BookRoom(room="moss", minutes=60, repeats="FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0;COUNT=4")
    proposed = desk.propose(wish, asker=as_("ada"), now=NOW)
    assert (proposed.booking.start, proposed.missing, proposed.repeats) == (datetime(2026, 12, 7, 9), (date(2026, 12, 14),), "FREQ=WEEKLY;BYDAY=MO;COUNT=4")
    settled = desk.settled(wish, proposed)
    done = desk.book(settled, asker=as_("ada"), now=NOW, key="series")
    assert (done.missing, done.through) == ((date(2026, 12, 14),), date(2026, 12, 28))
    assert desk.book(settled, asker=as_("ada"), now=NOW, key="series") == done
    held = desk.ground.rooms.held_by("ada", start=None, end=None)
    assert [one.start.day for one in held] == [7, 21, 28]
    mine = desk.mine(MyCalendar(period=Period(first=date(2026, 12, 7), last=date(2026, 12, 7))), asker=as_("ada"), now=NOW)
    assert (len(mine.meetings), mine.bookings) == (1, ())


moves = st.lists(st.tuples(st.sampled_from(["book", "extend", "move", "release"]), st.integers(0, 40), st.integers(1, 8)), min_size=1, max_size=20)
SEEN = iter(range(10**9))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves, st.sampled_from([datetime(2026, 12, 1, 0), datetime(2027, 3, 14, 0), datetime(2027, 11, 7, 0)]))
def test_whatever_is_booked_extended_moved_and_released_no_room_has_two_at_once(desk, as_, ledger, asked, day):
    """Against a plain set of quarter hours, on a day like others and on both days when clocks change; back-to-back is fine."""
    from insights.ledger.port import RoomChange, RoomHold

    room = f"room-{next(SEEN)}"
    zero = day.replace(tzinfo=ZONE).timestamp()
    at = lambda quarter: datetime.fromtimestamp(zero + 900 * quarter, ZONE)  # noqa: E731 # the grid of this example
    cells: dict[str, set[int]] = {}
    for what, start, length in asked:
        wanted = set(range(start, start + length))
        own = next(iter(cells), None)
        taken = set().union(*(held for id_, held in cells.items() if what == "book" or id_ != own))
        if what == "book":
            held = desk.ground.rooms.hold(RoomHold(key=key(), room=room, person="ada", start=at(start), end=at(start + length)), now=day)
            assert (held is not None) == (not wanted & taken)
            cells |= {held.id: wanted} if held else {}
        elif own is not None and what == "release":
            assert desk.ground.rooms.release(own, key=key(), now=day) is not None
            del cells[own]
        elif own is not None:
            begin = min(cells[own]) if what == "extend" else start
            wanted = set(range(begin, begin + length))
            changed = desk.ground.rooms.change(RoomChange(key=key(), booking=own, room=room, start=at(begin), end=at(begin + length)), now=day)
            assert (changed is not None) == (not wanted & taken)
            cells[own] = wanted if changed else cells[own]
    held = sorted((one.start.timestamp(), one.end.timestamp()) for one in desk.ground.rooms.busy(at(-100), at(200)) if one.room == room)
    assert all(end <= later for (_, end), (later, _) in pairwise(held))
    assert sum(end - start for start, end in held) == 900 * sum(map(len, cells.values()))

"""What every calendar of rooms promises: a room is never given twice, and the same key books once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.errors import UnknownThing
from insights.ledger.port import RoomChange, RoomHold

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 10, 31, 9)
EIGHT = datetime(2026, 11, 2, 8, tzinfo=ZONE)
KEYS = count()


def hold(rooms, start, end, *, room="fern", person="ada", key=None):
    """Try to hold Fern for Ada unless told otherwise."""
    wish = RoomHold(key=key or f"k{next(KEYS)}", room=room, person=person, start=start, end=end, title="Stand-up")
    return rooms.hold(wish, now=NOW)


def minutes(number):
    """So many minutes after eight."""
    return EIGHT + timedelta(minutes=number)


def test_a_booking_comes_back_as_it_was_made(rooms):
    """Room, person, times with their zone, title, and a name of its own."""
    made = hold(rooms, minutes(0), minutes(30), key="mine")
    found = rooms.held("mine")
    assert made == found
    assert (found.room, found.person, found.start, found.end, found.title) == ("fern", "ada", minutes(0), minutes(30), "Stand-up")
    assert found.id
    assert rooms.held("another") is None


@pytest.mark.parametrize(("start", "end"), [(0, 60), (10, 20), (-30, 1), (59, 90), (-30, 90)])
def test_a_room_that_is_taken_for_any_part_of_the_time_is_refused(rooms, start, end):
    """The same, within, across the start, across the end, around."""
    assert hold(rooms, minutes(0), minutes(60))
    assert hold(rooms, minutes(start), minutes(end)) is None


@pytest.mark.parametrize(("start", "end", "room"), [(60, 90, "fern"), (-30, 0, "fern"), (0, 60, "oak")])
def test_back_to_back_and_in_another_room_is_fine(rooms, start, end, room):
    """The end of a booking is not a part of it."""
    assert hold(rooms, minutes(0), minutes(60))
    assert hold(rooms, minutes(start), minutes(end), room=room)


def test_a_long_booking_that_began_days_ago_still_takes_the_room(rooms):
    """The look back for overlaps reaches as far as a booking can be long."""
    assert hold(rooms, EIGHT, EIGHT + timedelta(days=14))
    assert hold(rooms, EIGHT + timedelta(days=13, hours=23), EIGHT + timedelta(days=15)) is None
    assert hold(rooms, EIGHT + timedelta(days=14), EIGHT + timedelta(days=15))
    assert [held.start for held in rooms.busy(EIGHT + timedelta(days=13), EIGHT + timedelta(days=14))] == [EIGHT]


def test_the_hour_that_clocks_show_twice_can_be_booked_twice(rooms):
    """On the night when clocks go back, 1:30 happens two times, an hour apart."""
    first, second = (datetime(2026, 11, 1, 1, 30, fold=fold, tzinfo=ZONE) for fold in (0, 1))
    half = timedelta(minutes=30)
    assert hold(rooms, first, (first.astimezone(UTC) + half).astimezone(ZONE))
    assert hold(rooms, second, (second.astimezone(UTC) + half).astimezone(ZONE))
    assert hold(rooms, second, (second.astimezone(UTC) + half).astimezone(ZONE)) is None


def test_the_same_key_in_fifty_threads_is_one_booking(rooms, crowd):
    """All of them are told the same booking."""
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: hold(rooms, minutes(0), minutes(60), key="once"), range(crowd)))
    assert len({held.id for held in told}) == 1
    assert len(rooms.busy(minutes(0), minutes(60))) == 1


def test_of_fifty_who_want_the_same_slot_one_gets_it(rooms, crowd):
    """Different keys, one room, one time."""
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: hold(rooms, minutes(0), minutes(60)), range(crowd)))
    assert sum(held is not None for held in told) == 1


def test_people_see_what_they_hold_and_not_what_others_hold(rooms):
    """By person, and by any part of the time asked about; earliest first."""
    hold(rooms, minutes(60), minutes(90))
    hold(rooms, minutes(0), minutes(30))
    hold(rooms, minutes(30), minutes(60), person="sam")
    hold(rooms, minutes(90), minutes(120), person=None)
    assert [held.start for held in rooms.held_by("ada", start=None, end=None)] == [minutes(0), minutes(60)]
    assert [held.start for held in rooms.held_by("ada", start=minutes(29), end=minutes(60))] == [minutes(0)]
    assert [held.start for held in rooms.held_by("ada", start=minutes(30), end=None)] == [minutes(60)]
    assert [held.start for held in rooms.held_by(None, start=None, end=None)] == [minutes(90)]


def change(rooms, held, start, end, *, room="fern", key=None):
    """Try to give a booking another time or room."""
    return rooms.change(RoomChange(key=key or f"k{next(KEYS)}", booking=held.id, room=room, start=start, end=end), now=NOW)


def test_a_booking_is_found_by_its_id_until_it_is_released(rooms):
    """Whatever the letter case; afterwards it is gone, and releasing it once more does nothing."""
    made = hold(rooms, minutes(0), minutes(30))
    assert rooms.find(made.id) == made
    assert rooms.find(made.id.lower()) == made
    assert rooms.find("B-999999") is None
    assert rooms.find("nonsense") is None
    assert rooms.release(made.id, key="r1", now=NOW) == made
    assert rooms.find(made.id) is None
    assert rooms.busy(minutes(0), minutes(30)) == ()
    assert rooms.held_by("ada", start=None, end=None) == ()
    assert rooms.release(made.id, key="r2", now=NOW) is None
    assert rooms.release("B-999999", key="r3", now=NOW) is None


def test_a_released_time_can_be_held_by_others(rooms):
    """At once."""
    made = hold(rooms, minutes(0), minutes(30))
    rooms.release(made.id, key="r1", now=NOW)
    assert hold(rooms, minutes(15), minutes(45), person="sam")


def test_a_booking_keeps_its_id_when_it_is_given_another_time_or_room(rooms):
    """Longer, shorter, later, elsewhere; what it had is free again."""
    made = hold(rooms, minutes(0), minutes(30))
    longer = change(rooms, made, minutes(0), minutes(60))
    assert (longer.id, longer.start, longer.end, longer.person, longer.title) == (made.id, minutes(0), minutes(60), "ada", "Stand-up")
    assert change(rooms, made, minutes(15), minutes(45)).start == minutes(15)  # across its own old time
    moved = change(rooms, made, minutes(120), minutes(150), room="oak")
    assert rooms.find(made.id) == moved
    assert hold(rooms, minutes(0), minutes(60), person="sam")
    assert [held.room for held in rooms.busy(minutes(120), minutes(150))] == ["oak"]


def test_a_booking_that_would_overlap_another_keeps_what_it_had(rooms):
    """By a minute; up to the other one is fine."""
    made = hold(rooms, minutes(0), minutes(30))
    hold(rooms, minutes(60), minutes(90), person="sam")
    assert change(rooms, made, minutes(0), minutes(61)) is None
    assert rooms.find(made.id) == made
    assert change(rooms, made, minutes(0), minutes(60)).end == minutes(60)


def test_the_same_key_changes_once(rooms):
    """What was changed since is not changed back."""
    made = hold(rooms, minutes(0), minutes(30))
    assert change(rooms, made, minutes(0), minutes(45), key="c1").end == minutes(45)
    assert change(rooms, made, minutes(0), minutes(60), key="c2").end == minutes(60)
    assert change(rooms, made, minutes(0), minutes(45), key="c1") is not None
    assert rooms.find(made.id).end == minutes(60)


def test_what_is_gone_cannot_be_changed(rooms):
    """That is an error, not a room that is taken."""
    made = hold(rooms, minutes(0), minutes(30))
    rooms.release(made.id, key="r1", now=NOW)
    with pytest.raises(UnknownThing):
        change(rooms, made, minutes(0), minutes(60))


def test_of_fifty_who_move_into_the_same_slot_one_gets_it(rooms, crowd):
    """Bookings of fifty rooms race for one."""
    made = [hold(rooms, minutes(0), minutes(30), room=f"room-{number}") for number in range(crowd)]
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda held: change(rooms, held, minutes(0), minutes(30), room="fern"), made))
    assert sum(held is not None for held in told) == 1
    assert len(rooms.busy(minutes(0), minutes(30))) == crowd


wishes = st.lists(st.tuples(st.integers(0, 48), st.integers(1, 12), st.sampled_from(["fern", "oak"])), max_size=12)
seen = count()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wishes)
def test_whatever_is_asked_for_a_wish_is_granted_exactly_when_no_quarter_of_it_is_taken(rooms, crowd, asked):
    """Against a plain grid of quarter hours; each example has weeks of its own, and a server fewer examples."""
    example = next(seen)
    if crowd < 50 and example % 10:
        return
    week, taken = 7 * 24 * 60 * (1 + example), set()
    for start, length, room in asked:
        cells = {(room, quarter) for quarter in range(start, start + length)}
        granted = hold(rooms, minutes(week + 15 * start), minutes(week + 15 * (start + length)), room=room) is not None
        assert granted == (not cells & taken)
        taken |= cells if granted else set()

"""Which rooms are free and when, against looking at every single minute."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from insights.ledger.port import HeldRoom
from insights.meetings.choosing import Wish, free, next_free
from insights.organization import Room

DAY = datetime(2026, 12, 2, tzinfo=UTC)
ROOMS = [Room(id=name, name=name, capacity=4) for name in ("a", "b")]


def at(minute):
    """So many minutes after midnight."""
    return DAY + timedelta(minutes=minute)


@st.composite
def calendars(draw):
    """Bookings of two rooms that never overlap within a room, as (room, first minute, end minute)."""
    held = []
    for room in ("a", "b"):
        edges = sorted(draw(st.sets(st.integers(0, 60), max_size=8)))
        held += [(room, start, end) for start, end in zip(edges[::2], edges[1::2], strict=False)]
    return held


@given(calendars(), st.integers(0, 60), st.integers(1, 20))
def test_a_room_is_free_when_no_minute_of_the_time_is_taken(held, start, length):
    """And it is next free at the first minute from which that holds."""
    busy = [HeldRoom(id="", key="", room=room, person=None, start=at(first), end=at(end)) for room, first, end in held]
    wish = Wish(start=at(start), end=at(start + length))
    taken = {room.id: {minute for name, first, end in held if name == room.id for minute in range(first, end)} for room in ROOMS}

    def fits(room, minute):
        return not taken[room.id] & set(range(minute, minute + length))

    assert free(ROOMS, wish, busy) == [room for room in ROOMS if fits(room, start)]
    for room in ROOMS:
        assert next_free(room, wish, busy) == at(next(minute for minute in range(start, 200) if fits(room, minute)))

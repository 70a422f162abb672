"""Any sequence of bookings, moves and releases, against a plain list: a room is never held twice at a time, and nothing that is free is refused.

Times are said on the wall, on days when clocks change too, and kept in the list as instants in UTC. CASES multiplies the number of sequences.
"""

import os
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule, run_state_machine_as_test

from insights.ledger.port import RoomChange, RoomHold

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
CASES = int(os.environ.get("CASES", "1"))
NUMBERS = count()
# the nights when clocks are put forth and back: New York 8 March and 1 November, Berlin 29 March and 25 October, Lord Howe by half an hour on 5 April
NIGHTS = [
    ("America/New_York", datetime(2026, 3, 7, 22)),
    ("America/New_York", datetime(2026, 10, 31, 22)),
    ("Europe/Berlin", datetime(2026, 3, 28, 22)),
    ("Europe/Berlin", datetime(2026, 10, 24, 22)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 22)),
    ("UTC", datetime(2026, 6, 1, 8)),
]


class Rooms(RuleBasedStateMachine):
    """Two rooms over one night; `held` is what the ledger should hold."""

    ledger = None
    bookings = Bundle("bookings")

    @initialize(night=st.sampled_from(NIGHTS))
    def begin(self, night):
        """A night of its own, with rooms of its own."""
        zone, self.evening = night
        self.zone, self.names, self.held = ZoneInfo(zone), {room: f"{room}-{next(NUMBERS)}" for room in ("fern", "oak")}, {}

    def span(self, quarter, fold, length):
        """An hour on the wall, and how long from there; both ends in the room's zone."""
        start = (self.evening + timedelta(minutes=15 * quarter)).replace(tzinfo=self.zone, fold=fold)
        start = start.astimezone(UTC)  # a time that clocks skip becomes the one that they show instead
        return start.astimezone(self.zone), (start + timedelta(minutes=15 * length)).astimezone(self.zone)

    def free(self, room, start, end, *, but=None):
        """Whether nothing in the list touches that time."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        return not any(where == room and begun < end and start < ended for id_, (where, begun, ended) in self.held.items() if id_ != but)

    @rule(target=bookings, room=st.sampled_from(["fern", "oak"]), quarter=st.integers(0, 39), fold=st.sampled_from([0, 1]), length=st.integers(1, 12))
    def book(self, room, quarter, fold, length):
        """Granted exactly when it is free."""
        start, end = self.span(quarter, fold, length)
        wish = RoomHold(key=f"k{next(NUMBERS)}", room=self.names[room], person="ada", start=start, end=end)
        got = self.ledger.hold_room(wish, now=NOW)
        assert (got is not None) == self.free(wish.room, start, end)
        if got is None:
            return multiple()
        self.held[got.id] = (wish.room, start.astimezone(UTC), end.astimezone(UTC))
        return got.id

    @rule(booking=bookings)
    def book_next_to_it(self, booking):
        """Back-to-back is fine: right after one that is held, for as long as it is free."""
        room, _, end = self.held.get(booking, (None, None, None))
        if room is not None and self.free(room, end, end + timedelta(minutes=15)):
            wish = RoomHold(
                key=f"k{next(NUMBERS)}", room=room, person="ada", start=end.astimezone(self.zone), end=(end + timedelta(minutes=15)).astimezone(self.zone)
            )
            got = self.ledger.hold_room(wish, now=NOW)
            assert got is not None
            self.held[got.id] = (room, end, end + timedelta(minutes=15))

    @rule(booking=bookings, room=st.sampled_from(["fern", "oak"]), quarter=st.integers(0, 39), fold=st.sampled_from([0, 1]), length=st.integers(1, 12))
    def move(self, booking, room, quarter, fold, length):
        """Granted exactly when it is free but for itself; refused it stays where it is."""
        start, end = self.span(quarter, fold, length)
        change = RoomChange(key=f"c{next(NUMBERS)}", booking=booking, room=self.names[room], start=start, end=end)
        got = self.ledger.change_booking(change, now=NOW)
        assert (got is not None) == self.free(change.room, start, end, but=booking)
        if got is not None:
            self.held[booking] = (change.room, start.astimezone(UTC), end.astimezone(UTC))

    @rule(booking=consumes(bookings))
    def release(self, booking):
        """Free from then on."""
        assert self.ledger.release_booking(booking, key=f"r{next(NUMBERS)}", why="released", now=NOW)
        del self.held[booking]

    @invariant()
    def what_is_held_is_what_should_be(self):
        """The same bookings at the same instants, and no two of them at once."""
        if not hasattr(self, "held"):
            return
        start = self.evening.replace(tzinfo=self.zone) - timedelta(days=2)
        found = [one for one in self.ledger.holds(start, start + timedelta(days=5)) if one.room in self.names.values()]
        assert {one.id: (one.room, one.start.astimezone(UTC), one.end.astimezone(UTC)) for one in found} == self.held
        hours = sorted((one.room, one.start.astimezone(UTC), one.end.astimezone(UTC)) for one in found)
        assert not [1 for (room, _, end), (other, start, _) in pairwise(hours) if room == other and start < end]


@pytest.mark.parametrize("steps", [25])
def test_a_room_is_never_held_twice_whatever_is_booked_moved_and_released(ledger, steps):
    """On nights when clocks change, in each engine."""

    class Here(Rooms):
        pass

    Here.ledger = ledger
    quiet = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    run_state_machine_as_test(Here, settings=settings(max_examples=15 * CASES, stateful_step_count=steps, deadline=None, suppress_health_check=quiet))

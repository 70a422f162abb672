"""Rooms booked in our own ledger: works with no account anywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from insights.ledger.port import Bookings, HeldRoom, RoomHold


class EmbeddedRooms:
    """The ledger is the calendar; it never holds a room twice. It is opened when it is first needed."""

    def __init__(self, ledger: Callable[[], Bookings]) -> None:
        self._ledger = ledger

    def busy(self, start: datetime, end: datetime) -> tuple[HeldRoom, ...]:
        """See the port."""
        return self._ledger().holds(start, end)

    def hold(self, hold: RoomHold, *, now: datetime) -> HeldRoom | None:
        """See the port. Raises OutsideFailed when the action was given up meanwhile."""
        return self._ledger().hold_room(hold, now=now)

    def held(self, key: str) -> HeldRoom | None:
        """See the port."""
        return self._ledger().hold_with_key(key)

    def held_by(self, person: str | None, *, start: datetime | None, end: datetime | None) -> tuple[HeldRoom, ...]:
        """See the port."""
        return self._ledger().holds_of(person, start=start, end=end)

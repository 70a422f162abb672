"""Rooms booked in our own ledger: works with no account anywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from insights.ledger.meetings import Ended
from insights.ledger.port import HeldRoom, Ledger, RoomChange, RoomHold


class EmbeddedRooms:
    """The ledger is the calendar; it never holds a room twice. It is opened when it is first needed."""

    def __init__(self, ledger: Callable[[], Ledger]) -> None:
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

    def find(self, booking: str) -> HeldRoom | None:
        """See the port."""
        return self._ledger().booked(booking)

    def change(self, change: RoomChange, *, now: datetime) -> HeldRoom | None:
        """See the port. Raises OutsideFailed when the action was given up meanwhile."""
        return self._ledger().change_booking(change, now=now)

    def release(self, booking: str, *, key: str, now: datetime, why: Ended = "released") -> HeldRoom | None:
        """See the port. Raises OutsideFailed when the action was given up meanwhile."""
        return self._ledger().release_booking(booking, key=key, why=why, now=now)

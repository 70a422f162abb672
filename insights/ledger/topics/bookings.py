"""Rooms held; the database sees to it that no two overlap."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from zoneinfo import ZoneInfo

from insights.ledger.database import Forbidden, Row, Session, Topic
from insights.ledger.instants import instant
from insights.ledger.port import HeldRoom, RoomHold
from insights.ledger.topics.actions import given_up
from insights.ledger.topics.audit import note

COLUMNS = "number, key, room, person, start_at, end_at, timezone, title, private, block, meeting, state"
FIRST = 1000
_FOURTEEN_DAYS = 1_209_600  # the longest booking there can be, see the migration; bounds how far back a booking under way began


class StoredBookings(Topic):
    """Bookings as instants with the zone they were made in."""

    def hold_room(self, hold: RoomHold, *, now: datetime) -> HeldRoom | None:
        """See the port. Most of those who come too late are told so without waiting to write."""
        with self._database.reading() as session:
            earlier = _with_key(session, hold.key)
            if earlier is not None or _overlapped(session, hold):
                return earlier
        try:
            with self._database.writing(f"key {hold.key}", f"room {hold.room}") as session:
                earlier = _with_key(session, hold.key)
                if earlier is not None:
                    return earlier
                number = _insert(session, hold, now)
                note(session, "room held", f"B-{FIRST + number}", person=hold.person, detail=hold.key, now=now)
        except Forbidden as error:
            if error.reason == "taken":
                return None
            if error.reason == "given up":
                raise given_up(hold.key) from None
            raise
        return HeldRoom(id=f"B-{FIRST + number}", **{part.name: getattr(hold, part.name) for part in fields(RoomHold)})

    def hold_with_key(self, key: str) -> HeldRoom | None:
        """See the port."""
        with self._database.reading() as session:
            return _with_key(session, key)

    def holds(self, start: datetime, end: datetime) -> tuple[HeldRoom, ...]:
        """See the port."""
        first, last = seconds(start), seconds(end)
        with self._database.reading() as session:
            rows = session.every(
                f"SELECT {COLUMNS} FROM bookings WHERE state = 'held' AND start_at < ? AND start_at > ? AND end_at > ? ORDER BY start_at, number",  # noqa: S608 # the names are ours
                last, first - _FOURTEEN_DAYS, first,
            )  # fmt: skip
        return tuple(held(row) for row in rows)

    def holds_of(self, person: str | None, *, start: datetime | None, end: datetime | None) -> tuple[HeldRoom, ...]:
        """See the port."""
        with self._database.reading() as session:
            rows = session.every(
                f"SELECT {COLUMNS} FROM bookings WHERE state = 'held' AND person IS NOT DISTINCT FROM ?"  # noqa: S608 # the names are ours
                " AND end_at > ? AND start_at < ? ORDER BY start_at, number",
                person, seconds(start) if start else 0, seconds(end) if end else 1 << 62,
            )  # fmt: skip
        return tuple(held(row) for row in rows)


def _overlapped(session: Session, hold: RoomHold) -> bool:
    """Whether the room is taken for any part of that time."""
    first, last = seconds(hold.start), seconds(hold.end)
    taken = session.one(
        "SELECT 1 AS it FROM bookings WHERE room = ? AND state = 'held' AND start_at < ? AND start_at > ? AND end_at > ? ORDER BY start_at LIMIT 1",
        hold.room, last, first - _FOURTEEN_DAYS, first,
    )  # fmt: skip
    return taken is not None


def _insert(session: Session, hold: RoomHold, now: datetime) -> int:
    return session.add(
        "INSERT INTO bookings (key, room, person, start_at, end_at, timezone, local_start, local_end, title, booked_at, private, block, meeting)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        hold.key, hold.room, hold.person, seconds(hold.start), seconds(hold.end), str(hold.start.tzinfo), local(hold.start), local(hold.end), hold.title,
        instant(now), int(hold.private), int(hold.block), hold.meeting,
    )  # fmt: skip


def _with_key(session: Session, key: str) -> HeldRoom | None:
    row = session.one(f"SELECT {COLUMNS} FROM bookings WHERE key = ?", key)  # noqa: S608 # the names are ours
    return None if row is None else held(row)


def held(row: Row) -> HeldRoom:
    """A booking from its row."""
    zone = ZoneInfo(row["timezone"])
    return HeldRoom(
        id=f"B-{FIRST + row['number']}",
        key=row["key"],
        room=row["room"],
        person=row["person"],
        start=datetime.fromtimestamp(row["start_at"], zone),
        end=datetime.fromtimestamp(row["end_at"], zone),
        title=row["title"],
        private=bool(row["private"]),
        block=bool(row["block"]),
        meeting=row["meeting"],
        released=row["state"] == "released",
    )


def seconds(moment: datetime) -> int:
    """An instant as it is kept."""
    return int(moment.timestamp())


def local(moment: datetime) -> str:
    """What the clocks there show, for whoever looks into the table."""
    return moment.replace(tzinfo=None).isoformat(timespec="minutes")

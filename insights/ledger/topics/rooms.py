"""Bookings found, changed and released, and who came."""

from __future__ import annotations

import re
from datetime import datetime

from insights.errors import UnknownThing
from insights.ledger.database import Forbidden, Row, Session, Topic
from insights.ledger.meetings import CheckedIn, Ended, Used
from insights.ledger.port import HeldRoom, RoomChange
from insights.ledger.topics.actions import given_up
from insights.ledger.topics.audit import note
from insights.ledger.topics.bookings import COLUMNS, FIRST, held, local, seconds

_ID = re.compile(r"B-(\d{1,15})", re.IGNORECASE)


class StoredRooms(Topic):
    """What becomes of bookings; each change is kept under its key beside what was before it."""

    def booked(self, booking: str) -> HeldRoom | None:
        """See the port."""
        with self._database.reading() as session:
            return _find(session, booking)

    def change_booking(self, change: RoomChange, *, now: datetime) -> HeldRoom | None:
        """See the port."""
        try:
            with self._database.writing(f"key {change.key}", f"room {change.room}", f"booking {_number(change.booking)}") as session:
                known = _find(session, change.booking)
                if _made(session, change.key):
                    return known
                if known is None:
                    raise UnknownThing(f"There is no booking {change.booking[:20]} any more.", remedy="Ask what is booked.")
                _keep(session, change.key, known, "changed", now)
                session.run(
                    "UPDATE bookings SET room = ?, start_at = ?, end_at = ?, timezone = ?, local_start = ?, local_end = ? WHERE number = ? AND state = 'held'",
                    change.room, seconds(change.start), seconds(change.end), str(change.start.tzinfo), local(change.start), local(change.end),
                    _number(known.id),
                )  # fmt: skip
                note(session, "room changed", known.id, person=known.person, detail=change.key, now=now)
                return _find(session, change.booking)
        except Forbidden as error:
            if error.reason == "taken":
                return None
            if error.reason == "given up":
                raise given_up(change.key) from None
            raise

    def release_booking(self, booking: str, *, key: str, why: Ended, now: datetime) -> HeldRoom | None:
        """See the port."""
        try:
            with self._database.writing(f"key {key}", f"booking {_number(booking)}") as session:
                again = _made(session, key)
                known = _find(session, booking) or (_find(session, booking, state="released") if again else None)
                if known is None or again:
                    return known
                _keep(session, key, known, why, now)
                session.run("UPDATE bookings SET state = 'released' WHERE number = ?", _number(known.id))
                note(session, f"room {why}", known.id, person=known.person, detail=key, now=now)
        except Forbidden as error:
            if error.reason == "given up":
                raise given_up(key) from None
            raise
        return known

    def changed_under(self, key: str) -> HeldRoom | None:
        """See the port."""
        with self._database.reading() as session:
            row = session.one("SELECT booking, room, start_at, end_at FROM room_changes WHERE key = ?", key)
            return None if row is None else _before(session, row)

    def changed_within(self, key: str) -> tuple[HeldRoom, ...]:
        """See the port."""
        with self._database.reading() as session:
            rows = session.every(
                "SELECT booking, room, start_at, end_at FROM room_changes WHERE substr(key, 1, ?) = ? ORDER BY number", len(key) + 1, f"{key}:"
            )  # fmt: skip
            return tuple(was for row in rows if (was := _before(session, row)) is not None)

    def missed(self, meeting: str, *, before: datetime, last: int) -> int:
        """See the port."""
        with self._database.reading() as session:
            rows = session.every(
                "SELECT (SELECT count(*) FROM room_changes WHERE booking = bookings.number AND why = 'no_show') AS gone FROM bookings"
                " WHERE meeting = ? AND start_at < ? ORDER BY start_at DESC",
                meeting, seconds(before),
            )  # fmt: skip
            return sum(1 for row in rows[:last] if row["gone"])

    def room_use(self) -> tuple[Used, ...]:
        """See the port."""
        with self._database.reading() as session:
            rows = session.every(f"SELECT {COLUMNS}, booked_at FROM bookings ORDER BY number")  # noqa: S608 # the names are ours
            ended = {row["booking"]: row["why"] for row in session.every("SELECT booking, why FROM room_changes WHERE why <> 'changed' ORDER BY number")}
            came = {row["booking"] for row in session.every("SELECT booking FROM check_ins")}
        found = []
        for row in rows:
            one = held(row)
            why = ended.get(row["number"], "released") if row["state"] == "released" else None
            found.append(
                Used(
                    booking=one.id, room=one.room, start=one.start, end=one.end, booked_at=row["booked_at"], ended=why, checked_in=one.id in came,
                    repeats=one.meeting is not None, block=one.block,
                )
            )  # fmt: skip
        return tuple(found)

    def check_in(self, booking: str, room: str, *, key: str, person: str | None, now: datetime) -> CheckedIn:
        """See the port."""
        try:
            with self._database.writing(f"key {key}", f"check in {booking}") as session:
                session.run(
                    "INSERT INTO check_ins (booking, key, room, person, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (booking) DO NOTHING",
                    booking, key, room, person, now.isoformat(timespec="seconds"),
                )  # fmt: skip
                found = _check_in(session, booking)
                assert found is not None
                return found
        except Forbidden as error:
            if error.reason == "given up":
                raise given_up(key) from None
            raise

    def checked_in(self, booking: str) -> CheckedIn | None:
        """See the port."""
        with self._database.reading() as session:
            return _check_in(session, booking)


def _number(booking: str) -> int:
    """The number behind an id; one that none has, for what is no id."""
    match = _ID.fullmatch(booking.strip())
    return int(match[1]) - FIRST if match else -FIRST


def _find(session: Session, booking: str, *, state: str = "held") -> HeldRoom | None:
    row = session.one(f"SELECT {COLUMNS} FROM bookings WHERE number = ? AND state = ?", _number(booking), state)  # noqa: S608 # the names are ours
    return None if row is None else held(row)


def _before(session: Session, row: Row) -> HeldRoom | None:
    """A booking as it was before a change that was kept."""
    kept = session.one(f"SELECT {COLUMNS} FROM bookings WHERE number = ?", row["booking"])  # noqa: S608 # the names are ours
    return None if kept is None else held({**kept, "room": row["room"], "start_at": row["start_at"], "end_at": row["end_at"]})


def _made(session: Session, key: str) -> bool:
    return session.one("SELECT 1 AS made FROM room_changes WHERE key = ?", key) is not None


def _keep(session: Session, key: str, was: HeldRoom, why: str, now: datetime) -> None:
    """Note what was before the change; forbidden when the action was given up."""
    session.run(
        "INSERT INTO room_changes (key, booking, why, room, start_at, end_at, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        key, _number(was.id), why, was.room, seconds(was.start), seconds(was.end), now.isoformat(timespec="seconds"),
    )  # fmt: skip


def _check_in(session: Session, booking: str) -> CheckedIn | None:
    row = session.one("SELECT booking, person, at FROM check_ins WHERE booking = ?", booking)
    return None if row is None else CheckedIn(booking=row["booking"], person=row["person"], at=datetime.fromisoformat(row["at"]))

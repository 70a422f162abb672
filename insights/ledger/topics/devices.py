"""Devices that were met, and where they stand."""

from __future__ import annotations

from datetime import UTC, datetime

from insights.errors import UnknownThing
from insights.ledger.database import Row, Session, Topic
from insights.ledger.identity import KnownDevice
from insights.ledger.instants import instant
from insights.ledger.topics.audit import note
from insights.ledger.topics.naming import name_of, number_of

_COLUMNS = "number, device, state, room, person, asked_by, seen_at"
PREFIX = "D-"


class StoredDevices(Topic):
    """Devices by their own id."""

    def meet_device(self, device: str, *, now: datetime) -> KnownDevice:
        """See the port."""
        with self._database.reading() as session:
            row = session.one(f"SELECT {_COLUMNS} FROM devices WHERE device = ?", device)  # noqa: S608 # the names are ours
        if row is not None:
            return _known(row)  # the usual case writes nothing
        with self._database.writing() as session:
            return _known(_met(session, device, now))

    def propose_device(self, device: str, *, room: str, by: str | None, now: datetime) -> KnownDevice:
        """See the port."""
        with self._database.writing() as session:
            row = _met(session, device, now)
            if row["state"] != "mapped":
                session.run("UPDATE devices SET state = 'pending', room = ?, asked_by = ? WHERE number = ?", room, by, row["number"])
                note(session, "device proposed", name_of(PREFIX, row["number"]), person=by, detail=room, now=now)
            return _known(_met(session, device, now))

    def map_device(self, device: str, *, room: str | None = None, person: str | None = None, by: str | None = None, now: datetime) -> KnownDevice:
        """See the port."""
        if (room is None) == (person is None):
            raise ValueError("a device stands in a room or on somebody's desk")
        with self._database.writing() as session:
            row = _called(session, device) or _met(session, device, now)
            session.run("UPDATE devices SET state = 'mapped', room = ?, person = ? WHERE number = ?", room, person, row["number"])
            note(session, "device mapped", name_of(PREFIX, row["number"]), person=by, detail=room or "a desk", now=now)
            return _known(_met(session, row["device"], now))

    def remove_device(self, device: str, *, now: datetime) -> bool:
        """See the port."""
        with self._database.writing() as session:
            row = _called(session, device)
            if row is None:
                return False
            session.run("DELETE FROM devices WHERE number = ?", row["number"])
            note(session, "device removed", name_of(PREFIX, row["number"]), person=None, now=now)
        return True

    def known_devices(self) -> tuple[KnownDevice, ...]:
        """See the port."""
        with self._database.reading() as session:
            rows = session.every(
                f"SELECT {_COLUMNS} FROM devices ORDER BY CASE state WHEN 'pending' THEN 0 WHEN 'unknown' THEN 1 ELSE 2 END, number"  # noqa: S608 # names are ours
            )
        return tuple(_known(row) for row in rows)


def _called(session: Session, device: str) -> Row | None:
    """The device with its own id, or with ours."""
    found = session.one(f"SELECT {_COLUMNS} FROM devices WHERE device = ?", device)  # noqa: S608 # the names are ours
    if found is None and device.strip().upper().startswith(PREFIX):
        found = session.one(f"SELECT {_COLUMNS} FROM devices WHERE number = ?", number_of(PREFIX, device))  # noqa: S608 # the names are ours
        if found is None:
            raise UnknownThing(f"There is no device {device[:60]}.", remedy="`insights devices list` shows those that were met.")
    return found


def _met(session: Session, device: str, now: datetime) -> Row:
    session.run("INSERT INTO devices (device, seen_at) VALUES (?, ?) ON CONFLICT (device) DO NOTHING", device, instant(now))
    row = session.one(f"SELECT {_COLUMNS} FROM devices WHERE device = ?", device)  # noqa: S608 # the names are ours
    assert row is not None
    return row


def _known(row: Row) -> KnownDevice:
    facts = dict(row)
    number, seen = facts.pop("number"), facts.pop("seen_at")
    return KnownDevice(id=name_of(PREFIX, number), seen=datetime.fromtimestamp(seen, UTC), **facts)

"""How rooms are used, as figures: one table, and what it means in model.yaml and assistant.yaml. No name of a person, no title of a meeting."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from insights.delivery.snapshots import Snapshot, Table
from insights.ledger.meetings import Used
from insights.ledger.port import Ledger
from insights.organization import Organization

Row = tuple[object, ...]


def snapshot(ledger: Callable[[], Ledger], organization: Organization, zone: ZoneInfo) -> Snapshot:
    """The table of bookings, read when it is written."""
    return Snapshot(
        name="rooms",
        definitions="insights.meetings.figures",
        tables=(
            Table(
                name="bookings",
                columns={
                    "booking": "VARCHAR", "room": "VARCHAR", "building": "VARCHAR", "floor": "VARCHAR", "starts": "TIMESTAMP", "minutes": "DOUBLE",
                    "minutes_kept": "DOUBLE", "outcome": "VARCHAR", "checked_in": "BIGINT", "no_show": "BIGINT", "repeats": "BIGINT",
                    "minutes_ahead": "DOUBLE",
                },
                rows=lambda: [_row(used, organization, zone) for used in ledger().room_use() if not used.block],
            ),
        ),
    )  # fmt: skip


def _row(used: Used, organization: Organization, zone: ZoneInfo) -> Row:
    room = organization.rooms.get(used.room)
    minutes = (used.end.timestamp() - used.start.timestamp()) / 60
    kept = 0.0 if used.ended is not None else minutes
    starts = used.start.astimezone(zone).replace(tzinfo=None)
    outcome = {None: "kept", "no_show": "nobody came", "stale": "nobody came", "displaced": "taken back"}.get(used.ended, "released")
    return (
        used.booking, room.name if room else used.room, room.building if room else None, room.floor if room else None, starts, minutes, kept, outcome,
        int(used.checked_in), int(used.ended == "no_show"), int(used.repeats), max(0.0, (used.start.timestamp() - used.booked_at) / 60),
    )  # fmt: skip

"""What the help desk does as figures: two tables, and what they mean in model.yaml and assistant.yaml. No name of a person, no word of a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta

from insights.delivery.snapshots import Snapshot, Table
from insights.ledger.helpdesk import Registered
from insights.ledger.port import Ledger
from insights.organization import Organization

DAYS = 800
"""How far back the backlog of each day is told."""
Row = tuple[object, ...]


def snapshot(ledger: Callable[[], Ledger], organization: Organization) -> Snapshot:
    """The tables of the help desk, read when they are written."""

    def tickets() -> list[Row]:
        return [_ticket(one, organization) for one in ledger().registered_since(None)]

    return Snapshot(
        name="help_desk",
        definitions="insights.tickets.figures",
        tables=(
            Table(
                name="tickets",
                columns={
                    "ticket": "VARCHAR", "category": "VARCHAR", "priority": "VARCHAR", "team": "VARCHAR", "room": "VARCHAR", "status": "VARCHAR",
                    "raised": "TIMESTAMP", "minutes_to_answer": "DOUBLE", "minutes_to_solve": "DOUBLE", "solved": "BIGINT", "late": "BIGINT",
                    "reopened": "BIGINT", "rating": "BIGINT",
                },
                rows=tickets,
            ),
            Table(
                name="backlog",
                columns={"day": "DATE", "category": "VARCHAR", "priority": "VARCHAR", "team": "VARCHAR", "tickets": "BIGINT"},
                rows=lambda: backlog(ledger().registered_since(None), organization),
            ),
        ),
    )  # fmt: skip


def _ticket(one: Registered, organization: Organization) -> Row:
    room = organization.rooms.get(one.room or "")
    late = None if one.due is None or one.resolved is None else int(one.resolved > one.due)
    label = organization.help_desk.label_of(one.category)
    return (
        one.key, label, one.priority, one.team, room.name if room else None, one.status.replace("_", " "), one.raised, _minutes(one.raised, one.answered),
        _minutes(one.raised, one.resolved), int(one.resolved is not None), late, one.reopened, one.rating,
    )  # fmt: skip


def _minutes(start: datetime, end: datetime | None) -> float | None:
    return None if end is None else max(0.0, (end - start).total_seconds() / 60)


def backlog(tickets: Iterable[Registered], organization: Organization) -> list[Row]:
    """How many tickets were open at the end of each day, from the first to the last on which anything happened; by kind, priority and team.

    A kind that has had tickets and has none left is told as 0, so that its backlog is not that of the day before.
    """
    known = list(tickets)
    if not known:
        return []
    last = max(max(one.updated, one.resolved or one.updated) for one in known).date()
    first = max(min(one.raised for one in known).date(), last - timedelta(days=DAYS))
    rows: list[Row] = []
    seen: set[tuple[str, str, str]] = set()
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        end = datetime.combine(day, time.max)
        counted = Counter(
            (organization.help_desk.label_of(one.category), one.priority, one.team)
            for one in known
            if one.raised <= end and (one.resolved is None or one.resolved > end)
        )
        seen |= set(counted)
        rows += [(day, *kind, counted.get(kind, 0)) for kind in sorted(seen)]
    return rows

"""Due work with leases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from insights.ledger.database import Topic
from insights.ledger.instants import instant
from insights.ledger.port import WorkItem, WorkState
from insights.ledger.topics.audit import note

_COLUMNS = "key, kind, person, payload, attempts, state, problem"


class StoredWork(Topic):
    """Items by key; the number of the claim tells whose word counts."""

    def add_work(self, key: str, kind: str, payload: str, *, person: str | None, due: datetime | None = None) -> bool:
        """See the port."""
        with self._database.writing() as session:
            added = session.run(
                "INSERT INTO work (key, kind, person, payload, due_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
                key, kind, person, payload, 0.0 if due is None else instant(due),
            )  # fmt: skip
        return bool(added)

    def claim_work(self, kind: str, *, now: datetime, lease: timedelta, key: str | None = None) -> WorkItem | None:
        """See the port."""
        if key is None and not self._anything_due(kind, now):
            return None  # without taking the write lock: an idle worker disturbs nobody
        with self._database.writing() as session:
            if key is None:
                row = session.one("SELECT key FROM work WHERE kind = ? AND state = 'waiting' AND due_at <= ? ORDER BY due_at, number", kind, instant(now))
            else:
                row = session.one("SELECT key FROM work WHERE kind = ? AND state = 'waiting' AND key = ?", kind, key)
            if row is None:
                return None
            session.run(
                "UPDATE work SET state = 'doing', attempts = attempts + 1, lease_until = ? WHERE key = ?",
                instant(now + lease), row["key"],
            )  # fmt: skip
            claimed = session.one(f"SELECT {_COLUMNS} FROM work WHERE key = ?", row["key"])  # noqa: S608 # the names are ours
        assert claimed is not None
        return WorkItem(**dict(claimed))

    def work_with(self, key: str) -> WorkItem | None:
        """See the port."""
        with self._database.reading() as session:
            row = session.one(f"SELECT {_COLUMNS} FROM work WHERE key = ?", key)  # noqa: S608 # the names are ours
        return None if row is None else WorkItem(**dict(row))

    def lapsed_work(self, kind: str, *, now: datetime) -> tuple[WorkItem, ...]:
        """See the port."""
        with self._database.reading() as session:
            rows = session.every(
                f"SELECT {_COLUMNS} FROM work WHERE kind = ? AND state = 'doing' AND lease_until <= ? ORDER BY number",  # noqa: S608 # the names are ours
                kind, instant(now),
            )  # fmt: skip
        return tuple(WorkItem(**dict(row)) for row in rows)

    def hold_work(self, item: WorkItem, *, until: datetime, note: str | None = None) -> bool:
        """See the port."""
        with self._database.writing() as session:
            held = session.run(
                "UPDATE work SET lease_until = ?, problem = coalesce(?, problem) WHERE key = ? AND attempts = ? AND state = 'doing'",
                instant(until), note, item.key, item.attempts,
            )  # fmt: skip
        return bool(held)

    def finish_work(self, item: WorkItem, state: Literal["done", "failed", "unknown"], *, problem: str = "", now: datetime) -> bool:
        """See the port. A claim that was taken for unknown may still say how it ended."""
        with self._database.writing() as session:
            finished = session.run(
                "UPDATE work SET state = ?, problem = ?, lease_until = NULL"
                " WHERE key = ? AND attempts = ? AND state IN ('doing', 'unknown') AND state <> ?",
                state, problem, item.key, item.attempts, state,
            )  # fmt: skip
            if finished:
                note(session, f"{item.kind} {state}", item.key, person=item.person, now=now)
        return bool(finished)

    def postpone_work(self, item: WorkItem, *, due: datetime, problem: str) -> bool:
        """See the port."""
        with self._database.writing() as session:
            postponed = session.run(
                "UPDATE work SET state = 'waiting', due_at = ?, problem = ?, lease_until = NULL WHERE key = ? AND attempts = ? AND state = 'doing'",
                instant(due), problem, item.key, item.attempts,
            )  # fmt: skip
        return bool(postponed)

    def work_in(self, kind: str, state: WorkState) -> tuple[WorkItem, ...]:
        """See the port."""
        with self._database.reading() as session:
            rows = session.every(f"SELECT {_COLUMNS} FROM work WHERE kind = ? AND state = ? ORDER BY number", kind, state)  # noqa: S608 # the names are ours
        return tuple(WorkItem(**dict(row)) for row in rows)

    def _anything_due(self, kind: str, now: datetime) -> bool:
        with self._database.reading() as session:
            return session.one("SELECT 1 FROM work WHERE kind = ? AND state = 'waiting' AND due_at <= ?", kind, instant(now)) is not None

"""Actions that happen once."""

from __future__ import annotations

from datetime import datetime

from insights.errors import NotAnswerable, OutsideFailed
from insights.ledger.database import Session, Topic
from insights.ledger.instants import instant
from insights.ledger.port import Action, Beginning, Begun, Done, InFlight
from insights.ledger.topics.audit import digest_of, note

_COLUMNS = "key, kind, state, request, person, result, reason, begun_at AS begun"
_OPEN = "('intended', 'attempted', 'doubted')"


class StoredActions(Topic):
    """The state of each action by its idempotency key; each change is one transaction with its audit entry."""

    def begin(self, key: str, kind: str, request: str, *, person: str | None, now: datetime) -> Beginning:
        """See the port."""
        with self._database.writing() as session:
            known = _action(session, key)
            if known is None:
                session.run(
                    "INSERT INTO actions (key, kind, person, request, state, begun_at) VALUES (?, ?, ?, ?, 'intended', ?)",
                    key, kind, person, request, instant(now),
                )  # fmt: skip
            elif known.kind != kind or known.person != person:
                raise NotAnswerable("That request number was already used for something else.", remedy="Ask again.")
            elif known.result is not None:
                return Done(result=known.result)
            elif known.state != "failed":
                return InFlight(state=known.state)
            else:
                session.run("UPDATE actions SET state = 'intended', request = ?, reason = NULL, begun_at = ? WHERE key = ?", request, instant(now), key)
            note(session, f"{kind} intended", key, person=person, detail=digest_of(request), now=now)
        return Begun(key=key)

    def attempted(self, key: str, *, now: datetime) -> None:
        """See the port."""
        if not self._move(key, "attempted", allowed="('intended', 'attempted')", now=now):
            known = self.find(key)
            if known is None or known.state != "confirmed":
                raise given_up(key)

    def confirm(self, key: str, result: str, *, now: datetime) -> None:
        """See the port."""
        self._move(key, "confirmed", allowed="('intended', 'attempted', 'doubted', 'failed')", result=result, now=now)

    def fail(self, key: str, reason: str, *, now: datetime) -> None:
        """See the port."""
        self._move(key, "failed", allowed=_OPEN, reason=reason, now=now)

    def doubt(self, key: str, *, now: datetime) -> bool:
        """See the port."""
        return self._move(key, "doubted", allowed=_OPEN, now=now)

    def find(self, key: str) -> Action | None:
        """See the port."""
        with self._database.reading() as session:
            return _action(session, key)

    def unfinished(self, *, before: datetime) -> tuple[Action, ...]:
        """See the port."""
        with self._database.reading() as session:
            rows = session.every(
                f"SELECT {_COLUMNS} FROM actions WHERE state IN {_OPEN} AND begun_at < ? ORDER BY begun_at",  # noqa: S608 # the names are ours
                instant(before),
            )
        return tuple(Action(**dict(row)) for row in rows)

    def _move(self, key: str, state: str, *, allowed: str, result: str | None = None, reason: str | None = None, now: datetime) -> bool:
        with self._database.writing() as session:
            moved = session.run(
                f"UPDATE actions SET state = ?, result = ?, reason = ? WHERE key = ? AND state IN {allowed}",  # noqa: S608 # the states are ours
                state, result, reason, key,
            )  # fmt: skip
            if moved:
                known = _action(session, key)
                assert known is not None
                note(session, f"{known.kind} {state}", key, person=known.person, detail=digest_of(result or reason or ""), now=now)
        return bool(moved)


def given_up(key: str) -> OutsideFailed:
    """What to say when an action was given up before it could be carried out."""
    return OutsideFailed("That took too long and was given up, so nothing was done.", remedy="Ask again.", reference=key)


def _action(session: Session, key: str) -> Action | None:
    row = session.one(f"SELECT {_COLUMNS} FROM actions WHERE key = ?", key)  # noqa: S608 # the names are ours
    return None if row is None else Action(**dict(row))

"""Jobs of the doors, their messages in lanes, each once and in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from insights.ledger.database import Row, Session, Topic
from insights.ledger.instants import instant
from insights.ledger.post import Begin, Hold, Job, Outcome, Receive, Sent, Settle, Step, Write, Written

_JOB = "key, number, scope, queue, payload, attempt"
_OURS = "EXISTS (SELECT 1 FROM received WHERE received.key = ? AND received.attempt = ? AND received.state = 'doing')"
"""The job is still done by whoever asks."""
_PEN = "post"
"""Who writes here is alone here, and beside whoever books and files."""


class StoredPost(Topic):
    """Jobs by key and number, messages by key and lane."""

    def record(self, steps: Sequence[Step], *, now: datetime, lease: timedelta) -> list[Outcome]:
        """See the port."""
        with self._database.writing(_PEN) as session:
            return [_recorded(session, step, now, lease) for step in steps]

    def hold_on(self, holder: str, *, now: datetime, lease: timedelta) -> int:
        """See the port."""
        with self._database.writing(_PEN) as session:
            return session.run("UPDATE received SET lease_until = ? WHERE holder = ? AND state = 'doing'", instant(now + lease), holder)

    def take_over(self, holder: str, *, now: datetime, lease: timedelta, most: int = 10) -> tuple[Job, ...]:
        """See the port."""
        lapsed = "SELECT key FROM received WHERE state = 'doing' AND lease_until <= ? ORDER BY number LIMIT ?"
        with self._database.reading() as session:
            if not session.every(lapsed, instant(now), most):
                return ()  # without taking the write lock: an idle server disturbs nobody
        with self._database.writing(_PEN) as session:
            taken = [row["key"] for row in session.every(lapsed, instant(now), most)]
            for key in taken:
                session.run("UPDATE received SET holder = ?, lease_until = ?, attempt = attempt + 1 WHERE key = ?", holder, instant(now + lease), key)
            return tuple(job for key in taken if (job := _job(session, key)) is not None)

    def let_go(self, holder: str, *, now: datetime) -> int:
        """See the port."""
        with self._database.writing(_PEN) as session:
            return session.run("UPDATE received SET lease_until = ? WHERE holder = ? AND state = 'doing'", instant(now), holder)

    def waits_for(self, job: Job) -> bool:
        """See the port."""
        with self._database.reading() as session:
            return session.one("SELECT 1 FROM received WHERE queue = ? AND state = 'doing' AND number < ?", job.queue, job.number) is not None

    def turn_of(self, written: Written, lane: str, *, now: datetime) -> float | None:
        """See the port."""
        with self._database.reading() as session:
            return _turn(session, written, lane, now)

    def is_written(self, key: str) -> bool:
        """See the port."""
        with self._database.reading() as session:
            return session.one("SELECT 1 FROM postings WHERE key = ?", key) is not None

    def job_state(self, key: str) -> str | None:
        """See the port."""
        with self._database.reading() as session:
            row = session.one("SELECT state FROM received WHERE key = ?", key)
        return None if row is None else str(row["state"])

    def close_scope(self, scope: str, *, now: datetime) -> int:  # noqa: ARG002 - as the port promises
        """See the port."""
        with self._database.writing(_PEN) as session:
            session.run("UPDATE postings SET state = 'failed', payload = '' WHERE scope = ? AND state IN ('waiting', 'sending')", scope)
            return session.run("UPDATE received SET state = 'failed', payload = '', problem = 'withdrawn' WHERE scope = ? AND state = 'doing'", scope)


def _recorded(session: Session, step: Step, now: datetime, lease: timedelta) -> Outcome:
    match step:
        case Receive():
            return _received(session, step, now, lease)
        case Settle(job=job, state=state, problem=problem):
            ended = "UPDATE received SET state = ?, problem = ?, payload = '' WHERE key = ? AND attempt = ? AND state = 'doing'"
            if not session.run(ended, state, problem, job.key, job.attempt):
                return False
            session.run("UPDATE postings SET state = 'failed', payload = '' WHERE job = ? AND state IN ('waiting', 'sending')", job.key)
            return True
        case Write():
            return _written(session, step, now)
        case Begin(written=written, job=job, lane=lane, apart=apart):
            return _begun(session, written, job, lane, apart, now)
        case Sent(written=written, result=result, failed=failed):
            session.run("UPDATE postings SET state = ?, result = ?, payload = '' WHERE key = ?", "failed" if failed else "sent", result, written.key)
            return None
        case Hold(written=written, lane=lane, until=until):
            session.run("UPDATE postings SET state = 'waiting' WHERE key = ? AND state = 'sending'", written.key)
            _occupy(session, lane, instant(until))
            return None
        case _:
            assert_never(step)


def _begun(session: Session, written: Written, job: Job, lane: str, apart: timedelta, now: datetime) -> bool:
    if _turn(session, written, lane, now) != 0:
        return False
    begun = session.run(
        f"UPDATE postings SET state = 'sending' WHERE key = ? AND state IN ('waiting', 'sending') AND {_OURS}",  # noqa: S608 # the names are ours
        written.key, job.key, job.attempt,
    )  # fmt: skip
    if begun and apart:
        _occupy(session, lane, instant(now + apart))
    return bool(begun)


def _received(session: Session, step: Receive, now: datetime, lease: timedelta) -> Job | None:
    until = instant(now + lease)
    new = session.run(
        "INSERT INTO received (key, scope, queue, payload, state, holder, lease_until, received_at) VALUES (?, ?, ?, ?, 'doing', ?, ?, ?)"
        " ON CONFLICT (key) DO UPDATE SET payload = excluded.payload, state = 'doing', attempt = received.attempt + 1, holder = excluded.holder,"
        " lease_until = excluded.lease_until, problem = '' WHERE received.state = 'failed'",
        step.key, step.scope, step.queue, step.payload, step.holder, until, instant(now),
    )  # fmt: skip
    return _job(session, step.key) if new else None


def _job(session: Session, key: str) -> Job | None:
    row = session.one(f"SELECT {_JOB} FROM received WHERE key = ?", key)  # noqa: S608 # the names are ours
    return None if row is None else Job(**dict(row))


def _written(session: Session, step: Write, now: datetime) -> Written:
    row: Row | None = session.one("SELECT number, state, result FROM postings WHERE key = ?", step.key)
    if row is not None and row["state"] == "sent":
        return Written(key=step.key, number=row["number"], state="sent", result=row["result"])
    if row is None:
        number = session.add(
            "INSERT INTO postings (key, job, scope, lane, payload, state, written_at) VALUES (?, ?, ?, ?, ?, 'waiting', ?)",
            step.key, step.job.key, step.job.scope, step.lane, step.payload, instant(now),
        )  # fmt: skip
        written = Written(key=step.key, number=number, state="waiting")
    else:
        session.run("UPDATE postings SET payload = ?, state = 'waiting' WHERE key = ?", step.payload, step.key)
        written = Written(key=step.key, number=row["number"], state="waiting", doubtful=row["state"] == "sending")
    return replace(written, state="sending") if _begun(session, written, step.job, step.lane, step.apart, now) else written


def _turn(session: Session, written: Written, lane: str, now: datetime) -> float | None:
    ahead = session.one(
        "SELECT 1 FROM postings JOIN received ON received.key = postings.job AND received.state = 'doing'"
        " WHERE postings.lane = ? AND postings.state IN ('waiting', 'sending') AND postings.number < ?",
        lane, written.number,
    )  # fmt: skip
    return None if ahead is not None else max(0.0, _free_at(session, lane) - instant(now))


def _free_at(session: Session, lane: str) -> float:
    row = session.one("SELECT free_at FROM lanes WHERE lane = ?", lane)
    return 0.0 if row is None else float(row["free_at"])


def _occupy(session: Session, lane: str, until: float) -> None:
    session.run(
        "INSERT INTO lanes (lane, free_at) VALUES (?, ?) ON CONFLICT (lane) DO UPDATE SET free_at = excluded.free_at WHERE lanes.free_at < excluded.free_at",
        lane, until,
    )  # fmt: skip

"""Who follows what, and when it is next due."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, time

from insights.ledger.database import Row, Session, Topic
from insights.ledger.following import Change, Condition, KeptSubscription, Schedule, Subscription, SubscriptionState, Threshold, Unusual
from insights.ledger.instants import aware, instant
from insights.ledger.topics.audit import note
from insights.ledger.topics.naming import name_of, number_of

_COLUMNS = "number, key, catalog, person, kind, words, request, schedule, timezone, condition, state, muted_until, next_at, seen, created_at"
_CONDITIONS = {"threshold": Threshold, "change": Change, "unusual": Unusual}
PREFIX = "S-"


class StoredSubscriptions(Topic):
    """Subscriptions by person; the time that one is next due tells whose look counts."""

    def follow(self, subscription: Subscription, *, now: datetime) -> KeptSubscription:
        """See the port."""
        due = subscription.schedule.after(aware(now), subscription.timezone)
        with self._database.writing() as session:
            added = session.run(
                "INSERT INTO subscriptions (key, catalog, person, kind, words, request, schedule, timezone, condition, next_at, created_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
                subscription.key, subscription.catalog, subscription.person, subscription.kind, subscription.words, subscription.request,
                written_schedule(subscription.schedule), subscription.timezone, written_condition(subscription.condition), instant(due), instant(now),
            )  # fmt: skip
            row = session.one(f"SELECT {_COLUMNS} FROM subscriptions WHERE key = ?", subscription.key)  # noqa: S608 # the names are ours
            assert row is not None
            if added:
                note(session, f"{subscription.kind} followed", name_of(PREFIX, row["number"]), person=subscription.person, now=now)
        return _kept(row)

    def subscription_of(self, person: str, subscription: str) -> KeptSubscription | None:
        """See the port."""
        with self._database.reading() as session:
            row = _this(session, person, subscription)
        return None if row is None else _kept(row)

    def subscriptions_of(self, person: str) -> tuple[KeptSubscription, ...]:
        """See the port."""
        with self._database.reading() as session:
            rows = session.every(f"SELECT {_COLUMNS} FROM subscriptions WHERE person = ? AND state <> 'ended' ORDER BY number", person)  # noqa: S608 # names are ours
        return tuple(_kept(row) for row in rows)

    def due_subscriptions(self, catalog: str, *, now: datetime) -> tuple[KeptSubscription, ...]:
        """See the port."""
        with self._database.reading() as session:
            rows = session.every(
                f"SELECT {_COLUMNS} FROM subscriptions WHERE catalog = ? AND state = 'active' AND next_at <= ? ORDER BY next_at, number",  # noqa: S608 # names are ours
                catalog, instant(now),
            )  # fmt: skip
        return tuple(_kept(row) for row in rows)

    def looked(self, subscription: KeptSubscription, *, seen: str, now: datetime) -> bool:
        """See the port."""
        due = subscription.schedule.after(max(aware(now), subscription.next), subscription.timezone)
        with self._database.writing() as session:
            first = session.run(
                "UPDATE subscriptions SET seen = ?, next_at = ? WHERE number = ? AND next_at = ? AND state = 'active'",
                seen, instant(due), number_of(PREFIX, subscription.id), instant(subscription.next),
            )  # fmt: skip
        return bool(first)

    def set_subscription(self, person: str, subscription: str, state: SubscriptionState, *, now: datetime) -> bool:
        """See the port."""
        with self._database.writing() as session:
            row = _this(session, person, subscription)
            if row is None or row["state"] == "ended":
                return False
            if row["state"] != state:
                kept = _kept(row)
                due = kept.schedule.after(aware(now), kept.timezone) if state == "active" else kept.next
                session.run("UPDATE subscriptions SET state = ?, next_at = ? WHERE number = ?", state, instant(due), row["number"])
                note(session, f"subscription {state}", kept.id, person=person, now=now)
        return True

    def mute_subscription(self, person: str, subscription: str, *, until: datetime, now: datetime) -> bool:
        """See the port."""
        with self._database.writing() as session:
            row = _this(session, person, subscription)
            if row is None or row["state"] == "ended":
                return False
            muted = instant(until) if instant(until) > instant(now) else 0.0
            session.run("UPDATE subscriptions SET muted_until = ? WHERE number = ?", muted, row["number"])
            note(session, "subscription muted" if muted else "subscription heard again", name_of(PREFIX, row["number"]), person=person, now=now)
        return True


def skip_missed(session: Session, now: datetime) -> int:
    """Let everything that fell due by now wait for the next time of its schedule; how many there were."""
    rows = session.every(f"SELECT {_COLUMNS} FROM subscriptions WHERE next_at <= ? ORDER BY number", instant(now))  # noqa: S608 # the names are ours
    for row in rows:
        kept = _kept(row)
        session.run("UPDATE subscriptions SET next_at = ? WHERE number = ?", kept.schedule.after(aware(now), kept.timezone).timestamp(), row["number"])
    return sum(row["state"] == "active" for row in rows)


def written_schedule(schedule: Schedule) -> str:
    """A schedule as JSON."""
    return json.dumps(asdict(schedule) | {"at": schedule.at.isoformat("minutes")})


def written_condition(condition: Condition | None) -> str | None:
    """A condition as JSON, by its kind."""
    return None if condition is None else json.dumps({"kind": type(condition).__name__.lower()} | asdict(condition))


def _schedule(text: str) -> Schedule:
    facts = json.loads(text)
    return Schedule(**{**facts, "at": time.fromisoformat(facts["at"])})


def _condition(text: str | None) -> Condition | None:
    if text is None:
        return None
    facts = json.loads(text)
    return _CONDITIONS[facts.pop("kind")](**facts)  # type: ignore[no-any-return, unused-ignore]  # the three are the union


def _this(session: Session, person: str, subscription: str) -> Row | None:
    number = number_of(PREFIX, subscription)
    return session.one(f"SELECT {_COLUMNS} FROM subscriptions WHERE number = ? AND person = ?", number, person)  # noqa: S608 # the names are ours


def _kept(row: Row) -> KeptSubscription:
    facts = dict(row)
    number, muted, due, created = (facts.pop(name) for name in ("number", "muted_until", "next_at", "created_at"))
    facts["schedule"], facts["condition"] = _schedule(facts["schedule"]), _condition(facts["condition"])
    return KeptSubscription(
        id=name_of(PREFIX, number), muted_until=_instant(muted) if muted else None, next=_instant(due), created=_instant(created), **facts
    )  # fmt: skip


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)

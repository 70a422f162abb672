"""What administrators decide and count, on every engine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from insights.ledger.post import Receive, Settle, Write

NOW = datetime(2026, 5, 31, 9, tzinfo=UTC)
LEASE = timedelta(seconds=30)


def test_channels_have_the_rule_that_was_said_last_and_the_log_knows_who_said_it(ledger):
    """A new list takes the place of the one before; an empty one leaves none."""
    ledger.rule_channels(["C2", "C1", "C1"], "denied", person="tom", now=NOW)
    assert ledger.channel_rules() == {"C1": "denied", "C2": "denied"}
    ledger.rule_channels(["C3"], "allowed", person="tom", now=NOW)
    assert ledger.channel_rules() == {"C3": "allowed"}
    ledger.rule_channels([], "denied", person="tom", now=NOW)
    assert ledger.channel_rules() == {}
    said = [(entry.person, entry.subject, entry.detail) for entry in ledger.audit_trail()]
    assert said == [("tom", "denied", "C1 C2"), ("tom", "allowed", "C3"), ("tom", "denied", "")]
    assert ledger.first_broken() is None


def test_what_is_used_is_counted_from_a_moment_on(ledger):
    """People once each, however many conversations they have; jobs by how they ended; actions that happened."""
    for conversation, person, at in (("a", "ada", NOW), ("b", "ada", NOW), ("c", None, NOW), ("d", "ben", NOW - timedelta(days=8))):
        ledger.save_conversation(conversation, "{}", person=person, now=at)
    for key, state in (("j1", "done"), ("j2", "failed"), ("j3", None)):
        (job,) = ledger.record([Receive(key=key, scope="T", queue=key, payload="{}", holder="h")], now=NOW, lease=LEASE)
        if state is not None:
            ledger.record([Settle(job=job, state=state)], now=NOW, lease=LEASE)
    for key in ("x", "y"):
        ledger.begin(key, "book_room", "{}", person="ada", now=NOW)
    ledger.confirm("x", "{}", now=NOW)
    week, ever = ledger.used(since=NOW - timedelta(days=7)), ledger.used(since=NOW - timedelta(days=30))
    assert (week.people, week.done, week.failed, week.actions, ever.people) == (1, 1, 1, {"book_room": 1}, 2)


def test_a_message_is_known_from_when_it_is_written_down(ledger):
    """Whether it went out or not."""
    (job,) = ledger.record([Receive(key="j", scope="T", queue="j", payload="{}", holder="h")], now=NOW, lease=LEASE)
    assert not ledger.is_written("j#progress")
    ledger.record([Write(key="j#progress", job=job, lane="C1", payload="{}", apart=timedelta(0))], now=NOW, lease=LEASE)
    assert ledger.is_written("j#progress")

"""What every ledger promises about what people follow."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from insights.ledger.following import Change, Schedule, Subscription, Threshold, Unusual

NOW = datetime(2026, 11, 30, 15, tzinfo=UTC)  # a Monday, ten in the morning in New York
DIGEST = Subscription(
    key="k", catalog="shop", person="ada", kind="digest", words="revenue every morning", request="{}", schedule=Schedule(every="weekdays"),
    timezone="America/New_York",
)  # fmt: skip
TUESDAY = datetime(2026, 12, 1, 14, tzinfo=UTC)


def test_a_subscription_comes_back_as_it_was_made_and_is_made_once(ledger):
    """First due at the next time of its schedule, in the person's zone."""
    kept = ledger.follow(DIGEST, now=NOW)
    assert (kept.id, kept.state, kept.next, kept.created, kept.muted_until) == ("S-1001", "active", TUESDAY, NOW, None)
    assert ledger.follow(replace(DIGEST, words="other"), now=NOW) == kept
    assert ledger.subscription_of("ada", "s-1001") == kept
    assert ledger.subscriptions_of("ada") == (kept,)
    assert ledger.subscription_of("sam", "S-1001") is None
    assert ledger.subscriptions_of("sam") == ()


@pytest.mark.parametrize("condition", [Threshold(op="<", value=0.25), Change(by=0.1, direction="down"), Unusual()])
def test_an_alert_keeps_its_condition(ledger, condition):
    """Of each kind, with its schedule."""
    alert = replace(DIGEST, kind="alert", condition=condition, schedule=Schedule(every="hourly", at=time(0, 30)))
    kept = ledger.follow(alert, now=NOW)
    assert ledger.subscription_of("ada", kept.id).condition == condition
    assert kept.next == NOW + timedelta(minutes=30)


def test_what_is_due_is_looked_at_by_one(ledger):
    """The worker that says so second is told that it was not the one."""
    kept = ledger.follow(DIGEST, now=NOW)
    assert ledger.due_subscriptions("shop", now=TUESDAY - timedelta(seconds=1)) == ()
    assert ledger.due_subscriptions("bank", now=TUESDAY) == ()
    (due,) = ledger.due_subscriptions("shop", now=TUESDAY)
    assert due == kept
    assert ledger.looked(due, seen='{"value": 1}', now=TUESDAY)
    assert not ledger.looked(due, seen="{}", now=TUESDAY)
    after = ledger.subscription_of("ada", kept.id)
    assert (after.seen, after.next) == ('{"value": 1}', TUESDAY + timedelta(days=1))


def test_looks_that_were_missed_are_not_made_up_for(ledger):
    """A week of standstill is one look, not five."""
    due = ledger.follow(DIGEST, now=NOW)
    ledger.looked(due, seen="{}", now=TUESDAY + timedelta(days=7, hours=1))
    assert ledger.subscription_of("ada", due.id).next == TUESDAY + timedelta(days=8)


def test_paused_is_not_due_and_resumed_is_due_at_the_next_time(ledger):
    """Ended is for good."""
    kept = ledger.follow(DIGEST, now=NOW)
    assert ledger.set_subscription("ada", kept.id, "paused", now=NOW)
    assert ledger.due_subscriptions("shop", now=TUESDAY) == ()
    assert ledger.set_subscription("ada", kept.id, "active", now=TUESDAY + timedelta(days=1, hours=1))
    assert ledger.subscription_of("ada", kept.id).next == TUESDAY + timedelta(days=2)
    assert not ledger.set_subscription("sam", kept.id, "ended", now=NOW)
    assert ledger.set_subscription("ada", kept.id, "ended", now=NOW)
    assert not ledger.set_subscription("ada", kept.id, "active", now=NOW)
    assert ledger.subscriptions_of("ada") == ()


def test_muted_until_a_time_it_is_looked_at_all_the_same(ledger):
    """So that what it sees stays up to date; a time that has passed lets it speak again."""
    kept = ledger.follow(DIGEST, now=NOW)
    assert ledger.mute_subscription("ada", kept.id, until=TUESDAY + timedelta(days=3), now=NOW)
    (due,) = ledger.due_subscriptions("shop", now=TUESDAY)
    assert due.muted_until == TUESDAY + timedelta(days=3)
    assert ledger.mute_subscription("ada", kept.id, until=NOW, now=NOW)
    assert ledger.subscription_of("ada", kept.id).muted_until is None


def test_who_left_is_told_nothing_more(ledger):
    """Everything the person follows has ended."""
    ledger.follow(DIGEST, now=NOW)
    assert ledger.withdraw_access("ada", now=NOW)
    assert ledger.due_subscriptions("shop", now=TUESDAY) == ()

"""What every engine of the ledger promises about jobs, messages in lanes, installations and what is good once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from insights.ledger.installations import Site
from insights.ledger.post import Begin, Hold, Receive, Sent, Settle, Write

NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)
LEASE = timedelta(seconds=30)
SECOND = timedelta(seconds=1)


def receive(ledger, key, *, queue="q", scope="T1", holder="one", now=NOW):
    """Receive one delivery."""
    (job,) = ledger.record([Receive(key=key, scope=scope, queue=queue, payload="{}", holder=holder)], now=now, lease=LEASE)
    return job


def write(ledger, job, key, *, lane="C1", now=NOW):
    """Write one message down."""
    (written,) = ledger.record([Write(key=key, job=job, lane=lane, payload="{}", apart=SECOND)], now=now, lease=LEASE)
    return written


def test_a_delivery_is_received_once_however_many_bring_it(ledger):
    """Eight threads bring the same hundred times each: one has it."""
    with ThreadPoolExecutor(8) as pool:
        jobs = [job for job in pool.map(lambda _: receive(ledger, "k"), range(40)) if job is not None]
    assert [(job.key, job.attempt) for job in jobs] == [("k", 1)]
    assert ledger.job_state("k") == "doing"
    assert ledger.job_state("other") is None


def test_what_ended_is_not_done_again_and_what_failed_may_be(ledger):
    """The payload goes with the end, the key stays."""
    job = receive(ledger, "k")
    assert ledger.record([Settle(job=job, state="failed", problem="why")], now=NOW, lease=LEASE) == [True]
    again = receive(ledger, "k")
    assert (again.number, again.attempt) == (job.number, 2)
    assert ledger.record([Settle(job=job, state="done")], now=NOW, lease=LEASE) == [False]  # the word of an attempt that is over
    assert ledger.record([Settle(job=again, state="done")], now=NOW, lease=LEASE) == [True]
    assert receive(ledger, "k") is None


def test_a_job_is_taken_over_when_its_holder_falls_silent_and_not_before(ledger):
    """Whoever holds on keeps it; whoever lets go gives it away at once."""
    job = receive(ledger, "k")
    assert ledger.take_over("two", now=NOW + LEASE - SECOND, lease=LEASE) == ()
    assert ledger.hold_on("one", now=NOW + LEASE - SECOND, lease=LEASE) == 1
    assert ledger.take_over("two", now=NOW + LEASE, lease=LEASE) == ()
    (taken,) = ledger.take_over("two", now=NOW + 2 * LEASE, lease=LEASE)
    assert (taken.key, taken.attempt) == ("k", job.attempt + 1)
    assert ledger.let_go("two", now=NOW + 2 * LEASE) == 1
    assert [job.attempt for job in ledger.take_over("three", now=NOW + 2 * LEASE, lease=LEASE)] == [3]


def test_a_queue_is_worked_off_in_order(ledger):
    """The later waits for the earlier, not for what belongs elsewhere."""
    first, second, elsewhere = receive(ledger, "1"), receive(ledger, "2"), receive(ledger, "3", queue="r")
    assert [ledger.waits_for(job) for job in (first, second, elsewhere)] == [False, True, False]
    ledger.record([Settle(job=first, state="done")], now=NOW, lease=LEASE)
    assert not ledger.waits_for(second)


def test_messages_of_a_lane_go_out_in_order_a_second_apart(ledger):
    """The first begins at once, the next when it went out and the lane is free; another lane does not wait."""
    job = receive(ledger, "k")
    first, second, other = write(ledger, job, "k#1"), write(ledger, job, "k#2"), write(ledger, job, "k#3", lane="C2")
    assert [one.state for one in (first, second, other)] == ["sending", "waiting", "sending"]
    assert ledger.turn_of(second, "C1", now=NOW) is None
    ledger.record([Sent(written=first, result='{"ts": "1"}')], now=NOW, lease=LEASE)
    assert ledger.turn_of(second, "C1", now=NOW) == 1.0
    begin = Begin(written=second, job=job, lane="C1", apart=SECOND)
    assert ledger.record([begin], now=NOW, lease=LEASE) == [False]
    assert ledger.record([begin], now=NOW + SECOND, lease=LEASE) == [True]
    ledger.record([Hold(written=second, lane="C1", until=NOW + 9 * SECOND)], now=NOW + SECOND, lease=LEASE)
    assert ledger.turn_of(second, "C1", now=NOW + SECOND) == 8.0


def test_a_message_that_went_out_is_known_and_one_that_was_interrupted_is_doubtful(ledger):
    """A second attempt finds those of the first; a process that lost its job sends nothing more."""
    job = receive(ledger, "k")
    first, second = write(ledger, job, "k#1"), write(ledger, job, "k#2", lane="C2")
    ledger.record([Sent(written=first, result='{"ts": "1"}')], now=NOW, lease=LEASE)
    (taken,) = ledger.take_over("two", now=NOW + LEASE, lease=LEASE)
    again, doubtful = write(ledger, taken, "k#1", now=NOW + LEASE), write(ledger, taken, "k#2", lane="C2", now=NOW + LEASE)
    assert (again.state, again.result) == ("sent", '{"ts": "1"}')
    assert (doubtful.number, doubtful.state, doubtful.doubtful) == (second.number, "sending", True)
    late = Begin(written=second, job=job, lane="C2", apart=SECOND)
    assert ledger.record([late], now=NOW + 2 * LEASE, lease=LEASE) == [False]


def test_nothing_of_a_closed_scope_is_done_or_sent(ledger):
    """Another scope goes on."""
    mine, other = receive(ledger, "1"), receive(ledger, "2", scope="T2", queue="r")
    waiting = write(ledger, mine, "1#1")
    assert ledger.close_scope("T1", now=NOW) == 1
    assert ledger.record([Begin(written=waiting, job=mine, lane="C1", apart=SECOND)], now=NOW + SECOND, lease=LEASE) == [False]
    assert (ledger.job_state("1"), ledger.job_state("2")) == ("failed", "doing")
    assert ledger.record([Settle(job=mine, state="done"), Settle(job=other, state="done")], now=NOW, lease=LEASE) == [False, True]


def test_an_installation_is_kept_replaced_and_withdrawn(ledger):
    """A withdrawn one is empty, and is known to be withdrawn until it is installed again."""
    site, person = Site(door="slack", team="T1"), Site(door="slack", team="T1", account="U1")
    assert ledger.installed(site) is None
    ledger.install(site, "sealed", now=NOW)
    ledger.install(person, "own", now=NOW)
    assert ledger.reseal(site, "anew", was="sealed")
    assert not ledger.reseal(site, "again", was="sealed")
    assert [found.sealed for found in ledger.all_installed("slack")] == ["anew", "own"]
    assert ledger.withdraw(person, now=NOW) == 1
    assert ledger.withdraw(site, now=NOW + SECOND) == 1
    assert (ledger.installed(site).sealed, ledger.installed(site).withdrawn) == ("", NOW + SECOND)
    assert ledger.all_installed("slack") == ()
    ledger.install(site, "sealed", now=NOW)
    assert ledger.installed(site).withdrawn is None


def test_what_is_good_once_is_redeemed_once_and_in_time(ledger):
    """Of eight who try at the same moment one is let in; too late is too late."""
    ledger.issue_once("s", now=NOW, until=NOW + SECOND)
    ledger.issue_once("late", now=NOW, until=NOW + SECOND)
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: ledger.redeem_once("s", now=NOW), range(8))) == 1
    assert not ledger.redeem_once("late", now=NOW + SECOND)
    assert not ledger.redeem_once("never", now=NOW)

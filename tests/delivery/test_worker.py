"""Messages reach their person once, or it is known that they may not have."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from insights.delivery.outbox import enqueue
from insights.delivery.worker import ATTEMPTS, LEASE, Counts, work
from insights.errors import OutcomeUnknown, OutsideFailed, UnknownThing
from insights.organization import Person

NOW = datetime(2026, 12, 1, 10)
PEOPLE = {"ada": Person(id="ada", name="Ada Okafor"), "sam": Person(id="sam", name="Sam Reyes", active=False)}


class Recorder:
    """A messenger that remembers what it sent, or fails as it is told."""

    name = "recorder"

    def __init__(self, *failures, reaches=True):
        self.sent = []
        self._failures, self._reaches, self._lock = list(failures), reaches, threading.Lock()

    def reaches(self, person):
        """Whoever it was told to reach."""
        return self._reaches

    def send(self, person, reply, *, key):
        """Fail as long as there are failures left."""
        with self._lock:
            if self._failures:
                raise self._failures.pop(0)
            self.sent.append((key, person.id, reply.speech, reply.text))


def put(ledger, key="m", person="ada", due=None):
    """Put a message in the outbox."""
    return enqueue(ledger, key=key, person=person, speech="Revenue was 3 million.", text="Revenue: $3,012,345", due=due)


def run(ledger, messenger, now=NOW):
    """One round at a time of our choosing."""
    return work(ledger, {"recorder": messenger}, PEOPLE, lambda: now)


def test_a_message_is_sent_once_however_often_it_is_put_and_worked_on(ledger):
    """With its words for the ear and the eye."""
    messenger = Recorder()
    assert put(ledger)
    assert not put(ledger)
    assert run(ledger, messenger) == Counts(sent=1)
    assert not put(ledger)
    assert run(ledger, messenger, NOW + timedelta(days=1)) == Counts()
    assert messenger.sent == [("m", "ada", "Revenue was 3 million.", "Revenue: $3,012,345")]


def test_a_message_waits_for_its_time(ledger):
    """A reminder is not early."""
    messenger = Recorder()
    put(ledger, due=NOW + timedelta(minutes=1))
    assert run(ledger, messenger) == Counts()
    assert run(ledger, messenger, NOW + timedelta(minutes=1)) == Counts(sent=1)


def test_many_workers_send_each_message_once(ledger):
    """Six workers, sixty messages."""
    messenger = Recorder()
    for number in range(60):
        put(ledger, f"m{number}")
    with ThreadPoolExecutor(6) as pool:
        rounds = list(pool.map(lambda _: run(ledger, messenger), range(6)))
    assert sum(counts.sent for counts in rounds) == 60
    assert Counter(key for key, *_ in messenger.sent) == Counter(f"m{number}" for number in range(60))


def test_what_failed_for_certain_is_tried_again_later_each_time(ledger):
    """After half a minute, then a minute, then it goes out."""
    messenger = Recorder(OutsideFailed("Slack is down."), OutsideFailed("Slack is down."))
    put(ledger)
    assert run(ledger, messenger) == Counts(postponed=1)
    assert run(ledger, messenger, NOW + timedelta(seconds=29)) == Counts()
    assert run(ledger, messenger, NOW + timedelta(seconds=30)) == Counts(postponed=1)
    assert run(ledger, messenger, NOW + timedelta(seconds=89)) == Counts()
    assert run(ledger, messenger, NOW + timedelta(seconds=90)) == Counts(sent=1)


def test_after_the_last_attempt_it_counts_as_failed_with_its_reason(ledger):
    """Old news is not sent days later."""
    messenger = Recorder(*[OutsideFailed("Slack is down.")] * 100)
    put(ledger)
    rounds = [run(ledger, messenger, NOW + timedelta(hours=2 * number)) for number in range(ATTEMPTS + 2)]
    assert [counts.postponed for counts in rounds] == [1] * (ATTEMPTS - 1) + [0] * 3
    assert [counts.failed for counts in rounds] == [0] * (ATTEMPTS - 1) + [1, 0, 0]
    assert ledger.work_in("message", "failed")[0].problem == "Slack is down."


@pytest.mark.parametrize("error", [OutcomeUnknown("Slack did not answer."), RuntimeError("a mistake in the messenger")])
def test_what_may_have_been_sent_is_not_sent_again(ledger, error):
    """It is marked unknown, where somebody can look; the next message goes out."""
    messenger = Recorder(error)
    put(ledger, "a")
    put(ledger, "b")
    assert run(ledger, messenger) == Counts(unknown=1, sent=1)
    assert run(ledger, messenger, NOW + timedelta(days=1)) == Counts()
    assert [item.key for item in ledger.work_in("message", "unknown")] == ["a"]
    assert [key for key, *_ in messenger.sent] == ["b"]


def test_a_worker_that_dies_while_sending_leaves_the_message_unknown(ledger):
    """Nobody can tell whether it went out: after the lease it is marked, not sent again."""
    put(ledger)
    with pytest.raises(KeyboardInterrupt):
        run(ledger, Recorder(KeyboardInterrupt()))
    messenger = Recorder()
    assert run(ledger, messenger, NOW + LEASE - timedelta(seconds=1)) == Counts()
    assert run(ledger, messenger, NOW + LEASE) == Counts(unknown=1)
    assert run(ledger, messenger, NOW + timedelta(days=1)) == Counts()
    assert messenger.sent == []


def test_who_is_not_here_any_more_is_told_nothing(ledger):
    """Inactive, or unknown."""
    messenger = Recorder()
    put(ledger, "a", person="sam")
    put(ledger, "b", person="eve")
    assert run(ledger, messenger) == Counts(failed=2)
    assert messenger.sent == []


def test_who_cannot_be_reached_now_is_tried_later(ledger):
    """By the first messenger that reaches them."""
    put(ledger)
    assert run(ledger, Recorder(reaches=False)) == Counts(postponed=1)
    silent, speaking = Recorder(reaches=False), Recorder()
    assert work(ledger, {"alexa": silent, "slack": speaking}, PEOPLE, lambda: NOW + timedelta(minutes=1)).sent == 1
    assert (silent.sent, len(speaking.sent)) == ([], 1)


def test_what_can_never_be_sent_is_not_tried_again(ledger):
    """The messenger knows that trying is useless."""
    put(ledger)
    assert run(ledger, Recorder(UnknownThing("There is no such channel."))) == Counts(failed=1)

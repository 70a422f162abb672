"""An action that is killed in the middle is finished or reported as not done, and never happens twice."""

import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from insights.delivery.reconcile import GRACE, reconcile
from insights.delivery.worker import work
from insights.errors import OutsideFailed
from insights.wording import Wording
from tests.ledgers import open_at

DOOMED = Path(__file__).with_name("doomed.py")
HAPPENED = {"intended": 0, "attempted": 0, "done": 1, "confirmed": 1}


@pytest.fixture(params=["sqlite", "postgres"])
def where(request, tmp_path):
    """Where the ledger is, in each engine."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.db")
    return f"postgres t{uuid4().hex} {request.getfixturevalue('postgres_address')}"


def kill(where, what, step):
    """Run the process until it is killed at the step."""
    ended = subprocess.run([sys.executable, DOOMED, where, what, step], capture_output=True, text=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def count(ledger):
    """How many bookings and tickets Ada has."""
    return len(ledger.holds_of("ada", start=None, end=None)) + len(ledger.open_tickets_of("ada"))


def settle(ledger, doomed, minutes=3):
    """What `insights work` does with interrupted actions, some minutes later."""
    rooms, tickets = doomed.desks(ledger)
    witnesses = {"book_room": rooms, "raise_ticket": tickets}
    return work(ledger, {}, {}, lambda: doomed.NOW + timedelta(minutes=minutes), witnesses=witnesses, wording=Wording())


@pytest.mark.parametrize("step", HAPPENED)
@pytest.mark.parametrize("what", ["book", "raise"])
def test_killed_at_any_step_it_is_finished_or_reported(where, ledger, doomed, what, step):
    """At every step of both actions: what was done stays done, what was not is not done later, and Ada is told which."""
    kill(where, what, step)
    assert count(ledger) == HAPPENED[step]
    counts = settle(ledger, doomed)
    interrupted = step != "confirmed"
    assert (counts.happened, counts.undone) == ((HAPPENED[step], 1 - HAPPENED[step]) if interrupted else (0, 0))
    assert count(ledger) == HAPPENED[step]
    told = [item.payload for state in ("waiting", "failed") for item in ledger.work_in("message", state)]
    assert len(told) == interrupted
    if interrupted:
        assert ("I was interrupted" in told[0]) == (HAPPENED[step] == 0)
    assert settle(ledger, doomed, minutes=30).undone == 0
    assert ledger.first_broken() is None


@pytest.mark.parametrize("step", HAPPENED)
@pytest.mark.parametrize("what", ["schedule", "extend", "cancel"])
def test_a_meeting_that_is_killed_at_any_step_is_made_changed_or_called_off_whole_or_not_at_all(where, ledger, doomed, what, step):
    """With its room, once, also when it is asked for again."""
    kill(where, what, step)
    counts = work(ledger, {}, {}, lambda: doomed.NOW + timedelta(minutes=3), witnesses=doomed.meetings(ledger).witnesses, wording=Wording())
    assert (counts.happened, counts.undone) == ((HAPPENED[step], 1 - HAPPENED[step]) if step != "confirmed" else (0, 0))
    assert doomed.done(ledger, what) == bool(HAPPENED[step])
    assert doomed.act(ledger, what) in ("scheduled", "extended", "cancelled")
    assert doomed.done(ledger, what)


@pytest.mark.parametrize("what", ["book", "raise"])
@pytest.mark.parametrize("step", ["attempted", "done"])
def test_asked_again_after_the_crash_it_happens_once(where, ledger, doomed, what, step):
    """The same request arrives again, before and after the crash was settled: there is one booking, one ticket."""
    kill(where, what, step)
    first = doomed.act(ledger, what)
    settle(ledger, doomed)
    assert doomed.act(ledger, what) == first
    assert count(ledger) == 1


def test_what_was_reported_as_not_done_is_not_done_by_a_process_that_slept(ledger, doomed):
    """The worker gave the action up while its process was asleep: it wakes up and is refused."""
    with pytest.raises(OutsideFailed, match="given up"):
        doomed.act(ledger, "book", lambda step: settle(ledger, doomed) if step == "attempted" else None)
    assert count(ledger) == 0
    assert "was not booked" in ledger.work_in("message", "failed")[0].payload
    assert doomed.act(ledger, "book")  # asked again later it may be done


def test_an_action_that_is_still_at_work_is_left_alone(ledger, doomed):
    """Only what is older than the grace counts as interrupted."""
    ledger.begin("k", "book_room", "{}", person="ada", now=doomed.NOW)
    assert reconcile(ledger, {"book_room": doomed.desks(ledger)[0]}, Wording(), doomed.NOW + GRACE) == (0, 0)
    assert ledger.find("k").state == "intended"


def test_what_cannot_be_looked_up_now_is_looked_up_later(ledger, doomed):
    """The provider does not answer: the action stays in doubt, nobody is told anything untrue."""

    class Dumb:
        def found(self, key):
            raise OutsideFailed("no answer")

    ledger.begin("k", "book_room", "{}", person="ada", now=doomed.NOW)
    assert reconcile(ledger, {"book_room": Dumb()}, Wording(), doomed.NOW + timedelta(hours=1)) == (0, 0)
    assert ledger.find("k").state == "doubted"
    assert ledger.work_in("message", "waiting") == ()


LOOP = """
import sys
from datetime import datetime, timedelta
from dataclasses import replace
sys.path.insert(0, sys.argv[2])
import doomed
ledger = doomed.open_at(sys.argv[1])
rooms, tickets = doomed.desks(ledger)
print("ready", flush=True)
for number in range(100000):
    start = doomed.BOOKING.start + timedelta(hours=number)
    rooms.book(replace(doomed.BOOKING, start=start), asker=doomed.ASKER, now=start - timedelta(days=1), key=f"k{number}")
"""


@pytest.mark.parametrize("seconds", [0.05, 0.11, 0.17])
def test_killed_at_any_moment_the_ledger_is_whole(where, doomed, seconds):
    """Between two instructions, inside a transaction or not: each confirmed action has its booking, at most the last is open."""
    process = subprocess.Popen([sys.executable, "-c", LOOP, where, DOOMED.parent], stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    time.sleep(seconds)
    process.kill()
    process.communicate()
    ledger = open_at(where)
    held = {booking.key for booking in ledger.holds_of("ada", start=None, end=None)}
    begun = {entry.subject for entry in ledger.audit_trail() if entry.event == "book_room intended"}
    confirmed = {entry.subject for entry in ledger.audit_trail() if entry.event == "book_room confirmed"}
    assert confirmed <= held <= begun
    assert len(begun - confirmed) <= 1
    assert ledger.first_broken() is None
    ledger.close()

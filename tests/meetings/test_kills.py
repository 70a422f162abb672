"""Killed between any two writes of a change to a booking or a meeting: it is finished whole or not done at all, and everybody hears the truth once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from insights.delivery.worker import work
from insights.wording import Wording
from tests.ledgers import open_at
from tests.meetings import doomed_office as doomed

ROOT = Path(__file__).parents[2]
MOST = 30
"""More writes than any of them makes."""


@pytest.fixture(scope="module")
def children():
    """The process whose children are killed."""
    process = subprocess.Popen([sys.executable, "-m", "tests.meetings.doomed_office"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    yield process
    process.stdin.close()
    process.wait(10)
    process.stdout.close()


def kill(children, where, what, thing, commits):
    """Whether it was killed before it had written everything."""
    children.stdin.write(json.dumps([str(where), what, thing, commits]) + "\n")
    children.stdin.flush()
    ended = int(children.stdout.readline())
    assert ended in (0, -signal.SIGKILL), f"{what} after {commits} writes: {ended}"
    return ended != 0


def messages(ledger, key):
    """What was told under a key, to whom."""
    items = [item for state in ("waiting", "failed") for item in ledger.work_in("message", state)]
    return [(item.person, json.loads(item.payload)["text"]) for item in items if item.key.startswith(key)]


def settle(ledger):
    """What `insights work` does some minutes later."""
    witnesses = doomed.office_of(ledger).witnesses
    return work(ledger, {}, {}, lambda: doomed.DURING + timedelta(hours=3), witnesses=witnesses, wording=Wording())


@pytest.mark.parametrize("what", doomed.EXPECTED)
def test_killed_between_any_two_writes_it_is_finished_or_reported_as_not_done(children, tmp_path, what):
    """Then the worker settles it; and asked again it is done, once."""
    seen = set()
    for commits in range(MOST):
        where = tmp_path / f"{commits}.db"
        with closing(open_at(where)) as ledger:
            office = doomed.office_of(ledger)
            thing = doomed.prepare(office, what)
            before = doomed.standing(office, what)
            killed = kill(children, where, what, thing, commits)
            settle(ledger)
            action, now = ledger.find("k"), doomed.standing(office, what)
            happened = action is not None and action.state == "confirmed"
            assert now == (doomed.EXPECTED[what] if happened else before), f"after {commits} writes: {action and action.state}"
            if what == "check in":
                assert (ledger.checked_in(thing) is not None) == happened
            told = messages(ledger, "k:outcome")
            assert len(told) == (killed and action is not None), f"after {commits} writes: {told}"
            assert all(("I was interrupted" in text) != happened for _, text in told)
            heard = sorted(person for person, _ in messages(ledger, "k:") if person != doomed.errand(doomed.office_of(ledger), what, thing)[2])
            assert heard == (doomed.TOLD.get(what, "").split() if happened else []), f"after {commits} writes"
            doomed.act(ledger, what, thing)
            assert doomed.standing(office, what) == doomed.EXPECTED[what], f"after {commits} writes, asked again"
            heard = sorted(person for person, _ in messages(ledger, "k:") if person != doomed.errand(doomed.office_of(ledger), what, thing)[2])
            assert heard == doomed.TOLD.get(what, "").split(), f"after {commits} writes, asked again"
            assert ledger.first_broken() is None
            seen.add(happened)
        if not killed:
            break
    assert not killed
    assert seen == {False, True}

"""An answer that was promised is sent once, whenever the process that finds or sends it is killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from insights import Turn, wiring
from insights.delivery import worker
from insights.delivery.outbox import ANSWER
from insights.delivery.worker import work
from tests.test_privately import Post

NOW = datetime(2026, 5, 31, 10)
DOOMED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from insights import wiring
from insights.delivery.worker import work
from insights.warehouse.duckdb import DuckDB

class Post:
    name = "post"
    def reaches(self, person):
        return True
    def send(self, person, reply, *, key):
        die("sending")
        Path(sys.argv[3]).write_text(reply.text)
        die("sent")

def die(step):
    if step == sys.argv[4]:
        os.kill(os.getpid(), signal.SIGKILL)

assistant = wiring.open_catalog(Path(sys.argv[1]), home=Path(sys.argv[2]))
run = DuckDB.run
DuckDB.run = lambda self, query, **more: (die("finding"), run(self, query, **more))[1]
work(assistant.ledger, {"post": Post()}, assistant.organization.people, lambda: datetime(2026, 5, 31, 10), compose=assistant.compose)
"""


@pytest.fixture
def promised(company, demo_home, tmp_path):
    """A home whose ledger holds a promise."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "cache").symlink_to(demo_home / "cache")
    with closing(wiring.open_catalog(company.folder, home=home)) as assistant:
        asked = Turn("revenue by region last month", person="omar", id="t1", deadline=time.monotonic() - 1)
        assert "when it is ready" in assistant.reply(asked).text
    return home


def deliver(assistant, post, minutes):
    """One round of work, so many minutes later."""
    return work(assistant.ledger, {"post": post}, assistant.organization.people, lambda: NOW + timedelta(minutes=minutes), compose=assistant.compose)


@pytest.mark.parametrize(("step", "told", "after"), [("finding", 0, 1), ("sending", 0, 0), ("sent", 1, 0), ("never", 1, 0)])
def test_whenever_it_is_killed_it_is_sent_once(company, promised, tmp_path, step, told, after):
    """Before it was found nothing was sent, so that it is found again; from the moment of sending on nobody can tell, and it is not sent twice."""
    place = tmp_path / "told.txt"
    ended = subprocess.run([sys.executable, "-c", DOOMED, company.folder, promised, place, step], capture_output=True, text=True, check=False)
    assert ended.returncode == (0 if step == "never" else -signal.SIGKILL), ended.stderr
    assert place.exists() == bool(told)
    post = Post()
    with closing(wiring.open_catalog(company.folder, home=promised)) as assistant:
        assert deliver(assistant, post, 1).sent == 0  # the lease of who was killed has not ended
        deliver(assistant, post, 3)
        deliver(assistant, post, 6)
        deliver(assistant, post, 60)
        assert len(post.sent) == after
        assert len(assistant.ledger.work_in(ANSWER, "unknown")) == (step in ("sending", "sent"))
        if after:
            assert post.sent[0][1].text == assistant.reply(Turn("revenue by region last month", person="omar")).text


def test_what_takes_longer_than_the_lease_is_sent_once(company, promised, monkeypatch):
    """While it is found the claim goes on; where it could not go on, who lost it sends nothing."""
    monkeypatch.setattr(worker, "LEASE", timedelta(seconds=0.2))
    one, other = Post(), Post()
    with closing(wiring.open_catalog(company.folder, home=promised)) as assistant:
        began = time.monotonic()

        def clock():
            return NOW + timedelta(seconds=time.monotonic() - began)

        def compose(item, channel):
            time.sleep(1)
            assert work(assistant.ledger, {"post": other}, assistant.organization.people, clock, compose=assistant.compose).sent == 0
            return assistant.compose(item, channel)

        assert work(assistant.ledger, {"post": one}, assistant.organization.people, clock, compose=compose).sent == 1
        assert (len(one.sent), len(other.sent)) == (1, 0)


def test_who_lost_a_claim_sends_nothing(company, promised):
    """Another worker took it for lost, found it and sent it."""
    one, other = Post(), Post()
    with closing(wiring.open_catalog(company.folder, home=promised)) as assistant:

        def compose(item, channel):
            for minutes in (3, 9):
                deliver(assistant, other, minutes)
            return assistant.compose(item, channel)

        counts = work(assistant.ledger, {"post": one}, assistant.organization.people, lambda: NOW, compose=compose)
        assert (len(one.sent), len(other.sent), counts.sent) == (0, 1, 0)

"""Killed at any step of filing a ticket, anywhere: none is lost, none is filed twice, and what people are told is true.

CASES=500 runs them all; without it a seeded sample.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from insights.delivery.worker import work
from insights.ledger.sqlite import open_ledger
from insights.wording import Wording
from tests.contract.desks import KINDS, NOW, server_of
from tests.tickets.doomed_desk import ADA, desk_of

ROOT = Path(__file__).parents[2]
CASES = int(os.environ.get("CASES", "24"))
STEPS = ("intended", "attempted", "claimed", "committed", "answered", "done", "confirmed")
"""`committed` is the moment when the other system has it and has not said so yet."""


class Killing:
    """Servers, ledgers, and the process whose children are killed."""

    def __init__(self, folder: Path) -> None:
        self.servers = {kind: server_of(kind) for kind in KINDS}
        self.ledgers = {kind: open_ledger(folder / f"{kind}.db") for kind in KINDS}
        self.files = {kind: folder / f"{kind}.db" for kind in KINDS}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.tickets.doomed_desk"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )  # fmt: skip

    def address(self, kind: str) -> str:
        """Where the server of a kind is."""
        server = self.servers[kind]
        return "-" if server is None else str(server.port) if kind == "email" else server.url

    def file(self, kind: str, key: str, step: str, *, later: float = 0.0) -> int:
        """How the child ended: -9 when it was killed, 0 when it told a ticket, 3 when it refused."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        server = self.servers[kind]
        pids: list[int] = []

        def kill(_: str) -> None:
            while not pids:
                pass
            os.kill(pids[0], signal.SIGKILL)

        if server is not None:
            server.on_commit = kill if step == "committed" else lambda _: None
        self._process.stdin.write(f"{kind} {self.files[kind]} {self.address(kind)} {key} {step} {later}\n")
        self._process.stdin.flush()
        pids.append(int(self._process.stdout.readline()))
        ended = int(self._process.stdout.readline())
        if server is not None:
            server.on_commit = lambda _: None
        return ended

    def count(self, kind: str, key: str) -> int:
        """How many tickets of this key there are where they are kept in the end."""
        server, words = self.servers[kind], f"dark {key}."
        match kind:
            case "jira":
                return sum(words in one["values"]["summary"] for one in server.requests.values())
            case "servicenow":
                return sum(words in one["short_description"] for one in server.tables["incident"])
            case "email":
                return sum(words in one.get_content() for one in server.messages.values())
            case _:
                return sum(words in one.what for one in self.ledgers[kind].open_tickets_of("ada"))

    def close(self) -> None:
        """Stop everything that was started."""
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()
        for kind in KINDS:
            self.ledgers[kind].close()
            if self.servers[kind] is not None:
                self.servers[kind].close()


@pytest.fixture(scope="module")
def killing(tmp_path_factory):
    """Everything, once."""
    with closing(Killing(tmp_path_factory.mktemp("killing"))) as made:
        yield made


def told(ledger, key: str) -> list[str]:
    """What Ada was told about it."""
    items = [item for state in ("waiting", "failed") for item in ledger.work_in("message", state)]
    return [item.payload for item in items if item.key.startswith(f"{key}:outcome")]


def test_killed_at_any_step_a_ticket_is_filed_once_or_reported_as_not_filed(killing, record_property):
    """Then the worker looks, in half of the cases after the person has asked again; and in the end they ask once more."""
    rng, seen = random.Random(20), Counter()
    for number in range(CASES):
        kind, step = KINDS[number % len(KINDS)], STEPS[(number // len(KINDS)) % len(STEPS)]
        if kind == "embedded" and step in ("claimed", "committed", "answered"):
            step = rng.choice(("intended", "attempted", "done", "confirmed"))
        key, ledger = f"k{number}", killing.ledgers[kind]
        assert killing.file(kind, key, step) == -signal.SIGKILL, f"{kind} {step}"
        after = killing.count(kind, key)
        assert after == (step in ("committed", "answered", "done", "confirmed")), f"{kind} {step}: {after}"
        asked = rng.choice(("no", "at once", "later"))
        if asked != "no":
            killing.file(kind, key, "never", later=200.0 if asked == "later" else 0.0)
            assert killing.count(kind, key) <= 1, f"{kind} {step} asked {asked}"
        desk = desk_of(kind, ledger, "" if killing.address(kind) == "-" else killing.address(kind), later=400.0)
        work(ledger, {}, {"ada": ADA}, lambda: NOW + timedelta(minutes=3), witnesses={"raise_ticket": desk}, wording=Wording())
        desk._provider.close()
        action, settled = ledger.find(key), killing.count(kind, key)
        assert action is not None
        assert action.state in ("confirmed", "failed"), f"{kind} {step} asked {asked}: {action.state}"
        assert settled == (action.state == "confirmed"), f"{kind} {step} asked {asked}: {action.state}, {settled} tickets"
        said = told(ledger, key)
        assert len(said) <= 1
        assert all(("no ticket was filed" in one) == (settled == 0) for one in said), f"{kind} {step}: {said}"
        assert killing.file(kind, key, "never", later=600.0) == 0
        assert killing.count(kind, key) == 1, f"{kind} {step} asked {asked}: filed twice or lost"
        assert ledger.registered(key) is not None
        seen[kind, step] += 1
    for ledger in killing.ledgers.values():
        assert ledger.first_broken() is None
    print(f"{sum(seen.values())} kills: {len(seen)} pairs of system and step")

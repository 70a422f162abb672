"""A help desk of another company as it fails: `elsewhere.py LEDGER DESK HOW STEP` files a ticket there and is killed at a step.

Its tickets are lines of a file, which outlives whoever asks. `answers` says what comes back: the ticket, nothing after it was filed ("lost after"),
nothing before it was ("lost before"), or a refusal ("refused").
"""

import json
import os
import signal
import sys
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from insights.errors import NotAnswerable, OutcomeUnknown, OutsideFailed
from insights.ledger.once import once
from tests.ledgers import open_at

NOW = datetime(2026, 12, 1, 10)


class Desk:
    """Files tickets under the key they came with, as the interfaces of real desks do; looks them up by it."""

    def __init__(self, file, answers="ticket", *, reachable=True, step=lambda _: None):
        self.file = Path(file)
        self.answers = answers
        self.reachable = reachable
        self.step = step
        self.asked = 0

    def filed(self):
        """The keys of all tickets, in order."""
        return [json.loads(line)["key"] for line in self.file.read_text().splitlines()] if self.file.exists() else []

    def file_ticket(self, key):
        """File it, and answer or not."""
        self.asked += 1
        if self.answers == "refused":
            raise NotAnswerable("A ticket needs a room.")
        if self.answers == "lost before":
            raise OutcomeUnknown("The desk did not answer.")
        if key not in self.filed():
            with self.file.open("a") as tickets:
                tickets.write(json.dumps({"key": key}) + "\n")
        self.step("sent")
        if self.answers == "lost after":
            raise OutcomeUnknown("The desk did not answer.")
        return json.dumps({"id": "X-1"})

    def found(self, key):
        """The ticket under this key."""
        if not self.reachable:
            raise OutsideFailed("The desk cannot be reached.")
        return json.dumps({"id": "X-1"}) if key in self.filed() else None


def act(ledger, desk, step=lambda _: None, person="ada"):
    """File Ada's ticket, always under the same key."""
    wish = {"key": "k", "kind": "raise_ticket", "request": "{}", "person": person}
    return once(ledger, **wish, now=NOW, attempt=lambda: desk.file_ticket("k"), found=lambda: desk.found("k"), step=step)


def main(where: str, file: str, answers: str, fatal: str) -> None:
    """Act, and die at the fatal step without a chance to tidy up."""

    def step(name: str) -> None:
        if name == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        print(act(open_at(where), Desk(file, answers, step=step), step))
    except OutcomeUnknown as error:
        print(error)


if __name__ == "__main__":
    main(*sys.argv[1:])

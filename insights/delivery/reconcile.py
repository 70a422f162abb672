"""Actions that were begun and never ended (a crash, a time-out): find out what became of them and tell the person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from insights.answers import Answer
from insights.delivery.outbox import enqueue
from insights.errors import InsightsError, OutsideFailed
from insights.ledger.port import Action, Ledger
from insights.wording import Said, Wording

GRACE = timedelta(minutes=2)
"""How long an action may take before it counts as interrupted."""


class Witness(Protocol):
    """Whoever carries out a kind of action and can look it up afterwards."""

    def found(self, key: str) -> str | None:
        """The result (JSON) of what was done under this key, None when nothing was. Raises OutsideFailed when that cannot be told."""

    def answer(self, result: str) -> Answer:
        """The answer that a result stands for."""

    def undone(self, request: str) -> InsightsError:
        """What to tell the person when it did not happen; `request` is JSON."""


def reconcile(ledger: Ledger, witnesses: Mapping[str, Witness], wording: Wording, now: datetime, *, grace: timedelta = GRACE) -> tuple[int, int]:
    """End every interrupted action whose kind has a witness: how many had happened, how many had not. Each person is told once.

    First nobody may attempt it any more, then it is looked for: so what is reported as not done is not done afterwards either.
    """
    happened = undone = 0
    for action in ledger.unfinished(before=now - grace):
        witness = witnesses.get(action.kind)
        if witness is None or not ledger.doubt(action.key, now=now):
            continue
        try:
            result = witness.found(action.key)
        except OutsideFailed:
            continue  # looked for again next time
        if result is None:
            reason = witness.undone(action.request)
            _tell(ledger, action, wording.error(reason))
            ledger.fail(action.key, str(reason), now=now)
            undone += 1
        else:
            _tell(ledger, action, wording.answer(witness.answer(result)))
            ledger.confirm(action.key, result, now=now)
            happened += 1
    return happened, undone


def _tell(ledger: Ledger, action: Action, said: Said) -> None:
    """Before the action is closed: a crash in between tells again, which the key makes one message."""
    if action.person is not None:
        enqueue(ledger, key=f"{action.key}:outcome", person=action.person, speech=said.speech, text=said.text)

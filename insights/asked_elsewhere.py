"""What somebody was asked in one place and answers in another: a question heard from the speaker on the desk, answered in the chat."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from insights.conversation import Pending, State, dump, restore

if TYPE_CHECKING:
    from insights.ledger.port import Ledger

_WAITING = "waiting:"
_SHORTLY = timedelta(minutes=10)
"""How long a question back can be answered elsewhere; after that "two" means something else."""
_HERE = "this answers what I asked you last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The question back, the conversation as it is there, and its id."""

    pending: Pending
    state: State
    conversation: str


class AskedElsewhere:
    """Keeps the question back that each person was asked last, for as long as they have said nothing else anywhere.

    An action that waits for a yes is not among them: it is agreed to where it was read out.
    """

    def __init__(self, ledger: Callable[[], Ledger], restored: Callable[[str | None], State] = restore) -> None:
        self._ledger = ledger
        self._restored = restored

    def noted(self, state: State, *, person: str, conversation: str, turn: str | None, now: datetime) -> dict[str, str]:
        """What is to be kept after a turn of `person`, by its name in the ledger: the question it was answered with, or that there is none any more."""
        pending = state.pending
        if pending is not None and pending.kind in ("choice", "slot") and not pending.offer and pending.turn == turn:
            kept = State(request=state.request, before=state.before, shown=state.shown, listed=state.listed, pending=pending, asked=state.asked[-1:])
            return {_WAITING + person: json.dumps({"at": now.isoformat(), "conversation": conversation, "talk": dump(kept)})}
        if self._ledger().load_conversation(_WAITING + person) not in (None, "{}"):
            return {_WAITING + person: "{}"}
        return {}

    def last(self, person: str, *, conversation: str, now: datetime) -> Asked | None:
        """What the person was asked last, if that was in another conversation a short time ago and still waits there."""
        try:
            document = json.loads(self._ledger().load_conversation(_WAITING + person) or "{}")
            there = str(document["conversation"])
            age = now - datetime.fromisoformat(document["at"])
            state = self._restored(document["talk"])
        except (KeyError, TypeError, ValueError):
            return None
        pending = state.pending
        if pending is None or there == conversation or not timedelta(0) <= age <= _SHORTLY:
            return None
        return Asked(pending=replace(pending, assumed=(*pending.assumed, _HERE)), state=state, conversation=there)

    def taken(self, asked: Asked, *, person: str, now: datetime) -> None:
        """It is answered elsewhere: where it was asked nothing waits for it any more."""
        ledger = self._ledger()
        documents = {_WAITING + person: "{}"}
        there = self._restored(ledger.load_conversation(asked.conversation))
        if there.pending is not None and there.pending.turn == asked.pending.turn:
            documents[asked.conversation] = dump(replace(there, pending=None))
        ledger.save_conversations(documents, person=person, now=now)

"""Errands of this kind happen once per key, and are looked for after a crash by what they wrote."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from insights.answers import FollowAnswer, ReminderAnswer, ShareAnswer
from insights.contract import decode, decode_request, encode, kind_of
from insights.errors import InsightsError, NotAnswerable
from insights.ledger.once import Step, once, silent
from insights.ledger.port import Ledger
from insights.requests import Onward

A = TypeVar("A", FollowAnswer, ReminderAnswer, ShareAnswer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One errand of one person (their id)."""

    request: Onward
    person: str
    key: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing(Generic[A]):
    """How one kind is carried out: `attempt` is safe to repeat with the same key, `found` tells what it left (None: nothing)."""

    answer_type: type[A]
    ledger: Callable[[], Ledger]
    attempt: Callable[[Act], A]
    found: Callable[[Act], A | None]
    undone_words: str

    def once(self, act: Act, *, step: Step = silent) -> A:
        """Do it once; asked again, the same answer is told."""
        result = once(
            self.ledger(),
            key=act.key,
            kind=kind_of(act.request),
            request=json.dumps(encode(act.request)),
            person=act.person,
            now=act.now,
            attempt=lambda: json.dumps(encode(self.attempt(act))),
            found=lambda: self._looked(act),
            step=step,
        )
        return self.answer(result)

    def _looked(self, act: Act) -> str | None:
        earlier = self.found(act)
        return None if earlier is None else json.dumps(encode(earlier))

    def witness(self) -> Witnessed[A]:
        """Who can tell what became of it."""
        return Witnessed(self)

    def answer(self, result: str) -> A:
        """The answer that a result stands for."""
        return decode(json.loads(result), self.answer_type)


class Witnessed(Generic[A]):
    """Looks an interrupted errand up (see the port `Witness`)."""

    def __init__(self, doing: Doing[A]) -> None:
        self._doing: Doing[A] = doing

    def found(self, key: str) -> str | None:
        """See the port."""
        action = self._doing.ledger().find(key)
        if action is None or action.person is None:
            return None
        request = decode_request(json.loads(action.request))
        assert isinstance(request, Onward)
        earlier = self._doing.found(Act(request=request, person=action.person, key=key, now=datetime.min))
        return None if earlier is None else json.dumps(encode(earlier))

    def answer(self, result: str) -> A:
        """See the port."""
        return self._doing.answer(result)

    def undone(self, request: str) -> InsightsError:  # noqa: ARG002 # what it was is in the words
        """See the port."""
        return NotAnswerable(f"I was interrupted, and {self._doing.undone_words}.", remedy="Ask again if you still want it.")

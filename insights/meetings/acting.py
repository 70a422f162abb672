"""Actions on bookings and meetings: done once, with a result that is kept as the answer it makes, and looked for after a crash."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from insights.answers import BookingAnswer, MeetingAnswer
from insights.contract import decode, decode_request, encode, kind_of
from insights.errors import InsightsError, NotAnswerable
from insights.ledger.once import Step, once, silent
from insights.ledger.port import Ledger
from insights.permit import Asker
from insights.requests import Errand

A = TypeVar("A", BookingAnswer, MeetingAnswer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act(Generic[A]):
    """One errand on its way. `request` is settled: it names what it is done to, and what is to come of it."""

    request: Any
    asker: Asker
    key: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing(Generic[A]):
    """How one kind of errand is carried out: `attempt` is safe to repeat, `found` looks for what an attempt left (None: nothing), as the asker may hear it.

    `undone` is what to say when it did not happen.
    """

    kind: str
    answer: type[A]
    ledger: Callable[[], Ledger]
    attempt: Callable[[Act[A]], A]
    found: Callable[[Act[A]], A | None]
    undone: Callable[[Any], str]
    asker: Callable[[str | None], Asker]

    def once(self, request: Errand, *, asker: Asker, key: str, now: datetime, step: Step = silent) -> A:
        """Do it, once per key; asked again, the same answer is told. `step` hears the steps of the action."""
        act: Act[A] = Act(request=request, asker=asker, key=key, now=now)

        def looked() -> str | None:
            earlier = self.found(act)
            return None if earlier is None else json.dumps(encode(earlier))

        result = once(
            self.ledger(),
            key=key,
            kind=kind_of(request),
            request=json.dumps(encode(request)),
            person=asker.person.id if asker.person else None,
            now=now,
            attempt=lambda: json.dumps(encode(self.attempt(act))),
            found=looked,
            step=step,
        )
        return decode(json.loads(result), self.answer)

    def witness(self) -> Witnessed[A]:
        """Who can tell what became of it."""
        return Witnessed(self)


class Witnessed(Generic[A]):
    """Looks an interrupted errand up by what it was to bring about."""

    def __init__(self, doing: Doing[A]) -> None:
        self._doing: Doing[A] = doing

    def found(self, key: str) -> str | None:
        """The answer of what was done under this key, None when nothing was."""
        action = self._doing.ledger().find(key)
        if action is None:
            return None
        request = decode_request(json.loads(action.request))
        now = datetime.min  # what was to come of it stands in the request
        earlier = self._doing.found(Act(request=request, asker=self._doing.asker(action.person), key=key, now=now))
        return None if earlier is None else json.dumps(encode(earlier))

    def answer(self, result: str) -> A:
        """The answer that a result stands for."""
        answer: A = decode(json.loads(result), self._doing.answer)
        return answer

    def undone(self, request: str) -> InsightsError:
        """What to tell whoever asked for it."""
        said = self._doing.undone(decode_request(json.loads(request)))
        return NotAnswerable(f"I was interrupted, and {said}.", remedy="Ask again if you still want it.")

"""A turn in its conversation: what it continues, what it replies to, and what is remembered of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from insights.conversation import Asked, Pending, Picked, Reaction, State, dump, restore
from insights.errors import NotPermitted
from insights.language.lessons import Lessons
from insights.parts import Parts
from insights.permit import Asker
from insights.requests import Clarify, Reading, Request, Understood, Unsupported
from insights.turns import Turn


@dataclass(slots=True, kw_only=True)
class Exchange:
    """One turn on its way: who asks, when, and what the conversation remembers."""

    turn: Turn
    asker: Asker
    now: datetime
    state: State
    timings: dict[str, float]

    @property
    def speaker(self) -> str | None:
        """The id of the person who speaks, None for the unnamed."""
        return self.asker.person.id if self.asker.person else None


class Dialogue:
    """Reads turns in their conversations, with what their askers may know; keeps nothing itself."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def recall(self, turn: Turn) -> State:
        """The conversation that a turn belongs to, a fresh one for a turn that stands alone."""
        return restore(self._parts.office().ledger.load_conversation(turn.conversation)) if turn.conversation else State()

    def remember(self, exchange: Exchange, state: State) -> None:
        """Keep how the conversation stands after this turn."""
        if exchange.turn.conversation and state != exchange.state:
            self._parts.office().ledger.save_conversation(exchange.turn.conversation, dump(state), person=exchange.speaker, now=exchange.now)

    def remember_asked(self, exchange: Exchange, state: State, request: Request | None = None, *, sure: bool = True) -> None:
        """Keep it with what was asked in this turn and how it was read."""
        self.remember(exchange, state.heard(Asked(text=exchange.turn.text, person=exchange.speaker, request=request, sure=sure)))

    def waiting(self, exchange: Exchange) -> Pending | None:
        """What the conversation waits for, if the speaker may know what it is about: somebody else may have been asked."""
        waiting = exchange.state.pending
        if waiting is None:
            return None
        view = self._parts.hearing.view(self._parts.permit.grant(exchange.asker))
        return waiting if all(view.shows(request) for request in (waiting.partial, *(choice.request for choice in waiting.choices))) else None

    def read(self, exchange: Exchange, waiting: Pending | None, reaction: Reaction) -> Reading:
        """What the turn means: the choice it names, the question it completes, or something new."""
        hearing, text, grant = self._parts.hearing, exchange.turn.text, self._parts.permit.grant(exchange.asker)
        if isinstance(reaction, Picked) and waiting is not None:
            return Understood(request=reaction.choice.request, assumed=waiting.assumed, ignored=waiting.ignored)
        if waiting is not None and waiting.kind == "slot" and waiting.partial is not None and waiting.missing is not None:
            completed = hearing.complete(waiting.partial, waiting.missing, text, grant, now=exchange.now)
            if not isinstance(completed, Unsupported):
                return self.granted(completed, exchange.asker)
        taught = self.taught(exchange.asker)
        reading = hearing.understand(text, grant, now=exchange.now, previous=exchange.state.request, room=exchange.asker.room, taught=taught)
        return self.granted(reading, exchange.asker)

    def taught(self, asker: Asker) -> Lessons:
        """The corrections that hold for somebody."""
        return self._parts.teaching.lessons.of(asker.person.id if asker.person else None)

    def granted(self, reading: Reading, asker: Asker) -> Reading:
        """The reading without choices that the asker may not have; a choice that is the only one left is taken, and that is said."""
        if not isinstance(reading, Clarify) or not reading.choices:
            return reading
        allowed = tuple(choice for choice in reading.choices if self._allowed(choice.request, asker))
        if len(allowed) == len(reading.choices):
            return reading
        if not allowed:
            return Understood(request=reading.choices[0].request)  # `decide` refuses it with the reason
        if len(allowed) == 1:
            taken = f"I took '{reading.about}' as {allowed[0].label}"
            return Understood(request=allowed[0].request, assumed=(*reading.assumed, taken), ignored=reading.ignored)
        return replace(reading, choices=allowed)

    def _allowed(self, request: Request, asker: Asker) -> bool:
        try:
            self._parts.permit.decide(request, asker)
        except NotPermitted:
            return False
        return True


@contextmanager
def timed(timings: dict[str, float], name: str) -> Iterator[None]:
    """Add the seconds the block takes."""
    started = time.perf_counter()
    try:
        yield
    finally:
        timings[name] = timings.get(name, 0.0) + time.perf_counter() - started

"""One turn on its way through the assistant, and how long its steps take."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from insights.conversation import State
from insights.permit import Asker
from insights.requests import Request
from insights.turns import Turn


@dataclass(slots=True, kw_only=True)
class Exchange:
    """One turn on its way: who asks, when, and what the conversation remembers. `errand`: it is one of the office, which the data team has no part in."""

    turn: Turn
    asker: Asker
    now: datetime
    state: State
    timings: dict[str, float]
    begun: Request | None = None
    errand: bool = False

    def __post_init__(self) -> None:
        """Note what the conversation was about when the turn came."""
        self.begun = self.state.request

    @property
    def speaker(self) -> str | None:
        """The id of the person who speaks, None for the unnamed."""
        return self.asker.person.id if self.asker.person else None


@contextmanager
def timed(timings: dict[str, float], name: str) -> Iterator[None]:
    """Add the seconds the block takes."""
    started = time.perf_counter()
    try:
        yield
    finally:
        timings[name] = timings.get(name, 0.0) + time.perf_counter() - started

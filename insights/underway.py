"""What is being done for a question that has no answer yet, told to whoever watches it: only of what was permitted to its asker and to who reads along."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: `understood` with the request in words, `reading` with what is read."""

    kind: Literal["understood", "reading"]
    what: str


Watcher = Callable[[Step], None]
"""Called in the thread that answers, before the step's work begins; whatever takes time is to be done elsewhere."""
_log = logging.getLogger(__name__)
_WATCHER: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watched(watcher: Watcher | None) -> Iterator[None]:
    """Within it, `watcher` is told what this thread does for a question."""
    token = _WATCHER.set(watcher)
    try:
        yield
    finally:
        _WATCHER.reset(token)


def tell(kind: Literal["understood", "reading"], what: Callable[[], str]) -> None:
    """Tell whoever watches; what is told is worded only then."""
    watcher = _WATCHER.get()
    if watcher is None:
        return
    try:
        watcher(Step(kind=kind, what=what()))
    except Exception:
        _log.exception("A step could not be told; the answer goes on without.")

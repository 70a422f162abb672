"""How long the person who asked can wait: said once where a question is answered, heeded wherever the lake is looked at for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_UNTIL: ContextVar[float | None] = ContextVar("until", default=None)


@contextmanager
def waiting(deadline: float | None) -> Iterator[None]:
    """Within it, this thread looks at the lake no longer than until `deadline`, an instant of `time.monotonic()`."""
    token = _UNTIL.set(deadline)
    try:
        yield
    finally:
        _UNTIL.reset(token)


def until() -> float | None:
    """The deadline of what this thread is answering, None without one."""
    return _UNTIL.get()


class Queries:
    """The deadlines of the queries that are running; an engine reads for them in threads of its own, which cannot tell for which."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[int, float | None] = {}
        self._count = 0

    @contextmanager
    def running(self, deadline: float | None) -> Iterator[None]:
        """Count a query as running until the end of the block."""
        with self._lock:
            self._count += 1
            number = self._count
            self._running[number] = deadline
        try:
            yield
        finally:
            with self._lock:
                del self._running[number]

    def until(self) -> float | None:
        """The last of the deadlines, for what is read may serve any of the queries; None when one has no end."""
        with self._lock:
            deadlines = list(self._running.values())
        known = [deadline for deadline in deadlines if deadline is not None]
        return max(known) if known and len(known) == len(deadlines) else None

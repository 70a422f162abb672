"""How long the person who asked can wait, and whether anybody still does: said once where a question is answered, heeded wherever something is read for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from insights.errors import NobodyWaits

CURRENT = 2.0
"""Seconds for which a look at files is good for whatever belongs to the same question."""
Looks = dict[Hashable, tuple[float, Any]]
"""What was looked at for one question, each with when that was (monotonic seconds)."""
_UNTIL: ContextVar[float | None] = ContextVar("until", default=None)


class Listener:
    """Somebody who waits for an answer, and may go away. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._gone = False
        self._stops: dict[int, Callable[[], object]] = {}

    @property
    def gone(self) -> bool:
        """Whether nobody waits any more."""
        return self._gone

    def leave(self) -> None:
        """Nobody waits any more: what is running for them is stopped."""
        with self._lock:
            self._gone = True
            stops = list(self._stops.values())
        for stop in stops:
            stop()

    @contextmanager
    def stopping(self, stop: Callable[[], object]) -> Iterator[None]:
        """Within it, `stop` is called when they leave. Raises NobodyWaits when they have left, before or meanwhile."""
        with self._lock:
            self._check()
            number = max(self._stops, default=0) + 1
            self._stops[number] = stop
        try:
            yield
        except Exception as failure:
            if self._gone:
                raise _left() from failure
            raise
        finally:
            with self._lock:
                del self._stops[number]

    def _check(self) -> None:
        if self._gone:
            raise _left()


_LISTENER: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Within it, this thread works for `listener`."""
    token = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(token)


@contextmanager
def stopped_when_nobody_waits(stop: Callable[[], object]) -> Iterator[None]:
    """Within it, `stop` is called when whoever this thread works for goes away. Raises NobodyWaits then; does nothing where nobody can go away."""
    listener = _LISTENER.get()
    if listener is None:
        yield
        return
    with listener.stopping(stop):
        yield


def _left() -> NobodyWaits:
    return NobodyWaits("Nobody waits for that any more.", remedy="Ask again.")


_LOOKS: ContextVar[Looks | None] = ContextVar("looks", default=None)
T = TypeVar("T")


@contextmanager
def waiting(deadline: float | None) -> Iterator[None]:
    """Within it, this thread looks at the lake no longer than until `deadline`, an instant of `time.monotonic()`, and at each of its files once."""
    token = _UNTIL.set(deadline)
    first = _LOOKS.set({}) if _LOOKS.get() is None else None
    try:
        yield
    finally:
        _UNTIL.reset(token)
        if first is not None:
            _LOOKS.reset(first)


def once(what: Hashable, look: Callable[[], T]) -> T:
    """What `look` finds, or found a moment ago for the same question; outside of a question it looks each time."""
    looks, now = _LOOKS.get(), time.monotonic()
    if looks is None:
        return look()
    known = looks.get(what)
    if known is None or now - known[0] >= CURRENT:
        known = looks[what] = (now, look())
    found: T = known[1]
    return found


def look_again() -> None:
    """Whatever this question looked at is looked at anew."""
    looks = _LOOKS.get()
    if looks is not None:
        looks.clear()


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

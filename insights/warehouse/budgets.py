"""How much engines that are paid for may read: for a question, and in a day for a person and for everybody."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from insights.errors import NotAnswerable


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """Bytes that may be read: for one question, and in a day for a person and for everybody. None is without limit."""

    question_bytes: int | None = None
    person_bytes: int | None = None
    day_bytes: int | None = None


class Spent(Protocol):
    """What was read on each day, by whom ("" is somebody unnamed). Safe to call from many threads."""

    def spend(self, day: date, person: str, amount: int, *, person_most: int | None = None, day_most: int | None = None) -> tuple[int, int] | None:
        """Count so many bytes more (fewer, where it is negative); None when they were counted.

        Where that would be more than the most for the person, or for everybody, nothing is counted: then what the person and what everybody has read.
        """


class InMemory:
    """Counts in this process: one that starts again counts its day from nothing, and so does each of several."""

    def __init__(self) -> None:
        self._read: dict[str, int] = {}
        self._day: date | None = None
        self._lock = threading.Lock()

    def spend(self, day: date, person: str, amount: int, *, person_most: int | None = None, day_most: int | None = None) -> tuple[int, int] | None:
        """See Spent; other days are forgotten."""
        with self._lock:
            if self._day != day:
                self._day, self._read = day, {}
            mine, everybody = self._read.get(person, 0), sum(self._read.values())
            if (person_most is not None and mine + amount > person_most) or (day_most is not None and everybody + amount > day_most):
                return mine, everybody
            self._read[person] = mine + amount
            return None


class Meter:
    """What one question, with all of its queries, has read so far on engines that may be paid for: `engines` by name, bytes, and US dollars (None: nothing)."""

    def __init__(self) -> None:
        self.engines: set[str] = set()
        self.read = 0
        self.cost: float | None = None

    def add(self, engine: str, read: int, cost: float | None) -> None:
        """Count one query."""
        self.engines.add(engine)
        self.read += read
        if cost is not None:
            self.cost = cost + (self.cost or 0.0)


_METER: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def metered() -> Iterator[Meter]:
    """Within it, whatever this thread has read belongs to one question."""
    meter = Meter()
    token = _METER.set(meter)
    try:
        yield meter
    finally:
        _METER.reset(token)


def meter() -> Meter:
    """That of the question which this thread answers; outside of one, of a query alone."""
    return _METER.get() or Meter()


class Reserved:
    """What was set aside for one query, until it is known what it read."""

    def __init__(self, settle: Callable[[int], None]) -> None:
        self._settle = settle

    def settle(self, read: int) -> None:
        """So many bytes were read in the end. Raises NotAnswerable where one question may not read that much; it was read, and counts."""
        self._settle(read)


class Budgets:
    """Holds what is read to what is allowed. `today` gives the day, `spent` opens what counts (by default this process). Safe to call from many threads."""

    def __init__(self, allowance: Allowance, *, today: Callable[[], date], spent: Callable[[], Spent] | None = None) -> None:
        self._allowance = allowance
        self._today = today
        memory = InMemory()
        self._spent = spent or (lambda: memory)

    @contextmanager
    def reserved(self, expected: int | None, person: str | None) -> Iterator[Reserved]:
        """Count `expected` bytes (None: nobody knows) as read while a query runs, and afterwards what it read where that is told.

        What the same question has read before counts with it. A query that fails may have read all of it. Raises NotAnswerable where that is more than is
        allowed, or where nothing is left.
        """
        day, who, allowed, before = self._today(), person or "", self._allowance, meter().read
        if expected is not None:
            self._fits_one("would read", before + expected)
        elif before:
            self._fits_one("would read more than", before + 1, shown=before)
        counted = 0
        if allowed.person_bytes is not None or allowed.day_bytes is not None:
            counted = 1 if expected is None else expected
            passed = self._spent().spend(day, who, counted, person_most=allowed.person_bytes, day_most=allowed.day_bytes)
            if passed is not None:
                self._refuse(passed[0], expected)

        def settle(read: int) -> None:
            if counted:
                self._spent().spend(day, who, read - counted)
            self._fits_one("read", before + read)

        yield Reserved(settle)

    def _fits_one(self, verb: str, read: int, *, shown: int | None = None) -> None:
        most = self._allowance.question_bytes
        if most is not None and read > most:
            told = amount(read if shown is None else shown)
            raise NotAnswerable(f"That {verb} {told}, and one question may read {amount(most)}.", remedy="Ask for a shorter period.")

    def _refuse(self, mine: int, expected: int | None) -> None:
        more, most = "more" if expected is None else f"{amount(expected)} more", self._allowance.person_bytes
        if most is not None and mine + (expected or 1) > most:
            raise NotAnswerable(f"Your questions have read {amount(mine)} today, and that would be {more}.", remedy="Ask again tomorrow.")
        raise NotAnswerable(f"Today's budget for large questions leaves no room for {more}.", remedy="Ask again tomorrow.")


def amount(size: int) -> str:
    """An amount of data in words.

    >>> amount(1_500_000_000), amount(20)
    ('1.5 GB', '20 bytes')
    """
    for unit, name in ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if size >= unit:
            return f"{size / unit:.3g} {name}"
    return f"{size} bytes"

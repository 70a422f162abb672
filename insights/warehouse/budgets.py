"""How much engines that are paid for may read: for a question, and in a day for a person and for everybody."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


class Reserved:
    """What was set aside for one query, until it is known what it read."""

    def __init__(self, settle: Callable[[int], None]) -> None:
        self._settle = settle

    def settle(self, read: int) -> None:
        """So many bytes were read in the end."""
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

        A query that fails may have read all of it. Raises NotAnswerable where that is more than is allowed, or where nothing is left.
        """
        day, who, allowed = self._today(), person or "", self._allowance
        if expected is not None and allowed.question_bytes is not None and expected > allowed.question_bytes:
            raise NotAnswerable(
                f"That would read {amount(expected)}, and one question may read {amount(allowed.question_bytes)}.", remedy="Ask for a shorter period."
            )
        counted = 0
        if allowed.person_bytes is not None or allowed.day_bytes is not None:
            counted = 1 if expected is None else expected
            passed = self._spent().spend(day, who, counted, person_most=allowed.person_bytes, day_most=allowed.day_bytes)
            if passed is not None:
                self._refuse(passed[0], expected)

        def settle(read: int) -> None:
            if counted:
                self._spent().spend(day, who, read - counted)

        yield Reserved(settle)

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

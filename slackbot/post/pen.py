"""Writes in the ledger, many at once: whoever wants to write while others do shares their transaction, so that a disk's pace is no limit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from insights.ledger.port import Ledger
from insights.ledger.post import Outcome, Step

LEASE = timedelta(seconds=30)
"""How long a process may be silent before what it does is taken over."""
_AT_ONCE = 200
T = TypeVar("T")


def utc_now() -> datetime:
    """The clock that instants of the ledger go by."""
    return datetime.now(UTC)


class Pen:
    """One writer over the ledger, for one event loop. Reads run beside it."""

    def __init__(self, ledger: Callable[[], Ledger], *, clock: Callable[[], datetime] = utc_now, lease: timedelta = LEASE) -> None:
        self._ledger = ledger
        self.clock = clock
        self.lease = lease
        self._waiting: list[tuple[Step, asyncio.Future[Outcome]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def record(self, step: Step) -> Any:
        """What came of the step, once it is on disk. Raises what the ledger raises."""
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((step, future))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return await future

    async def ask(self, question: Callable[[Ledger], T]) -> T:
        """Ask the ledger in one of the loop's own threads, which end before the loop does."""
        return await asyncio.get_running_loop().run_in_executor(None, lambda: question(self._ledger()))

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
            await self._together(batch)

    async def _together(self, batch: list[tuple[Step, asyncio.Future[Outcome]]]) -> None:
        steps = [step for step, _ in batch]
        try:
            outcomes = await self.ask(lambda ledger: ledger.record(steps, now=self.clock(), lease=self.lease))
        except Exception as error:
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if not future.done():
                future.set_result(outcome)

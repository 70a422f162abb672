"""Messages on their way out: written down first, one lane a channel, at most one a second in it, in order, nothing lost."""

from __future__ import annotations

import asyncio
import heapq
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from insights.errors import InsightsError
from insights.ledger.post import Begin, Hold, Job, Sent, Write, Written
from slackbot.post import steps
from slackbot.post.pen import Pen

APART = timedelta(seconds=1)
"""Slack takes about one message a second in a channel."""
AT_ONCE = timedelta(0)
FRESH_FOR = timedelta(minutes=2)
"""How long what was composed may wait before rights are decided anew."""
ATTEMPTS = 8
"""How often what Slack did not answer is tried: with the pauses below about two minutes. Waiting because Slack asks for it is no attempt."""
_LOOK_AGAIN = 0.2
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """Slack took it; what it said may be needed later (the `ts`)."""

    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Slack asks to wait so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """Nobody can tell whether it arrived."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """It did not arrive and will not."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """It waited so long that it must be composed anew: who may see it may have changed. Its place in the lane is kept."""


Attempt = Arrived | Wait | Unanswered | Refused | Stale


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message with its way out. `send` is told whether an earlier attempt may have arrived."""

    lane: str
    payload: Mapping[str, Any]
    send: Callable[[bool], Awaitable[Attempt]]
    apart: timedelta = APART


@dataclass(slots=True, kw_only=True)
class _Waiting:
    """A message that waits for its turn in this process."""

    written: Written
    job: Job
    message: Outgoing
    future: asyncio.Future[Attempt]
    composed: datetime

    def __lt__(self, other: _Waiting) -> bool:
        return self.written.number < other.written.number


class Outbox:
    """Sends for one event loop; the ledger keeps the lanes of all processes apart and in order."""

    def __init__(self, pen: Pen, *, passed: steps.Passed = steps.silent, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._pen = pen
        self._passed = passed
        self._sleep = sleep
        self._lanes: dict[str, list[_Waiting]] = {}
        self._runners: set[asyncio.Task[None]] = set()

    async def send(self, key: str, job: Job, message: Outgoing) -> Attempt:
        """Send it once under this key, when it is its turn; what came of it in the end (Arrived or Refused)."""
        self._passed(steps.ANSWERED)
        payload = json.dumps(message.payload, default=str)
        written = await self._pen.record(Write(key=key, job=job, lane=message.lane, payload=payload, apart=message.apart))
        self._passed(steps.WRITTEN)
        if written.state == "sent":
            return Arrived(said=json.loads(written.result or "{}"))
        waiting = _Waiting(written=written, job=job, message=message, future=asyncio.get_running_loop().create_future(), composed=self._pen.clock())
        lane = self._lanes.get(message.lane)
        if lane is None:
            lane = self._lanes[message.lane] = []
            self._start(self._run(message.lane, lane))
        heapq.heappush(lane, waiting)
        return await waiting.future

    async def is_written(self, key: str) -> bool:
        """Whether a message with this key is on its way, or was."""
        return await self._pen.ask(lambda ledger: ledger.is_written(key))

    async def settled(self) -> None:
        """Wait until nothing is on its way out of here, and all of it is written down."""
        while self._runners:
            await asyncio.wait(set(self._runners))

    def _note(self, step: Sent) -> None:
        async def written() -> None:
            try:
                await self._pen.record(step)
            except InsightsError as error:
                _log.error("That a message went out cannot be written down now: %s", error)
            self._passed(steps.SENT)

        self._start(written())

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._runners.add(task)
        task.add_done_callback(self._runners.discard)

    async def _run(self, name: str, lane: list[_Waiting]) -> None:
        """Send what waits in a lane, the oldest first, until nothing does."""
        while lane:
            first = heapq.heappop(lane)
            try:
                result: Attempt
                if first.written.state == "sending":
                    self._passed(steps.BEGUN)
                elif not await self._its_turn(first):
                    heapq.heappush(lane, first)
                    continue
                result = await self._attempts(first)
            except TooOld:
                result = Stale()
            except Exception as error:
                _log.error("A message cannot be sent now: %r", error)
                result = Refused(why=str(error) if isinstance(error, InsightsError) else type(error).__name__)
            if not first.future.done():
                first.future.set_result(result)
        del self._lanes[name]

    async def _its_turn(self, first: _Waiting) -> bool:
        """Whether it may go out now, and is begun; after a pause where not. Raises Lost when the job is not ours any more."""
        lane = first.message.lane
        wait = await self._pen.ask(lambda ledger: ledger.turn_of(first.written, lane, now=self._pen.clock()))
        if wait != 0:
            await self._sleep(_LOOK_AGAIN if wait is None else min(wait, 5.0))
            return False
        if self._pen.clock() - first.composed > FRESH_FOR:
            raise TooOld
        begun = await self._pen.record(Begin(written=first.written, job=first.job, lane=lane, apart=first.message.apart))
        if not begun:
            state = await self._pen.ask(lambda ledger: ledger.job_state(first.job.key))
            if state != "doing":
                raise Lost("the job is not ours to do any more")
            await self._sleep(_LOOK_AGAIN)
            return False
        self._passed(steps.BEGUN)
        return True

    async def _attempts(self, first: _Waiting) -> Attempt:
        """Send it until it arrived or was refused; what Slack asks to wait is waited, in the ledger for all processes."""
        doubtful, tries, message = first.written.doubtful, 0, first.message
        while True:
            result = await message.send(doubtful)
            self._passed(steps.POSTED)
            match result:
                case Arrived(said=said):
                    # Nobody need wait for this: the end of the job is written down after it, with whatever of it is still open.
                    self._note(Sent(written=first.written, result=json.dumps(dict(said))))
                    return result
                case Refused() | Stale():
                    await self._pen.record(Sent(written=first.written, failed=True))
                    return result
                case Wait(seconds=seconds):
                    await self._pen.record(Hold(written=first.written, lane=message.lane, until=self._pen.clock() + timedelta(seconds=seconds)))
                case Unanswered(why=why):
                    tries, doubtful, seconds = tries + 1, True, 2.0**tries / 2
                    if tries >= ATTEMPTS:
                        await self._pen.record(Sent(written=first.written, failed=True))
                        return Refused(why=why)
                    await self._pen.record(Hold(written=first.written, lane=message.lane, until=self._pen.clock() + timedelta(seconds=seconds)))
            while not await self._its_turn(first):
                pass


class Lost(Exception):
    """Somebody else does the job now, or nobody may."""


class TooOld(Exception):
    """It waited longer than what it says may be trusted to be for its readers still."""

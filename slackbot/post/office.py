"""Deliveries become jobs: written down, acknowledged, done once. What a crash leaves behind is taken over."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from insights.errors import InsightsError
from insights.ledger.post import Job, Receive, Settle
from slackbot.post import steps
from slackbot.post.current import CURRENT, AtWork, StaleMessage
from slackbot.post.deliveries import Delivery, delivery
from slackbot.post.outbox import Outbox, Stale
from slackbot.post.pen import Pen

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp
    from slack_bolt.request.async_request import AsyncBoltRequest
    from slack_bolt.response import BoltResponse

ATTEMPTS = 3
"""How often a job is begun that ends the process, or that something outside keeps from being done."""
AFTER_REPLY = 1.0
"""Seconds; Slack waits three for a form."""
_BEHIND = 0.05
LISTENING: ContextVar[asyncio.Future[None] | None] = ContextVar("slack_listener", default=None)
_log = logging.getLogger(__name__)
Own = Callable[[Delivery], Awaitable[bool]]
Heeds = Callable[[dict[str, Any]], Awaitable[bool]]


class Office:
    """Receives and works for one event loop. `own` may take a delivery itself, before Bolt (what Slack says of the installation).

    What it does not `heed`, as most of what people write in channels, is not even written down.
    """

    def __init__(
        self, app: AsyncApp, pen: Pen, outbox: Outbox, *, own: Own | None = None, heeds: Heeds | None = None, passed: steps.Passed = steps.silent
    ) -> None:
        self._app = app
        self._pen = pen
        self._outbox = outbox
        self._own = own
        self._heeds = heeds
        self._passed = passed
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self._working: set[asyncio.Task[None]] = set()
        self._keeping: asyncio.Task[None] | None = None
        _tell_when_done(app)

    async def heeds(self, body: dict[str, Any]) -> bool:
        """Whether a delivery concerns us."""
        return self._heeds is None or await self._heeds(body)

    async def note(self, body: dict[str, Any], *, after: float = AFTER_REPLY) -> BoltResponse:
        """Take a delivery on, for somebody else to do: written down and let go of. Raises InsightsError when it cannot be written down.

        Where Slack waits for what is replied (a form), it is begun here and has `after` seconds to end once it has replied; what does not end in them is
        left as a crash would leave it, to be begun again.
        """
        from slack_bolt.response import BoltResponse

        given = delivery(body)
        if given is None:
            return await self._dispatched(body)
        if not await self.heeds(body):
            return BoltResponse(status=200, body="")
        job = await self._recorded(given, body)
        response = BoltResponse(status=200, body="")
        if job is not None and given.manner != "at once":
            replied: asyncio.Future[BoltResponse] = asyncio.get_running_loop().create_future()
            self._begin(self._do(job, replied))
            response = await replied
            _, late = await asyncio.wait(set(self._working), timeout=after) if self._working else (set(), set())
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._pen.ask(lambda ledger: ledger.let_go(self._holder, now=self._pen.clock()))
        self._passed(steps.ACKNOWLEDGED)
        return response

    async def work(self) -> None:
        """Do whatever is written down and nobody is at work on, to its end."""
        while True:
            await self._look_after()
            if not self._working:
                break
            await asyncio.wait(set(self._working), timeout=self._pen.lease.total_seconds() / 4)
        await self._outbox.settled()

    async def receive(self, body: dict[str, Any]) -> BoltResponse:
        """Take a delivery on: written down, then acknowledged, then done. Raises InsightsError when it cannot be written down: Slack is to try again."""
        from slack_bolt.response import BoltResponse

        self._keep()
        given = delivery(body)
        if given is None:
            return await self._dispatched(body)
        if not await self.heeds(body):
            return BoltResponse(status=200, body="")
        job = await self._recorded(given, body)
        if job is None:
            return BoltResponse(status=200, body="")
        if given.manner == "at once":
            self._begin(self._do(job))
            self._passed(steps.ACKNOWLEDGED)
            return BoltResponse(status=200, body="")
        replied: asyncio.Future[BoltResponse] = asyncio.get_running_loop().create_future()
        self._begin(self._do(job, replied))
        return await replied

    async def _recorded(self, given: Delivery, body: dict[str, Any]) -> Job | None:
        """The job of a delivery, written down; None where it was before."""
        step = Receive(key=given.key, scope=given.scope, queue=given.queue, payload=json.dumps(body), holder=self._holder)
        job: Job | None = await self._pen.record(step)
        self._passed(steps.RECEIVED)
        return job

    async def keep(self) -> None:
        """Hold on to what is at work here and take over what others left behind, until cancelled."""
        pause = self._pen.lease.total_seconds() / 4
        try:
            while True:
                try:
                    await self._look_after()
                except Exception as error:
                    _log.error("Jobs cannot be looked after now: %r", error)
                await asyncio.sleep(pause)
        finally:
            await asyncio.shield(self._pen.ask(lambda ledger: ledger.let_go(self._holder, now=self._pen.clock())))

    async def idle(self) -> None:
        """Wait until nothing is at work here."""
        while self._working:
            await asyncio.wait(self._working)

    async def _look_after(self) -> None:
        now, lease = self._pen.clock(), self._pen.lease
        if self._working:
            await self._pen.ask(lambda ledger: ledger.hold_on(self._holder, now=now, lease=lease))
        for job in await self._pen.ask(lambda ledger: ledger.take_over(self._holder, now=now, lease=lease)):
            if job.attempt > ATTEMPTS:
                await self._pen.record(Settle(job=job, state="failed", problem="interrupted too often"))
                _log.error("A job was interrupted %d times and is given up: %s", ATTEMPTS, job.key)
            else:
                _log.warning("A job was interrupted and is begun again: %s", job.key)
                self._begin(self._do(job))

    def _keep(self) -> None:
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.create_task(self.keep())

    def _begin(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _do(self, job: Job, replied: asyncio.Future[BoltResponse] | None = None) -> None:
        """Do a job to its end; it stays ours until that is written down, and is taken over by somebody else if it never is."""
        from slack_bolt.response import BoltResponse

        try:
            while await self._pen.ask(lambda ledger: ledger.waits_for(job)):
                await asyncio.sleep(_BEHIND)
            problem = await self._attempt(job, replied)
            while problem is Stale:
                problem = await self._attempt(job, None)
            done = not problem
            await self._pen.record(Settle(job=job, state="done" if done else "failed", problem="" if done else str(problem)))
            self._passed(steps.FINISHED)
        except InsightsError as error:
            _log.error("How a job ended cannot be written down now: %s", error)
        finally:
            if replied is not None and not replied.done():
                replied.set_result(BoltResponse(status=200, body=""))

    async def _attempt(self, job: Job, replied: asyncio.Future[BoltResponse] | None) -> object:
        """Hand it to its listener and wait until that is done; what went wrong, if anything."""
        body = json.loads(job.payload)
        work = AtWork(job=job, outbox=self._outbox)
        token = CURRENT.set(work)
        try:
            given = delivery(body)
            if self._own is not None and given is not None and await self._own(given):
                return ""
            response = await self._dispatched(body)
            if replied is not None and not replied.done():
                replied.set_result(response)
            for listening in work.listeners:
                await listening
            if replied is not None and response.body:
                return "replied with what is to be mended"  # so that the same values can be sent again
        except Exception as error:
            _log.exception("A Slack job failed: %s", job.key)
            return type(error).__name__
        finally:
            CURRENT.reset(token)
        return Stale if Stale.__name__ in work.problems else "; ".join(work.problems)

    async def _dispatched(self, body: dict[str, Any]) -> BoltResponse:
        from slack_bolt.request.async_request import AsyncBoltRequest

        # Whoever brought it has checked that it is Slack's; "socket_mode" tells Bolt so.
        request: AsyncBoltRequest = AsyncBoltRequest(mode="socket_mode", body=body)
        return await self._app.async_dispatch(request)


def _tell_when_done(app: AsyncApp) -> None:
    """Bolt answers when a listener acknowledges; a job ends when every listener that it was handed to has ended, and not before."""
    from slack_bolt.listener.async_listener_completion_handler import AsyncListenerCompletionHandler

    class Done(AsyncListenerCompletionHandler):
        async def handle(self, request: AsyncBoltRequest, response: BoltResponse | None) -> None:  # noqa: ARG002 - as Bolt calls it
            listening = LISTENING.get()
            if listening is not None and not listening.done():
                listening.set_result(None)

    async def failed(error: Exception) -> None:
        work = CURRENT.get()
        if work is not None:
            work.problems.append(Stale.__name__ if isinstance(error, StaleMessage) else type(error).__name__)
        if not isinstance(error, StaleMessage):
            _log.error("A Slack listener failed", exc_info=error)

    app.error(failed)
    runner: Any = app._async_listener_runner
    runner.listener_completion_handler = Done()
    run = runner.run

    async def noted(*positional: Any, **named: Any) -> Any:
        work = CURRENT.get()
        if work is not None:
            listening: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            work.listeners.append(listening)
            LISTENING.set(listening)
        return await run(*positional, **named)

    runner.run = noted

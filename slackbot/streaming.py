"""A message that Slack streams into a thread while something is done: one task card a step. It is decoration: where Slack takes no more of it, it ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from copy import copy
from typing import TYPE_CHECKING, Any, TypeVar

from slackbot import send
from slackbot.escape import literal
from slackbot.limits import TASK_TITLE, shorten
from slackbot.post.outbox import AT_ONCE

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

    from insights.underway import Step
    from slackbot.read import Heard

APPENDED_WITHIN = 2.0
"""Seconds that a step may take to be told; the answer does not wait for it any longer."""
MOST_STEPS = 8
_ENDED = "stream-ended"
_SAID = {"understood": "Understood as: {}", "reading": "Reading {}"}
_log = logging.getLogger(__name__)
T = TypeVar("T")


class Stream:
    """One stream, of one event loop, in the thread of what was heard. `told` may be called from any thread."""

    def __init__(self, client: AsyncWebClient, heard: Heard, title: str) -> None:
        # One that calls once: the usual handlers send again after a broken connection, when a stream may have begun already.
        self.client = once = copy(client)
        once.retry_handlers = []
        self._heard = heard
        self._steps = [title]
        self._shown = 0
        self._news = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._ts = ""

    def told(self, step: Step) -> None:
        """A step begins."""
        self._loop.call_soon_threadsafe(self._add, _SAID[step.kind].format(step.what))

    def _add(self, title: str) -> None:
        if title not in self._steps and len(self._steps) < MOST_STEPS:
            self._steps.append(title)
            self._news.set()

    async def begin(self, *, part: str) -> str | None:
        """Begin it with what was told so far, as this `part` of a job; its `ts`, None where Slack does not stream here."""
        heard, who = self._heard, self._heard.who
        if heard.thread is None:
            return None
        to: dict[str, Any] = {}
        if heard.audience == "channel":
            if who.team is None:
                return None
            to = {"recipient_team_id": who.team, "recipient_user_id": who.user}
        message = {"chunks": self._chunks()}
        said = await send.called(self.client.chat_startStream, message, part=part, channel=heard.channel, thread_ts=heard.thread, **to)
        self._ts = str(said["ts"]) if said is not None else ""
        return self._ts or None

    async def until(self, task: asyncio.Future[T]) -> T:
        """Tell each step while the task is being done, and give what came of it."""
        open_ = True
        while not task.done():
            news = asyncio.ensure_future(self._news.wait())
            either: set[asyncio.Future[Any]] = {task, news}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            news.cancel()
            if self._news.is_set():
                self._news.clear()
                open_ = open_ and not task.done() and await self._append()
        return await task

    async def end(self) -> None:
        """Nothing more comes; before the answer takes its place, which Slack lets nothing do while it is streamed."""
        chunks = [_card(number, title, "complete") for number, title in enumerate(self._steps[: self._shown])]
        await send.called(self.client.chat_stopStream, {"chunks": chunks}, part=_ENDED, apart=AT_ONCE, channel=self._heard.channel, ts=self._ts)

    async def _append(self) -> bool:
        from aiohttp import ClientError
        from slack_sdk.errors import SlackApiError

        sent: Awaitable[Any] = self.client.chat_appendStream(channel=self._heard.channel, ts=self._ts, chunks=self._chunks())
        try:
            await asyncio.wait_for(sent, APPENDED_WITHIN)
        except (SlackApiError, ClientError, TimeoutError, OSError) as error:
            _log.warning("Slack takes no more steps of an answer: %s", error)
            return False
        return True

    def _chunks(self) -> list[dict[str, Any]]:
        """The steps that were not shown yet, and that those before them are done; the first card is the whole."""
        first, self._shown = self._shown, len(self._steps)
        done = [_card(first - 1, self._steps[first - 1], "complete")] if first > 1 else []
        last = self._shown - 1
        return done + [
            _card(number, title, "in_progress" if number in (0, last) else "complete")
            for number, title in enumerate(self._steps[first:], start=first)
        ]  # fmt: skip


def _card(number: int, title: str, status: str) -> dict[str, Any]:
    return {"type": "task_update", "id": str(number), "title": shorten(title, TASK_TITLE, escaped=literal), "status": status}

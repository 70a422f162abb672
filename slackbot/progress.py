"""While an answer takes long: that it is being worked on, and in a thread what is being done; the answer takes the place of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slackbot import send
from slackbot.post.current import CURRENT
from slackbot.reply import Message, plain
from slackbot.streaming import Stream

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncRespond
    from slack_sdk.web.async_client import AsyncWebClient

    from insights.underway import Watcher
    from slackbot.answering import Answered
    from slackbot.read import Heard

PATIENT = 2.5
"""Seconds that people wait without being told that it takes longer."""
_PART, _STREAM = "progress", "stream"
_NOTE = "I am working on it; this one takes a little longer."


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A message that stands for the answer until it is there; `stream` while Slack streams it."""

    channel: str
    ts: str
    stream: Stream | None = None


async def posted(ask: Callable[[Watcher], Awaitable[Answered]], *, heard: Heard, client: AsyncWebClient) -> tuple[Answered, Note | None]:
    """The answer, and the note that stands in its place where it took long: streamed in a thread, where Slack does that."""
    stream = Stream(client, heard, _NOTE)
    task = asyncio.ensure_future(ask(stream.told))
    if await _is_quick(task, _PART, _STREAM):
        return task.result(), None
    if not await _was_written(_PART) and (begun := await stream.begin(part=_STREAM)) is not None:
        return await stream.until(task), Note(channel=heard.channel, ts=begun, stream=stream)
    said = await send.called(client.chat_postMessage, plain(_NOTE), part=_PART, channel=heard.channel, thread_ts=heard.thread, unfurl_links=False)
    return await task, Note(channel=said["channel"], ts=said["ts"]) if said is not None else None


async def in_place(message: Message, note: Note, *, client: AsyncWebClient) -> bool:
    """Put the answer where the note is; whether that could be done."""
    if note.stream is not None:
        await note.stream.end()
    return await send.call(client.chat_update, message, channel=note.channel, ts=note.ts)


async def responded(answering: Awaitable[Answered], *, respond: AsyncRespond) -> tuple[Answered, bool]:
    """The answer to a command, and whether a note stands there that it is to take the place of."""
    task = asyncio.ensure_future(answering)
    if await _is_quick(task, _PART):
        return task.result(), False
    noted = await send.respond(respond, plain(_NOTE), part=_PART, response_type="ephemeral", replace_original=False)
    return await task, noted


async def _is_quick(task: asyncio.Future[Answered], *parts: str) -> bool:
    """Whether it is answered before people wonder; never where a note was written before a crash, for it still stands there."""
    for part in parts:
        if await _was_written(part):
            return False
    await asyncio.wait({task}, timeout=PATIENT)
    return task.done()


async def _was_written(part: str) -> bool:
    work = CURRENT.get()
    return work is not None and work.job.attempt > 1 and await work.outbox.is_written(f"{work.job.key}#{part}")

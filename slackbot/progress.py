"""While an answer takes long: a note that it is being worked on, which the answer takes the place of."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, Any

from slackbot import send
from slackbot.post.current import CURRENT
from slackbot.reply import Message, plain

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncRespond
    from slack_sdk.web.async_client import AsyncWebClient

    from slackbot.answering import Answered

PATIENT = 2.5
"""Seconds that people wait without being told that it takes longer."""
_PART = "progress"
_NOTE = "I am working on it; this one takes a little longer."


async def posted(answering: Awaitable[Answered], *, client: AsyncWebClient, channel: str, thread: str | None) -> tuple[Answered, Mapping[str, Any] | None]:
    """The answer, and the note that was posted where it took long (`ts`, `channel`); None where none was."""
    task = asyncio.ensure_future(answering)
    if await _is_quick(task):
        return task.result(), None
    note = await send.called(client.chat_postMessage, plain(_NOTE), part=_PART, channel=channel, thread_ts=thread, unfurl_links=False)
    return await task, note


async def in_place(message: Message, note: Mapping[str, Any], *, client: AsyncWebClient) -> bool:
    """Put the answer where the note is; whether that could be done."""
    return await send.call(client.chat_update, message, channel=note["channel"], ts=note["ts"])


async def responded(answering: Awaitable[Answered], *, respond: AsyncRespond) -> tuple[Answered, bool]:
    """The answer to a command, and whether a note stands there that it is to take the place of."""
    task = asyncio.ensure_future(answering)
    if await _is_quick(task):
        return task.result(), False
    noted = await send.respond(respond, plain(_NOTE), part=_PART, response_type="ephemeral", replace_original=False)
    return await task, noted


async def _is_quick(task: asyncio.Future[Answered]) -> bool:
    """Whether it is answered before people wonder; never where a note was written before a crash, for it still stands there."""
    work = CURRENT.get()
    if work is not None and work.job.attempt > 1 and await work.outbox.is_written(f"{work.job.key}#{_PART}"):
        return False
    await asyncio.wait({task}, timeout=PATIENT)
    return task.done()

"""Messages out: through a response_url or the Web API, with plain text where Slack refuses the blocks; on behalf of a job through its outbox."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from slackbot.post.current import CURRENT, StaleMessage
from slackbot.post.outbox import APART, AT_ONCE, Arrived, Attempt, Outgoing, Refused, Stale, Unanswered, Wait
from slackbot.reply import Message, without_blocks

if TYPE_CHECKING:
    from slack_bolt.context.respond.async_respond import AsyncRespond

PATIENCE = 60.0
"""Seconds that a message may wait for its turn where no job stands behind it."""
BLOCKS_REFUSED = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long")
MAYBE_DONE = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
"""Slack says of these that part of the work may have been done."""
AGAIN = "(I was interrupted; you may have seen this already.)"
BEGINS, ENDS = "chat_startStream", "chat_stopStream"
"""A stream that may have begun is not begun again: nothing would ever end the first. One that may have ended is ended again, which does nothing."""
_KEYS = uuid.UUID("5a3d1f0e-6a52-4d1c-9f0b-0d4f6f8f2c11")
_log = logging.getLogger(__name__)
Sleep = Callable[[float], Awaitable[None]]


def message_id(key: str) -> str:
    """Slack knows a message with the same `client_msg_id` for the one that it has."""
    return str(uuid.uuid5(_KEYS, key))


async def respond(to: AsyncRespond, message: Message, *, sleep: Sleep = asyncio.sleep, part: str = "", **options: Any) -> bool:
    """Post to a response_url; whether it arrived. `part` as in `called`."""

    async def once(doubtful: bool) -> Attempt:
        return await _to_response_url(to, _said_again(message) if doubtful else message, options)

    lane = f"response:{to.response_url}"
    return isinstance(await _sent(Outgoing(lane=lane, payload={**message, **options}, send=once, apart=AT_ONCE), sleep, part), Arrived)


async def call(method: Callable[..., Awaitable[Any]], message: Message, *, sleep: Sleep = asyncio.sleep, **options: Any) -> bool:
    """Call a Web API method that posts a message; whether it arrived."""
    return await called(method, message, sleep=sleep, **options) is not None


async def called(
    method: Callable[..., Awaitable[Any]], message: Message, *, sleep: Sleep = asyncio.sleep, part: str = "", apart: timedelta | None = None, **options: Any
) -> Mapping[str, Any] | None:
    """Call a Web API method that posts a message; what Slack says of it (`ts`, `channel`), None when it did not arrive.

    A `part` of a job is sent once whatever else the job sends before it, in this attempt or in an earlier one.
    """
    work, name = CURRENT.get(), getattr(method, "__name__", "")
    posts = name == "chat_postMessage"
    # The key that the outbox gives this message, so that Slack, too, recognises a second attempt.
    known = {"client_msg_id": message_id(f"{work.job.key}#{part or work.parts + 1}")} if posts and work is not None else {}

    async def once(doubtful: bool) -> Attempt:
        if doubtful and name == BEGINS:
            return Refused(why="whether a stream has begun is not known")
        again = doubtful and not posts and name != ENDS
        return await _to_web_api(method, _said_again(message) if again else message, {**options, **known})

    lane = f"channel:{options.get('channel', '-')}"
    outgoing = Outgoing(lane=lane, payload={**message, **options}, send=once, apart=APART if apart is None else apart)
    result = await _sent(outgoing, sleep, part)
    return result.said if isinstance(result, Arrived) else None


async def _sent(message: Outgoing, sleep: Sleep, part: str = "") -> Attempt:
    """Through the outbox of the job that is being done; at once where there is none. Raises StaleMessage when it must be composed anew."""
    work = CURRENT.get()
    if work is None:
        return await _at_once(message, sleep)
    result = await work.outbox.send(work.next_key(part), work.job, message)
    if isinstance(result, Stale):
        raise StaleMessage
    if isinstance(result, Refused):
        _log.error("A message did not arrive: %s", result.why)
        work.problems.append(result.why)
    else:
        work.problems.clear()  # it came another way
    return result


async def _at_once(message: Outgoing, sleep: Sleep) -> Attempt:
    waited = 0.0
    while True:
        result = await message.send(False)
        if not isinstance(result, Wait) or waited + result.seconds > PATIENCE:
            return result
        waited += result.seconds
        await sleep(result.seconds)


async def _to_response_url(to: AsyncRespond, message: Message, options: Mapping[str, Any]) -> Attempt:
    from aiohttp import ClientError

    try:
        result = await to(**message, **options)
    except (ClientError, TimeoutError, OSError) as error:
        return Unanswered(why=f"a response_url cannot be reached: {type(error).__name__}")
    if result.status_code == 200:
        return Arrived()
    if result.status_code == 429:
        return Wait(seconds=retry_after(result.headers))
    if "blocks" in message and any(reason in str(result.body) for reason in BLOCKS_REFUSED):
        _log.error("Slack refused blocks (%s); the answer goes out as text.", result.body)
        return await _to_response_url(to, without_blocks(message), options)
    why = f"a response_url answered {result.status_code}: {str(result.body)[:200]}"
    return Unanswered(why=why) if result.status_code >= 500 else Refused(why=why)


async def _to_web_api(method: Callable[..., Awaitable[Any]], message: Message, options: Mapping[str, Any]) -> Attempt:
    from aiohttp import ClientError
    from slack_sdk.errors import SlackApiError

    try:
        said = await method(**message, **options)
        return Arrived(said={name: said.get(name) for name in ("ts", "channel", "message_ts") if said.get(name)})
    except SlackApiError as error:
        code, reason = error.response.status_code, str(error.response.get("error"))
        if code == 429:
            return Wait(seconds=retry_after(error.response.headers))
        if message.get("blocks") and reason in BLOCKS_REFUSED:
            _log.error("Slack refused blocks (%s); the answer goes out as text.", reason)
            # What is edited keeps its blocks where none are named.
            return await _to_web_api(method, without_blocks(message) | ({"blocks": []} if "ts" in options else {}), options)
        return Unanswered(why=reason) if code >= 500 or reason in MAYBE_DONE else Refused(why=f"Slack refused a message: {reason}")
    except (ClientError, TimeoutError, OSError) as error:
        return Unanswered(why=f"Slack cannot be reached: {type(error).__name__}")


def _said_again(message: Message) -> Message:
    """The message with a remark that it may be there already: Slack has no key by which it would know what only one person sees."""
    again: Message = {**message, "text": f"{message.get('text', '')}\n{AGAIN}"}
    if message.get("blocks"):
        again["blocks"] = [*list(message["blocks"])[:49], {"type": "context", "elements": [{"type": "plain_text", "text": AGAIN}]}]
    return again


def retry_after(headers: Any) -> float:
    """The seconds that Slack asks to wait, one where it does not say."""
    for name, value in dict(headers or {}).items():
        if str(name).lower() == "retry-after":
            said = value[0] if isinstance(value, list) else value
            return float(said) if str(said).isdigit() else 1.0
    return 1.0

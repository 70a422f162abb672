"""Messages out: through a response_url or the Web API, with rate limits honoured and plain text where Slack refuses the blocks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from slackbot.reply import Message, without_blocks

if TYPE_CHECKING:
    from slack_bolt.context.respond.async_respond import AsyncRespond

PATIENCE = 60.0
"""Seconds that one message may wait for its turn."""
BLOCKS_REFUSED = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long")
_log = logging.getLogger(__name__)
Sleep = Callable[[float], Awaitable[None]]


async def respond(to: AsyncRespond, message: Message, *, sleep: Sleep = asyncio.sleep, **options: Any) -> bool:
    """Post to a response_url; whether it arrived."""
    from aiohttp import ClientError

    waited = 0.0
    while True:
        try:
            result = await to(**message, **options)
        except (ClientError, TimeoutError, OSError) as error:
            _log.error("A response_url cannot be reached: %r", error)
            return False
        if result.status_code == 200:
            return True
        if result.status_code == 429 and waited + (wait := retry_after(result.headers)) <= PATIENCE:
            waited += wait
            await sleep(wait)
        elif "blocks" in message and any(reason in str(result.body) for reason in BLOCKS_REFUSED):
            _log.error("Slack refused blocks (%s); the answer goes out as text.", result.body)
            message = without_blocks(message)
        else:
            _log.error("A response_url answered %s: %s", result.status_code, str(result.body)[:200])
            return False


async def call(method: Callable[..., Awaitable[Any]], message: Message, *, sleep: Sleep = asyncio.sleep, **options: Any) -> bool:
    """Call a Web API method that posts a message; whether it arrived."""
    from aiohttp import ClientError
    from slack_sdk.errors import SlackApiError

    waited = 0.0
    while True:
        try:
            await method(**message, **options)
            return True
        except SlackApiError as error:
            code, reason = error.response.status_code, str(error.response.get("error"))
            if code == 429 and waited + (wait := retry_after(error.response.headers)) <= PATIENCE:
                waited += wait
                await sleep(wait)
            elif "blocks" in message and reason in BLOCKS_REFUSED:
                _log.error("Slack refused blocks (%s); the answer goes out as text.", reason)
                message = without_blocks(message)
            else:
                _log.error("Slack refused a message: %s", reason)
                return False
        except (ClientError, TimeoutError, OSError) as error:
            _log.error("Slack cannot be reached: %r", error)
            return False


def retry_after(headers: Any) -> float:
    """The seconds that Slack asks to wait, one where it does not say."""
    for name, value in dict(headers or {}).items():
        if str(name).lower() == "retry-after":
            said = value[0] if isinstance(value, list) else value
            return float(said) if str(said).isdigit() else 1.0
    return 1.0

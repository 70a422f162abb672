"""`/insights QUESTION`: acknowledged at once, answered privately."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slackbot import read, send

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncAck, AsyncRespond
    from slack_sdk.web.async_client import AsyncWebClient

    from slackbot.answering import Desk


async def asked(desk: Desk, *, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
    """Answer a slash command; nobody but the asker sees it."""
    await ack()
    heard = read.command(body, desk.organization)
    answered = await desk.answer(heard, client)
    await send.respond(respond, answered.message, response_type="ephemeral", replace_original=False)

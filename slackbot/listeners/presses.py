"""Buttons under a question back, a confirmation or a suggestion: what they stand for is said for the person who presses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slackbot import read, send
from slackbot.reply import plain

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncAck, AsyncRespond
    from slack_sdk.web.async_client import AsyncWebClient

    from slackbot.answering import Desk

_NOT_YOURS = "This question was put to somebody else. Ask your own, and I'll answer it."


async def pressed(desk: Desk, *, ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
    """Say what the button stands for; the answer takes the question's place, so that its buttons are gone."""
    await ack()
    heard = read.press(body, action)
    if heard is None:
        await send.respond(respond, plain(_NOT_YOURS), response_type="ephemeral", replace_original=False)
        return
    answered = await desk.answer(heard, client)
    if not body.get("response_url"):  # pressed on a page of ours: answered in the direct messages
        await send.call(client.chat_postMessage, answered.message, channel=heard.channel if heard.channel.startswith("D") else heard.who.user)
        return
    # What is for the asker alone never takes the place of what a whole channel sees.
    aside = answered.private and heard.audience == "channel"
    ephemeral = aside or bool((body.get("container") or {}).get("is_ephemeral"))
    options: dict[str, Any] = {"response_type": "ephemeral" if ephemeral else "in_channel", "replace_original": heard.answers is not None and not aside}
    if heard.thread:
        options["thread_ts"] = heard.thread
    await send.respond(respond, answered.message, **options)

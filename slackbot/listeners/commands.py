"""`/insights`, `/room`, `/ticket`, `/meet`: acknowledged at once, answered privately; without words `/room`, `/ticket` and `/meet` open a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slackbot import progress, read, send
from slackbot.delivering import origin_of
from slackbot.listeners import administering, forms

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncAck, AsyncRespond
    from slack_sdk.web.async_client import AsyncWebClient

    from slackbot.answering import Desk


async def asked(desk: Desk, *, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
    """Answer a slash command; nobody but the asker sees it."""
    await ack()
    heard = read.command(body, desk.organization)
    if heard.topic is None and administering.is_meant(str(body.get("text") or "")):
        await send.respond(respond, await administering.page(desk, heard.who, client), response_type="ephemeral", replace_original=False)
        return
    if heard.topic is not None and not str(body.get("text") or "").strip() and await desk.person(heard.who, client) is not None:
        view = forms.named(desk, heard.topic, origin_of(body))
        assert view is not None
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        return
    answered, noted = await progress.responded(desk.answer(heard, client), respond=respond)
    await send.respond(respond, answered.message, response_type="ephemeral", replace_original=noted)

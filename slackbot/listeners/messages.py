"""Mentions in channels, answered in their thread for the channel to see; direct messages, answered where they were written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from insights.errors import InsightsError
from slackbot import downloads, progress, read, send
from slackbot.answering import Answered
from slackbot.identity import SlackUser
from slackbot.reply import plain

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncBoltContext
    from slack_sdk.web.async_client import AsyncWebClient

    from slackbot.answering import Desk

_ASIDE = "The answer is for whoever asked alone."


async def written(desk: Desk, *, body: dict[str, Any], event: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient) -> None:
    """Answer a message; what is for the asker alone goes to them alone."""
    ours = read.our_user(body)
    if not read.is_for_us(event, ours):
        return
    who = SlackUser(user=event["user"], team=context.actor_team_id, enterprise=context.actor_enterprise_id)
    heard = read.message(event, event_id=str(body["event_id"]), who=who, ours=ours, organization=desk.organization)
    note = None
    try:
        heard = replace(heard, files=await downloads.brought(client, event.get("files") or ()))
        answered, note = await progress.posted(lambda watcher: desk.answer(heard, client, watcher=watcher), heard=heard, client=client)
    except InsightsError as error:
        answered = Answered(message=plain(str(error)), private=True)
    aside = answered.private and heard.audience == "channel"
    if note is not None and not aside and await progress.in_place(answered.message, note, client=client):
        return
    if note is not None and aside:
        await progress.in_place(plain(_ASIDE), note, client=client)
    if aside:
        await send.call(client.chat_postEphemeral, answered.message, channel=heard.channel, user=who.user, thread_ts=event.get("thread_ts"))
    else:
        await send.call(client.chat_postMessage, answered.message, channel=heard.channel, thread_ts=heard.thread, unfurl_links=False)

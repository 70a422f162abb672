"""Tickets where people talk: a reaction or a chosen channel makes one of a message, and what is written in its thread goes to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from insights.requests import RaiseTicket, Request, UpdateTicket
from slackbot import read, send
from slackbot.blocks import context as small_print
from slackbot.identity import SlackUser
from slackbot.limits import BLOCKS
from slackbot.read import Heard, conversation

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncBoltContext
    from slack_sdk.web.async_client import AsyncWebClient

    from slackbot.answering import Answered, Desk

_GOES_ON = "What is written in this thread goes to the ticket."


async def heeds(desk: Desk, body: Mapping[str, Any]) -> bool:
    """Whether a delivery concerns us. Of what people write in channels: new messages where those become tickets, and threads of tickets."""
    event = body.get("event") or {}
    if event.get("type") == "reaction_added":
        return bool(desk.intake.reaction) and str(event.get("reaction")).partition("::")[0] == desk.intake.reaction and _item(event) is not None
    if event.get("type") != "message" or event.get("channel_type") == "im":
        return True
    ours = read.our_user(body)
    if not _is_written(event) or (ours is not None and f"<@{ours}" in str(event.get("text"))):  # a mention comes as one
        return False
    if not event.get("thread_ts"):
        return event.get("channel") in desk.intake.channels
    thread = f"{event.get('channel')}/{event['thread_ts']}"
    return await desk.in_thread(lambda: desk.assistant.ledger.ticket_in(thread)) is not None


async def reacted(desk: Desk, *, body: dict[str, Any], event: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient) -> None:
    """Somebody wants a ticket about a message: it is its author's, where we know who that is."""
    item = _item(event)
    if item is None or not await heeds(desk, body) or await desk.in_thread(lambda: desk.assistant.acted(_key(body, *item))):
        return
    channel, ts = item
    found = (await client.conversations_replies(channel=channel, ts=ts, limit=1, inclusive=True)).get("messages") or ()
    message: Mapping[str, Any] = next((one for one in found if one.get("ts") == ts), {})
    who = SlackUser(user=str(event["user"]), team=context.actor_team_id or context.team_id, enterprise=context.actor_enterprise_id)
    if message:
        await _filed(desk, who, {**message, "channel": channel}, body=body, client=client)


async def written(desk: Desk, *, body: dict[str, Any], event: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient) -> None:
    """A new message in a channel where messages become tickets, or a reply in the thread of a ticket, which goes to it as a comment."""
    if not await heeds(desk, body):
        return
    who = SlackUser(user=str(event["user"]), team=context.actor_team_id, enterprise=context.actor_enterprise_id)
    if not event.get("thread_ts"):
        await _filed(desk, who, event, body=body, client=client)
        return
    thread = f"{event['channel']}/{event['thread_ts']}"
    note = read.said(str(event.get("text") or ""), desk.organization)
    if not note:
        return
    request = UpdateTicket(thread=thread, note=note)
    heard = _heard(who, event, request, key=f"slack:{who.team}:{body['event_id']}", text=note)
    answered = await desk.answer(heard, client)
    if answered.reply is None or answered.reply.outcome != "understood":  # that it arrived can be seen in the ticket; that it did not must be told
        await _to(answered, heard, client, alone=True)


async def _filed(desk: Desk, who: SlackUser, message: Mapping[str, Any], *, body: dict[str, Any], client: AsyncWebClient) -> None:
    what = read.said(str(message.get("text") or ""), desk.organization)
    if not what:
        return
    author = SlackUser(user=str(message.get("user") or ""), team=str(message.get("team") or who.team), enterprise=who.enterprise)
    said_by = await desk.person(author, client) if author.user and author.user != who.user and not message.get("bot_id") else None
    thread = f"{message['channel']}/{message.get('thread_ts') or message['ts']}"
    request = RaiseTicket(what=what[:3_000], thread=thread, person=said_by.id if said_by is not None else None)
    heard = _heard(who, message, request, key=_key(body, str(message["channel"]), str(message["ts"])), text=what)
    answered = await desk.answer(heard, client)
    await _to(answered, heard, client, alone=answered.reply is None or answered.reply.outcome != "understood")


def _heard(who: SlackUser, message: Mapping[str, Any], request: Request, *, key: str, text: str) -> Heard:
    channel, thread = str(message["channel"]), str(message.get("thread_ts") or message["ts"])
    return Heard(
        text=text,
        who=who,
        channel=channel,
        audience="channel",
        conversation=conversation(who, channel, thread),
        key=key,
        thread=thread,
        request=request,
        yes=True,
    )


async def _to(answered: Answered, heard: Heard, client: AsyncWebClient, *, alone: bool) -> None:
    """Into the thread for everybody there, or to whoever it was alone."""
    if alone:
        await send.call(client.chat_postEphemeral, answered.message, channel=heard.channel, user=heard.who.user, thread_ts=heard.thread)
        return
    message = {**answered.message, "blocks": [*answered.message["blocks"][: BLOCKS - 1], small_print([_GOES_ON])]}
    await send.call(client.chat_postMessage, message, channel=heard.channel, thread_ts=heard.thread, unfurl_links=False)


def _item(event: Mapping[str, Any]) -> tuple[str, str] | None:
    """The channel and time of the message that was reacted to; None for what is none in a channel."""
    item = event.get("item") or {}
    channel, ts = str(item.get("channel") or ""), str(item.get("ts") or "")
    return (channel, ts) if item.get("type") == "message" and channel[:1] in ("C", "G") and ts else None


def _is_written(event: Mapping[str, Any]) -> bool:
    return event.get("subtype") in (None, "thread_broadcast") and not event.get("bot_id") and bool(event.get("user"))


def _key(body: Mapping[str, Any], channel: str, ts: str) -> str:
    """A message becomes a ticket once, whoever wants it."""
    return f"slack:{body.get('team_id')}:ticket:{channel}:{ts}"

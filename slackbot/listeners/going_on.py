"""Steps from an answer, and things to do with what it names: what a press means is a request to the core, for whoever presses."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from slackbot import read, send, steps, uploads
from slackbot.delivering import Origin, origin_of, privately
from slackbot.listeners import forms
from slackbot.reply import plain

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncAck, AsyncRespond
    from slack_sdk.web.async_client import AsyncWebClient

    from slackbot.answering import Answered, Desk
    from slackbot.read import Heard

_ASIDE = ("explain", "follow", "correct", "schedule")
"""What concerns the presser more than whoever reads along."""
_GONE = "I can't tell any more what this button is about. Ask the question again."


async def stepped(desk: Desk, *, ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
    """Do what a button or an entry of the menu under an answer says."""
    await ack()
    name = str(action.get("action_id")).partition(":")[2]
    if name == steps.MENU:
        name = str((action.get("selected_option") or {}).get("value"))
    heard, origin = read.step(body, action, aside=name in _ASIDE), origin_of(body)
    if heard is None or heard.about is None:
        await privately(plain(_GONE), origin, client=client, respond=respond)
        return
    match name:
        case "share":
            await _share(desk, heard, body, respond, client)
        case "correct":
            await client.views_open(trigger_id=body["trigger_id"], view=forms.correction(origin, about=heard.about))
        case "schedule":
            await client.views_open(trigger_id=body["trigger_id"], view=forms.schedule(desk, origin, about=heard.about))
        case "csv" | "picture":
            await _file(desk, name, heard, origin, respond, client)
        case "up" | "down":
            await _rate(desk, heard, name == "up", origin, respond, client)
        case "delete":
            await _delete(body, action, heard, respond, client)
        case _:
            await _reply(await desk.answer(heard, client), heard, origin, respond, client)


async def acted(desk: Desk, *, ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
    """Have done what a button says with a booking, a meeting, a ticket or a room: its request goes to the core, for whoever pressed."""
    await ack()
    value, origin = _carried(action), origin_of(body)
    if value is None:
        return  # a button that opened a page
    if "form" in value:
        view = forms.named(desk, str(value["form"]), origin)
        if view is not None:
            await client.views_open(trigger_id=body["trigger_id"], view=view)
        return
    heard = read.step(body, action, aside=True)
    request = read.request_in(value)
    if heard is None or request is None:
        await privately(plain(_GONE), origin, client=client, respond=respond)
        return
    answered = await desk.answer(replace(heard, request=request, about=None), client)
    alone = read.is_private(body) and bool(value.get("alone"))
    await privately(answered.message, origin, client=client, respond=respond if origin.url else None, replace=alone)


def _carried(action: dict[str, Any]) -> dict[str, Any] | None:
    try:
        value = json.loads(str(action.get("value")))
    except ValueError:
        return None
    return value if isinstance(value, dict) and all(isinstance(one, str) for one in value.values()) else None


async def _reply(answered: Answered, heard: Heard, origin: Origin, respond: AsyncRespond, client: AsyncWebClient) -> None:
    """Beside the answer for the presser alone, or in its thread for whoever sees the answer."""
    if answered.private or heard.audience == "private":
        await privately(answered.message, origin, client=client, respond=respond)
    else:
        await send.call(client.chat_postMessage, answered.message, channel=heard.channel, thread_ts=heard.thread, unfurl_links=False)


async def _share(desk: Desk, heard: Heard, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
    """Into the channel where it was asked; from a direct message into one that is chosen."""
    origin = origin_of(body)
    assert heard.about is not None
    if not heard.channel or heard.channel.startswith("D"):
        await client.views_open(trigger_id=body["trigger_id"], view=forms.sharing(origin, about=heard.about))
        return
    problem = await share(desk, heard, client, channel=heard.channel, thread=heard.thread)
    if problem is not None:
        await privately(problem, origin, client=client, respond=respond)


async def share(desk: Desk, heard: Heard, client: AsyncWebClient, *, channel: str, thread: str | None = None) -> dict[str, Any] | None:
    """Answer it again before a channel, as far as sharer and channel may have it now; what kept it from being shared, None when it was."""
    there = replace(heard, text="", channel=channel, audience="channel", thread=thread, conversation=read.conversation(heard.who, channel, thread))
    answered = await desk.answer(await desk.listening(there, client, anew=True), client)
    if answered.private or answered.reply is None or answered.reply.outcome != "understood" or answered.person is None:
        return answered.message
    message = shared_by(answered.message, answered.person.name)
    if await send.call(client.chat_postMessage, message, channel=channel, thread_ts=thread, unfurl_links=False):
        return None
    return plain("I could not write in that channel. Invite me there first, then share it again.")


def shared_by(message: dict[str, Any], name: str) -> dict[str, Any]:
    """The message with who shared it, in small print."""
    from slackbot.blocks import context
    from slackbot.escape import mrkdwn
    from slackbot.limits import BLOCKS, MESSAGE_TEXT

    said = f"Shared by {name}"
    text = f"{mrkdwn(said)}: {message['text']}"
    return {**message, "text": text[:MESSAGE_TEXT], "blocks": [context([said]), *message["blocks"][: BLOCKS - 1]]}


async def _file(desk: Desk, kind: str, heard: Heard, origin: Origin, respond: AsyncRespond, client: AsyncWebClient) -> None:
    """The answer anew, for the presser, as a file in their direct messages."""
    answered = await desk.answer(replace(heard, text="", audience="private"), client)
    if answered.reply is None or answered.reply.outcome != "understood":
        await privately(answered.message, origin, client=client, respond=respond)
        return
    reply, locale = answered.reply, desk.assistant.catalog.locale
    try:
        file = await desk.in_thread(lambda: uploads.as_csv(reply) if kind == "csv" else uploads.as_picture(reply, locale))
    except uploads.WrongSettings as error:
        await privately(plain(f"I can't draw pictures here: {error}"), origin, client=client, respond=respond)
        return
    if file is None or not await uploads.send(client, file, to=heard.who.user, channel=origin.channel, thread=origin.thread):
        await privately(plain("I could not send that file. Please try again."), origin, client=client, respond=respond)
    elif not origin.channel.startswith("D"):
        await privately(plain("I sent you the file in a direct message."), origin, client=client, respond=respond)


async def _rate(desk: Desk, heard: Heard, good: bool, origin: Origin, respond: AsyncRespond, client: AsyncWebClient) -> None:
    person = await desk.person(heard.who, client)
    turn = heard.about
    if person is None or turn is None:
        return
    new = await desk.in_thread(lambda: desk.assistant.rate(turn, person.id, good=good))
    said = "Thank you." if good else "Thank you. If I took your words for something else, choose \u201cThat's not what I meant\u201d in the menu beside it."
    await privately(plain(said if new else "I have noted that already."), origin, client=client, respond=respond)


async def _delete(body: dict[str, Any], action: dict[str, Any], heard: Heard, respond: AsyncRespond, client: AsyncWebClient) -> None:
    """Whoever asked takes the answer away again."""
    origin, container = origin_of(body), body.get("container") or {}
    if not read.is_own(body, heard, action):
        await privately(plain("Only who asked can delete this answer."), origin, client=client, respond=respond)
    elif container.get("is_ephemeral"):
        await respond(delete_original=True)
    else:
        await client.chat_delete(channel=origin.channel, ts=str(container.get("message_ts")))

"""Shortcuts: a ticket about a message, a number of ours explained, and forms from anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slackbot import read
from slackbot.blocks import STEP
from slackbot.delivering import origin_of, privately
from slackbot.escape import unescape, whole
from slackbot.listeners import forms
from slackbot.read import Heard, conversation
from slackbot.reply import plain

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncAck
    from slack_sdk.web.async_client import AsyncWebClient

    from slackbot.answering import Desk

FILE_TICKET, EXPLAIN = "file_ticket", "explain_number"
ANYWHERE = {"book_room": "room", "meet_people": "meeting", "report_problem": "ticket"}
_NOT_OURS = "I can explain the numbers that I gave. Use this on one of my answers, or ask me about the number."


async def about_message(desk: Desk, *, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
    """Something is to be done about a message."""
    await ack()
    origin, message = origin_of(body), body.get("message") or {}
    if body.get("callback_id") == FILE_TICKET:
        what = unescape(whole(str(message.get("text") or ""))).strip()
        await client.views_open(trigger_id=body["trigger_id"], view=forms.ticket(desk, origin, what=what[:3_000]))
        return
    turn = explained(message)
    if turn is None:
        await privately(plain(_NOT_OURS), origin, client=client)
        return
    from insights.offers import SAID

    who = read.presser(body)
    heard = Heard(
        text=SAID["explain"],
        who=who,
        channel=origin.channel,
        audience="private",
        conversation=conversation(who, origin.channel, origin.thread),
        key=f"slack:{who.team}:{body['trigger_id']}",
        about=turn,
    )
    answered = await desk.answer(heard, client)
    await privately(answered.message, origin, client=client)


async def anywhere(desk: Desk, *, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
    """A form is wanted, wherever somebody is."""
    await ack()
    view = forms.named(desk, ANYWHERE[str(body["callback_id"])], origin_of(body))
    assert view is not None
    await client.views_open(trigger_id=body["trigger_id"], view=view)


def explained(message: dict[str, Any]) -> str | None:
    """The turn whose answer a message of ours shows, by the buttons under it; None for any other message."""
    for block in message.get("blocks") or ():
        for element in block.get("elements") or () if block.get("type") == "actions" else ():
            value = read.button_value(element) if str(element.get("action_id")).startswith(f"{STEP}:") else None
            if value is not None and value["of"]:
                return value["of"]
    return None

"""Connecting an account: the form is opened, the link code is tried, and what was asked before is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slackbot import connecting, read, views
from slackbot.delivering import Origin, privately
from slackbot.post.current import CURRENT
from slackbot.reply import plain

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncAck
    from slack_sdk.web.async_client import AsyncWebClient

    from slackbot.answering import Desk


async def pressed(_: Desk, *, ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient) -> None:
    """Ask for the link code."""
    await ack()
    await client.views_open(trigger_id=body["trigger_id"], view=connecting.form(str(action.get("value")), str(body.get("response_url") or "")))


async def sent(desk: Desk, *, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], client: AsyncWebClient) -> None:
    """A link code was given: the account is somebody's from now on, and what they asked before is answered."""
    from insights.ledger.identity import Linked

    who, code = read.presser(body), str(views.filled(view).get("code") or "")
    assistant = desk.assistant
    result = await desk.in_thread(lambda: assistant.ledger.redeem_code(code, who.account, now=assistant.now()))
    work = CURRENT.get()
    before = await desk.in_thread(lambda: assistant.ledger.bound(who.account)) if work is not None and work.job.attempt > 1 else None
    if before is not None:  # the code did its work before this was interrupted
        result = Linked(person=before)
    if not isinstance(result, Linked):
        wrong = "That code is wrong, or has been used or expired." if result.why == "wrong" else "Too many wrong codes. Try again in an hour."
        await ack(response_action="errors", errors={"code": wrong})
        return
    await ack()
    _, url = connecting.waiting(view)
    origin = Origin(user=who.user, url=url)
    person = desk.organization.people.get(result.person)
    heard = connecting.asked(view, who)
    await privately(plain(f"You are connected as {person.name if person else result.person}."), origin, client=client, replace=True)
    if heard is not None:
        answered = await desk.answer(heard, client)
        await privately(answered.message, origin, client=client)

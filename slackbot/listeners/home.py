"""App Home: what can be asked, today's meetings, open tickets, what is followed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from insights.answers import HelpAnswer
from insights.requests import MyCalendar, Period, Request, TicketStatus
from insights.turns import Reply, Turn
from slackbot import connecting, read, things, views
from slackbot.administration import ADMIN
from slackbot.blocks import ACT, ASK, Block, actions, button, buttons, carried, header, section
from slackbot.identity import SlackUser
from slackbot.listeners import teaching
from slackbot.read import Heard

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncBoltContext
    from slack_sdk.web.async_client import AsyncWebClient

    from insights.organization import Person
    from slackbot.answering import Desk

CONTINUE = "continue"
FOLLOWED = "what do I follow"
_FORMS = (("Book a room", "room"), ("Meet people", "meeting"), ("Report a problem", "ticket"))


async def opened(desk: Desk, *, event: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient) -> None:
    """Somebody opened the app: its page is drawn for them."""
    if event.get("tab") == "messages":
        return  # the prompts over an empty conversation are those of the manifest
    who = SlackUser(user=str(event["user"]), team=context.actor_team_id or context.team_id, enterprise=context.actor_enterprise_id)
    person = await desk.person(who, client)
    channel = str(event.get("channel") or "")
    if person is None:
        refused = connecting.refusal(Heard(text="", who=who, channel=channel, audience="private", conversation="", key=""))
        await client.views_publish(user_id=who.user, view=views.home(refused["blocks"]))
        return
    conversation = read.conversation(who, channel or "home")
    blocks = await desk.in_thread(lambda: page(desk, person, conversation))
    await client.views_publish(user_id=who.user, view=views.home(blocks))


def examples(desk: Desk, person: Person) -> tuple[str, ...]:
    """Questions that this person gets an answer to."""
    reply = desk.assistant.reply(Turn("help", person=person.id, place="chat"))
    found = reply.answer.groups if isinstance(reply.answer, HelpAnswer) else {}
    return next(iter(found.values()), ())


def page(desk: Desk, person: Person, conversation: str) -> list[Block]:
    """What App Home shows a person; each part is what they would be told in private."""
    now = desk.assistant.now()
    asked = examples(desk, person)
    blocks: list[Block] = [header(f"Good day, {person.name.split()[0] if person.name.split() else person.name}")]
    forms = [button(label, f"{ACT}:{number}:{name}", carried("", of="", conversation=conversation, form=name)) for number, (label, name) in enumerate(_FORMS)]
    blocks += [section("What you can ask", bold=True), buttons([(one, one) for one in asked], kind=ASK, of="", conversation=conversation)] if asked else []
    if desk.assistant.administration.is_for(person):
        forms.append(button("Administration", f"{ADMIN}:open"))
    go_on = carried(CONTINUE, of="", conversation=conversation)
    blocks.append(actions([*forms, *([button("Go on with what I asked last", f"{ASK}:continue", go_on)] if go_on else [])], block_id="home"))
    today = Period(first=now.date(), last=now.date(), words="today")
    blocks += _part("Today", _told(desk, person, now, MyCalendar(period=today)), conversation, rows=0)
    blocks += _part("Your tickets", _told(desk, person, now, TicketStatus()), conversation, rows=1)
    followed = desk.assistant.reply(Turn(FOLLOWED, person=person.id, place="chat"))
    if followed.outcome == "understood":
        blocks += _part("What you follow", followed, conversation, rows=2)
    blocks += teaching.to_judge(desk, person)
    return blocks


def _told(desk: Desk, person: Person, now: datetime, request: Request) -> Reply:
    return desk.assistant.reply(Turn("", person=person.id, place="chat", now=now, request=request))


def _part(title: str, reply: Reply, conversation: str, *, rows: int) -> list[Block]:
    """A heading, what is told below it, and what can be done with it; action ids are apart from those of other parts."""
    lines = "\n".join(line for line in reply.text.split("\n") if line.strip())
    made: list[Block] = [section(title, bold=True), section(lines or "Nothing.")]
    for block in things.under(reply, conversation=conversation):
        elements = [{**element, "action_id": f"{ACT}:{rows}{element['action_id'].removeprefix(ACT + ':')}"} for element in block["elements"]]
        made.append(actions(elements))
    return made

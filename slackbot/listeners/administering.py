"""Administrators: their page, by `/insights admin` or from App Home, and what is done from it. Who is one is decided in the core, for each press."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from insights.errors import InsightsError, NotPermitted
from slackbot import administration as pages
from slackbot import read, uploads, views
from slackbot.connecting import refusal
from slackbot.delivering import Origin, origin_of, privately, waiting_in
from slackbot.identity import SlackUser
from slackbot.read import Heard
from slackbot.reply import Message, plain

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncAck, AsyncRespond
    from slack_sdk.web.async_client import AsyncWebClient

    from insights.organization import Person
    from slackbot.answering import Desk

CALLBACKS = (pages.CHANNELS, pages.TEACH)


def is_meant(text: str) -> bool:
    """Whether a command asks for the page."""
    return text.strip().casefold() == pages.ADMIN


async def page(desk: Desk, who: SlackUser, client: AsyncWebClient) -> Message:
    """The page, or why somebody does not get it."""
    person = await desk.person(who, client)
    if person is None:
        return refusal(Heard(text="", who=who, channel="", audience="private", conversation="", key=""))
    administration, now = desk.assistant.administration, desk.assistant.now()
    try:
        return await desk.in_thread(lambda: pages.page(administration, person, desk.places, now=now))
    except InsightsError as error:
        return plain(str(error))


async def pressed(desk: Desk, *, ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
    """Something on the page was pressed or chosen."""
    await ack()
    origin, who = origin_of(body), read.presser(body)
    person = await desk.person(who, client)
    _, _, name = str(action.get("action_id")).partition(":")
    try:
        if person is None or not desk.assistant.administration.is_for(person):
            raise NotPermitted("That is for administrators.")
        told = await _done(desk, name, body, action, person, client)
    except InsightsError as error:
        told = plain(str(error))
    if told is not None:
        await privately(told, origin, client=client, respond=respond if origin.url else None)


async def _done(desk: Desk, name: str, body: dict[str, Any], action: dict[str, Any], person: Person, client: AsyncWebClient) -> Message | None:
    """Do what was pressed; what to say of it, None where a form says it. Raises InsightsError."""
    origin, administration, now = origin_of(body), desk.assistant.administration, desk.assistant.now()
    match name.partition(":")[0]:
        case "open":
            return await page(desk, read.presser(body), client)
        case "channels":
            places = await desk.in_thread(administration.places)
            await client.views_open(trigger_id=body["trigger_id"], view=pages.channels_form(places, origin))
            return None
        case "teach":
            number = _number(action.get("value"))
            question = await desk.in_thread(lambda: administration.question(number, person, now=now))
            if question is None:
                return plain("That question has been answered, or is too old. Open the page again.")
            await client.views_open(trigger_id=body["trigger_id"], view=pages.teach_form(question, origin))
            return None
        case "who":
            chosen = await desk.person(SlackUser(user=str(action.get("selected_user")), team=read.presser(body).team), client)
            if chosen is None:
                return plain("I don't know that person at this company, so they get no answer.")
            return plain(pages.told_rights(await desk.in_thread(lambda: administration.rights(chosen.id, person))))
        case "rights":
            table = await desk.in_thread(lambda: administration.rights_as_csv(person))
            return await _file("who-may-ask-what.csv", "Who may ask what", b"\xef\xbb\xbf" + table.encode(), origin, client)
        case "audit":
            log, broken = await desk.in_thread(lambda: administration.audit(person))
            said = await _file("audit.jsonl", "Audit log", log.encode(), origin, client)
            return plain(f"WARNING: entry {broken} of the audit log was changed, or the one before it is missing.") if broken is not None else said
        case _:
            return None


async def sent(desk: Desk, *, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], client: AsyncWebClient) -> None:
    """A form of the page was sent: what is wrong in it is said there."""
    origin, carried = waiting_in(view)
    who, filled, callback = read.presser(body), views.filled(view), view.get("callback_id")
    if origin is None or origin.user != who.user:
        await ack()
        return
    person = await desk.person(who, client)
    field = "channels" if callback == pages.CHANNELS else "reading"
    try:
        told = await (
            _ruled(desk, filled, person) if callback == pages.CHANNELS else _taught(desk, carried, filled, person, f"slack:{who.team}:{view.get('id')}")
        )
    except InsightsError as error:
        await ack(response_action="errors", errors={field: str(error)[:150]})
        return
    await ack()
    await privately(told, origin, client=client)


async def _ruled(desk: Desk, filled: dict[str, Any], person: Person | None) -> Message:
    rule, channels = pages.chosen_channels(filled)
    if rule == "allowed" and not channels:
        raise NotPermitted("Name at least one channel.")
    administration, now = desk.assistant.administration, desk.assistant.now()
    await desk.in_thread(lambda: administration.rule(channels, "allowed" if rule == "allowed" else "denied", person, now=now))
    return plain("It holds from now on." if channels else "I answer in every channel that I am in from now on.")


async def _taught(desk: Desk, carried: dict[str, Any], filled: dict[str, Any], person: Person | None, key: str) -> Message:
    number, reading = _number(carried.get("question")), str(filled.get("reading") or "").strip()
    administration, now = desk.assistant.administration, desk.assistant.now()

    def teach() -> str:
        question = administration.question(number, person, now=now)
        taught = administration.teach(number, reading, person, key=key, now=now)
        return pages.told_taught(taught, question.text if question is not None else "")

    return plain(await desk.in_thread(teach))


async def _file(name: str, title: str, content: bytes, origin: Origin, client: AsyncWebClient) -> Message:
    file = uploads.File(name=name, title=title, content=content)
    sent_it = await uploads.send(client, file, to=origin.user, channel=origin.channel, thread=origin.thread)
    return plain("I sent you the file in a direct message." if sent_it else "I could not send that file. Please try again.")


def _number(value: object) -> int:
    return int(str(value)) if str(value).isascii() and str(value).isdigit() and len(str(value)) < 16 else 0

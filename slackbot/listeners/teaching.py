"""What waits for those who answer for the definitions: questions that nobody could answer, and corrections that people gave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from insights.errors import InsightsError
from slackbot import read
from slackbot.blocks import ACT, Block, actions, button, carried, section
from slackbot.delivering import origin_of, privately
from slackbot.read import BROUGHT
from slackbot.reply import Message, plain

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncAck
    from slack_sdk.web.async_client import AsyncWebClient

    from insights.curating import Replied
    from insights.organization import Person
    from slackbot.answering import Desk
    from slackbot.identity import SlackUser

JUDGE = "judge"
_MOST = 5


def to_judge(desk: Desk, person: Person) -> list[Block]:
    """The part of App Home for who answers for something; nothing where nothing waits for them."""
    assistant, blocks = desk.assistant, list[Block]()
    for number, one in enumerate([one for one in assistant.teaching.enquiries.listed(person) if one.answer is None and person.id in one.to][:_MOST]):
        blocks.append(section(f'{one.id}: "{one.text}", asks {_name(desk, one.person)}'))
        value = carried("", of="", conversation=BROUGHT, form=f"reply:{one.id}")
        blocks.append(actions([button("Reply and teach", f"{ACT}:q{number}", value, primary=True)]))
    waiting = [one for one in assistant.teaching.lessons.listed(person, now=assistant.now()) if one.is_owner and one.lesson.state == "taught"]
    for number, lesson in enumerate(waiting[:_MOST]):
        said = f'{lesson.lesson.id}: "{lesson.lesson.said}" means {lesson.means}, says {_name(desk, lesson.lesson.person)}'
        blocks.append(section("\n".join([said, *(objection.text for objection in lesson.objections)])))
        ways = [("Accept for everybody", "accept"), ("Reject", "reject")]
        blocks.append(
            actions([button(label, f"{JUDGE}:{number}:{way}", lesson.lesson.id, danger=way == "reject") for label, way in ways[bool(lesson.objections) :]])
        )
    return [section("For you to judge", bold=True), *blocks] if blocks else []


async def judged(desk: Desk, *, ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient) -> None:
    """A correction is accepted or rejected by whoever pressed, as far as it is theirs to judge."""
    await ack()
    person, origin = await desk.person(read.presser(body), client), origin_of(body)
    lesson, way, assistant = str(action.get("value")), str(action.get("action_id")).rpartition(":")[2], desk.assistant

    def judge() -> str:
        lessons = assistant.teaching.lessons
        if way == "reject":
            found = lessons.reject(lesson, person, now=assistant.now())
            return f'{found.lesson.id} holds for nobody: "{found.lesson.said}" does not mean {found.means}.'
        found, holds = lessons.accept(lesson, person, now=assistant.now())
        if holds:
            return f'{found.lesson.id} holds for everybody: "{found.lesson.said}" means {found.means}.'
        return "\n".join([f"{found.lesson.id} was not accepted.", *(objection.text for objection in found.objections)])

    try:
        told = await desk.in_thread(judge)
    except InsightsError as error:
        told = str(error)
    await privately(plain(told), origin, client=client)


async def replied(desk: Desk, who: SlackUser, client: AsyncWebClient, *, enquiry: str, text: str, reading: str | None) -> Message:
    """The reply goes to who asked, and what it says of the reading is learned; what came of it."""
    person, assistant = await desk.person(who, client), desk.assistant
    try:
        done = await desk.in_thread(lambda: assistant.curator.answer(enquiry, text, person, reading=reading or None, now=assistant.now()))
    except InsightsError as error:
        return plain(str(error))
    return plain("\n".join(_told(desk, done)))


def _told(desk: Desk, done: Replied) -> list[str]:
    lines = [f"Your reply to {_name(desk, done.kept.person)} ({done.kept.id}) is on its way."]
    if done.lesson is not None and done.judged is None:
        lines.append(f'"{done.kept.text}" is read so for you; who answers for what it means can accept it for everybody ({done.lesson.id}).')
    elif done.lesson is not None and done.judged is not None:
        read_as = "is read as" if done.holds else "is not yet read for everybody as"
        lines.append(f'"{done.kept.text}" {read_as} {done.judged.means} ({done.lesson.id}).')
        lines += [objection.text for objection in (() if done.holds else done.judged.objections)]
    return lines


def _name(desk: Desk, id_: str | None) -> str:
    known = desk.organization.people.get(id_ or "")
    return known.name if known is not None else id_ or "Somebody unnamed"

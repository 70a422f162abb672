"""Forms: opened by a command, a button or a shortcut; what was filled in becomes a request to the core."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from insights.requests import BookRoom, RaiseTicket, Request, ScheduleMeeting, UpdateTicket
from slackbot import read, views
from slackbot.delivering import Origin, privately, waiting_in
from slackbot.identity import SlackUser
from slackbot.read import Heard, conversation
from slackbot.reply import plain

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncAck
    from slack_sdk.web.async_client import AsyncWebClient

    from slackbot.answering import Desk

ROOM, MEETING, TICKET, NOTE, CORRECT, SHARE = "form:room", "form:meeting", "form:ticket", "form:note", "form:correct", "form:share"
SCHEDULE, REPLY = "form:schedule", "form:reply"
CALLBACKS = (ROOM, MEETING, TICKET, NOTE, CORRECT, SHARE, SCHEDULE, REPLY)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_OFTEN = [("Every working day", "weekday"), ("Every day", "day"), *((f"Every {day}", day) for day in _DAYS), ("On the first of each month", "month")]
_LENGTHS = [(f"{minutes} minutes", str(minutes)) for minutes in (15, 30, 45, 60, 90, 120, 180, 240)]
_URGENCIES = [("It can wait", "low"), ("As usual", "normal"), ("It stops people from working", "high")]


def named(desk: Desk, name: str, origin: Origin) -> dict[str, Any] | None:
    """The form of this name; None where there is none."""
    kind, _, about = name.partition(":")
    match kind:
        case "room":
            return room(desk, origin)
        case "meeting":
            return meeting(desk, origin)
        case "ticket":
            return ticket(desk, origin)
        case "note":
            return note(origin, about)
        case "reply":
            return reply(origin, about)
        case _:
            return None


def room(desk: Desk, origin: Origin) -> dict[str, Any]:
    """Where and when to meet."""
    start = _next_quarter(desk.assistant.now())
    rooms = [(f"{one.name} ({one.capacity})", one.id) for one in desk.organization.rooms.values()]
    fields = [
        views.choice("room", "Room", [("Any that fits", "-"), *rooms], given="-"),
        views.day("day", "Day", start.date()),
        views.clock("time", "From", start),
        views.choice("minutes", "For how long", _LENGTHS, given="30"),
        views.entry("people", "How many people", longest=4, optional=True),
        views.entry("title", "What for", longest=150, optional=True),
    ]
    return views.modal("Book a room", ROOM, fields, submit="Book", waiting=origin.written())


def meeting(desk: Desk, origin: Origin) -> dict[str, Any]:
    """Whom to meet, and when."""
    start = _next_quarter(desk.assistant.now())
    fields = [
        views.people("people", "With whom"),
        views.entry("title", "What about", longest=150, optional=True),
        views.day("day", "Day", start.date()),
        views.clock("time", "From", start),
        views.choice("minutes", "For how long", _LENGTHS, given="30"),
        views.choice("room", "Room", [("No room", "-"), ("Any that fits", "any"), *[(r.name, r.id) for r in desk.organization.rooms.values()]], given="-"),
    ]
    return views.modal("Meet people", MEETING, fields, submit="Look for it", waiting=origin.written())


def ticket(desk: Desk, origin: Origin, *, what: str = "") -> dict[str, Any]:
    """What is wrong, and where."""
    rooms = [(one.name, one.id) for one in desk.organization.rooms.values()]
    fields = [
        views.entry("what", "What is wrong, or wanted", given=what, lines=True),
        views.choice("room", "Where", [("In no room", "-"), *rooms], given="-"),
        views.choice("urgency", "How urgent", _URGENCIES, given="normal"),
    ]
    return views.modal("Report a problem", TICKET, fields, submit="Report", waiting=origin.written())


def note(origin: Origin, about: str) -> dict[str, Any]:
    """More about a ticket."""
    return views.modal(f"Ticket {about}"[:24], NOTE, [views.entry("note", "Note", lines=True)], submit="Add", waiting=origin.written(ticket=about))


def reply(origin: Origin, about: str) -> dict[str, Any]:
    """What to say to a question that nobody could answer, and how it is to be read from now on."""
    fields = [
        views.entry("text", "Your reply", lines=True),
        views.entry("reading", "Read it from now on as", placeholder="net revenue last month", longest=300, optional=True),
    ]
    return views.modal(f"Question {about}"[:24], REPLY, fields, submit="Reply", waiting=origin.written(enquiry=about))


def correction(origin: Origin, *, about: str) -> dict[str, Any]:
    """What was meant."""
    field = views.entry("meaning", "What did you mean instead?", placeholder="net revenue", longest=300)
    return views.modal("What did you mean?", CORRECT, [field], submit="Ask again", waiting=origin.written(about=about))


def sharing(origin: Origin, *, about: str) -> dict[str, Any]:
    """Where to share an answer."""
    return views.modal("Share this answer", SHARE, [views.channel("channel", "Channel")], submit="Share", waiting=origin.written(about=about))


def schedule(desk: Desk, origin: Origin, *, about: str) -> dict[str, Any]:
    """How often and where an answer is to come again, found anew each time."""
    fields = [
        views.choice("often", "How often", _OFTEN, given="weekday"),
        views.clock("time", "At", desk.assistant.now().replace(hour=9, minute=0)),
        views.channel("channel", "In a channel (else to you alone)", optional=True),
    ]
    return views.modal("Schedule this answer", SCHEDULE, fields, submit="Schedule", waiting=origin.written(about=about))


async def sent(desk: Desk, *, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], client: AsyncWebClient) -> None:
    """A form was sent: what is wrong in it is said there, everything else is answered where it was opened."""
    origin, carried = waiting_in(view)
    who, filled = read.presser(body), views.filled(view)
    if origin is None or origin.user != who.user:
        await ack()
        return
    if view.get("callback_id") == REPLY:
        from slackbot.listeners import teaching

        await ack()
        told = await teaching.replied(desk, who, client, enquiry=str(carried.get("enquiry")), text=str(filled.get("text") or ""), reading=filled.get("reading"))
        await privately(told, origin, client=client)
        return
    errors, said, request = await _understood(desk, str(view.get("callback_id")), filled, carried, client, who)
    if errors:
        await ack(response_action="errors", errors=errors)
        return
    await ack()
    heard = _heard(view, who, origin, text=said, request=request)
    about = str(carried.get("about") or "") or None
    if view.get("callback_id") == SHARE:
        from slackbot.listeners.going_on import share

        problem = await share(desk, replace(heard, about=about), client, channel=str(filled["channel"]))
        await privately(problem or plain("It is shared."), origin, client=client)
        return
    answered = await desk.answer(replace(heard, about=about), client)
    await privately(answered.message, origin, client=client)


def _heard(view: Mapping[str, Any], who: SlackUser, origin: Origin, *, text: str, request: Request | None) -> Heard:
    channel = origin.channel or "home"
    return Heard(
        text=text,
        who=who,
        channel=channel,
        audience="private",
        conversation=conversation(who, channel, origin.thread),
        key=f"slack:{who.team}:view:{view.get('id')}",
        request=request,
    )


async def _understood(
    desk: Desk, callback: str, filled: Mapping[str, Any], carried: Mapping[str, Any], client: AsyncWebClient, who: SlackUser
) -> tuple[dict[str, str], str, Request | None]:
    """What is wrong in a form, what it says in words, and the request that it is."""
    match callback:
        case "form:room":
            people = str(filled.get("people") or "").strip()
            if people and not (people.isascii() and people.isdigit() and 0 < int(people) < 10_000):
                return {"people": "Give a number."}, "", None
            chosen = filled.get("room")
            return {}, "book a room", BookRoom(
                room=None if chosen in (None, "-") else str(chosen), start=_start(filled), minutes=int(filled["minutes"]),
                people=int(people) if people else None, title=filled.get("title") or None,
            )  # fmt: skip
        case "form:meeting":
            return await _meeting(desk, filled, client, who)
        case "form:ticket":
            chosen, urgency = filled.get("room"), filled.get("urgency")
            what = str(filled.get("what") or "").strip()
            return {}, what, RaiseTicket(
                what=what, room=None if chosen in (None, "-") else str(chosen), urgency=urgency if urgency in ("low", "high") else "normal",
            )  # fmt: skip
        case "form:note":
            return {}, "add a note", UpdateTicket(ticket=str(carried.get("ticket")), note=str(filled.get("note") or "").strip())
        case "form:schedule":
            where = f" in #{filled['channel']}" if filled.get("channel") else ""
            return {}, f"follow that every {filled['often']} at {filled['time']}{where}", None
        case "form:correct":
            return {}, f"I meant {str(filled.get('meaning') or '').strip()}", None
        case _:
            return {}, "", None


async def _meeting(desk: Desk, filled: Mapping[str, Any], client: AsyncWebClient, who: SlackUser) -> tuple[dict[str, str], str, Request | None]:
    known = [await desk.person(replace(who, user=user), client) for user in filled.get("people") or ()]
    if None in known:
        return {"people": "I don't know all of these people at this company."}, "", None
    chosen = filled.get("room")
    return {}, "schedule a meeting", ScheduleMeeting(
        people=tuple(person.id for person in known if person is not None), start=_start(filled), minutes=int(filled["minutes"]),
        title=filled.get("title") or None, room=None if chosen in (None, "-", "any") else str(chosen), with_room=chosen == "any",
    )  # fmt: skip


def _start(filled: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(f"{filled['day']}T{filled['time']}")


def _next_quarter(now: datetime) -> datetime:
    whole = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    return whole if whole == now else whole + timedelta(minutes=15)

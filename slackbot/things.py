"""What can be done with a booking, a meeting, a ticket or a free room: buttons that carry a request to the core, which decides when they are pressed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import MISSING, Field, fields, replace
from typing import TYPE_CHECKING, Any

from insights.answers import (
    Booking,
    BookingAnswer,
    CalendarAnswer,
    CallAnswer,
    DigestAnswer,
    FollowAnswer,
    Followed,
    Meeting,
    MeetingAnswer,
    RoomsAnswer,
    RoomStatusAnswer,
    Ticket,
    TicketAnswer,
    TicketsAnswer,
)
from slackbot.blocks import ACT, Block, actions, button, carried

if TYPE_CHECKING:
    from insights.requests import Request
    from insights.turns import Reply

NOTE = "note"
"""The form that a press opens instead of a request: a note on a ticket."""
_ROWS = 5
_MINUTES = 15
_LATE = (5, 15)
Press = tuple[str, "Request | str"]


def under(reply: Reply, *, turn: str = "", conversation: str) -> list[Block]:
    """Rows of buttons, one for each thing that the answer names; none without a conversation to press them in."""
    if not conversation or reply.outcome != "understood":
        return []
    rows, number, things = [], 0, list(_things(reply.answer))
    for named, presses, link in things:
        elements: list[dict[str, Any]] = [button(f"Join {named}".strip(), f"{ACT}:{number}:join", url=link)] if link else []
        for label, wanted in presses:
            number += 1
            more = {"form": wanted} if isinstance(wanted, str) else {"request": _written(wanted)} | ({"alone": "1"} if len(things) == 1 else {})
            value = carried(label, of=turn, conversation=conversation, **more)
            if value is not None:
                elements.append(button(f"{label} {named}".strip(), f"{ACT}:{number}", value, danger=label in ("Release", "Decline", "Call off", "Unfollow")))
        if elements:
            rows.append(actions(elements))
    return rows[:_ROWS]


def _things(answer: object) -> Iterable[tuple[str, Sequence[Press], str | None]]:
    """What an answer names: how to call it where there are several, what can be pressed, and the page to join by."""
    match answer:
        case BookingAnswer(status=status, booking=booking) if status not in ("proposed", "released", "ended"):
            return [("", _booking(booking, checked_in=status == "checked_in"), None)]
        case MeetingAnswer(status="soon"):
            return [("", _soon(answer), _web(answer.meeting.link))]
        case MeetingAnswer(status="late"):
            return []
        case MeetingAnswer(status="accepted" | "tentative" as given, meeting=meeting):
            return [("", _meeting(replace(meeting, response=given)), _web(meeting.link))]
        case MeetingAnswer(status=status, meeting=meeting) if status not in ("proposed", "cancelled", "declined"):
            return [("", _meeting(meeting), _web(meeting.link))]
        case CalendarAnswer():
            return [_entry(one, several=len(answer.entries) > 1) for one in answer.entries[:_ROWS]]
        case TicketAnswer(status="reported", ticket=ticket):
            return [("", _to_work_on(ticket), None)]
        case TicketAnswer(status="raised" | "updated", ticket=ticket):
            return [("", _ticket(ticket), None)]
        case TicketsAnswer(tickets=tickets):
            return [(ticket.id, _ticket(ticket), None) for ticket in tickets[:_ROWS]]
        case RoomsAnswer(rooms=rooms):
            return [("", [_book(answer, row) for row in rooms[:_ROWS]], None)]
        case RoomStatusAnswer(free=True, room=room, at=at, minutes=minutes) if answer.fits is not False:
            from insights.requests import BookRoom

            return [("", [(f"Book {answer.room_name}", BookRoom(room=room, start=at, minutes=minutes))], None)]
        case FollowAnswer(status=status, followed=followed) if status != "ended":
            return [(one.id if len(followed) > 1 else "", _followed(one), None) for one in followed[:_ROWS]]
        case DigestAnswer(followed=Followed() as one):
            return [("", _followed(one), None)]
        case CallAnswer(call=call) if answer.here:
            return [("", (), _web(call.link))]
        case _:
            return []


def _entry(entry: Booking | Meeting, *, several: bool) -> tuple[str, Sequence[Press], str | None]:
    if isinstance(entry, Booking):
        return (entry.room_name if several else "", () if entry.hidden or entry.block else _booking(entry), None)
    return (entry.title if several and not entry.hidden else "", () if entry.hidden else _meeting(entry), _web(entry.link))


def _booking(booking: Booking, *, checked_in: bool = False) -> list[Press]:
    from insights.requests import CheckIn, ExtendBooking, ReleaseRoom

    first: list[Press] = [] if checked_in else [("Check in", CheckIn(booking=booking.id))]
    return [*first, (f"{_MINUTES} more minutes", ExtendBooking(booking=booking.id, minutes=_MINUTES)), ("Release", ReleaseRoom(booking=booking.id))]


def _meeting(meeting: Meeting) -> list[Press]:
    from insights.requests import CancelMeeting, MoveMeeting, RespondInvitation

    if meeting.response is None:
        return [("A quarter of an hour later", MoveMeeting(meeting=meeting.id, minutes=_MINUTES)), ("Call off", CancelMeeting(meeting=meeting.id))]
    answers: list[tuple[str, str, Any]] = [("Accept", "accepted", "accept"), ("Maybe", "tentative", "tentative"), ("Decline", "declined", "decline")]
    return [(label, RespondInvitation(meeting=meeting.id, response=response)) for label, given, response in answers if meeting.response != given]


def _soon(answer: MeetingAnswer) -> list[Press]:
    """What is to be done just before it; whoever has not answered the invitation may do that, too."""
    from insights.requests import BeforeMeetings, CheckIn, ReleaseRoom, RunLate

    meeting, booking = answer.meeting, answer.booking
    pressed: list[Press] = [("Check in", CheckIn(booking=booking.id))] if booking is not None else []
    if booking is not None and meeting.response is None:
        pressed.append(("Release", ReleaseRoom(booking=booking.id)))
    if meeting.people and not meeting.hidden:
        late = RunLate(meeting=meeting.id, start=meeting.start)
        pressed += [("Running late", late), *((f"{by} minutes late", replace(late, minutes=by)) for by in _LATE)]
    if meeting.response == "waiting":
        pressed += _meeting(meeting)
    return [*pressed, ("No such messages", BeforeMeetings(off=True))]


def _ticket(ticket: Ticket) -> list[Press]:
    from insights.requests import UpdateTicket

    if not ticket.mine:
        return [("Tell me as well", UpdateTicket(ticket=ticket.id, join=True))]
    if ticket.status in ("resolved", "closed"):
        return [("Open again", UpdateTicket(ticket=ticket.id, status="open"))]
    return [
        ("Add a note", f"{NOTE}:{ticket.id}"),
        ("It is solved", UpdateTicket(ticket=ticket.id, status="closed")),
        ("Escalate", UpdateTicket(ticket=ticket.id, escalate=True)),
    ]


def _to_work_on(ticket: Ticket) -> list[Press]:
    from insights.requests import UpdateTicket

    claimed, resolved = UpdateTicket(ticket=ticket.id, status="in_progress"), UpdateTicket(ticket=ticket.id, status="resolved")
    return [("Claim", claimed), ("Add a note", f"{NOTE}:{ticket.id}"), ("Resolve", resolved)]


def _followed(one: Followed) -> list[Press]:
    from insights.requests import Following

    pressed: list[tuple[str, Any]] = [("Pause", "pause")] if one.state == "active" else [("Resume", "resume")]
    if one.muted_until is not None:
        pressed.append(("Hear it again", "unmute"))
    return [(label, Following(act=act, subscription=one.id)) for label, act in (*pressed, ("Unfollow", "end"))]


def _book(answer: RoomsAnswer, row: Any) -> Press:
    from insights.requests import BookRoom

    minutes = round((answer.end - answer.start).total_seconds() / 60)
    return f"Book {row['name']}", BookRoom(room=str(row["room"]), start=answer.start, minutes=minutes)


def _written(request: Request) -> str:
    """The request as the contract writes it, without what is as usual anyway.

    >>> from insights.requests import BookRoom
    >>> _written(BookRoom(room="fern", minutes=0))
    '{"kind":"book_room","room":"fern","minutes":0}'
    """
    from insights.contract import encode

    usual = {one.name: encode(one.default_factory() if one.default_factory is not MISSING else one.default) for one in fields(request) if _is_given(one)}
    document = encode(request)
    return json.dumps({key: value for key, value in document.items() if key not in usual or value != usual[key]}, separators=(",", ":"))


def _is_given(field: Field[Any]) -> bool:
    """Whether a field has a value where nobody gives one."""
    return field.default is not MISSING or field.default_factory is not MISSING


def _web(link: str | None) -> str | None:
    """A page that a button may open; anything else is no link."""
    return link if link is not None and link.startswith("https://") and len(link) <= 3_000 else None

"""What is understood and cannot be carried out here yet, said with what was understood and the way out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from insights.errors import NotAnswerable
from insights.requests import (
    AnnounceOutage,
    CancelMeeting,
    CheckIn,
    Chore,
    EndMeeting,
    ExtendBooking,
    Follow,
    JoinCall,
    MoveMeeting,
    ReleaseRoom,
    RespondInvitation,
    RoomStatus,
    ScheduleMeeting,
    Share,
    StartCall,
    UpdateTicket,
    WhoBooked,
)


def refuse(request: Chore, *, rooms: Mapping[str, str], people: Mapping[str, str]) -> NotAnswerable:
    """The refusal of a chore that no provider carries out; names of rooms and people by their ids."""
    room = rooms.get(getattr(request, "room", None) or "", "")
    who = " and ".join(people.get(id_, id_) for id_ in getattr(request, "people", ()))
    understood, remedy = _said(request, f" {room}" if room else "", f" with {who}" if who else "")
    return NotAnswerable(f"I understood: {understood}. I can't do that here yet.", remedy=remedy)


def _said(request: Chore, room: str, company: str) -> tuple[str, str]:
    """What was understood, and what can be done instead."""
    match request:
        case ExtendBooking(minutes=minutes, until=until):
            length = f" until {_at(until)}" if until else f" by {abs(minutes)} minutes" if minutes else ""
            return f"{'shorten' if (minutes or 0) < 0 else 'extend'} the booking{_of(room)}{length}", "Book the room again for the time after."
        case EndMeeting():
            return f"end the meeting{_in(room)}", "The booking ends by itself at its time."
        case CheckIn():
            return f"check in{_in(room)}", "Your booking holds without it."
        case ReleaseRoom():
            return f"release{room or ' the room'}", "Ask the office to release it."
        case RoomStatus(start=start):
            return f"whether{room or ' the room'} is free{_when(start)}", "Ask which rooms are free."
        case WhoBooked(start=start):
            return f"who booked{room or ' the room'}{_when(start)}", "Ask which rooms are free."
        case ScheduleMeeting(start=start, title=title):
            return f"schedule {_called(title)}{company}{_when(start)}", "I can book the room; invite people from your own calendar."
        case MoveMeeting(title=title, start=start, to=to):
            return f"move {_called(title)}{_when(start)}{company}" + (f" to {_at(to)}" if to else ""), "Book the new time; change the old one in your calendar."
        case CancelMeeting(title=title, start=start):
            return f"cancel {_called(title)}{_when(start)}{company}", "Cancel it in your calendar, or ask the office."
        case RespondInvitation(response=response, title=title):
            return f"{response} the invitation to {_called(title)}{company}", "Answer it in your calendar."
        case StartCall():
            return f"start a call{company}", "Start it from your calendar or your phone."
        case JoinCall(title=title):
            return f"join the call of {_called(title)}", "Join it from your calendar."
        case UpdateTicket(ticket=ticket, status=status, note=note):
            done = {"open": "reopen", "closed": "close"}.get(status or "", "add a note to" if note else "update")
            return f"{done} {f'ticket {ticket}' if ticket else 'your ticket'}", "Report it again, or tell the help desk."
        case AnnounceOutage(what=what, over=over):
            return f"{'end' if over else 'announce'} an outage{f' ({what})' if what else ''}", "Tell those who are affected."
        case Follow(what=what, stop=stop):
            figure = " and ".join(name.replace("_", " ") for name in what.metrics) if what is not None else "that"
            return f"{'stop following' if stop else 'follow'} {figure}", "Ask for it when you need it."
        case Share():
            return "send this answer on", "Copy it from here."
        case _:
            assert_never(request)


def _at(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M}"


def _when(when: datetime | None) -> str:
    return f" at {_at(when)}" if when else ""


def _called(title: str | None) -> str:
    return f"'{title}'" if title else "the meeting"


def _of(room: str) -> str:
    return f" of{room}" if room else ""


def _in(room: str) -> str:
    return f" in{room}" if room else ""

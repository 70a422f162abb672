"""The booking or the meeting that "it" means: the one that the conversation told of last."""

from __future__ import annotations

import re
from dataclasses import replace

from insights.answers import Answer, BookingAnswer, MeetingAnswer
from insights.conversation import State
from insights.requests import (
    BookRoom,
    CancelMeeting,
    CheckIn,
    EndMeeting,
    ExtendBooking,
    MoveMeeting,
    ReleaseRoom,
    Request,
    RespondInvitation,
    RunLate,
    ScheduleMeeting,
)

_TOLD_OF = (BookRoom, ExtendBooking, ReleaseRoom, CheckIn, MoveMeeting, ScheduleMeeting, CancelMeeting, RespondInvitation, RunLate)
_IT = re.compile(r"\b(?:it|that|this|(?:my|the|our) (?:booking|reservation|meeting|room))\b", re.IGNORECASE)
_BOOKING = "B-"


def noted(state: State, answer: Answer) -> State:
    """The state after an answer: what was booked, moved or kept longer is what "it" means from now on; what is over or called off is not."""
    match answer:
        case BookingAnswer(status="booked" | "extended" | "shortened" | "moved" | "checked_in", booking=booking):
            return replace(state, thing=booking.id)
        case MeetingAnswer(status="scheduled" | "moved" | "accepted" | "tentative" | "late", meeting=meeting):
            return replace(state, thing=meeting.id)
        case BookingAnswer(status="released" | "ended") | MeetingAnswer(status="cancelled" | "declined"):
            return replace(state, thing=None)
        case _:
            return state


def pointed_at(request: Request, state: State, text: str) -> Request:
    """The request, about the thing that was told of last where it names none itself and comes right after."""
    thing = state.thing
    if thing is None or not isinstance(state.request, _TOLD_OF):
        return request
    match request:
        case MoveMeeting(meeting=None, title=None, start=None, people=(), room=None, on=None):
            return replace(request, meeting=thing)
        case CancelMeeting(meeting=None, title=None, start=None, people=(), room=None, period=None) if _IT.search(text):
            return replace(request, meeting=thing)
        case ReleaseRoom(booking=None, title=None, start=None, room=None, period=None) if thing.startswith(_BOOKING) and _IT.search(text):
            return replace(request, booking=thing)
        case ExtendBooking(booking=None, title=None, start=None, room=None) if thing.startswith(_BOOKING) and (request.length or _IT.search(text)):
            return replace(request, booking=thing)
        case CheckIn(booking=None, room=None) | EndMeeting(booking=None, room=None) if thing.startswith(_BOOKING) and _IT.search(text):
            return replace(request, booking=thing)
        case _:
            return request

"""Meetings of people, and calendars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from insights.answers.rooms import Booking
from insights.requests import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting of people; local date-times of the company, `end` not included. `people` are names, the organizer's not among them; `others` are those of
    everybody but the asker, the organizer first.

    For those who may not know it is `hidden`: title, people, room and link are not there. `elsewhere` is what the clocks show at its start for those who
    live by other clocks. `response` is what the asker answered; None for its organizer. `repeats` is the rule of its series (RFC 5545).
    """

    id: str
    title: str
    start: datetime
    end: datetime
    organizer: str | None = None
    people: tuple[str, ...] = ()
    room: str | None = None
    room_name: str | None = None
    private: bool = False
    hidden: bool = False
    response: Literal["waiting", "accepted", "declined", "tentative"] | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    repeats: str | None = None
    link: str | None = None
    elsewhere: Mapping[str, datetime] = field(default_factory=dict)
    whole_day: bool = False
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingAnswer:
    """A meeting, and what was done about it; `proposed` waits for a yes, and `act` says what for. `assumed` says what was taken for granted (sentences).

    `before` is the meeting as it was; `series`: all that repeat with it are meant. `busy` are the names of those who have something else then, `told` of
    those who are told, for what `reason`. `others`: it is somebody else's. `taken`: its room could not be had at the new time. `call`: a call was asked
    for, whose link is in the meeting once there is one. `not_yet_in` is the calendar system that does not have it so yet.

    `late`: the others are told that the asker comes late, by about so many `minutes`; `untold` are the names of those whom nothing reaches from here.
    `soon`: it begins in so many `minutes`; `booking` is the room that is held for it, or all that there is to it.
    """

    status: Literal["proposed", "scheduled", "moved", "cancelled", "accepted", "declined", "tentative", "late", "soon"]
    meeting: Meeting
    assumed: tuple[str, ...] = ()
    act: Literal["schedule", "move", "cancel", "late"] = "schedule"
    before: Meeting | None = None
    series: bool = False
    busy: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    reason: str | None = None
    others: bool = False
    missing: tuple[date, ...] = ()
    through: date | None = None
    call: bool = False
    not_yet_in: str = ""
    minutes: int | None = None
    untold: tuple[str, ...] = ()
    booking: Booking | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarAnswer:
    """What somebody has booked and is invited to, earliest first; `person_name` is whose calendar it is, None for the asker's own.

    `next`: the next one alone was asked for.
    """

    period: Period | None
    bookings: tuple[Booking, ...]
    meetings: tuple[Meeting, ...] = ()
    next: bool = False
    person_name: str | None = None

    @property
    def entries(self) -> tuple[Booking | Meeting, ...]:
        """All of it in order of time."""
        return tuple(sorted((*self.bookings, *self.meetings), key=lambda one: (one.start, one.end, one.id)))

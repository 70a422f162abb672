"""What can be asked about meetings with people and about calendars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from insights.requests.questions import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleMeeting:
    """A meeting with people (their ids): at `start`, else somewhere in `period`. `repeats` is an RRULE of RFC 5545.

    `with_room` takes a room that fits, where none is named. `person` (an id) is whose meeting it is, None the asker's. `call`: with a link to join by.
    """

    people: tuple[str, ...] = ()
    start: datetime | None = None
    minutes: int | None = None
    period: Period | None = None
    title: str | None = None
    room: str | None = None
    repeats: str | None = None
    private: bool = False
    with_room: bool = False
    person: str | None = None
    call: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveMeeting:
    """Another time for the meeting that `title`, `people` or `start` name: the time `to`, the days of `period`, or `minutes` later (negative: earlier).

    `to_room` is another room for it. `meeting` is the id of the meeting or booking that is meant, `series` all that repeat with it; `reason` is what
    those affected are told. `same_day`: of `to` only the time of day was said, and it stays on its day. `on` are the days on which it is now.
    """

    title: str | None = None
    start: datetime | None = None
    people: tuple[str, ...] = ()
    to: datetime | None = None
    same_day: bool = False
    period: Period | None = None
    minutes: int | None = None
    room: str | None = None
    to_room: str | None = None
    meeting: str | None = None
    series: bool = False
    reason: str | None = None
    on: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelMeeting:
    """Call off the meeting that `title`, `people`, `room`, `start` or `period` name.

    `meeting` is the id of the meeting or booking that is meant, `series` all that repeat with it; `reason` is what those affected are told.
    """

    title: str | None = None
    start: datetime | None = None
    people: tuple[str, ...] = ()
    room: str | None = None
    period: Period | None = None
    meeting: str | None = None
    series: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RespondInvitation:
    """Answer an invitation; nothing that names it means the only one that waits.

    `meeting` is the id of the one that is meant, `series` all that repeat with it.
    """

    response: Literal["accept", "decline", "tentative"] = "accept"
    title: str | None = None
    start: datetime | None = None
    people: tuple[str, ...] = ()
    meeting: str | None = None
    series: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLate:
    """Let the others in a meeting know that the asker comes late, by about so many `minutes` where that is known; nothing that names it means the next one.

    `meeting` is the id of the one that is meant, of a series the one at `start`.
    """

    title: str | None = None
    start: datetime | None = None
    people: tuple[str, ...] = ()
    minutes: int | None = None
    meeting: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MyCalendar:
    """What the asker has booked and is invited to, in a period or from now on; `next` is the next one alone. `person` (an id) is whose, None the asker's."""

    period: Period | None = None
    next: bool = False
    person: str | None = None


AboutMeetings = ScheduleMeeting | MoveMeeting | CancelMeeting | RespondInvitation | RunLate | MyCalendar

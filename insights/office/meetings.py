"""Meetings with people: scheduled, moved, called off, answered, and one's own calendar."""

from __future__ import annotations

from typing import assert_never

from insights.answers import Answer
from insights.office.task import Prepared, Task
from insights.requests import AboutMeetings, CancelMeeting, MoveMeeting, MyCalendar, RespondInvitation, ScheduleMeeting

LOOKS = (MyCalendar,)


def prepare(errand: AboutMeetings, task: Task) -> Prepared:  # noqa: ARG001 # nothing of it waits yet
    """Nothing waits."""
    return None


def carry_out(errand: AboutMeetings, task: Task) -> Answer:
    """Do it."""
    match errand:
        case MyCalendar():
            return task.office.meetings.mine(errand, asker=task.asker, now=task.now)
        case ScheduleMeeting() | MoveMeeting() | CancelMeeting() | RespondInvitation():
            raise task.unready(errand)
        case _:
            assert_never(errand)

"""Meetings with people: scheduled, moved, called off, answered, and one's own calendar."""

from __future__ import annotations

from typing import assert_never

from insights.answers import Answer
from insights.office.task import Prepared, Proposal, Settled, Task
from insights.requests import AboutMeetings, CancelMeeting, Clarify, MoveMeeting, MyCalendar, RespondInvitation, RunLate, ScheduleMeeting

LOOKS = (MyCalendar,)


def prepare(errand: AboutMeetings, task: Task) -> Prepared:
    """Which meeting is meant, and which time; what others are told of waits for a yes."""
    match errand:
        case MyCalendar():
            return None
        case ScheduleMeeting():
            return _schedule(errand, task)
        case RespondInvitation():
            settled = task.office.meetings.settling.settle(errand, asker=task.asker, now=task.now)
            return settled if isinstance(settled, Clarify) else Settled(errand=settled[0], assumed=settled[1])
        case RunLate():
            return _late(errand, task)
        case MoveMeeting() | CancelMeeting():
            return _change(errand, task)
        case _:
            assert_never(errand)


def carry_out(errand: AboutMeetings, task: Task) -> Answer:
    """Do it."""
    meetings = task.office.meetings
    match errand:
        case MyCalendar():
            return meetings.mine(errand, asker=task.asker, now=task.now)
        case ScheduleMeeting():
            return meetings.scheduling.scheduling.once(errand, asker=task.asker, key=task.key, now=task.now)
        case MoveMeeting():
            return meetings.changing.moving.once(errand, asker=task.asker, key=task.key, now=task.now)
        case CancelMeeting():
            return meetings.changing.cancelling.once(errand, asker=task.asker, key=task.key, now=task.now)
        case RespondInvitation():
            return meetings.changing.responding.once(errand, asker=task.asker, key=task.key, now=task.now)
        case RunLate():
            return meetings.lateness.telling.once(errand, asker=task.asker, key=task.key, now=task.now)
        case _:
            assert_never(errand)


def _schedule(errand: ScheduleMeeting, task: Task) -> Prepared:
    desk = task.office.meetings.scheduling
    if task.agreed and errand.start is not None and errand.minutes is not None and not errand.with_room:
        return None  # one of the times that were offered
    settled = desk.settle(errand, asker=task.asker, now=task.now)
    if isinstance(settled, Clarify):
        return settled
    definite, assumed = settled
    if task.agreed:
        return Settled(errand=definite, assumed=assumed)
    return Proposal(errand=definite, answer=desk.propose(definite, asker=task.asker), assumed=assumed)


def _change(errand: MoveMeeting | CancelMeeting, task: Task) -> Prepared:
    desk = task.office.meetings.changing
    if task.agreed and errand.meeting is not None:
        return None  # one of those that were offered
    settled = task.office.meetings.settling.settle(errand, asker=task.asker, now=task.now)
    if isinstance(settled, Clarify):
        return settled
    definite, assumed = settled
    assert isinstance(definite, MoveMeeting | CancelMeeting)
    if desk.needs_reason(definite, asker=task.asker):
        return Clarify(about="reason", missing="reason", partial=definite, assumed=assumed)
    if task.agreed:
        return Settled(errand=definite, assumed=assumed)
    return Proposal(errand=definite, answer=desk.propose(definite, asker=task.asker), assumed=assumed)


def _late(errand: RunLate, task: Task) -> Prepared:
    """What others are told waits for a yes, unless it was said of exactly one meeting: by a button under it, or picked from several."""
    settled = task.office.meetings.lateness.settle(errand, asker=task.asker, now=task.now)
    if isinstance(settled, Clarify):
        return settled
    if task.agreed or errand.meeting is not None:
        return Settled(errand=settled)
    return Proposal(errand=settled, answer=task.office.meetings.lateness.propose(settled, asker=task.asker))

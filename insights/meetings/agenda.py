"""One's own calendar: what is booked and what one is invited to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from insights.answers import Booking, CalendarAnswer, Meeting
from insights.errors import NotPermitted
from insights.events import Event
from insights.meetings.ground import Ground
from insights.meetings.naming import AHEAD
from insights.meetings.times import after
from insights.permit import Asker, acts_for
from insights.requests import MyCalendar


def mine(ground: Ground, request: MyCalendar, *, asker: Asker, now: datetime) -> CalendarAnswer:
    """What somebody has booked and is invited to in the period (whole days), or from now on, earliest first."""
    if request.person is not None and not acts_for(asker, request.person, ground.organization):
        raise NotPermitted(f"The calendar of {ground.name(request.person)} is theirs.", remedy="Ask them to make you their delegate.")
    person = request.person or (asker.person.id if asker.person else None)
    start: datetime | None = ground.now(now)
    end = None
    if request.period is not None:
        first, last = request.period.first, request.period.last
        start = datetime.combine(first, time(), ground.zone) if first else None
        end = datetime.combine(last + timedelta(days=1), time(), ground.zone) if last else None
    held = [one for one in ground.rooms.held_by(person, start=start, end=end) if one.meeting is None]
    events: tuple[Event, ...] = ()
    if person is not None:
        begin = start or after(end or ground.now(now), -AHEAD)
        until = end or after(max(begin, ground.now(now), key=lambda one: one.timestamp()), AHEAD)
        events = tuple(event for event in ground.calendars.events(person, begin, until) if event.response_of(person) != "declined")
    answer = CalendarAnswer(
        period=request.period,
        bookings=tuple(ground.booking(one, asker) for one in held),
        meetings=tuple(ground.meeting(event, asker) for event in events),
        next=request.next,
        person_name=ground.name(request.person) if request.person and request.person != (asker.person.id if asker.person else None) else None,
    )
    return _only_next(answer) if request.next else answer


def _only_next(answer: CalendarAnswer) -> CalendarAnswer:
    first = answer.entries[:1]
    return replace(answer, bookings=tuple(one for one in first if isinstance(one, Booking)), meetings=tuple(one for one in first if isinstance(one, Meeting)))

"""Moves a meeting, calls it off and answers an invitation: what would come of it, what is done once, and what those affected are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from insights.answers import Meeting, MeetingAnswer
from insights.errors import NotAnswerable, NotPermitted
from insights.events import Event, Response
from insights.ledger.port import HeldRoom
from insights.meetings.acting import Act, Doing
from insights.meetings.ground import Ground, Thing
from insights.meetings.moving import Moving
from insights.meetings.naming import Named, none_found, things
from insights.meetings.notices import tell
from insights.meetings.times import after
from insights.meetings.whose import acted_for, is_others, may_change
from insights.permit import Asker, acts_for, keeps_rooms
from insights.requests import CancelMeeting, MoveMeeting, RespondInvitation
from insights.wording import formats

_SAID: dict[str, Response] = {"accept": "accepted", "decline": "declined", "tentative": "tentative"}
_Attempt = Callable[[Act[MeetingAnswer]], MeetingAnswer]
_Found = Callable[[Act[MeetingAnswer]], MeetingAnswer | None]


class ChangingDesk:
    """Changes what is in calendars, by settled requests."""

    def __init__(self, ground: Ground, asker: Callable[[str | None], Asker]) -> None:
        self._ground = ground
        self._moving = Moving(ground)

        def doing(kind: str, attempt: _Attempt, found: _Found, undone: str) -> Doing[MeetingAnswer]:
            return Doing(kind=kind, answer=MeetingAnswer, ledger=ground.ledger, attempt=attempt, found=found, undone=lambda _: undone, asker=asker)

        self.moving = doing("move_meeting", self._move, self._moved, "the meeting is when it was")
        self.cancelling = doing("cancel_meeting", self._cancel, self._cancelled, "nothing was called off")
        self.responding = doing("respond_invitation", self._respond, self._responded, "the invitation was not answered")

    def propose(self, request: MoveMeeting | CancelMeeting, *, asker: Asker) -> MeetingAnswer:
        """What would come of a settled request."""
        thing = self._thing(request, asker)
        shown = self._ground.shown(thing, asker)
        told = self._names(thing, asker)
        others = is_others(asker, thing)
        if isinstance(request, CancelMeeting):
            return MeetingAnswer(status="proposed", act="cancel", meeting=shown, series=request.series, told=told, reason=request.reason, others=others)
        moved = self._moving.moved(request, thing, shown)
        busy = self._moving.busy(request, thing)
        return MeetingAnswer(
            status="proposed", act="move", meeting=moved, before=shown, series=request.series, busy=busy, told=told, reason=request.reason, others=others
        )  # fmt: skip

    def needs_reason(self, request: MoveMeeting | CancelMeeting, *, asker: Asker) -> bool:
        """Whether those affected must hear why: what the office does to others' bookings."""
        thing = self._thing(request, asker)
        return isinstance(thing, HeldRoom) and not request.reason and not acts_for(asker, thing.person, self._ground.organization)

    def _names(self, thing: Thing, asker: Asker) -> tuple[str, ...]:
        me = asker.person.id if asker.person else None
        return tuple(self._ground.name(one) for one in sorted(self._ground.people_of(thing)) if one != me)

    def _when(self, thing: Thing) -> str:
        start = self._ground.here(thing.start)
        return f"on {formats.weekday(start.date(), self._ground.said_in)} at {formats.clock(start, self._ground.said_in)}"

    def _move(self, act: Act[MeetingAnswer]) -> MeetingAnswer:
        thing = self._thing(act.request, act.asker)
        self._check(thing, act.asker)
        before = self._ground.shown(thing, act.asker)
        moved = self._moving.carry_out(act.request, thing, act)
        return self._told_moved(thing, moved, before, act)

    def _told_moved(self, thing: Thing, moved: Thing, before: Meeting | None, act: Act[MeetingAnswer]) -> MeetingAnswer:
        name = f'"{thing.title}"' if isinstance(thing, Event) else f"Your booking of {self._ground.room_name(thing.room)}"
        by = act.asker.person.name if act.asker.person else "Somebody"
        where = f" in {self._ground.room_name(moved.room)}" if moved.room and moved.room != thing.room else ""
        said = f"{name} {self._when(thing)} was moved by {by}: it is now {self._when(moved)}{where}"
        told = tell(self._ground, self._ground.people_of(thing), said, act, reason=act.request.reason, always=isinstance(thing, HeldRoom))
        return MeetingAnswer(
            status="moved", meeting=self._ground.shown(moved, act.asker), before=before, series=act.request.series, told=told, reason=act.request.reason,
            others=is_others(act.asker, thing), not_yet_in=moved.not_yet_in if isinstance(moved, Event) else "",
        )  # fmt: skip

    def _moved(self, act: Act[MeetingAnswer]) -> MeetingAnswer | None:
        """It has moved when it is where it was to go."""
        request = act.request
        moved = self._moving.found(request, act)
        if moved is None:
            return None
        length = timedelta(seconds=moved.end.timestamp() - moved.start.timestamp())
        began = self._ground.at(request.start)
        return self._told_moved(replace(moved, start=began, end=after(began, length), room=request.room or moved.room), moved, None, act)  # type: ignore[arg-type]  # of both kinds

    def _check(self, thing: Thing, asker: Asker) -> None:
        if not may_change(self._ground, asker, thing) and not (isinstance(thing, HeldRoom) and keeps_rooms(asker)):
            raise NotPermitted("That is not yours to change.", remedy="Ask whoever arranged it.")

    def _cancel(self, act: Act[MeetingAnswer]) -> MeetingAnswer:
        thing = self._thing(act.request, act.asker)
        self._check(thing, act.asker)
        shown, ground, left = self._ground.shown(thing, act.asker), self._ground, ""
        if isinstance(thing, HeldRoom):
            ground.rooms.release(thing.id, key=act.key, now=act.now)
        else:
            event = self._whole(thing) if act.request.series else thing
            left = ground.calendars.cancel(event, key=act.key, now=act.now, reason=act.request.reason or "")
            self._release_rooms(thing, act)
        return self._told_cancelled(thing, shown, act, left)

    def _told_cancelled(self, thing: Thing, shown: Meeting, act: Act[MeetingAnswer], left: str = "") -> MeetingAnswer:
        name = f'"{thing.title}"' if isinstance(thing, Event) else f"The booking of {self._ground.room_name(thing.room)}"
        by = act.asker.person.name if act.asker.person else "Somebody"
        every = " and all that repeat with it" if act.request.series else ""
        said = f"{name} {self._when(thing)}{every} was called off by {by}"
        told = tell(self._ground, self._ground.people_of(thing), said, act, reason=act.request.reason, always=isinstance(thing, HeldRoom))
        return MeetingAnswer(
            status="cancelled", meeting=shown, series=act.request.series, told=told, reason=act.request.reason, others=is_others(act.asker, thing),
            not_yet_in=left,
        )  # fmt: skip

    def _whole(self, event: Event) -> Event:
        """The series that an occurrence belongs to."""
        return self._ground.calendars.find(event.calendar, event.id) or event

    def _release_rooms(self, event: Event, act: Act[MeetingAnswer]) -> None:
        """Give back what was held for it: for the one, or for all of the series from then on."""
        ground = self._ground
        holder = event.organizer.person if event.organizer and event.organizer.person else event.calendar
        end = None if act.request.series else event.end
        now = act.now if act.now > datetime.min else ground.here(event.start)
        for held in ground.rooms.held_by(holder, start=event.start, end=end) if event.key else ():
            if held.meeting == event.key:
                ground.rooms.release(held.id, key=f"{act.key}:{held.id}", now=now)

    def _cancelled(self, act: Act[MeetingAnswer]) -> MeetingAnswer | None:
        """It is called off when it is gone; what it held is given back by whoever finds that out."""
        request, ground = act.request, self._ground
        try:
            self._thing(request, act.asker)
        except NotAnswerable:
            person = act.asker.person.id if act.asker.person else None
            if (off := self._called_off(act)) is not None:
                self._release_rooms(off, act)
                return self._told_cancelled(off, self._ground.shown(off, act.asker), act)
            gone = Meeting(
                id=request.meeting or "", title="", start=request.start, end=request.start, room=request.room,
                room_name=ground.room_name(request.room) if request.room else None,
            )  # fmt: skip
            for held in ground.rooms.held_by(person, start=ground.at(request.start), end=None) if person else ():
                event = ground.meeting_of(held)
                if held.meeting is not None and event is None:
                    ground.rooms.release(held.id, key=f"{act.key}:{held.id}", now=ground.here(held.start))
            return MeetingAnswer(status="cancelled", meeting=gone, series=request.series)
        return None

    def _called_off(self, act: Act[MeetingAnswer]) -> Event | None:
        """The meeting that was called off, as it was, where that is kept."""
        ground, request = self._ground, act.request
        if not request.meeting:
            return None
        at = ground.at(request.start)
        found = (ground.calendars.called_off(one, request.meeting, at) for one in acted_for(ground, act.asker))
        return next((off for off in found if off is not None), None)

    def _respond(self, act: Act[MeetingAnswer]) -> MeetingAnswer:
        thing = self._thing(act.request, act.asker)
        assert isinstance(thing, Event)
        response = _SAID[act.request.response]
        event = self._whole(thing) if act.request.series else thing
        answered = self._ground.calendars.respond(event, response, key=act.key, now=act.now)
        return replace(self._answered(thing, act), not_yet_in=answered.not_yet_in)

    def _answered(self, thing: Event, act: Act[MeetingAnswer]) -> MeetingAnswer:
        response = _SAID[act.request.response]
        said = {"accepted": "has accepted", "declined": "has declined", "tentative": "may come to"}[response]
        organizer = [thing.organizer.person] if thing.organizer and thing.organizer.person else []
        told = tell(self._ground, organizer, f'{self._ground.name(thing.calendar)} {said} "{thing.title}" {self._when(thing)}', act, always=False)
        return MeetingAnswer(
            status=response,  # type: ignore[arg-type]  # one of three literals
            meeting=self._ground.shown(thing, act.asker),
            series=act.request.series,
            told=told,
            others=act.asker.person is None or thing.calendar != act.asker.person.id,
        )

    def _responded(self, act: Act[MeetingAnswer]) -> MeetingAnswer | None:
        try:
            thing = self._thing(act.request, act.asker)
        except NotAnswerable:
            return None
        if not isinstance(thing, Event) or thing.response_of(thing.calendar) != _SAID[act.request.response]:
            return None
        return self._answered(thing, act)

    def _thing(self, request: MoveMeeting | CancelMeeting | RespondInvitation, asker: Asker) -> Thing:
        """What a settled request is about. Raises NotAnswerable when it is gone."""
        ground = self._ground
        if request.meeting is not None and (held := ground.rooms.find(request.meeting)) is not None:
            return held
        named = Named(start=request.start, thing=request.meeting)
        for person in acted_for(ground, asker):
            found = things(ground, person, named, request.start or datetime.min)
            if found:
                return found[0]
        raise none_found(ground, named)

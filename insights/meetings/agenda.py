"""One's own calendar: what is in it, what is moved, called off and answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, TypeVar

from insights.answers import Booking, CalendarAnswer, Meeting, MeetingAnswer
from insights.errors import NotAnswerable, NotPermitted
from insights.events import Event, Response
from insights.ledger.port import HeldRoom
from insights.meetings.acting import Act, Doing
from insights.meetings.ground import Ground
from insights.meetings.moving import Moving
from insights.meetings.naming import AHEAD, Named, Thing, label, none_found, one_of_each, running_or_next, things, window
from insights.meetings.notices import tell
from insights.meetings.times import after
from insights.meetings.whose import meant
from insights.permit import Asker, acts_for, keeps_rooms
from insights.requests import CancelMeeting, Choice, Clarify, MoveMeeting, MyCalendar, RespondInvitation
from insights.wording import formats

_SAID: dict[str, Response] = {"accept": "accepted", "decline": "declined", "tentative": "tentative"}
Changing = MoveMeeting | CancelMeeting | RespondInvitation
C = TypeVar("C", bound=MoveMeeting | CancelMeeting | RespondInvitation)


class AgendaDesk:
    """Looks into calendars, and changes what is in them."""

    def __init__(self, ground: Ground, asker: Callable[[str | None], Asker]) -> None:
        self._ground = ground
        self._moving = Moving(ground)

        def doing(kind: str, attempt: _Attempt, found: _Found, undone: str) -> Doing[MeetingAnswer]:
            return Doing(kind=kind, answer=MeetingAnswer, ledger=ground.ledger, attempt=attempt, found=found, undone=lambda _: undone, asker=asker)

        self.moving = doing("move_meeting", self._move, self._moved, "the meeting is when it was")
        self.cancelling = doing("cancel_meeting", self._cancel, self._cancelled, "nothing was called off")
        self.responding = doing("respond_invitation", self._respond, self._responded, "the invitation was not answered")

    def mine(self, request: MyCalendar, *, asker: Asker, now: datetime) -> CalendarAnswer:
        """What somebody has booked and is invited to in the period (whole days), or from now on, earliest first."""
        ground = self._ground
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
        bookings = tuple(self._shown(one, asker) for one in held)
        answer = CalendarAnswer(
            period=request.period,
            bookings=bookings,
            meetings=tuple(ground.meeting(event, asker) for event in events),
            next=request.next,
            person_name=ground.name(request.person) if request.person and request.person != (asker.person.id if asker.person else None) else None,
        )
        return self._only_next(answer) if request.next else answer

    def settle(self, request: Changing, *, asker: Asker, now: datetime) -> tuple[Changing, tuple[str, ...]] | Clarify:
        """The request made definite, with what was taken for granted; or the question which one is meant.

        Raises NotAnswerable when nothing is meant by it, NotPermitted when it is not the asker's to change.
        """
        if asker.person is None:
            raise NotAnswerable("I need to know whose calendar that is.", remedy="Say who you are with --as, or link your account.")
        if not isinstance(request, RespondInvitation) and (office := self._of_the_office(request, asker, now)) is not None:
            return office
        found = self._candidates(request, asker, now)
        each = one_of_each(found)
        if len(each) > 1:
            choices = tuple(Choice(label=label(self._ground, one, asker), request=self._naming(request, one)) for one in each[:3])
            return Clarify(about="meeting", missing="meeting", choices=choices, partial=request)
        thing = each[0]
        if isinstance(thing, Event) and thing.rule is not None and thing.occurrence is not None and not request.series:
            if isinstance(request, RespondInvitation) and request.start is None:
                request = replace(request, series=True)
            elif request.start is None and not _says_day(request) and not isinstance(request, RespondInvitation):
                return self._this_or_all(request, thing, asker, now)
        if isinstance(request, MoveMeeting) and request.to is not None and request.start is not None:
            later = self._ground.here(thing.start).date() - request.start.date()
            if later and request.to.date() == request.start.date():  # "to four" is four on the day that it is on
                request = replace(request, to=request.to + later)
        return self._definite(request, thing, asker, now)

    def propose(self, request: MoveMeeting | CancelMeeting, *, asker: Asker) -> MeetingAnswer:
        """What would come of a settled request."""
        thing = self._thing(request, asker)
        shown = self._meeting(thing, asker)
        told = self._names(thing, asker)
        others = self._is_others(thing, asker)
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

    def _candidates(self, request: Changing, asker: Asker, now: datetime) -> list[Thing]:
        assert asker.person is not None
        period = request.on if isinstance(request, MoveMeeting) else getattr(request, "period", None)  # a move's period is where it goes
        room = getattr(request, "room", None)
        named = Named(title=request.title, start=request.start, people=request.people, room=room, period=period, thing=request.meeting)
        if named.room is not None:
            named = replace(named, room=self._ground.organization.room_called(named.room, here=asker.room).id)
        found = self._own(request, asker.person.id, named, now)
        for person in self._ground.organization.people.values() if not found else ():
            if asker.person.id in person.delegates:
                found = found or self._own(request, person.id, named, now)
        if isinstance(request, RespondInvitation):
            return self._invitations(found, named, asker)
        if not found:
            raise none_found(self._ground, named)
        theirs = [one for one in found if not self._may_change(one, asker)]
        mine = [one for one in found if self._may_change(one, asker)]
        if not mine:
            event = theirs[0]
            assert isinstance(event, Event)
            who = event.organizer.name if event.organizer else "Somebody else"
            raise NotPermitted(f"{who} has arranged that meeting.", remedy="You can decline it, or ask them.")
        return running_or_next(mine, self._ground, now) if named.says_nothing or (named.title is None and not named.people) else mine

    def _own(self, request: Changing, person: str, named: Named, now: datetime) -> list[Thing]:
        found = things(self._ground, person, named, now)
        if not found and named.start is not None and named.start.date() == now.date() and named.thing is None:
            at, later = named.start.time(), things(self._ground, person, replace(named, start=None), now)
            found = [one for one in later if self._ground.here(one.start).time() == at][:1]  # "my three o'clock" is the next that begins at three
        if not isinstance(request, RespondInvitation):
            return found
        return [one for one in found if isinstance(one, Event) and one.organizer is not None and one.organizer.person != person and person in one.people]

    def _invitations(self, found: list[Thing], named: Named, asker: Asker) -> list[Thing]:  # noqa: ARG002 # as the others
        """Without a name, those that wait for an answer; where none waits that is said."""
        if not named.says_nothing:
            if not found:
                raise none_found(self._ground, named)
            return found
        waiting: list[Thing] = [one for one in found if isinstance(one, Event) and one.response_of(one.calendar) == "waiting"]
        if not waiting:
            raise NotAnswerable("No invitation waits for your answer.", remedy="Say which meeting you mean.")
        return waiting

    def _may_change(self, thing: Thing, asker: Asker) -> bool:
        organizer = thing.person if isinstance(thing, HeldRoom) else thing.organizer.person if thing.organizer else None
        return acts_for(asker, organizer, self._ground.organization)

    def _of_the_office(
        self, request: MoveMeeting | CancelMeeting, asker: Asker, now: datetime
    ) -> tuple[MoveMeeting | CancelMeeting, tuple[str, ...]] | Clarify | None:
        """What the office moves out of a room or calls off there, whoever has it; None for whatever is its own."""
        if not keeps_rooms(asker) or request.title or request.room is None or asker.person is None:
            return None
        if request.meeting is not None:  # one that was found before
            known = self._ground.rooms.find(request.meeting)
            return self._definite(request, known, asker, now) if known is not None and self._is_others(known, asker) else None
        room = self._ground.organization.room_called(request.room, here=asker.room)
        days = request.on if isinstance(request, MoveMeeting) else request.period
        named = Named(start=request.start, people=request.people, room=room.id, period=days)
        if isinstance(request, CancelMeeting) and not request.people and things(self._ground, asker.person.id, named, now):
            return None
        there = self._there(room.id, named, asker, now)
        if len(there) > 1:
            choices = tuple(Choice(label=label(self._ground, one, asker), request=self._naming(request, one)) for one in there[:3])
            return Clarify(about="booking", missing="booking", choices=choices, partial=request)
        return self._definite(request, there[0], asker, now)

    def _definite(self, request: C, thing: Thing, asker: Asker, now: datetime) -> tuple[Any, tuple[str, ...]] | Clarify:
        """The request for exactly that one, with the time and room that it goes to."""
        definite = self._naming(request, thing)
        return self._moving.settle(definite, thing, asker=asker, now=now) if isinstance(definite, MoveMeeting) else (definite, ())

    def _there(self, room: str, named: Named, asker: Asker, now: datetime) -> list[HeldRoom]:
        """What a room is held for at the time or on the days that were said, for those who were named."""
        if named.start is not None or (named.period is None and not named.people):
            return [meant(self._ground, asker, "move", now=now, room=room, start=named.start)[0]]
        first, last = window(self._ground, named, now)
        held = [one for one in self._ground.rooms.busy(first, last) if one.room == room and (not named.people or one.person in named.people)]
        if not held:
            raise none_found(self._ground, named)
        return held

    def _naming(self, request: C, thing: Thing) -> C:
        """The request, naming exactly that one."""
        definite = replace(request, meeting=thing.id, start=self._ground.here(thing.start), title=None, people=())
        if isinstance(definite, CancelMeeting):
            return replace(definite, room=thing.room, period=None)
        return replace(definite, room=thing.room, on=None) if isinstance(definite, MoveMeeting) else definite

    def _this_or_all(self, request: Changing, event: Event, asker: Asker, now: datetime) -> Clarify:
        """Of a series: the next one, or all of them. Whoever picks has agreed."""
        start = self._ground.here(event.start)
        said = (f"only the one on {formats.weekday(start.date(), self._ground.said_in)}", "the whole series")
        choices = []
        for words, each in zip(said, (self._naming(request, event), replace(self._naming(request, event), series=True)), strict=True):
            definite: Changing = each
            if isinstance(each, MoveMeeting):
                settled = self._moving.settle(each, event, asker=asker, now=now)
                if isinstance(settled, Clarify):
                    return settled
                definite = settled[0]
            choices.append(Choice(label=words, request=definite))
        return Clarify(
            about="series", missing="series", choices=tuple(choices), partial=request, offer=True, said=f"{label(self._ground, event, asker)} repeats."
        )

    def _thing(self, request: Changing, asker: Asker) -> Thing:
        """What a settled request is about. Raises NotAnswerable when it is gone."""
        ground = self._ground
        if request.meeting is not None and (held := ground.rooms.find(request.meeting)) is not None:
            return held
        named = Named(start=request.start, thing=request.meeting)
        people = [asker.person.id] if asker.person else []
        people += [one.id for one in ground.organization.people.values() if asker.person and asker.person.id in one.delegates]
        for person in people:
            found = things(ground, person, named, request.start or datetime.min)
            if found:
                return found[0]
        raise none_found(ground, named)

    def _meeting(self, thing: Thing, asker: Asker) -> Meeting:
        if isinstance(thing, Event):
            return self._ground.meeting(thing, asker)
        shown = self._ground.booking(thing, asker)
        return Meeting(
            id=shown.id, title=shown.title or "", start=shown.start, end=shown.end, organizer=shown.person_name, room=shown.room, room_name=shown.room_name,
            private=thing.private, hidden=shown.hidden,
        )  # fmt: skip

    def _people(self, thing: Thing) -> frozenset[str]:
        return thing.people if isinstance(thing, Event) else self._ground.people_in(thing)

    def _names(self, thing: Thing, asker: Asker) -> tuple[str, ...]:
        me = asker.person.id if asker.person else None
        return tuple(self._ground.name(one) for one in sorted(self._people(thing)) if one != me)

    def _is_others(self, thing: Thing, asker: Asker) -> bool:
        holder = thing.person if isinstance(thing, HeldRoom) else thing.organizer.person if thing.organizer else None
        return holder != (asker.person.id if asker.person else None)

    def _when(self, thing: Thing) -> str:
        start = self._ground.here(thing.start)
        return f"on {formats.weekday(start.date(), self._ground.said_in)} at {formats.clock(start, self._ground.said_in)}"

    def _move(self, act: Act[MeetingAnswer]) -> MeetingAnswer:
        thing = self._thing(act.request, act.asker)
        self._check(thing, act.asker)
        before = self._meeting(thing, act.asker)
        moved = self._moving.carry_out(act.request, thing, act)
        return self._told_moved(thing, moved, before, act)

    def _told_moved(self, thing: Thing, moved: Thing, before: Meeting | None, act: Act[MeetingAnswer]) -> MeetingAnswer:
        name = f'"{thing.title}"' if isinstance(thing, Event) else f"Your booking of {self._ground.room_name(thing.room)}"
        by = act.asker.person.name if act.asker.person else "Somebody"
        where = f" in {self._ground.room_name(moved.room)}" if moved.room and moved.room != thing.room else ""
        said = f"{name} {self._when(thing)} was moved by {by}: it is now {self._when(moved)}{where}"
        told = tell(self._ground, self._people(thing), said, act, reason=act.request.reason, always=isinstance(thing, HeldRoom))
        return MeetingAnswer(
            status="moved", meeting=self._meeting(moved, act.asker), before=before, series=act.request.series, told=told, reason=act.request.reason,
            others=self._is_others(thing, act.asker), not_yet_in=moved.not_yet_in if isinstance(moved, Event) else "",
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
        if not self._may_change(thing, asker) and not (isinstance(thing, HeldRoom) and keeps_rooms(asker)):
            raise NotPermitted("That is not yours to change.", remedy="Ask whoever arranged it.")

    def _cancel(self, act: Act[MeetingAnswer]) -> MeetingAnswer:
        thing = self._thing(act.request, act.asker)
        self._check(thing, act.asker)
        shown, ground, left = self._meeting(thing, act.asker), self._ground, ""
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
        told = tell(self._ground, self._people(thing), said, act, reason=act.request.reason, always=isinstance(thing, HeldRoom))
        return MeetingAnswer(
            status="cancelled", meeting=shown, series=act.request.series, told=told, reason=act.request.reason, others=self._is_others(thing, act.asker),
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
                return self._told_cancelled(off, self._meeting(off, act.asker), act)
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
        people = [act.asker.person.id] if act.asker.person else []
        people += [one.id for one in ground.organization.people.values() if act.asker.person and act.asker.person.id in one.delegates]
        at = ground.at(request.start)
        return next((off for one in people if (off := ground.calendars.called_off(one, request.meeting, at)) is not None), None)

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
            meeting=self._meeting(thing, act.asker),
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

    def _shown(self, held: HeldRoom, asker: Asker) -> Booking:
        return self._ground.booking(held, asker)

    @staticmethod
    def _only_next(answer: CalendarAnswer) -> CalendarAnswer:
        first = answer.entries[:1]
        return replace(
            answer, bookings=tuple(one for one in first if isinstance(one, Booking)), meetings=tuple(one for one in first if isinstance(one, Meeting))
        )


def _says_day(request: Changing) -> bool:
    """Whether it was said on which day the meeting is that is meant; the period of a move is where it goes."""
    return request.on is not None if isinstance(request, MoveMeeting) else getattr(request, "period", None) is not None


_Attempt = Callable[[Act[MeetingAnswer]], MeetingAnswer]
_Found = Callable[[Act[MeetingAnswer]], MeetingAnswer | None]

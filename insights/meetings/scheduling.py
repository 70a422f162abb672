"""Meetings arranged with people: a time at which everybody can, a room if one is wanted, invitations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from insights.answers import Meeting, MeetingAnswer
from insights.errors import AskerCanFix, InsightsError, NotAnswerable, NothingFree, NotPermitted, OutcomeUnknown, UnknownThing
from insights.events import Draft, Event
from insights.ledger.port import HeldRoom, RoomHold
from insights.meetings.acting import Act, Doing
from insights.meetings.choosing import Wish, allowed, check_policy, free, suitable
from insights.meetings.ground import Ground
from insights.meetings.notices import tell
from insights.meetings.recurring import settled
from insights.meetings.repeating import Repeating
from insights.meetings.times import after
from insights.meetings.when import FreeTime
from insights.meetings.working import spread
from insights.organization import Room
from insights.permit import Asker, acts_for, keeps_rooms
from insights.requests import Choice, Clarify, ScheduleMeeting
from insights.wording import formats

USUAL = 30
_LATE = timedelta(minutes=5)
_LONGEST = timedelta(days=14)


class SchedulingDesk:
    """Arranges meetings."""

    def __init__(self, ground: Ground, asker: Callable[[str | None], Asker]) -> None:
        self._ground = ground
        self._time = FreeTime(ground)
        self._repeating = Repeating(ground)
        self.scheduling: Doing[MeetingAnswer] = Doing(
            kind="schedule_meeting",
            answer=MeetingAnswer,
            ledger=ground.ledger,
            attempt=self._attempt,
            found=self._found,
            undone=lambda _: "the meeting was not arranged",
            asker=asker,
        )

    def settle(self, request: ScheduleMeeting, *, asker: Asker, now: datetime) -> tuple[ScheduleMeeting, tuple[str, ...]] | Clarify:
        """The request made definite, with what was taken for granted; or the question which of some times it shall be.

        Raises InsightsError where nothing can come of it.
        """
        ground, organizer = self._ground, self._organizer(request, asker)
        people = tuple(dict.fromkeys(self._invited(one) for one in request.people if one != organizer))
        assumed = (f"{USUAL} minutes, because no length was said",) if request.minutes is None else ()
        minutes = USUAL if request.minutes is None else request.minutes
        if not 0 < minutes <= _LONGEST.total_seconds() / 60:
            raise NotAnswerable("A meeting takes some minutes, and fourteen days at most.", remedy="Say for how long.")
        request = replace(request, people=people, minutes=minutes, person=request.person if request.person != (asker.person and asker.person.id) else None)
        if request.room is not None:
            request = replace(request, room=ground.organization.room_called(request.room, here=asker.room).id)
        if request.repeats is not None:
            request = self._first(request, now)
        if request.start is None:
            return self._choices(request, organizer, asker, now, assumed)
        if request.start < now - _LATE:
            raise NotAnswerable("That time has passed.", remedy="Say a time that is still to come.")
        if request.start.year > now.year + 50:
            raise NotPermitted("Nothing can be arranged that far ahead.", remedy="Say an earlier day.")
        start = ground.at(request.start)
        room = self._room(request, start, asker, now)
        busy = self._time.busy((organizer, *people), start, after(start, timedelta(minutes=minutes)))
        request = replace(request, room=room.id if room else None, with_room=False)
        if busy and request.repeats is None and people:
            return self._instead(request, organizer, busy, asker, now, assumed)
        return request, assumed

    def propose(self, request: ScheduleMeeting, *, asker: Asker) -> MeetingAnswer:
        """What would be arranged by a settled request."""
        ground, organizer = self._ground, self._organizer(request, asker)
        assert request.start is not None
        start = ground.at(request.start)
        end = after(start, timedelta(minutes=request.minutes or USUAL))
        busy = self._time.busy((organizer, *request.people), start, end)
        meeting = Meeting(
            id="",
            title=self._title(request, organizer),
            start=ground.here(start),
            end=ground.here(end),
            organizer=ground.name(organizer),
            people=tuple(ground.name(one) for one in request.people),
            room=request.room,
            room_name=ground.room_name(request.room) if request.room else None,
            private=request.private,
            repeats=request.repeats,
            elsewhere=ground.elsewhere(start, frozenset((organizer, *request.people))),
        )
        return MeetingAnswer(
            status="proposed", act="schedule", meeting=meeting, busy=busy, told=meeting.people, others=self._others(request, asker), call=request.call
        )

    def _organizer(self, request: ScheduleMeeting, asker: Asker) -> str:
        if asker.person is None:
            raise NotAnswerable("I need to know whose meeting it is.", remedy="Say who you are with --as, or link your account.")
        if request.person is not None and not acts_for(asker, request.person, self._ground.organization):
            raise NotPermitted(f"You can't arrange meetings for {self._ground.name(request.person)}.", remedy="Ask them to make you their delegate.")
        return request.person or asker.person.id

    def _others(self, request: ScheduleMeeting, asker: Asker) -> bool:
        return request.person is not None and (asker.person is None or request.person != asker.person.id)

    def _invited(self, id_: str) -> str:
        person = self._ground.person(id_)
        if person is None:
            raise UnknownThing(f"I don't know anybody called '{id_[:40]}' here.", remedy="People are listed in organization.yaml.")
        if not person.active:
            raise NotAnswerable(f"{person.name} is not here any more.", remedy="Say somebody else.")
        return id_

    def _first(self, request: ScheduleMeeting, now: datetime) -> ScheduleMeeting:
        """A series with its first time; without a time of day it is asked for."""
        timed = "BYHOUR" in (request.repeats or "").upper()
        if request.start is None and not timed:
            raise NotAnswerable("I need a time of day for what repeats.", remedy="Say for example 'every Monday at nine'.")
        begins = request.start
        if begins is None:
            day = max(request.period.first, now.date()) if request.period and request.period.first else now.date()
            begins = max(datetime.combine(day, datetime.min.time()), now.replace(second=0, microsecond=0))
        rule, first = settled(request.repeats or "", begins, clock=request.start is not None)
        return replace(request, start=first, repeats=rule)

    def _choices(self, request: ScheduleMeeting, organizer: str, asker: Asker, now: datetime, assumed: tuple[str, ...]) -> Clarify:
        """Three times at which everybody can, within the days that were said."""
        start, end = self._time.window(request.period, now)
        everybody, length = (organizer, *request.people), timedelta(minutes=request.minutes or USUAL)
        found = self._time.slots(everybody, length, start, end)
        roomy = [one for one in found if self._can_have_room(request, one, asker, now)] if request.room or request.with_room else found
        if not roomy:
            later = self._time.first(
                everybody, length, max(end, start, key=lambda one: one.timestamp()), lambda one: self._can_have_room(request, one, asker, now)
            )
            when = f" {request.period.words}" if request.period and request.period.words else ""
            what = "and a room is" if found else "when everybody is"
            remedy = f"The next time is {self._label(later)}." if later else "Nothing is free in the three weeks after that either."
            raise NothingFree(f"There is no time{when} {what} free for {formats.duration(request.minutes or USUAL)}.", remedy=remedy)
        return self._asked(request, [self._choice(request, one, asker, now) for one in spread(roomy)], assumed, "Everybody can at these times.")

    def _instead(self, request: ScheduleMeeting, organizer: str, busy: tuple[str, ...], asker: Asker, now: datetime, assumed: tuple[str, ...]) -> Clarify:
        """Somebody has something else then: times near it, or all the same."""
        assert request.start is not None
        start = self._ground.at(request.start)
        day = self._ground.now(max(datetime.combine(request.start.date(), datetime.min.time()), now))
        length = timedelta(minutes=request.minutes or USUAL)
        found = self._time.slots((organizer, *request.people), length, day, after(day, timedelta(days=7)))
        near = sorted(spread(sorted(found, key=lambda one: abs(one.timestamp() - start.timestamp()))[:12], most=2), key=lambda one: one.timestamp())
        choices = [self._choice(replace(request, room=None, with_room=request.room is not None), one, asker, now) for one in near]
        who = formats.listed(["You" if asker.person and name == asker.person.name else name for name in busy])
        verb = "have" if len(busy) > 1 or who == "You" else "has"
        all_the_same = Choice(label=f"{self._label(start)} all the same", request=request)
        return self._asked(request, [*choices, all_the_same], assumed, f"{who} {verb} something else on {self._label(start)}.")

    def _asked(self, request: ScheduleMeeting, choices: list[Choice], assumed: tuple[str, ...], said: str) -> Clarify:
        return Clarify(about="slot", missing="slot", choices=tuple(choices), partial=request, assumed=assumed, offer=True, said=said)

    def _choice(self, request: ScheduleMeeting, start: datetime, asker: Asker, now: datetime) -> Choice:
        room = self._room(request, start, asker, now) if request.room or request.with_room else None
        definite = replace(request, start=self._ground.here(start), period=None, room=room.id if room else None, with_room=False)
        return Choice(label=self._label(start) + (f" in {room.name}" if room else ""), request=definite)

    def _label(self, start: datetime) -> str:
        here = self._ground.here(start)
        return f"{formats.weekday(here.date(), self._ground.said_in)} at {formats.clock(here, self._ground.said_in)}"

    def _can_have_room(self, request: ScheduleMeeting, start: datetime, asker: Asker, now: datetime) -> bool:
        if not request.room and not request.with_room:
            return True
        try:
            return self._room(request, start, asker, now) is not None
        except AskerCanFix:
            return False

    def _room(self, request: ScheduleMeeting, start: datetime, asker: Asker, now: datetime) -> Room | None:
        """The room that is named or, where any will do, the best that is free then. Raises NothingFree, NotPermitted."""
        if not request.room and not request.with_room:
            return None
        ground = self._ground
        wish = Wish(
            start=start, end=after(start, timedelta(minutes=request.minutes or USUAL)), people=len(request.people) + 1, near=ground.room(asker.room or "")
        )
        roles = None if keeps_rooms(asker) else asker.person.roles if asker.person else frozenset()
        if request.room:
            room = ground.organization.room_called(request.room, here=asker.room)
            check_policy(room, wish, ground.now(now), roles)
            fit = [room]
        else:
            fit = allowed(suitable(ground.organization, wish), wish, ground.now(now), roles)
        found = free(fit, wish, ground.rooms.busy(wish.start, wish.end))
        if not found:
            who = fit[0].name if request.room else "Every room that fits"
            raise NothingFree(f"{who} is taken on {self._label(start)}.", remedy="Say another time or another room.")
        return found[0]

    def _title(self, request: ScheduleMeeting, organizer: str) -> str:
        if request.title:
            return request.title[:200]
        names = [self._ground.name(one).split()[0] for one in (organizer, *request.people)]
        return f"Meeting: {', '.join(names)}"[:200] if request.people else "Meeting"

    def _attempt(self, act: Act[MeetingAnswer]) -> MeetingAnswer:
        ground, request = self._ground, act.request
        organizer = self._organizer(request, act.asker)
        start = ground.at(request.start)
        end = after(start, timedelta(minutes=request.minutes or USUAL))
        title = self._title(request, organizer)
        held = self._take(request, organizer, title, start, end, act) if request.room and request.repeats is None else None
        draft = Draft(
            key=act.key, organizer=organizer, title=title, start=start, end=end, people=request.people, room=request.room, private=request.private,
            rule=request.repeats, call=request.call,
        )  # fmt: skip
        try:
            event = ground.calendars.create(draft, now=act.now)
        except OutcomeUnknown:
            raise
        except InsightsError:
            if held is not None:
                ground.rooms.release(held.id, key=f"{act.key}:undo", now=act.now)
            raise
        return self._done(event, act)

    def _done(self, event: Event, act: Act[MeetingAnswer]) -> MeetingAnswer:
        """What was arranged: everybody is told, and the room of a series held as far ahead as can be."""
        ground = self._ground
        missing: tuple[date, ...] = ()
        through = None
        if event.rule is not None and event.room is not None:
            held, missing = self._repeating.hold_ahead(event, now=act.now if act.now > datetime.min else ground.here(event.start))
            through = held[-1].start.date() if held else None
        here = ground.here(event.start)
        when = f"on {formats.weekday(here.date(), ground.locale)} at {formats.clock(here, ground.locale)}"
        where = f" in {ground.room_name(event.room)}" if event.room else ""
        by = event.organizer.name if event.organizer else ""
        told = tell(ground, event.people - {event.calendar}, f'{by} invites you to "{event.title}" {when}{where}; say accept or decline', act, always=False)
        meeting = ground.meeting(event, replace(act.asker, audience="private"))
        return MeetingAnswer(
            status="scheduled", meeting=meeting, told=told, others=self._others(act.request, act.asker), missing=missing, through=through,
            call=act.request.call, not_yet_in=event.not_yet_in,
        )  # fmt: skip

    def _take(self, request: ScheduleMeeting, organizer: str, title: str, start: datetime, end: datetime, act: Act[MeetingAnswer]) -> HeldRoom:
        """Hold the room under a key of its own; one whose hold was given back when an earlier attempt failed is held anew."""
        rooms = self._ground.rooms
        for number in range(1, 20):
            key = f"{act.key}:room" + (f":{number}" if number > 1 else "")
            earlier = rooms.held(key)
            if earlier is not None and rooms.find(earlier.id) is None:
                continue
            hold = RoomHold(
                key=key, room=request.room or "", person=organizer, start=start, end=end, title=title, private=request.private, meeting=act.key
            )  # fmt: skip
            held = rooms.hold(hold, now=act.now)
            if held is not None:
                return held
            break
        raise NothingFree(f"{self._ground.room_name(request.room or '')} was taken meanwhile.", remedy="Ask again for another time or room.")

    def _found(self, act: Act[MeetingAnswer]) -> MeetingAnswer | None:
        """The meeting made under this key. Without one, a room that was held for it is given back once the action is over."""
        organizer = act.request.person or (act.asker.person.id if act.asker.person else "")
        event = self._ground.calendars.made(organizer, act.key)
        if event is not None:
            return self._done(event, act)
        held = self._ground.rooms.held(f"{act.key}:room")
        if act.now == datetime.min and held is not None:
            self._ground.rooms.release(held.id, key=f"{act.key}:undo", now=self._ground.here(held.start))
        return None

"""A meeting or a booking put at another time or in another room, with the room that it has."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from insights.answers import Meeting
from insights.errors import AskerCanFix, InsightsError, NotAnswerable, NothingFree, OutcomeUnknown
from insights.events import Event, EventChange
from insights.ledger.port import HeldRoom, RoomChange
from insights.meetings.acting import Act
from insights.meetings.choosing import Wish, allowed, check_policy, free, suitable
from insights.meetings.ground import Ground, Thing
from insights.meetings.naming import lasting
from insights.meetings.recurring import shifted
from insights.meetings.repeating import Repeating
from insights.meetings.times import after
from insights.meetings.when import FreeTime
from insights.meetings.whose import acted_for
from insights.meetings.working import spread
from insights.organization import Room
from insights.permit import Asker, keeps_rooms
from insights.requests import Choice, Clarify, MoveMeeting
from insights.wording import formats


class Moving:
    """Works out where something goes, and puts it there."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._time = FreeTime(ground)
        self._repeating = Repeating(ground)

    def settle(self, request: MoveMeeting, thing: Thing, *, asker: Asker, now: datetime) -> tuple[MoveMeeting, tuple[str, ...]] | Clarify:
        """The request with the time and the room that it goes to, and what was taken for granted; or the question which of some times it shall be."""
        start = self._ground.here(thing.start)
        to_room = self._ground.organization.room_called(request.to_room, here=asker.room).id if request.to_room else None
        request = replace(request, to_room=to_room)
        days = request.period.days if request.period else None
        if request.to is None and request.minutes is None and request.period is not None and days != 1:
            return self._choices(request, thing, asker, now)
        to = self._to(request, start)
        if to < now:
            raise NotAnswerable("That time has passed.", remedy="Say a time that is still to come.")
        if to == start and to_room in (None, thing.room):
            raise NotAnswerable("It is then already.", remedy="Say another time or another room.")
        request = replace(request, to=to, same_day=False, minutes=None, period=None)
        room, assumed = self._room(request, thing, asker, now)
        return replace(request, to_room=room), assumed

    def moved(self, request: MoveMeeting, thing: Thing, shown: Meeting) -> Meeting:
        """What it will be."""
        begin, end = self._span(request, thing)
        room = request.to_room if request.to_room is not None else shown.room
        people = thing.people if isinstance(thing, Event) else frozenset[str]()
        return replace(
            shown,
            start=self._ground.here(begin),
            end=self._ground.here(end),
            room=room or None,
            room_name=self._ground.room_name(room) if room else shown.room_name if request.to_room is None else None,
            elsewhere=self._ground.elsewhere(begin, people) if not shown.hidden else {},
        )

    def busy(self, request: MoveMeeting, thing: Thing) -> tuple[str, ...]:
        """The names of those in it who have something else then."""
        if not isinstance(thing, Event):
            return ()
        return self._time.busy(sorted(thing.people), *self._span(request, thing), but=thing)

    def carry_out(self, request: MoveMeeting, thing: Thing, act: Act[Any]) -> Thing:
        """Put it there: first the room, which can be refused, then the meeting; the room goes back when the meeting cannot be moved."""
        begin, end = self._span(request, thing)
        if isinstance(thing, HeldRoom):
            moved = self._take(thing, request.to_room or thing.room, begin, end, act.key, act.now)
            self._meeting_along(thing, moved, act)
            return moved
        if request.series:
            return self._series(request, thing, act)
        held = self._held(thing)
        first = held is not None and request.to_room != ""
        if held is not None and first:
            self._take(held, request.to_room or held.room, begin, end, act.key, act.now)
        try:
            moved_event = self._put(request, thing, act, key=f"{act.key}:meeting" if first else act.key)
        except OutcomeUnknown:
            raise
        except InsightsError:
            if held is not None and first:
                self._take(held, held.room, held.start, held.end, f"{act.key}:undo", act.now)
            raise
        if held is not None and request.to_room == "":
            self._ground.rooms.release(held.id, key=f"{act.key}:room", now=act.now)
        return moved_event

    def found(self, request: MoveMeeting, act: Act[Any]) -> Thing | None:
        """What was moved under a key, None when nothing was; what was left out when it was interrupted is done now."""
        ground, to = self._ground, request.to or request.start
        assert request.meeting is not None
        assert request.start is not None
        assert to is not None
        if (held := ground.rooms.find(request.meeting)) is not None:
            if ground.here(held.start) != to or (request.to_room and held.room != request.to_room):
                return None
            self._meeting_along(ground.ledger().changed_under(act.key), held, act)
            return held
        for person in acted_for(self._ground, act.asker):
            thing = self._at(person, request.meeting, to, request)
            if thing is not None:
                self._rooms_along(request, thing, act)
                return thing
            thing = self._at(person, request.meeting, request.start, None)
            if thing is not None and not request.series and self._has_moved_room(request, thing):
                return self._put(request, thing, act, key=f"{act.key}:meeting")
        return None

    def _put(self, request: MoveMeeting, thing: Event, act: Act[Any], *, key: str) -> Event:
        """The meeting at its new time and in its new room."""
        begin, end = self._span(request, thing)
        change = EventChange(room=request.to_room) if begin == thing.start else EventChange(start=begin, end=end, room=request.to_room)
        return self._ground.calendars.change(thing, change, key=key, now=self._now(act))

    def _meeting_along(self, before: HeldRoom | None, moved: HeldRoom, act: Act[Any]) -> None:
        """The meeting that a booking was for goes where its room goes."""
        event = self._ground.meeting_of(before or moved)
        if event is None:
            return
        together = before is not None and event.start.timestamp() == before.start.timestamp() != moved.start.timestamp()
        change = EventChange(start=moved.start, end=moved.end) if together else EventChange()
        if event.room is not None and event.room != moved.room:
            change = replace(change, room=moved.room)
        if change != EventChange():
            self._ground.calendars.change(event, change, key=f"{act.key}:meeting", now=self._now(act))

    def _rooms_along(self, request: MoveMeeting, moved: Event, act: Act[Any]) -> None:
        """What was still to be done about rooms when a meeting had been moved already."""
        ground = self._ground
        assert request.start is not None
        if request.series:
            self._hold_anew(ground.calendars.find(moved.calendar, moved.id) or moved, act, since=ground.at(request.start))
        elif request.to_room == "" and moved.key:
            began = ground.at(request.start)
            for held in ground.rooms.held_by(self._holder(moved), start=began, end=after(began, timedelta(minutes=1))):
                if held.meeting == moved.key:
                    ground.rooms.release(held.id, key=f"{act.key}:room", now=self._now(act))

    def _has_moved_room(self, request: MoveMeeting, thing: Event) -> bool:
        """Whether the room of a meeting is where the meeting was to go and is not yet."""
        begin, end = self._span(request, thing)
        held = self._ground.rooms.held_by(self._holder(thing), start=begin, end=end) if thing.key and request.to_room != "" else ()
        wanted = request.to_room or thing.room
        return any(one.meeting == thing.key and one.start.timestamp() == begin.timestamp() and one.room == wanted for one in held) and (begin, wanted) != (
            thing.start,
            thing.room,
        )

    def _at(self, person: str, id_: str, start: datetime, request: MoveMeeting | None) -> Event | None:
        """The meeting that begins then, in the room that it was to go to where there is a request."""
        begin = self._ground.at(start)
        then = self._ground.calendars.events(person, begin, after(begin, timedelta(minutes=1)))
        named = (one for one in then if one.start.timestamp() == begin.timestamp() and lasting(one.id) == lasting(id_))
        return next((one for one in named if request is None or request.to_room is None or one.room == (request.to_room or None)), None)

    def _now(self, act: Act[Any]) -> datetime:
        return act.now if act.now > datetime.min else act.request.start

    @staticmethod
    def _holder(event: Event) -> str:
        return event.organizer.person if event.organizer and event.organizer.person else event.calendar

    def _series(self, request: MoveMeeting, thing: Event, act: Act[Any]) -> Event:
        """All of a series by as much as this one; its rooms are held anew as far as they can be had."""
        ground = self._ground
        whole = ground.calendars.find(thing.calendar, thing.id) or thing
        begin, end = self._span(request, thing)
        shift = ground.here(begin) - ground.here(thing.occurrence or thing.start)
        start = ground.at(ground.here(whole.start) + shift)
        rule = shifted(whole.rule or "", ground.here(whole.start), ground.here(start))
        change = EventChange(start=start, end=after(start, timedelta(seconds=end.timestamp() - begin.timestamp())), rule=rule, room=request.to_room)
        changed = ground.calendars.change(whole, change, key=act.key, now=act.now)
        self._hold_anew(changed, act, since=ground.now(act.now))
        later = ground.calendars.events(thing.calendar, begin, end)
        return next((event for event in later if event.id == thing.id), changed)

    def _hold_anew(self, whole: Event, act: Act[Any], *, since: datetime) -> None:
        """Give back the rooms of a series at times that are none of it any more, and hold those that are."""
        ground = self._ground
        for held in ground.rooms.held_by(self._holder(whole), start=since, end=None) if whole.key else ():
            if held.meeting != whole.key:
                continue
            then = ground.calendars.events(whole.calendar, held.start, after(held.start, timedelta(minutes=1)))
            if not any(one.key == whole.key and (one.start.timestamp(), one.room) == (held.start.timestamp(), held.room) for one in then):
                ground.rooms.release(held.id, key=f"{act.key}:{held.id}", now=self._now(act))
        if whole.room is not None:
            self._repeating.hold_ahead(whole, now=ground.here(since), again=act.key)

    def _to(self, request: MoveMeeting, start: datetime) -> datetime:
        if request.to is not None:
            return datetime.combine(start.date(), request.to.time()) if request.same_day else request.to
        if request.minutes is not None:
            return self._ground.here(after(self._ground.at(start), timedelta(minutes=request.minutes)))
        if request.period is not None and request.period.first is not None:
            return datetime.combine(request.period.first, start.time())
        if request.to_room:
            return start
        raise NotAnswerable("I need to know where it goes.", remedy="Say a time, a day or a room.")

    def _span(self, request: MoveMeeting, thing: Thing) -> tuple[datetime, datetime]:
        begin = self._ground.at(request.to) if request.to is not None else thing.start
        return begin, after(begin, timedelta(seconds=thing.end.timestamp() - thing.start.timestamp()))

    def _held(self, event: Event) -> HeldRoom | None:
        """The room that is held for it."""
        if event.room is None or not event.key:
            return None
        held = self._ground.rooms.held_by(self._holder(event), start=event.start, end=event.end)
        return next((one for one in held if one.meeting == event.key and one.room == event.room), None)

    def _take(self, held: HeldRoom, room: str, begin: datetime, end: datetime, key: str, now: datetime) -> HeldRoom:
        wanted, moved = (room, begin.timestamp(), end.timestamp()), held
        for number in range(1, 20):  # what was moved and put back under a key is moved anew under the next
            change = RoomChange(key=key + (f":{number}" if number > 1 else ""), booking=held.id, room=room, start=begin, end=end)
            done = self._ground.rooms.change(change, now=now)
            if done is None:
                break
            moved = done
            if (moved.room, moved.start.timestamp(), moved.end.timestamp()) == wanted:
                break
        if (moved.room, moved.start.timestamp(), moved.end.timestamp()) != wanted:
            raise NothingFree(f"{self._ground.room_name(room)} is taken then.", remedy="Say another time or another room.")
        return moved

    def _room(self, request: MoveMeeting, thing: Thing, asker: Asker, now: datetime) -> tuple[str | None, tuple[str, ...]]:
        """The room it goes to: the one that was said, its own if that is free then, else the nearest that fits; None where it has none."""
        ground = self._ground
        own = thing.room
        if request.series or (request.to_room is None and own is None):
            return request.to_room, ()
        begin, end = self._span(request, thing)
        known = ground.room(own or "")
        wish = Wish(start=begin, end=end, people=self._seats(thing, known), near=known)
        busy = [
            held for held in ground.rooms.busy(begin, end) if held.id != thing.id and not (isinstance(thing, Event) and thing.key and held.meeting == thing.key)
        ]
        roles = None if keeps_rooms(asker) else asker.person.roles if asker.person else frozenset[str]()
        target = ground.room(request.to_room or own or "")
        if target is not None and not any(held.room == target.id for held in busy):
            check_policy(target, wish, ground.now(now), roles)
            return (target.id if request.to_room else None), ()
        name = ground.room_name(request.to_room or own or "")
        other = self._other(wish, busy, now, roles)
        if other is None or request.to_room is not None:
            remedy = f"{other.name} is free then." if other else "No other room that fits is free then; say another time."
            raise NothingFree(f"{name} is taken then.", remedy=remedy)
        return other.id, (f"{name} is taken then, so it goes to {other.name}",)

    def _other(self, wish: Wish, busy: list[HeldRoom], now: datetime, roles: frozenset[str] | None) -> Room | None:
        try:
            fit = allowed(suitable(self._ground.organization, wish), wish, self._ground.now(now), roles)
        except AskerCanFix:
            return None
        return next(iter(free(fit, wish, busy)), None)

    @staticmethod
    def _seats(thing: Thing, room: Room | None) -> int:
        """For how many there must be seats: those in the meeting; of a bare booking nobody knows, so as many as it has."""
        if isinstance(thing, Event):
            return 1 + len(thing.attendees)
        return room.capacity if room else 1

    def _choices(self, request: MoveMeeting, thing: Thing, asker: Asker, now: datetime) -> Clarify:
        """Times within the days that were said at which everybody in it can."""
        ground = self._ground
        start, end = self._time.window(request.period, now)
        people = sorted(thing.people) if isinstance(thing, Event) else [thing.person] if thing.person else []
        length = timedelta(seconds=thing.end.timestamp() - thing.start.timestamp())
        choices = []
        for one in spread(self._time.slots(people, length, start, end, but=thing if isinstance(thing, Event) else None), most=6):
            definite = replace(request, to=ground.here(one), period=None)
            try:
                room, _ = self._room(definite, thing, asker, now)
            except AskerCanFix:
                continue
            here = ground.here(one)
            said = f"{formats.weekday(here.date(), ground.said_in)} at {formats.clock(here, ground.said_in)}"
            choices.append(Choice(label=said + (f" in {ground.room_name(room)}" if room else ""), request=replace(definite, to_room=room)))
        if not choices:
            words = f" {request.period.words}" if request.period and request.period.words else ""
            raise NothingFree(f"There is no time{words} when everybody is free.", remedy="Say other days, or a time.")
        return Clarify(about="slot", missing="slot", choices=tuple(choices[:3]), partial=request, offer=True, said="Everybody can at these times.")

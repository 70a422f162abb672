"""A room that is held: longer, shorter, over, checked in to, given back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from insights.answers import Booking, BookingAnswer
from insights.errors import NotAnswerable, NothingFree, NotPermitted
from insights.events import EventChange
from insights.ledger.port import HeldRoom, RoomChange
from insights.meetings.acting import Act, Doing
from insights.meetings.ground import Ground
from insights.meetings.notices import tell
from insights.meetings.times import after
from insights.meetings.whose import is_others, meant
from insights.permit import Asker, acts_for, keeps_rooms
from insights.requests import CheckIn, EndMeeting, ExtendBooking, ReleaseRoom
from insights.wording import formats

EARLY = timedelta(minutes=15)
"""How long before its start one can check in to a booking."""

Held = ExtendBooking | EndMeeting | CheckIn | ReleaseRoom
_Attempt = Callable[[Act[BookingAnswer]], BookingAnswer]
_Found = Callable[[Act[BookingAnswer]], BookingAnswer | None]


class HoldingDesk:
    """What becomes of bookings. `settle` makes a request definite, `propose` tells what would come of it, and the `Doing`s carry it out."""

    def __init__(self, ground: Ground, asker: Callable[[str | None], Asker]) -> None:
        self._ground = ground

        def doing(kind: str, attempt: _Attempt, found: _Found, undone: str) -> Doing[BookingAnswer]:
            return Doing(kind=kind, answer=BookingAnswer, ledger=ground.ledger, attempt=attempt, found=found, undone=lambda _: undone, asker=asker)

        self.extending = doing("extend_booking", self._extend, self._extended, "the booking is as it was")
        self.ending = doing("end_meeting", self._end, self._ended, "the meeting was not ended")
        self.checking_in = doing("check_in", self._check_in, self._checked_in, "nobody was checked in")
        self.releasing = doing("release_room", self._release, self._released, "the room was not released")

    def settle(self, request: Held, *, asker: Asker, now: datetime) -> tuple[Held, ...]:
        """The request made definite: one for each booking that it can mean. Raises InsightsError where nothing can come of it."""
        match request:
            case ExtendBooking():
                found = meant(self._ground, asker, "extend", now=now, booking=request.booking, room=request.room, start=request.start, title=request.title)
                return tuple(self._longer(request, held, now) for held in found)
            case EndMeeting():
                found = meant(self._ground, asker, "end", now=now, booking=request.booking, room=request.room)
                return tuple(replace(request, room=held.room, booking=held.id) for held in found if self._is_running(held, now))
            case CheckIn():
                found = meant(self._ground, asker, "check_in", now=now, booking=request.booking, room=request.room)
                return tuple(replace(request, room=held.room, booking=held.id) for held in found if self._has_nearly_begun(held, now))
            case ReleaseRoom():
                found = meant(
                    self._ground, asker, "release", now=now, booking=request.booking, room=request.room, start=request.start, title=request.title,
                    period=request.period,
                )  # fmt: skip
                return tuple(replace(request, room=held.room, booking=held.id, start=self._ground.here(held.start), title=None, period=None) for held in found)

    def propose(self, request: ExtendBooking | ReleaseRoom, *, asker: Asker, now: datetime = datetime.min) -> BookingAnswer:
        """What would come of a settled request; of another day than today's (`now`, local) that is said."""
        held = self._found(request.booking, asker, "release" if isinstance(request, ReleaseRoom) else "extend")
        booking = self._ground.booking(held, asker)
        others = is_others(asker, held)
        if isinstance(request, ReleaseRoom):
            told = self._affected(held, asker)
            return BookingAnswer(status="proposed", act="release", booking=booking, told=told, reason=request.reason, others=others)
        assert request.until is not None
        act, now_until = ("shorten" if request.until < booking.end else "extend"), replace(booking, end=request.until)
        return BookingAnswer(status="proposed", act=act, booking=now_until, before=booking, others=others, assumed=self._day(held, now))  # type: ignore[arg-type]  # one of two literals

    def needs_reason(self, request: ReleaseRoom, *, asker: Asker) -> bool:
        """Whether those affected must hear why: what the office does to others' bookings."""
        held = self._ground.rooms.find(request.booking or "")
        return held is not None and held.person is not None and not request.reason and not acts_for(asker, held.person, self._ground.organization)

    def others(self, request: Held, *, asker: Asker) -> bool:
        """Whether the settled request is about somebody else's booking."""
        held = self._ground.rooms.find(request.booking or "")
        return held is not None and is_others(asker, held)

    def is_of_another_day(self, request: Held, *, now: datetime) -> bool:
        """Whether the settled request is about a booking that is not for today."""
        held = self._ground.rooms.find(request.booking or "")
        return held is not None and self._ground.here(held.start).date() != now.date()

    def _day(self, held: HeldRoom, now: datetime) -> tuple[str, ...]:
        """Which booking it is, said where it is not for today."""
        ground, start = self._ground, self._ground.here(held.start)
        if now == datetime.min or start.date() == now.date():
            return ()
        return (f"it is the booking of {formats.weekday(start.date(), ground.said_in)} at {formats.clock(start, ground.said_in)}",)

    def _found(self, booking: str | None, asker: Asker, doing: str) -> HeldRoom:
        (held,) = meant(self._ground, asker, doing, now=datetime.min, booking=booking or "")  # type: ignore[arg-type]  # the callers name one
        return held

    def _longer(self, request: ExtendBooking, held: HeldRoom, now: datetime) -> ExtendBooking:
        ground = self._ground
        if request.length is not None:
            end = after(held.start, timedelta(minutes=request.length))
        else:
            end = after(held.end, timedelta(minutes=request.minutes)) if request.minutes is not None else ground.at(request.until or now)
        if request.length is None and request.until is not None and request.minutes is None and end.timestamp() <= held.start.timestamp():
            end = ground.at(datetime.combine(ground.here(held.end).date(), request.until.time()))
        room = ground.room(held.room)
        if end.timestamp() <= max(held.start.timestamp(), ground.now(now).timestamp()):
            raise NotAnswerable("Then it would be over already.", remedy="Say 'end the meeting', or another time.")
        if end.timestamp() == held.end.timestamp():
            raise NotAnswerable(f"It goes until {formats.clock(ground.here(end), ground.said_in)} already.", remedy="Say a later time.")
        longest = room.policy.longest if room else timedelta(days=14)
        if end.timestamp() - held.start.timestamp() > longest.total_seconds() and end.timestamp() > held.end.timestamp():
            most = formats.clock(ground.here(after(held.start, longest)), ground.said_in)
            raise NotPermitted(f"{ground.room_name(held.room)} can be kept until {most} at most.", remedy=f"Ask for {most} or earlier.")
        return replace(request, room=held.room, booking=held.id, minutes=None, until=ground.here(end), length=None, title=None, start=None)

    def _is_running(self, held: HeldRoom, now: datetime) -> bool:
        ground = self._ground
        if held.start.timestamp() > ground.now(now).timestamp():
            starts = ground.here(held.start)
            raise NotAnswerable(
                f"Your booking of {ground.room_name(held.room)} begins on {formats.weekday(starts.date(), ground.said_in)} at "
                f"{formats.clock(starts, ground.said_in)}.",
                remedy="Say 'release it' to give it back.",
            )
        return True

    def _has_nearly_begun(self, held: HeldRoom, now: datetime) -> bool:
        ground = self._ground
        if held.start.timestamp() - EARLY.total_seconds() > ground.now(now).timestamp():
            opens = ground.here(after(held.start, -EARLY))
            raise NotAnswerable(
                f"It is too early to check in to {ground.room_name(held.room)}.",
                remedy=f"You can from {formats.clock(opens, ground.said_in)} on {formats.weekday(opens.date(), ground.said_in)}.",
            )
        return True

    def _extend(self, act: Act[BookingAnswer]) -> BookingAnswer:
        ground, request = self._ground, act.request
        held = self._found(request.booking, act.asker, "extend")
        changed = self._until(held, ground.at(request.until), act)
        if changed is None:
            raise self._taken_after(held, act.asker)
        status = "shortened" if changed.end.timestamp() < held.end.timestamp() else "extended"
        ahead = next(iter(self._next(changed, act.asker)), None)
        told = self._tell(held, changed, act, "now ends at") if is_others(act.asker, held) else ()
        return BookingAnswer(
            status=status,  # type: ignore[arg-type]  # one of two literals
            booking=ground.booking(changed, act.asker),
            before=ground.booking(held, act.asker),
            others=is_others(act.asker, held),
            told=told,
            ahead=ahead,
            assumed=self._day(held, act.now),
        )

    def _until(self, held: HeldRoom, end: datetime, act: Act[BookingAnswer]) -> HeldRoom | None:
        """The room until then, and the meeting that it is for; None when it is taken."""
        change = RoomChange(key=act.key, booking=held.id, room=held.room, start=held.start, end=end)
        changed = self._ground.rooms.change(change, now=act.now)
        if changed is not None:
            self._meeting_along(held, changed, act)
        return changed

    def _meeting_along(self, before: HeldRoom | None, changed: HeldRoom, act: Act[BookingAnswer]) -> None:
        """The meeting that ended with its room ends with it now. Where nobody knows when that was, one that began with it is taken to have."""
        event = self._ground.meeting_of(changed)
        if event is None or event.start.timestamp() != changed.start.timestamp() or event.end.timestamp() == changed.end.timestamp():
            return
        if before is None or event.end.timestamp() == before.end.timestamp():
            now = act.now if act.now > datetime.min else self._ground.here(changed.start)
            self._ground.calendars.change(event, EventChange(end=changed.end), key=f"{act.key}:meeting", now=now)

    def _extended(self, act: Act[BookingAnswer]) -> BookingAnswer | None:
        held = self._ground.rooms.find(act.request.booking)
        if held is None or self._ground.here(held.end) != act.request.until:
            return None
        before = self._ground.ledger().changed_under(act.key)
        self._meeting_along(before, held, act)
        told = self._tell(held, held, act, "now ends at") if is_others(act.asker, held) else ()
        return BookingAnswer(status="extended", booking=self._ground.booking(held, act.asker), others=is_others(act.asker, held), told=told)

    def _taken_after(self, held: HeldRoom, asker: Asker) -> NothingFree:
        ground = self._ground
        ahead = next(iter(self._next(held, asker)), None)
        name = ground.room_name(held.room)
        if ahead is None:
            return NothingFree(f"{name} is taken then.", remedy="Ask for less.")
        begins = formats.clock(ahead.start, ground.said_in)
        if ahead.start <= ground.here(held.end):
            return NothingFree(f"{name} is booked again from {begins} on.", remedy="Ask which rooms are free then.")
        return NothingFree(f"{name} is booked again from {begins} on.", remedy=f"I can keep it until {begins}.")

    def _next(self, held: HeldRoom, asker: Asker) -> list[Booking]:
        """What comes in the same room that day after a booking, as this asker may hear of it."""
        ground = self._ground
        later = ground.rooms.busy(held.end, after(held.end, timedelta(hours=12)))
        return [ground.booking(one, asker) for one in later if one.room == held.room and one.id != held.id]

    def _end(self, act: Act[BookingAnswer]) -> BookingAnswer:
        ground = self._ground
        held = self._found(act.request.booking, act.asker, "end")
        end = ground.now(act.now.replace(second=0, microsecond=0))
        if end.timestamp() <= held.start.timestamp():
            ground.rooms.release(held.id, key=act.key, now=act.now)
            changed = held
        else:
            changed = self._until(held, end, act) or held
        told = self._tell(held, changed, act, "was ended at") if is_others(act.asker, held) else ()
        shown = ground.booking(changed, act.asker)
        return BookingAnswer(
            status="ended", booking=replace(shown, end=ground.here(end)), before=ground.booking(held, act.asker), others=is_others(act.asker, held), told=told
        )

    def _ended(self, act: Act[BookingAnswer]) -> BookingAnswer | None:
        """It has ended when it is gone, or when its end was brought forward under this key."""
        held = self._ground.rooms.find(act.request.booking)
        before = self._ground.ledger().changed_under(act.key)
        if before is None:
            return None
        if held is not None:
            self._meeting_along(before, held, act)
        told = self._tell(before, held or before, act, "was ended at") if is_others(act.asker, before) else ()
        shown = self._ground.booking(held or before, act.asker)
        return BookingAnswer(status="ended", booking=shown, before=self._ground.booking(before, act.asker), others=is_others(act.asker, before), told=told)

    def _check_in(self, act: Act[BookingAnswer]) -> BookingAnswer:
        held = self._found(act.request.booking, act.asker, "check_in")
        person = act.asker.person.id if act.asker.person else None
        self._ground.ledger().check_in(held.id, held.room, key=act.key, person=person, now=act.now)
        return BookingAnswer(status="checked_in", booking=self._ground.booking(held, act.asker), others=is_others(act.asker, held))

    def _checked_in(self, act: Act[BookingAnswer]) -> BookingAnswer | None:
        held = self._ground.rooms.find(act.request.booking)
        if held is None or self._ground.ledger().checked_in(held.id) is None:
            return None
        return BookingAnswer(status="checked_in", booking=self._ground.booking(held, act.asker), others=is_others(act.asker, held))

    def _release(self, act: Act[BookingAnswer]) -> BookingAnswer:
        ground = self._ground
        held = self._found(act.request.booking, act.asker, "release")
        by_office = keeps_rooms(act.asker) and not acts_for(act.asker, held.person, ground.organization)
        ground.rooms.release(held.id, key=act.key, now=act.now, why="displaced" if by_office else "released")
        return self._given_back(held, act)

    def _given_back(self, held: HeldRoom, act: Act[BookingAnswer]) -> BookingAnswer:
        """What follows from a room that was given back: its meeting is nowhere, a bare booking of a series is off, and those affected hear of it."""
        ground, others = self._ground, is_others(act.asker, held)
        then = ground.calendars.events(held.person, held.start, held.end) if held.meeting is not None and held.person is not None else ()
        event = next((one for one in then if one.key == held.meeting), None)
        now = act.now if act.now > datetime.min else ground.here(held.start)
        if event is not None and event.attendees and event.room == held.room:
            ground.calendars.change(event, EventChange(room=""), key=f"{act.key}:meeting", now=now)
        elif event is not None and not event.attendees:
            ground.calendars.cancel(event, key=f"{act.key}:meeting", now=now)
        told = self._tell(held, held, act, "was released") if others or (event and event.attendees) else ()
        return BookingAnswer(status="released", booking=ground.booking(held, act.asker), others=others, told=told, reason=act.request.reason)

    def _released(self, act: Act[BookingAnswer]) -> BookingAnswer | None:
        if self._ground.rooms.find(act.request.booking) is not None:
            return None
        before = self._ground.ledger().changed_under(act.key)
        if before is None:  # kept elsewhere, where only what is held is known
            request = act.request
            gone = Booking(id=request.booking, room=request.room, room_name=self._ground.room_name(request.room), start=request.start, end=request.start)
            return BookingAnswer(status="released", booking=gone)
        return self._given_back(before, act)

    def _affected(self, held: HeldRoom, asker: Asker) -> tuple[str, ...]:
        """The names of those who are told when something becomes of a booking."""
        me = asker.person.id if asker.person else None
        return tuple(self._ground.name(person) for person in sorted(self._ground.people_in(held)) if person != me)

    def _tell(self, held: HeldRoom, changed: HeldRoom, act: Act[BookingAnswer], what: str) -> tuple[str, ...]:
        ground = self._ground
        until = f" {formats.clock(ground.here(changed.end), ground.locale)}" if what.endswith("at") else ""
        start = ground.here(held.start)
        when = f"on {formats.weekday(start.date(), ground.locale)} at {formats.clock(start, ground.locale)}"
        by = act.asker.person.name if act.asker.person else "Somebody"
        said = f"{ground.room_name(held.room)} {when} {what}{until} by {by}"
        reason = getattr(act.request, "reason", None)
        return tell(ground, ground.people_in(held), said, act, reason=reason)

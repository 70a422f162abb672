"""Find, propose and book a room."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from insights.answers import Booking, BookingAnswer, RoomsAnswer, Row
from insights.contract import decode, decode_request, encode
from insights.errors import InsightsError, NotAnswerable, NotPermitted
from insights.ledger.once import Step, once, silent
from insights.ledger.port import HeldRoom, RoomHold
from insights.meetings.acting import Act
from insights.meetings.choosing import Wish, allowed, check_policy, free, known_equipment, known_place, suitable, suits
from insights.meetings.displacing import Displacing
from insights.meetings.ground import Ground
from insights.meetings.notices import tell
from insights.meetings.refusing import AHEAD, nothing_free
from insights.meetings.repeating import Repeating
from insights.meetings.times import after, wall
from insights.organization import Room
from insights.permit import Asker, acts_for, keeps_rooms
from insights.requests import THIS, BookRoom, FindRoom
from insights.wording import formats

KIND = "book_room"
USUAL = 30
"""Minutes of a meeting when no length is said."""
_LATE = timedelta(minutes=5)  # "at three", said just after three, still means today's three
_LONGEST = timedelta(days=14)  # the bound of a single booking, see the ledger
_TITLE = 200
_AGAIN = ":again"
"""What the key of a block goes on with whose making was interrupted: under its own nothing is made any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """A wish made definite: the rooms that are free for it, best first."""

    wish: Wish
    rooms: list[Room]
    assumed: tuple[str, ...]


class RoomDesk:
    """Rooms of one organization, in one time zone, over one provider. Safe to use from many threads."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._displacing = Displacing(ground)
        self._repeating = Repeating(ground)

    def find(self, request: FindRoom, *, asker: Asker, now: datetime) -> RoomsAnswer:
        """See the port."""
        wish = BookRoom(
            start=request.start,
            minutes=request.minutes,
            people=request.people,
            equipment=request.equipment,
            floor=request.floor,
            building=request.building,
            nearest=request.nearest,
            near=request.near,
            without=request.without,
        )
        plan = self._plan(wish, asker, now)
        return RoomsAnswer(start=wall(plan.wish.start), end=wall(plan.wish.end), rooms=tuple(_row(room) for room in plan.rooms), assumed=plan.assumed)

    def propose(self, request: BookRoom, *, asker: Asker, now: datetime) -> BookingAnswer:
        """See the port."""
        holder = self._holder(request, asker)
        if request.repeats is not None:
            request, first = self._repeating.settled(request, now), True
        else:
            first = False
        plan = self._block(request, asker, now) if request.block else self._plan(request, asker, now)
        room, wish = plan.rooms[0], plan.wish
        booking = Booking(
            id="", room=room.id, room_name=room.name, start=wall(wish.start), end=wall(wish.end), title=_title(request), capacity=room.capacity,
            person=holder, person_name=self._ground.name(holder) if holder else None, block=request.block,
        )  # fmt: skip
        others = request.person is not None and holder != (asker.person.id if asker.person else None)
        answer = BookingAnswer(status="proposed", booking=booking, assumed=plan.assumed, others=others, reason=request.reason, repeats=request.repeats)
        if request.block:
            there = self._displacing.there(room, wish)
            told = tuple(dict.fromkeys(self._ground.name(person) for held in there for person in sorted(self._ground.people_in(held))))
            return replace(answer, displaced=tuple(self._ground.booking(held, asker) for held in there), told=told)
        if first:
            coverage = self._repeating.coverage(room, wish, request.repeats or "", now=now)
            return replace(answer, missing=coverage.missing, through=coverage.through)
        return answer

    def settled(self, request: BookRoom, proposed: BookingAnswer) -> BookRoom:
        """See the port."""
        rule = proposed.repeats
        minutes = USUAL if request.minutes is None else request.minutes
        return replace(request, room=proposed.booking.room, start=proposed.booking.start, minutes=minutes, repeats=rule)

    def displaces(self, request: BookRoom, *, asker: Asker, now: datetime) -> bool:
        """Whether a block takes the room from anybody who must hear why."""
        plan = self._block(request, asker, now)
        return bool(self._displacing.there(plan.rooms[0], plan.wish))

    def book(self, request: BookRoom, *, asker: Asker, now: datetime, key: str, step: Step = silent) -> BookingAnswer:
        """See the port; `step` hears the steps of the action."""
        result = once(
            self._ground.ledger(),
            key=key,
            kind=KIND,
            request=json.dumps(encode(request)),
            person=asker.person.id if asker.person else None,
            now=now,
            attempt=lambda: self._hold(request, asker, key, now),
            found=lambda: self.found(key),
            step=step,
        )
        return self.answer(result)

    def found(self, key: str) -> str | None:
        """The result of the booking made under this key, or None: for reconciliation. A series is held to its end of what was begun."""
        action = self._ground.ledger().find(key)
        request = decode_request(json.loads(action.request)) if action is not None else None
        if action is None or not isinstance(request, BookRoom):
            return None
        asker = Asker(person=self._ground.person(action.person) if action.person else None, audience="private")
        now = self._ground.here(datetime.fromtimestamp(action.begun, self._ground.zone))
        held = None if request.repeats is not None else self._ground.rooms.held(key) or self._ground.rooms.held(f"{key}{_AGAIN}")
        answer: BookingAnswer | None = None
        if request.repeats is not None:
            answer = self._repeating.found(request, asker=asker, key=key)
        elif request.block:
            answer = self._cleared(request, asker, key, now, held)
        elif held is not None:
            answer = self._done(request, held, asker, key, now)
        return None if answer is None else json.dumps(encode(answer))

    def _cleared(self, request: BookRoom, asker: Asker, key: str, now: datetime, held: HeldRoom | None) -> BookingAnswer | None:
        """A room that was taken out of use under this key, or was being cleared for it: then that is done to its end."""
        plan = self._block(request, asker, now, confirmed=True)
        act: Act[BookingAnswer] = Act(request=request, asker=asker, key=key, now=now)
        finished = self._displacing.finish(plan.rooms[0], plan.wish, act) if held is None else None
        if held is None and finished is None:
            return None
        if held is None:
            held = self._ground.rooms.hold(self._out_of_use(request, plan, asker, f"{key}{_AGAIN}"), now=now)
        displaced, told = finished or ((), ())
        return None if held is None else BookingAnswer(status="booked", booking=self._booking(held), displaced=displaced, told=told, reason=request.reason)

    def answer(self, result: str) -> BookingAnswer:
        """The answer that a recorded result stands for."""
        facts = json.loads(result)
        if "booking" not in facts:  # as an older version kept it
            return BookingAnswer(status="booked", booking=decode(facts, Booking))
        return decode(facts, BookingAnswer)

    def undone(self, request: str) -> InsightsError:
        """What to tell the person whose booking was interrupted and did not happen."""
        asked = decode_request(json.loads(request))
        room = self._ground.room(asked.room or "") if isinstance(asked, BookRoom) else None
        return NotAnswerable(f"I was interrupted, and {room.name if room else 'the room'} was not booked.", remedy="Ask again if you still want it.")

    def _hold(self, request: BookRoom, asker: Asker, key: str, now: datetime) -> str:
        holder = self._holder(request, asker)
        if request.repeats is not None:
            settled = self._repeating.settled(request, now)
            plan = self._plan(settled, asker, now, confirmed=True)
            return json.dumps(encode(self._repeating.book(settled, plan.rooms[0], plan.wish, asker=asker, holder=holder, key=key, now=now)))
        if request.block:
            return json.dumps(encode(self._take_over(request, asker, key, now)))
        plan = self._plan(request, asker, now, confirmed=True)
        for room in plan.rooms:  # the best may be taken while we speak; any other that fits will do unless one was named
            wish = RoomHold(
                key=key, room=room.id, person=holder, start=plan.wish.start, end=plan.wish.end, title=_title(request), private=request.private
            )  # fmt: skip
            held = self._ground.rooms.hold(wish, now=now)
            if held is not None:
                return json.dumps(encode(self._done(request, held, asker, key, now)))
        raise self._nothing_free(plan.wish, request, asker, now)

    def _done(self, request: BookRoom, held: HeldRoom, asker: Asker, key: str, now: datetime) -> BookingAnswer:
        """What follows from a booking: whoever books it as it begins is there."""
        if held.start.timestamp() <= self._ground.now(now).timestamp():
            self._ground.ledger().check_in(held.id, held.room, key=f"{key}:here", person=held.person, now=now)
        return self._told(request, held, asker, key, now)

    def _told(self, request: BookRoom, held: HeldRoom, asker: Asker, key: str, now: datetime) -> BookingAnswer:
        """What was booked; whoever has it through somebody else hears of it."""
        others = held.person != (asker.person.id if asker.person else None)
        told: tuple[str, ...] = ()
        if others and held.person is not None:
            start = self._ground.here(held.start)
            when = f"on {formats.weekday(start.date(), self._ground.locale)} at {formats.clock(start, self._ground.locale)}"
            act: Act[BookingAnswer] = Act(request=request, asker=asker, key=key, now=now)
            by = asker.person.name if asker.person else "Somebody"
            told = tell(self._ground, [held.person], f"{by} has booked {self._ground.room_name(held.room)} for you {when}", act)
        return BookingAnswer(status="booked", booking=self._booking(held), others=others, told=told)

    def _take_over(self, request: BookRoom, asker: Asker, key: str, now: datetime) -> BookingAnswer:
        """Keep a room out of use: whoever has it then gives way and is told why."""
        plan = self._block(request, asker, now, confirmed=True)
        act: Act[BookingAnswer] = Act(request=request, asker=asker, key=key, now=now)
        displaced, told = self._displacing.clear(plan.rooms[0], plan.wish, act)
        held = self._ground.rooms.hold(self._out_of_use(request, plan, asker, key), now=now)
        if held is None:  # somebody was quicker than the clearing: it is cleared again when asked again
            raise self._nothing_free(plan.wish, request, asker, now)
        return BookingAnswer(status="booked", booking=self._booking(held), displaced=displaced, told=told, reason=request.reason)

    @staticmethod
    def _out_of_use(request: BookRoom, plan: _Plan, asker: Asker, key: str) -> RoomHold:
        person = asker.person.id if asker.person else None
        title = _title(request) or request.reason or "Out of use"
        return RoomHold(key=key, room=plan.rooms[0].id, person=person, start=plan.wish.start, end=plan.wish.end, title=title[:_TITLE], block=True)

    def _holder(self, request: BookRoom, asker: Asker) -> str | None:
        """For whom it is booked. Raises NotPermitted for somebody for whom the asker may not act."""
        if request.person is None:
            return asker.person.id if asker.person else None
        if not acts_for(asker, request.person, self._ground.organization):
            raise NotPermitted(f"You can't book for {self._ground.name(request.person)}.", remedy="Ask them to make you their delegate.")
        return request.person

    def _block(self, request: BookRoom, asker: Asker, now: datetime, *, confirmed: bool = False) -> _Plan:
        """The room and time of a block, whoever has it. Raises NotPermitted for anybody who does not keep the rooms."""
        if not keeps_rooms(asker):
            raise NotPermitted("Only the office can take a room out of use.", remedy="Book it instead, or ask the office.")
        if request.room is None:
            raise NotAnswerable("I need to know which room to block.", remedy="Say its name.")
        room = self._ground.organization.room_called(request.room, here=asker.room)
        return _Plan(wish=self._wish(request, asker, now, confirmed=confirmed), rooms=[room], assumed=self._assumed(request))

    def _assumed(self, request: BookRoom) -> tuple[str, ...]:
        return (f"{USUAL} minutes, because no length was said",) if request.minutes is None else ()

    def _plan(self, request: BookRoom, asker: Asker, now: datetime, *, confirmed: bool = False) -> _Plan:
        """Make the request definite. A `confirmed` one may have begun while the person thought about it."""
        ground = self._ground
        named = ground.organization.room_called(request.room, here=asker.room) if request.room else None
        wish = self._wish(request, asker, now, confirmed=confirmed)
        here, roles = ground.now(now), self._roles(asker)
        if named is not None:
            check_policy(named, wish, here, roles)
            fit = [named] if suits(named, wish) else []
        else:
            fit = allowed(suitable(ground.organization, wish), wish, here, roles)
        rooms = free(fit, wish, ground.rooms.busy(wish.start, wish.end))
        if not rooms:
            raise self._nothing_free(wish, request, asker, now)
        return _Plan(wish=wish, rooms=rooms, assumed=self._assumed(request))

    def _roles(self, asker: Asker) -> frozenset[str] | None:
        """By which roles a policy is judged; those who keep the rooms may book any."""
        return None if keeps_rooms(asker) else asker.person.roles if asker.person else frozenset()

    def _wish(self, request: BookRoom, asker: Asker, now: datetime, *, confirmed: bool) -> Wish:
        ground = self._ground
        minutes = USUAL if request.minutes is None else request.minutes
        if minutes <= 0 or (request.people is not None and request.people <= 0):
            raise NotAnswerable("A meeting needs some time and somebody in it.", remedy="Say for how long and for how many.")
        if minutes > _LONGEST.total_seconds() / 60:
            raise NotPermitted("No room can be booked for more than 14 days at a time.", remedy="Ask for a shorter time.")
        start = (now if request.start is None else request.start).replace(second=0, microsecond=0)
        passed = NotAnswerable("That time has passed.", remedy="Say a time that is still to come.")
        if start < now - (_LONGEST if confirmed else _LATE):
            raise passed
        if start.year > now.year + 50:
            raise NotPermitted("No room can be booked that far ahead.", remedy="Ask for an earlier day.")
        begins = ground.at(start)
        ends = after(begins, timedelta(minutes=minutes))
        if wall(ends) <= now:
            raise passed
        where = request.near or (asker.room if request.nearest else None)
        near = ground.room(where) if where else None
        if (request.nearest or request.near) and near is None and request.room is None:
            raise _nowhere()
        floor, building = self._place(request, asker)
        return Wish(
            start=begins,
            end=ends,
            people=request.people,
            equipment=known_equipment(request.equipment, ground.organization),
            floor=floor,
            building=building,
            near=near,
            without=frozenset((*request.without, request.near or "")),
        )

    def _place(self, request: BookRoom, asker: Asker) -> tuple[str | None, str | None]:
        """The floor and the building that are wanted; "this floor" is that of the room in which it is said, in its building."""
        ground, floor, building = self._ground, request.floor, request.building
        if THIS in (floor, building):
            here = ground.room(asker.room or "")
            if here is None:
                raise _nowhere()
            if floor == THIS and here.floor is None:
                raise NotAnswerable(f"I don't know on which floor {here.name} is.", remedy="Name the floor.")
            if building == THIS and here.building is None:
                raise NotAnswerable(f"I don't know in which building {here.name} is.", remedy="Name the building.")
            floor = here.floor if floor == THIS else floor
            building = here.building if building in (THIS, None) else building
        return known_place(floor, "floor", ground.organization), known_place(building, "building", ground.organization)

    def _nothing_free(self, wish: Wish, request: BookRoom, asker: Asker, now: datetime) -> InsightsError:
        ground = self._ground
        named = ground.organization.room_called(request.room, here=asker.room) if request.room else None
        rooms = allowed(suitable(ground.organization, wish), wish, ground.now(now), self._roles(asker))
        busy = ground.rooms.busy(wish.start, after(wish.end, AHEAD))
        return nothing_free(rooms, wish, busy, named=named, locale=ground.said_in)

    def _booking(self, held: HeldRoom) -> Booking:
        """A booking as whoever made it sees it."""
        room = self._ground.room(held.room)
        return Booking(
            id=held.id,
            room=held.room,
            room_name=room.name if room else held.room,
            start=self._ground.here(held.start),
            end=self._ground.here(held.end),
            title=held.title,
            capacity=room.capacity if room else None,
            person=held.person,
            person_name=self._ground.name(held.person) if held.person else None,
            block=held.block,
        )


def _nowhere() -> NotAnswerable:
    return NotAnswerable("I don't know where you are.", remedy="Ask the speaker in a room, or name a floor or a building.")


def _title(request: BookRoom) -> str | None:
    return request.title[:_TITLE] if request.title else None


def _row(room: Room) -> Row:
    return {
        "room": room.id,
        "name": room.name,
        "capacity": room.capacity,
        "equipment": ", ".join(sorted(room.equipment)),
        "floor": room.floor,
        "building": room.building,
    }

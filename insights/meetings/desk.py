"""Find, propose and book a room, and tell what somebody has booked."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from insights.answers import Booking, BookingAnswer, CalendarAnswer, RoomsAnswer, Row
from insights.contract import decode_request, encode
from insights.errors import InsightsError, NotAnswerable, NotPermitted
from insights.ledger.once import Step, once, silent
from insights.ledger.port import Actions, HeldRoom, RoomHold
from insights.meetings.choosing import Wish, allowed, check_policy, free, known_equipment, suitable, suits
from insights.meetings.port import Rooms
from insights.meetings.refusing import AHEAD, nothing_free
from insights.meetings.times import after, moment, wall
from insights.organization import Organization, Room
from insights.permit import Asker
from insights.requests import BookRoom, FindRoom, MyCalendar

KIND = "book_room"
USUAL = 30
"""Minutes of a meeting when no length is said."""
_LATE = timedelta(minutes=5)  # "at three", said just after three, still means today's three
_LONGEST = timedelta(days=14)  # the bound of a single booking, see the ledger
_TITLE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """A wish made definite: the rooms that are free for it, best first."""

    wish: Wish
    rooms: list[Room]
    assumed: tuple[str, ...]


class RoomDesk:
    """Meetings in the rooms of one organization, in one time zone, over one provider. Safe to use from many threads."""

    def __init__(self, *, provider: Rooms, actions: Callable[[], Actions], organization: Organization, timezone: str, locale: str = "en-US") -> None:
        self._provider = provider
        self._actions = actions
        self._organization = organization
        self._zone = ZoneInfo(timezone)
        self._locale = locale

    def find(self, request: FindRoom, *, asker: Asker, now: datetime) -> RoomsAnswer:
        """See the port."""
        plan = self._plan(BookRoom(start=request.start, minutes=request.minutes, people=request.people, equipment=request.equipment), asker, now)
        return RoomsAnswer(start=wall(plan.wish.start), end=wall(plan.wish.end), rooms=tuple(_row(room) for room in plan.rooms), assumed=plan.assumed)

    def propose(self, request: BookRoom, *, asker: Asker, now: datetime) -> BookingAnswer:
        """See the port."""
        plan = self._plan(request, asker, now)
        room, wish = plan.rooms[0], plan.wish
        booking = Booking(
            id="", room=room.id, room_name=room.name, start=wall(wish.start), end=wall(wish.end), title=_title(request), capacity=room.capacity
        )  # fmt: skip
        return BookingAnswer(status="proposed", booking=booking, assumed=plan.assumed)

    def settled(self, request: BookRoom, proposed: BookingAnswer) -> BookRoom:
        """See the port."""
        return replace(request, room=proposed.booking.room, start=proposed.booking.start, minutes=USUAL if request.minutes is None else request.minutes)

    def book(self, request: BookRoom, *, asker: Asker, now: datetime, key: str, step: Step = silent) -> BookingAnswer:
        """See the port; `step` hears the steps of the action."""
        result = once(
            self._actions(),
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

    def mine(self, request: MyCalendar, *, asker: Asker, now: datetime) -> CalendarAnswer:
        """See the port."""
        start: datetime | None = now.replace(tzinfo=self._zone)
        end = None
        if request.period is not None:
            first, last = request.period.first, request.period.last
            start = datetime.combine(first, time(), self._zone) if first else None
            end = datetime.combine(last + timedelta(days=1), time(), self._zone) if last else None
        held = self._provider.held_by(asker.person.id if asker.person else None, start=start, end=end)
        return CalendarAnswer(period=request.period, bookings=tuple(self._booking(one) for one in held))

    def found(self, key: str) -> str | None:
        """The result of the booking made under this key, or None: for reconciliation."""
        held = self._provider.held(key)
        return None if held is None else json.dumps(encode(self._booking(held)))

    def answer(self, result: str) -> BookingAnswer:
        """The answer that a recorded result stands for."""
        facts = json.loads(result)
        start, end = datetime.fromisoformat(facts.pop("start")), datetime.fromisoformat(facts.pop("end"))
        return BookingAnswer(status="booked", booking=Booking(start=start, end=end, **facts))

    def undone(self, request: str) -> InsightsError:
        """What to tell the person whose booking was interrupted and did not happen."""
        asked = decode_request(json.loads(request))
        room = self._organization.rooms.get(asked.room or "") if isinstance(asked, BookRoom) else None
        return NotAnswerable(f"I was interrupted, and {room.name if room else 'the room'} was not booked.", remedy="Ask again if you still want it.")

    def _hold(self, request: BookRoom, asker: Asker, key: str, now: datetime) -> str:
        plan = self._plan(request, asker, now, confirmed=True)
        person = asker.person.id if asker.person else None
        for room in plan.rooms:  # the best may be taken while we speak; any other that fits will do unless one was named
            wish = RoomHold(key=key, room=room.id, person=person, start=plan.wish.start, end=plan.wish.end, title=_title(request))
            held = self._provider.hold(wish, now=now)
            if held is not None:
                return json.dumps(encode(self._booking(held)))
        raise self._nothing_free(plan.wish, request, asker, now)

    def _plan(self, request: BookRoom, asker: Asker, now: datetime, *, confirmed: bool = False) -> _Plan:
        """Make the request definite. A `confirmed` one may have begun while the person thought about it."""
        assumed = []
        if request.minutes is None:
            assumed.append(f"{USUAL} minutes, because no length was said")
        named = self._organization.room_called(request.room, here=asker.room) if request.room else None
        wish = self._wish(request, now, confirmed=confirmed)
        here = now.replace(tzinfo=self._zone)
        if named is not None:
            check_policy(named, wish, here)
            fit = [named] if suits(named, wish) else []
        else:
            fit = allowed(suitable(self._organization, wish), wish, here)
        rooms = free(fit, wish, self._provider.busy(wish.start, wish.end))
        if not rooms:
            raise self._nothing_free(wish, request, asker, now)
        return _Plan(wish=wish, rooms=rooms, assumed=tuple(assumed))

    def _wish(self, request: BookRoom, now: datetime, *, confirmed: bool) -> Wish:
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
        begins = moment(start, self._zone)
        ends = after(begins, timedelta(minutes=minutes))
        if wall(ends) <= now:
            raise passed
        equipment = known_equipment(request.equipment, self._organization)
        return Wish(start=begins, end=ends, people=request.people, equipment=equipment)

    def _nothing_free(self, wish: Wish, request: BookRoom, asker: Asker, now: datetime) -> InsightsError:
        named = self._organization.room_called(request.room, here=asker.room) if request.room else None
        rooms = allowed(suitable(self._organization, wish), wish, now.replace(tzinfo=self._zone))
        busy = self._provider.busy(wish.start, after(wish.end, AHEAD))
        return nothing_free(rooms, wish, busy, named=named, locale=self._locale)

    def _booking(self, held: HeldRoom) -> Booking:
        room = self._organization.rooms.get(held.room)
        return Booking(
            id=held.id,
            room=held.room,
            room_name=room.name if room else held.room,
            start=wall(held.start.astimezone(self._zone)),
            end=wall(held.end.astimezone(self._zone)),
            title=held.title,
            capacity=room.capacity if room else None,
        )


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

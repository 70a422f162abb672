"""A room held again and again: a series in its holder's calendar, and a booking for each of its times as far ahead as the room may be booked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from insights.answers import Booking, BookingAnswer
from insights.errors import NotAnswerable
from insights.events import Draft, Event
from insights.ledger.port import HeldRoom, RoomHold
from insights.meetings.choosing import Wish
from insights.meetings.ground import Ground
from insights.meetings.recurring import occurrences, settled
from insights.meetings.times import after, overlap
from insights.organization import Room
from insights.permit import Asker
from insights.requests import BookRoom


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """On which days of a series its room can be had: through which it is held so far, and which are missing."""

    missing: tuple[date, ...]
    through: date


class Repeating:
    """Holds rooms for series."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def settled(self, request: BookRoom, now: datetime) -> BookRoom:
        """The request with its first time, and its rule without a time of day. Raises NotAnswerable for what repeats more than once a day."""
        clock = request.start is not None and (request.start.hour, request.start.minute) != (0, 0)
        begins = request.start if request.start is not None and request.start >= now else now.replace(second=0, microsecond=0)
        if request.start is not None and clock and request.start < now:
            begins = datetime.combine(now.date(), request.start.time())
            begins += timedelta(days=1) if begins < now else timedelta()
        rule, first = settled(request.repeats or "", begins, clock=clock)
        return replace(request, start=first, repeats=rule)

    def coverage(self, room: Room, wish: Wish, rule: str, *, now: datetime) -> Coverage:
        """What would be held."""
        spans = list(self._spans(room, wish.start, wish.end, rule, now))
        busy = [held for held in self._ground.rooms.busy(spans[0][0], spans[-1][1]) if held.room == room.id]
        missing = [span[0].date() for span in spans if any(overlap(*span, held.start, held.end) for held in busy)]
        return Coverage(missing=tuple(missing), through=spans[-1][0].date())

    def book(self, request: BookRoom, room: Room, wish: Wish, *, asker: Asker, holder: str | None, key: str, now: datetime) -> BookingAnswer:
        """Keep the series and hold the room for it; safe to repeat with the same key."""
        if holder is None:
            raise NotAnswerable("I can only repeat a booking for somebody whom I know.", remedy="Say who you are with --as, or book one day.")
        title = request.title or room.name
        draft = Draft(
            key=key, organizer=holder, title=title[:200], start=wish.start, end=wish.end, room=room.id, private=request.private, rule=request.repeats
        )  # fmt: skip
        event = self._ground.calendars.create(draft, now=now)
        return self._held(event, asker, now=now)

    def found(self, request: BookRoom, *, asker: Asker, key: str) -> BookingAnswer | None:
        """What was booked under this key; what was left out when it was interrupted is held now."""
        holder = request.person or (asker.person.id if asker.person else "")
        event = self._ground.calendars.made(holder, key)
        return None if event is None else self._held(event, asker, now=self._ground.here(event.start))

    def hold_ahead(self, event: Event, *, now: datetime, again: str | None = None) -> tuple[tuple[HeldRoom, ...], tuple[date, ...]]:
        """Hold the room for every time of a series that it may be booked for by now: what is held, and the days on which it is taken.

        What was given back stays so, but for the key `again` of whoever brings the series back to a time that it had before.
        """
        room = self._ground.room(event.room or "")
        if room is None or event.rule is None:
            return (), ()
        held, missing = [], []
        for start, end in self._spans(room, event.start, event.end, event.rule, now):
            then = self._ground.calendars.find(event.calendar, event.id, start)
            if then is None or then.start != start or then.room != room.id:
                continue  # called off or moved: then it has a booking of its own
            wish = RoomHold(
                key=f"{event.key}:{round(start.timestamp())}", room=room.id, person=event.calendar, start=start, end=end, title=event.title,
                private=event.private, meeting=event.key,
            )  # fmt: skip
            if (one := self._hold(wish, again, now)) is not None:
                held.append(one)
            else:
                missing.append(start.date())
        return tuple(held), tuple(missing)

    def _hold(self, wish: RoomHold, again: str | None, now: datetime) -> HeldRoom | None:
        held = self._ground.rooms.hold(wish, now=now)
        if held is None or again is None or not (held.released or held.room != wish.room or held.start.timestamp() != wish.start.timestamp()):
            return held
        return self._ground.rooms.hold(replace(wish, key=f"{again}:{round(wish.start.timestamp())}"), now=now)

    def _held(self, event: Event, asker: Asker, *, now: datetime) -> BookingAnswer:
        held, missing = self.hold_ahead(event, now=now)
        if held:
            booking = self._ground.booking(held[0], replace(asker, audience="private"))
        else:
            name = self._ground.room_name(event.room or "")
            booking = Booking(id=event.id, room=event.room or "", room_name=name, start=self._ground.here(event.start), end=self._ground.here(event.end))
        others = asker.person is None or event.calendar != asker.person.id
        through = held[-1].start.date() if held else None
        return BookingAnswer(status="booked", booking=booking, repeats=event.rule, missing=missing, through=through, others=others)

    def _spans(self, room: Room, start: datetime, end: datetime, rule: str, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The times of a series from now on that the policy of the room reaches, the first of them always."""
        length = timedelta(seconds=end.timestamp() - start.timestamp())
        here = self._ground.now(now)
        horizon = max(after(here, room.policy.ahead), after(start, timedelta(minutes=1)), key=lambda one: one.timestamp())
        for one in occurrences(rule, start, min(start, here, key=lambda at: at.timestamp()), horizon):
            if after(one, length).timestamp() > here.timestamp() or one.timestamp() == start.timestamp():
                yield one, after(one, length)

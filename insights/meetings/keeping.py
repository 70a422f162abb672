"""What becomes due about rooms by itself: reminders, what nobody came to, series that nobody comes to, bookings of series farther ahead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from insights.events import EventChange
from insights.ledger.port import HeldRoom, Ledger
from insights.meetings.ground import Ground
from insights.meetings.notices import remind
from insights.meetings.repeating import Repeating
from insights.meetings.times import after
from insights.organization import Room
from insights.wording import formats

LOOK = "rooms"
SERIES = "series"
LEASE = timedelta(minutes=2)
PAUSE = timedelta(seconds=30)
"""Between two looks at the rooms."""
IN_A_ROW = 3
"""So many times of a series in a row that nobody came to, and it is given up."""


class Keeping:
    """One look at a time, whoever of several workers takes it; every message and release has a key of its own, so that a look may be repeated."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._repeating = Repeating(ground)

    def work(self, now: datetime) -> Mapping[str, int]:
        """Do what is due at an aware instant; how many of each were done."""
        done: Counter[str] = Counter()
        now = now if now.tzinfo is not None else self._ground.now(now)
        ledger = self._ground.ledger()
        for kind, key in ((LOOK, LOOK), (SERIES, f"{SERIES}:{self._ground.here(now).date().isoformat()}")):
            ledger.add_work(key, kind, "{}", person=None, due=now)
            self._take_back(ledger, kind, now)
        item = ledger.claim_work(LOOK, now=now, lease=LEASE)
        if item is not None:
            done += self._look(now)
            ledger.postpone_work(item, due=now + PAUSE, problem="")
        while (item := ledger.claim_work(SERIES, now=now, lease=LEASE)) is not None:
            done += self._farther(now)
            ledger.finish_work(item, "done", now=now)
        return done + self._brought(now)

    def _brought(self, now: datetime) -> Counter[str]:
        """Bring meetings into people's own calendars; whose could not be brought for a day is told."""
        number, lost = self._ground.bring(now)
        for one in lost:
            said = f'"{formats.line(one.title)}" could not be brought into your calendar: {one.problem} It is kept here.'
            remind(self._ground, f"{one.key}:lost", one.person, said)
        return Counter({name: count for name, count in (("brought", number), ("given_up", len(lost))) if count})

    @staticmethod
    def _take_back(ledger: Ledger, kind: str, now: datetime) -> None:
        """What a worker left in the middle is done again: that does no harm."""
        for item in ledger.lapsed_work(kind, now=now):
            ledger.postpone_work(item, due=now, problem="interrupted")

    def _look(self, now: datetime) -> Counter[str]:
        done: Counter[str] = Counter()
        ground = self._ground
        for held in ground.rooms.busy(after(now.astimezone(ground.zone), -timedelta(minutes=1)), after(now.astimezone(ground.zone), timedelta(minutes=1))):
            room = ground.room(held.room)
            if room is None or held.block:
                continue
            if room.policy.check_in is not None and ground.ledger().checked_in(held.id) is None:
                done += self._nobody_yet(held, room, room.policy.check_in, now)
            if room.policy.reminder is not None and held.end.timestamp() - room.policy.reminder.total_seconds() <= now.timestamp() < held.end.timestamp():
                done["reminders"] += self._ending(held, room)
        return done

    def _nobody_yet(self, held: HeldRoom, room: Room, grace: timedelta, now: datetime) -> Counter[str]:
        """Halfway through the time of grace the holder is told; after it the room is given back."""
        passed = now.timestamp() - held.start.timestamp()
        gone = after(held.start, grace)
        if passed < grace.total_seconds() / 2 or now.timestamp() >= held.end.timestamp():
            return Counter()
        if passed < grace.total_seconds():
            said = f"Nobody has checked in to {room.name} yet; it is released at {self._clock(gone)}. Say check in to keep it."
            return Counter({"reminders": int(remind(self._ground, f"no_show:{held.id}:{round(held.start.timestamp())}:soon", held.person, said))})
        return self._no_show(held, room, now)

    def _no_show(self, held: HeldRoom, room: Room, now: datetime) -> Counter[str]:
        ground, local = self._ground, self._ground.here(now)
        key = f"no_show:{held.id}:{round(held.start.timestamp())}"
        event = ground.meeting_of(held)
        if ground.rooms.release(held.id, key=key, now=local, why="no_show") is None:
            return Counter()
        if event is not None and event.attendees:
            ground.calendars.change(event, EventChange(room=""), key=f"{key}:meeting", now=local)
        start = ground.here(held.start)
        when = f"on {formats.weekday(start.date(), ground.locale)} at {self._clock(held.start)}"
        remind(ground, key, held.person, f"{room.name} {when} was released, because nobody had checked in.")
        done = Counter({"released": 1})
        if held.meeting is not None and ground.ledger().missed(held.meeting, before=held.end, last=IN_A_ROW) >= IN_A_ROW:
            done += self._give_up(held, room, local)
        return done

    def _give_up(self, held: HeldRoom, room: Room, local: datetime) -> Counter[str]:
        """Nobody came so many times in a row: the room of the series is given back, and where that is all there is to it, the series ends."""
        ground = self._ground
        event = ground.calendars.made(held.person or "", held.meeting or "")
        key = f"stale:{held.meeting}"
        done: Counter[str] = Counter()
        for later in ground.rooms.held_by(held.person, start=held.end, end=None):
            if later.meeting == held.meeting and ground.rooms.release(later.id, key=f"{key}:{later.id}", now=local, why="stale") is not None:
                done["released"] += 1
        if event is not None and event.attendees:
            ground.calendars.change(event, EventChange(room=""), key=f"{key}:meeting", now=local)
        elif event is not None:
            ground.calendars.cancel(event, key=f"{key}:meeting", now=local)
        title = held.title or "your series"
        said = f'Nobody came to {room.name} {IN_A_ROW} times in a row, so it is not held for "{title}" any more. Book it again if you need it.'
        remind(ground, key, held.person, said)
        return done

    def _ending(self, held: HeldRoom, room: Room) -> int:
        ground = self._ground
        later = ground.rooms.busy(held.end, after(held.end, timedelta(minutes=1)))
        follows = any(one.room == held.room and one.id != held.id for one in later)
        more = "Somebody else has it after that." if follows else "Say extend if you need longer."
        said = f"{room.name} is yours until {self._clock(held.end)}. {more}"
        return int(remind(ground, f"ending:{held.id}:{round(held.end.timestamp())}", held.person, said))

    def _farther(self, now: datetime) -> Counter[str]:
        """Hold the rooms of series for the days that they may be booked for since; whoever is gone holds nothing any more."""
        ground, local = self._ground, self._ground.here(now)
        done: Counter[str] = Counter()
        for record in ground.ledger().repeating(after=now):
            event = ground.calendars.find(record.organizer, record.id)
            if event is None:
                continue
            person = ground.person(record.organizer)
            if person is None or not person.active:
                done += self._orphaned(record.organizer, record.key, local)
                continue
            known = {held.id for held in ground.rooms.held_by(record.organizer, start=now, end=None)}
            held, missing = self._repeating.hold_ahead(replace(event, calendar=record.organizer), now=local)
            done["held"] += sum(one.id not in known for one in held)
            for day in missing:
                said = f'{ground.room_name(record.room or "")} is taken on {formats.weekday(day, ground.locale)}, so "{record.title}" has no room that day.'
                remind(ground, f"missing:{record.id}:{day.isoformat()}", record.organizer, said)
        return done

    def _orphaned(self, person: str, meeting: str, local: datetime) -> Counter[str]:
        ground = self._ground
        done: Counter[str] = Counter()
        for held in ground.rooms.held_by(person, start=ground.now(local), end=None):
            if held.meeting == meeting and ground.rooms.release(held.id, key=f"stale:{held.id}", now=local, why="stale") is not None:
                done["released"] += 1
        return done

    def _clock(self, at: datetime) -> str:
        return formats.clock(self._ground.here(at), self._ground.locale)

"""What everything about meetings stands on, and what of a booking or a meeting may be told to whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from insights.answers import Booking, Meeting
from insights.events import Event
from insights.ledger.port import HeldRoom, Ledger
from insights.meetings.port import Calendars, GivenUp, Rooms
from insights.meetings.times import moment, wall
from insights.organization import Organization, Person, Room, WorkingHours
from insights.permit import Asker, knows_holders, may_know
from insights.wording import formats

Thing = Event | HeldRoom
"""A meeting in somebody's calendar, or a room held for nothing but itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Providers, people and clocks. `tells`: people hear of changes from us, as their calendars send nothing. `holidays` are the company's days off.

    `locale` is the company's: what others are told is worded in it.
    `bring` brings meetings into people's own calendars that could not be brought when they were made.
    """

    rooms: Rooms
    calendars: Calendars
    ledger: Callable[[], Ledger]
    organization: Organization
    zone: ZoneInfo
    locale: str = "en-US"
    tells: bool = True
    holidays: Callable[[date], bool] = field(default=lambda _: False)
    bring: Callable[[datetime], tuple[int, tuple[GivenUp, ...]]] = field(default=lambda _: (0, ()))

    @property
    def said_in(self) -> str:
        """The locale of whoever is answered now, where it is a region of the company's language."""
        return formats.region_of_speaker(self.locale)

    def at(self, local: datetime) -> datetime:
        """The instant at which the company's clocks show this. Raises NotAnswerable for a time that they skip."""
        return moment(local, self.zone)

    def here(self, aware: datetime) -> datetime:
        """What the company's clocks show then, without offset."""
        return wall(aware.astimezone(self.zone))

    def now(self, local: datetime) -> datetime:
        """The present, aware; of two that the clocks show the same, the first."""
        return local.replace(tzinfo=self.zone)

    def room(self, id_: str) -> Room | None:
        """The room with this id, if it is still listed."""
        return self.organization.rooms.get(id_)

    def room_name(self, id_: str) -> str:
        """What people call a room; its id where it is not listed any more."""
        known = self.room(id_)
        return known.name if known else id_

    def name(self, person: str) -> str:
        """What people call somebody."""
        known = self.organization.people.get(person)
        return known.name if known else person

    def person(self, id_: str) -> Person | None:
        """Who that is."""
        return self.organization.people.get(id_)

    def zone_of(self, person: str) -> ZoneInfo:
        """By which clocks somebody lives."""
        known = self.organization.people.get(person)
        return ZoneInfo(known.timezone) if known and known.timezone else self.zone

    def hours_of(self, person: str) -> WorkingHours:
        """When somebody works."""
        known = self.organization.people.get(person)
        return known.hours if known and known.hours else self.organization.hours

    def meeting_of(self, held: HeldRoom) -> Event | None:
        """The meeting that a room is held for: of a series the one that it is held for."""
        if held.meeting is None or held.person is None:
            return None
        then = self.calendars.events(held.person, held.start, held.end)
        return next((event for event in then if event.key == held.meeting), None) or self.calendars.made(held.person, held.meeting)

    def people_in(self, held: HeldRoom) -> frozenset[str]:
        """Whoever is in what a room is held for."""
        event = self.meeting_of(held)
        return (event.people if event else frozenset()) | ({held.person} if held.person else set())

    def people_of(self, thing: Thing) -> frozenset[str]:
        """Whoever is in a meeting, or in what a room is held for."""
        return thing.people if isinstance(thing, Event) else self.people_in(thing)

    def booking(self, held: HeldRoom, asker: Asker) -> Booking:
        """A booking as this asker may hear of it, here."""
        shown = knows_holders(asker, self.organization) and (not held.private or may_know(asker, self.people_in(held), private=True))
        room = self.room(held.room)
        return Booking(
            id=held.id,
            room=held.room,
            room_name=room.name if room else held.room,
            start=self.here(held.start),
            end=self.here(held.end),
            title=held.title if shown else None,
            capacity=room.capacity if room else None,
            person=held.person if shown else None,
            person_name=(self.name(held.person) if held.person else held.holder) if shown else None,
            hidden=not shown,
            block=held.block,
        )

    def meeting(self, event: Event, asker: Asker) -> Meeting:
        """A meeting as this asker may hear of it, here: of a private one only that there is something."""
        start, end = self.here(event.start), self.here(event.end)
        if not may_know(asker, event.people, private=event.private):
            return Meeting(id=event.id, title="", start=start, end=end, private=True, hidden=True, whole_day=event.whole_day)
        me = asker.person.id if asker.person else ""
        organizer = event.organizer
        mine = organizer is not None and organizer.person == me
        return Meeting(
            id=event.id,
            title=event.title,
            start=start,
            end=end,
            organizer=organizer.name or organizer.email if organizer else None,
            people=tuple(one.name or one.email or "somebody" for one in event.attendees),
            room=event.room,
            room_name=self.room_name(event.room) if event.room else event.place or None,
            private=event.private,
            response=None if mine or me not in event.people else event.response_of(me),
            answers={one.name or one.email or "somebody": one.response for one in event.attendees},
            repeats=event.rule,
            link=event.link,
            elsewhere=self.elsewhere(event.start, event.people),
            whole_day=event.whole_day,
            others=tuple(
                dict.fromkeys(one.name or one.email or "somebody" for one in (*([organizer] if organizer else ()), *event.attendees) if one.person != me)
            ),
        )

    def shown(self, thing: Thing, asker: Asker) -> Meeting:
        """A meeting, or a booking as if it were one, as this asker may hear of it."""
        if isinstance(thing, Event):
            return self.meeting(thing, asker)
        shown = self.booking(thing, asker)
        return Meeting(
            id=shown.id, title=shown.title or "", start=shown.start, end=shown.end, organizer=shown.person_name, room=shown.room, room_name=shown.room_name,
            private=thing.private, hidden=shown.hidden,
        )  # fmt: skip

    def elsewhere(self, start: datetime, people: frozenset[str]) -> Mapping[str, datetime]:
        """What the clocks show then for those who live by other clocks, by name."""
        shown = {person: wall(start.astimezone(self.zone_of(person))) for person in sorted(people)}
        return {self.name(person): local for person, local in shown.items() if local != self.here(start)}


def minutes(start: datetime, end: datetime) -> int:
    """The minutes that pass between two aware instants."""
    return round(timedelta(seconds=end.timestamp() - start.timestamp()).total_seconds() / 60)

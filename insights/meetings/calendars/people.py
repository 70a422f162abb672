"""What stands in people's own calendars beside the meetings that are kept in our ledger, and what is made here brought into them."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from insights.errors import NotAnswerable, UnknownThing
from insights.events import Attendee, Draft, Event, EventChange, Response
from insights.ledger.port import DueWork
from insights.meetings.calendars.altering import Alteration
from insights.meetings.calendars.copying import Copying
from insights.meetings.calendars.elsewhere import Elsewhere, is_copy, same_time, with_copy
from insights.meetings.calendars.feeds import Feed
from insights.meetings.calendars.occurrences import Agenda, Occurrence
from insights.meetings.calendars.store import CalendarStore, name_of
from insights.meetings.port import Calendars
from insights.organization import Organization, Person
from insights.web import PATIENCE, Web, by

_FEED = re.compile(r"(?:webcals?://|https?://.*\.ics(?:\?|$))", re.IGNORECASE)
SEEN = "seen:"
"""How the id of an event begins that stands in a calendar of somebody else's system."""
_FEED_BYTES = 10_000_000


class SeenCalendars:
    """See the port `Calendars`: `ours` keeps what is made here, and `events` and `find` tell what stands in the person's own calendar as well.

    A person's calendar is the address in `calendar`: of a published calendar (`webcal:`, or a web address ending in `.ics`), else one in the configured
    system, where the `email` is the address when none is given and the system goes `by_email`. With a `ledger`, meetings that take place once are brought
    into the calendar of their organizer there (see `copying`), and followed when they are moved or removed in it. Safe to use from many threads.
    """

    def __init__(
        self,
        ours: Calendars,
        organization: Organization,
        zone: ZoneInfo,
        *,
        store: Callable[[], CalendarStore | None],
        web: Callable[[str], Web],
        by_email: bool = True,
        ledger: Callable[[], DueWork] | None = None,
    ) -> None:
        self._ours = ours
        self._organization = organization
        self._zone = zone
        self._store = store
        self._web = web
        self._by_email = by_email
        self._lock = threading.Lock()
        self._feeds: dict[str, Feed] = {}
        self.copying = Copying(ledger, ours, organization, store, self._written_at, zone) if ledger is not None else None

    def events(self, person: str, start: datetime, end: datetime) -> tuple[Event, ...]:
        """See the port. A calendar that cannot be read is an error: nobody is taken to be free because their calendar does not answer."""
        found = [one for one in self._agenda(person, start, end).occurrences if not one.cancelled]
        if self.copying is not None and self._followed(person, found, start, end, self.copying):
            found = [one for one in self._agenda(person, start, end).occurrences if not one.cancelled]
        kept, seen = [], found
        for event in self._ours.events(person, start, end):
            same = [one for one in seen if is_copy(event, one)]
            seen = [one for one in seen if one not in same]
            kept.append(with_copy(event, same[0]) if same else event)
        rest = [self._event(person, one) for one in seen if not self._outdated(person, one)]
        return tuple(sorted((*kept, *rest), key=lambda one: (one.start.timestamp(), one.end.timestamp(), one.id)))

    def find(self, person: str, event: str, occurrence: datetime | None = None) -> Event | None:
        """See the port; of what stands elsewhere each occurrence has an id of its own, which holds when it starts."""
        if not event.startswith(SEEN):
            return self._ours.find(person, event, occurrence)
        stamp = event.removeprefix(SEEN).partition(":")[0]
        if not stamp.isdigit():
            return None
        start = datetime.fromtimestamp(int(stamp), self._zone)
        return next((one for one in self.events(person, start, start + timedelta(seconds=1)) if one.id == event), None)

    def called_off(self, person: str, event: str, start: datetime) -> Event | None:
        """See the port; what is removed from somebody's own calendar is not kept."""
        return None if event.startswith(SEEN) else self._ours.called_off(person, event, start)

    def made(self, organizer: str, key: str) -> Event | None:
        """See the port."""
        event = self._ours.made(organizer, key)
        if event is None or self.copying is None or not self.copying.waits(key):
            return event
        return replace(event, not_yet_in=self._system)

    def create(self, draft: Draft, *, now: datetime) -> Event:
        """See the port. What cannot be brought into the organizer's calendar now says so and is brought later."""
        noted = self._note(draft.key, draft.key, draft.organizer, now, call=draft.call)
        return self._brought(self._ours.create(draft, now=now), draft.key, now, noted=noted)

    def change(self, event: Event, change: EventChange, *, key: str, now: datetime) -> Event:
        """See the port. Of what stands elsewhere the time, the title and the room can be changed."""
        if event.id.startswith(SEEN):
            room = None if change.room is None else self._organization.rooms[change.room].name if change.room else ""
            if change.people is not None or change.rule is not None:
                raise NotAnswerable("Whom a meeting of another calendar is with, and how it repeats, is changed there.", remedy="Change it there.")
            altered = Alteration(start=change.start, end=change.end or event.end, title=change.title, location=room)
            if change.start is None and change.end is None:
                altered = replace(altered, end=None)
            elif change.start is None:
                altered = replace(altered, start=event.start)
            return self._event(event.calendar, self._elsewhere.alter(event, altered))
        noted = self._note(key, event.key, self._organizer(event), now, occurrence=event.occurrence)
        return self._brought(self._ours.change(event, change, key=key, now=now), key, now, noted=noted)

    def cancel(self, event: Event, *, key: str, now: datetime, reason: str = "") -> str:
        """See the port."""
        if event.id.startswith(SEEN):
            self._elsewhere.remove(event)
            return ""
        noted = self._note(key, event.key, self._organizer(event), now, occurrence=event.occurrence)
        self._ours.cancel(event, key=key, now=now, reason=reason)
        return self.copying.bring(key, now=now)[1] if noted and self.copying is not None else ""

    def respond(self, event: Event, response: Response, *, key: str, now: datetime) -> Event:
        """See the port."""
        if not event.id.startswith(SEEN):
            guest = event.calendar
            alone = event.rule is None or event.occurrence is not None  # an answer to all of a series stays here
            noted = alone and self._note(key, event.key, self._organizer(event), now, guest=guest, occurrence=event.occurrence)
            answered = self._ours.respond(event, response, key=key, now=now)
            return self._brought(answered, key, now, noted=noted)
        if response == "waiting":
            raise NotAnswerable("An answer that was given cannot be taken back there.", remedy="Accept or decline it.")
        email = self._organization.people[event.calendar].email
        if not email:
            raise UnknownThing("I don't know under which address you are invited.", remedy="It is set as `email` in organization.yaml.")
        return self._event(event.calendar, self._elsewhere.respond(event, email, response))

    @property
    def _elsewhere(self) -> Elsewhere:
        return Elsewhere(self._store, self._written_at, lambda event, one: self._event(event.calendar, one).id == event.id)

    @property
    def _system(self) -> str:
        store = self._store()
        return store.name if store is not None else ""

    def _note(
        self, act: str, meeting: str, organizer: str, now: datetime, *, call: bool = False, guest: str | None = None, occurrence: datetime | None = None
    ) -> bool:  # fmt: skip
        if self.copying is None or not meeting:
            return False
        return self.copying.note(act, meeting=meeting, organizer=organizer, now=now, call=call, guest=guest, occurrence=occurrence)

    def _brought(self, event: Event, act: str, now: datetime, *, noted: bool) -> Event:
        if not noted or self.copying is None:
            return event
        found, late = self.copying.bring(act, now=now)
        return replace(event, not_yet_in=late, link=event.link or (found.conference if found is not None else None))

    @staticmethod
    def _organizer(event: Event) -> str:
        return event.organizer.person if event.organizer and event.organizer.person else event.calendar

    def _followed(self, person: str, found: list[Occurrence], start: datetime, end: datetime, copying: Copying) -> bool:
        """Take over what somebody did to a meeting of ours in their own calendar: it was moved, or removed. Whether anything was done."""
        address, store = self._written_at(person), self._store()
        if address is None or store is None:
            return False
        there = {(one.ours.key, _day(one.given)): one for one in found if one.ours is not None and one.ours.person == person}
        ours = [one for one in self._ours.events(person, start, end) if one.key and self._organizer(one) == person]
        kept = {(one.key, _day(one.occurrence)): one for one in ours}
        done = False
        for key, day in sorted({*kept, *there}):
            event, one = kept.get((key, day)) or self._made(person, key, day), there.get((key, day))
            if event is None or (one is not None and same_time(event, one)) or not copying.settled(key):
                continue
            if one is None:  # not where it was looked for
                stands = store.find(address, name_of(key), until=by(PATIENCE))
                if stands is None and event.rule is not None:
                    event, day = self._ours.made(person, key), 0.0
                elif stands is not None:
                    one = store.one(address, stands, event.occurrence, until=by(PATIENCE)) if event.occurrence is not None else stands
            done |= event is not None and self._follow(event, one, f"{key}:{day:.0f}" if day else key)
        return done

    def _follow(self, event: Event, one: Occurrence | None, key: str) -> bool:
        now = datetime.now(self._zone).replace(tzinfo=None)
        if one is None or one.cancelled:
            self._ours.cancel(event, key=f"{key}:gone", now=now)
        elif same_time(event, one):
            return False
        else:
            self._ours.change(event, EventChange(start=one.start, end=one.end), key=f"{key}:moved:{one.version}", now=now)
        return True

    def _made(self, person: str, key: str, day: float) -> Event | None:
        """The meeting of this key, of a series the one of a day."""
        whole = self._ours.made(person, key)
        if whole is None or whole.rule is None:
            return whole
        return self._ours.find(person, whole.id, datetime.fromtimestamp(day, whole.start.tzinfo)) if day else None

    def _outdated(self, person: str, one: Occurrence) -> bool:
        """Whether it is a meeting of ours as it was before a change that is still to be brought."""
        if self.copying is None or one.ours is None or one.ours.person != person:
            return False
        return self._ours.made(person, one.ours.key) is not None or self.copying.pending(one.ours.key)

    def _written_at(self, person: str) -> str | None:
        """The calendar of somebody in the configured system, None when they have none there."""
        known = self._organization.people.get(person)
        if known is None or (known.calendar and _FEED.match(known.calendar)):
            return None
        return known.calendar or (known.email if self._by_email else None)

    def _agenda(self, person: str, start: datetime, end: datetime) -> Agenda:
        known = self._organization.people.get(person)
        if known is None:
            raise UnknownThing(f"I don't know the calendar of '{person[:40]}'.", remedy="People are listed in organization.yaml.")
        if start.timestamp() >= end.timestamp():
            return Agenda()
        if known.calendar and _FEED.match(known.calendar):
            feed = self._feed(known.calendar, known)
            return feed.read(start, end, until=by(PATIENCE))
        store = self._store()
        if store is None:
            return Agenda()
        address = self._written_at(person)
        if address is None:
            raise UnknownThing(f"I don't know the calendar of {known.name}.", remedy="It is set as `calendar` in organization.yaml.")
        return store.read(address, start, end, until=by(PATIENCE))

    def _feed(self, address: str, person: Person) -> Feed:
        with self._lock:
            if address not in self._feeds:
                web = self._web(f"The calendar of {person.name}")
                web.largest = _FEED_BYTES
                self._feeds[address] = Feed(web, address, zone=self._zone)
            return self._feeds[address]

    def _event(self, person: str, one: Occurrence) -> Event:
        room = next((room.id for room in self._organization.rooms.values() if one.location and room.name.casefold() == one.location.strip().casefold()), None)
        return Event(
            id=f"{SEEN}{int(one.start.timestamp())}:{one.uid}",
            calendar=person,
            title=one.title or "",
            start=one.start,
            end=one.end,
            organizer=self._attendee(one.organizer, "accepted", one.organizer_name) if one.organizer else None,
            attendees=tuple(self._attendees(one)),
            room=room,
            place=one.location or "",
            description=one.description or "",
            private=one.private,
            busy=one.busy,
            whole_day=one.all_day,
            link=one.conference,
        )

    def _attendees(self, one: Occurrence) -> Iterable[Attendee]:
        answers: tuple[tuple[frozenset[str], Response], ...] = ((one.declined, "declined"), (one.accepted, "accepted"), (one.unsure, "tentative"))
        for address in sorted((one.attendees | one.declined) - {one.organizer or ""}):
            yield self._attendee(address, next((answer for said, answer in answers if address in said), "waiting"))

    def _attendee(self, address: str, response: Response, name: str | None = None) -> Attendee:
        known = self._organization.person_by_email(address)
        if known is None:
            return Attendee(name=name or address, email=address, response=response)
        return Attendee(person=known.id, name=known.name, email=address, response=response)


def _day(given: datetime | None) -> float:
    """Which of a series; nought for what takes place once."""
    return given.timestamp() if given is not None else 0.0

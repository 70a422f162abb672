"""What stands in people's own calendars, seen beside the meetings that are kept in our ledger: read for the times people have, never written."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from insights.errors import NotAnswerable, UnknownThing
from insights.events import Attendee, Draft, Event, EventChange, Response
from insights.meetings.calendars.feeds import Feed
from insights.meetings.calendars.occurrences import Agenda, Occurrence
from insights.meetings.calendars.store import CalendarStore
from insights.meetings.calendars.web import PATIENCE, Web, by
from insights.meetings.port import Calendars
from insights.organization import Organization, Person

_FEED = re.compile(r"(?:webcals?://|https?://.*\.ics(?:\?|$))", re.IGNORECASE)
SEEN = "seen:"
"""How the id of an event begins that stands in a calendar of somebody else's system."""
_FEED_BYTES = 10_000_000


class SeenCalendars:
    """See the port `Calendars`: `ours` keeps what is made here, and `events` and `find` tell what stands in the person's own calendar as well.

    A person's calendar is the address in `calendar`: of a published calendar (`webcal:`, or a web address ending in `.ics`), else one in the configured
    system, where the `email` is the address when none is given and the system goes `by_email`. Safe to use from many threads.
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
    ) -> None:
        self._ours = ours
        self._organization = organization
        self._zone = zone
        self._store = store
        self._web = web
        self._by_email = by_email
        self._lock = threading.Lock()
        self._feeds: dict[str, Feed] = {}

    def events(self, person: str, start: datetime, end: datetime) -> tuple[Event, ...]:
        """See the port. A calendar that cannot be read is an error: nobody is taken to be free because their calendar does not answer."""
        kept = self._ours.events(person, start, end)
        seen = [self._event(person, one) for one in self._agenda(person, start, end).occurrences if not one.cancelled]
        return tuple(sorted((*kept, *seen), key=lambda one: (one.start.timestamp(), one.end.timestamp(), one.id)))

    def find(self, person: str, event: str, occurrence: datetime | None = None) -> Event | None:
        """See the port; of what stands elsewhere each occurrence has an id of its own, which holds when it starts."""
        if not event.startswith(SEEN):
            return self._ours.find(person, event, occurrence)
        stamp = event.removeprefix(SEEN).partition(":")[0]
        if not stamp.isdigit():
            return None
        start = datetime.fromtimestamp(int(stamp), self._zone)
        return next((one for one in self.events(person, start, start + timedelta(seconds=1)) if one.id == event), None)

    def made(self, organizer: str, key: str) -> Event | None:
        """See the port."""
        return self._ours.made(organizer, key)

    def create(self, draft: Draft, *, now: datetime) -> Event:
        """See the port."""
        return self._ours.create(draft, now=now)

    def change(self, event: Event, change: EventChange, *, key: str, now: datetime) -> Event:
        """See the port. Raises NotAnswerable for an event of another system."""
        return self._ours.change(_of_ours(event), change, key=key, now=now)

    def cancel(self, event: Event, *, key: str, now: datetime, reason: str = "") -> None:
        """See the port. Raises NotAnswerable for an event of another system."""
        self._ours.cancel(_of_ours(event), key=key, now=now, reason=reason)

    def respond(self, event: Event, response: Response, *, key: str, now: datetime) -> Event:
        """See the port. Raises NotAnswerable for an event of another system."""
        return self._ours.respond(_of_ours(event), response, key=key, now=now)

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
        address = known.calendar or (known.email if self._by_email else None)
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


def _of_ours(event: Event) -> Event:
    if event.id.startswith(SEEN):
        raise NotAnswerable("That meeting stands in another calendar, which I can only read.", remedy="Change it there.")
    return event

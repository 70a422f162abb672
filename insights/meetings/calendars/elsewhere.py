"""Meetings that stand in another calendar, changed there; and which of them is a copy of one of ours."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from insights.errors import NotAnswerable, OutsideFailed, UnknownThing
from insights.events import Event, Response
from insights.meetings.calendars.altering import Alteration, Said
from insights.meetings.calendars.occurrences import Occurrence
from insights.meetings.calendars.store import CalendarStore, name_of
from insights.web import PATIENCE, by

_NAME = re.compile(r"(?:insights)?([0-9a-v]{10})(?:[0-9a-f]{6}\d\d)?@", re.IGNORECASE)


class Elsewhere:
    """`same` tells whether an occurrence is the event. What is there already as it is to be is left alone, so that asking again does no harm."""

    def __init__(self, store: Callable[[], CalendarStore | None], address: Callable[[str], str | None], same: Callable[[Event, Occurrence], bool]) -> None:
        self._store = store
        self._address = address
        self._same = same

    def alter(self, event: Event, alteration: Alteration) -> Occurrence:
        """Raises UnknownThing when it is gone, NotAnswerable where it cannot be changed."""
        store, calendar, until = *self._there(event), by(PATIENCE)
        found = store.alter(calendar, self._found(event, until), alteration, until=until)
        if found is None:
            raise _busy(store)
        return found

    def remove(self, event: Event) -> None:
        """Call it off for everybody; what is gone stays gone."""
        store, calendar, until = *self._there(event), by(PATIENCE)
        try:
            found = self._found(event, until)
        except UnknownThing:
            return
        if not store.remove(calendar, found, until=until):
            raise _busy(store)

    def respond(self, event: Event, address: str, said: Said) -> Occurrence:
        """Answer the invitation; the event as it stands after that."""
        store, calendar, until = *self._there(event), by(PATIENCE)
        found = self._found(event, until)
        if address.casefold() in _said(found, said):
            return found
        if not store.respond(calendar, found, address, said, until=until):
            raise _busy(store)
        return _answered(found, address.casefold(), said)

    def _there(self, event: Event) -> tuple[CalendarStore, str]:
        store, calendar = self._store(), self._address(event.calendar)
        if store is None or calendar is None:
            raise NotAnswerable("That meeting stands in another calendar, which I can only read.", remedy="Change it there.")
        return store, calendar

    def _found(self, event: Event, until: float) -> Occurrence:
        store, calendar = self._there(event)
        read = store.read(calendar, event.start, event.start + timedelta(seconds=1), until=until)
        found = next((one for one in read.occurrences if self._same(event, one) and not one.cancelled), None)
        if found is None:
            raise UnknownThing("That meeting is not there any more.", remedy="Ask what is on the calendar.")
        return found


def same_time(event: Event, one: Occurrence) -> bool:
    """Whether both take place at the same time."""
    return (event.start.timestamp(), event.end.timestamp()) == (one.start.timestamp(), one.end.timestamp())


def is_copy(event: Event, one: Occurrence) -> bool:
    """Whether an occurrence is what a meeting of ours became in its organizer's calendar, or in that of somebody who is invited to it.

    The name in its UID says so; Graph gives the copies of others UIDs of its own: there it is organizer, time and title, all of them.
    """
    if not event.key or not same_time(event, one):
        return False
    if one.ours is not None:
        return one.ours.key == event.key
    named = _NAME.match(one.uid)
    if named is not None:
        return named[1].lower() == name_of(event.key)
    email = event.organizer.email if event.organizer else None
    return email is not None and one.organizer == email.casefold() and one.title == event.title


def with_copy(event: Event, one: Occurrence) -> Event:
    """A meeting of ours with what only its calendar knows: the call that it made, and what those answered there who did not answer here."""
    answers: dict[str, Response] = {
        **dict.fromkeys(one.accepted, "accepted"),
        **dict.fromkeys(one.declined, "declined"),
        **dict.fromkeys(one.unsure, "tentative"),
    }
    attendees = tuple(
        replace(each, response=answers.get((each.email or "").casefold(), "waiting")) if each.response == "waiting" else each for each in event.attendees
    )
    return replace(event, link=event.link or one.conference, attendees=attendees)


def _said(one: Occurrence, said: Said) -> frozenset[str]:
    return {"accepted": one.accepted, "declined": one.declined, "tentative": one.unsure}[said]


def _answered(one: Occurrence, address: str, said: Said) -> Occurrence:
    mine = frozenset({address})
    return replace(
        one,
        attendees=one.attendees - mine if said == "declined" else one.attendees | mine,
        declined=one.declined | mine if said == "declined" else one.declined - mine,
        accepted=one.accepted | mine if said == "accepted" else one.accepted - mine,
        unsure=one.unsure | mine if said == "tentative" else one.unsure - mine,
    )


def _busy(store: CalendarStore) -> OutsideFailed:
    return OutsideFailed(f"That meeting is being changed in {store.name} at this moment.", remedy="Ask again in a minute.")

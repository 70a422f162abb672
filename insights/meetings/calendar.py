"""Meetings of people in our own ledger: works with no account anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from insights.errors import UnknownThing
from insights.events import Attendee, Draft, Event, EventChange, Response
from insights.ledger.meetings import Altered, MeetingFile, MeetingRecord
from insights.meetings.recurring import last_end, occurrences
from insights.organization import Organization
from insights.organization import Person as Somebody


class EmbeddedCalendars:
    """The ledger is everybody's calendar: one record a meeting, a rule and its exceptions for a series, expanded when it is looked at."""

    def __init__(self, ledger: Callable[[], MeetingFile], organization: Organization) -> None:
        self._ledger = ledger
        self._organization = organization

    def events(self, person: str, start: datetime, end: datetime) -> tuple[Event, ...]:
        """See the port."""
        self._known(person)
        found = [event for record in self._ledger().meetings_of(person, start, end) for event in self._expanded(person, record, start, end)]
        return tuple(sorted(found, key=lambda event: (event.start.timestamp(), event.end.timestamp(), event.id)))

    def find(self, person: str, event: str, occurrence: datetime | None = None) -> Event | None:
        """See the port."""
        record = self._ledger().meeting(event)
        if record is None or person not in (record.organizer, *record.people):
            return None
        if occurrence is None or record.rule is None:
            return self._event(person, record)
        soon = occurrence + timedelta(seconds=1)
        given = next(occurrences(record.rule, record.start, occurrence, soon), None)
        return None if given is None else self._occurrence(person, record, given)

    def called_off(self, person: str, event: str, start: datetime) -> Event | None:
        """See the port."""
        record = self._ledger().meeting(event, off=True)
        if record is None or person not in (record.organizer, *record.people):
            return None
        if record.rule is None:
            return self._event(person, record) if self._ledger().meeting(event) is None else None
        gone = next((one for one in record.altered if one.off and (one.start or one.occurrence).timestamp() == start.timestamp()), None)
        if gone is None and self._ledger().meeting(event) is not None:
            return None
        return self._occurrence(person, replace(record, altered=()), gone.occurrence if gone is not None else start)

    def made(self, organizer: str, key: str) -> Event | None:
        """See the port."""
        record = self._ledger().meeting_with_key(key)
        return None if record is None else self._event(organizer, record)

    def create(self, draft: Draft, *, now: datetime) -> Event:
        """See the port."""
        self._known(draft.organizer)
        draft = replace(draft, people=tuple(one for one in dict.fromkeys(draft.people) if one != draft.organizer))
        record = self._ledger().make_meeting(draft, last=last_end(draft.rule, draft.start, draft.end), now=now)
        return self._event(draft.organizer, record)

    def change(self, event: Event, change: EventChange, *, key: str, now: datetime) -> Event:
        """See the port."""
        last = last_end(change.rule or event.rule, change.start or event.start, change.end or event.end)
        record = self._ledger().change_meeting(event.id, change, occurrence=event.occurrence, last=last, key=key, now=now)
        found = self.find(event.calendar, event.id, event.occurrence) if record is not None else None
        if found is None:
            raise _gone()
        return found

    def cancel(self, event: Event, *, key: str, now: datetime, reason: str = "") -> str:  # noqa: ARG002 # those affected are told by the outbox
        """See the port."""
        self._ledger().call_off(event.id, occurrence=event.occurrence, key=key, now=now)
        return ""

    def respond(self, event: Event, response: Response, *, key: str, now: datetime) -> Event:
        """See the port."""
        record = self._ledger().answer_invitation(event.id, event.calendar, response, occurrence=event.occurrence, key=key, now=now)
        found = self.find(event.calendar, event.id, event.occurrence) if record is not None else None
        if found is None:
            raise _gone()
        return found

    def _known(self, person: str) -> Somebody:
        known = self._organization.people.get(person)
        if known is None:
            raise UnknownThing(f"I don't know the calendar of '{person[:40]}'.", remedy="People are listed in organization.yaml.")
        return known

    def _expanded(self, person: str, record: MeetingRecord, start: datetime, end: datetime) -> Iterator[Event]:
        """The occurrences that share an instant with the window; one that was moved counts where it is now."""
        if record.rule is None:
            candidates = [self._event(person, record)]
        else:
            length = _length(record)
            given = {one.timestamp(): one for one in occurrences(record.rule, record.start, start - length, end)}
            given |= {one.occurrence.timestamp(): one.occurrence for one in record.altered if one.start is not None}
            candidates = [found for one in given.values() if (found := self._occurrence(person, record, one)) is not None]
        for event in candidates:
            if event.start.timestamp() < end.timestamp() and start.timestamp() < event.end.timestamp():
                yield event

    def _occurrence(self, person: str, record: MeetingRecord, given: datetime) -> Event | None:
        """One of a series, as its exception has it; None when it was called off."""
        other = next((one for one in record.altered if one.occurrence.timestamp() == given.timestamp()), Altered(occurrence=given))
        if other.off:
            return None
        start = other.start or given
        end = other.end or (given.replace(tzinfo=None) + _length(record)).replace(tzinfo=given.tzinfo)
        room = record.room if other.room is None else other.room or None
        whole = self._event(person, record, given)
        return replace(whole, start=start, end=end, title=other.title or record.title, room=room, occurrence=given)

    def _event(self, person: str, record: MeetingRecord, occurrence: datetime | None = None) -> Event:
        said: dict[str, Response] = {one.person: one.response for one in record.answers if one.occurrence is None}
        if occurrence is not None:
            said |= {one.person: one.response for one in record.answers if one.occurrence is not None and one.occurrence.timestamp() == occurrence.timestamp()}
        return Event(
            id=record.id,
            calendar=person,
            title=record.title,
            start=record.start,
            end=record.end,
            organizer=self._attendee(record.organizer, "accepted"),
            attendees=tuple(self._attendee(one, said.get(one, "waiting")) for one in record.people),
            room=record.room,
            description=record.description,
            private=record.private,
            link=record.link,
            rule=record.rule,
            key=record.key,
        )

    def _attendee(self, person: str, response: Response) -> Attendee:
        known = self._organization.people.get(person)
        return Attendee(person=person, name=known.name if known else person, email=known.email if known else None, response=response)


def _length(record: MeetingRecord) -> timedelta:
    """By the clock: a meeting from nine to ten is that on every day."""
    return record.end.replace(tzinfo=None) - record.start.replace(tzinfo=None)


def _gone() -> UnknownThing:
    return UnknownThing("That meeting is not there any more.", remedy="Ask what is on the calendar.")

"""One thing about an event that stands in a calendar made different, and everything else about it left as it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from insights.errors import NotAnswerable, UnknownThing
from insights.meetings.calendars.describing import PREFIX
from insights.meetings.calendars.ics import Component, read, values
from insights.meetings.calendars.notes import MOST_DONE
from insights.meetings.calendars.occurrences import Occurrence, Ours

Said = Literal["accepted", "declined", "tentative"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alteration:
    """What is to be otherwise; None leaves it as it is. Times are aware and come together. `done` is the name of the change, noted in an event of ours."""

    start: datetime | None = None
    end: datetime | None = None
    title: str | None = None
    location: str | None = None
    done: str = ""


def noted(ours: Ours, done: str) -> Ours:
    """Our notes with one more change that was made."""
    return replace(ours, done=(*(one for one in ours.done if one != done), done)[-MOST_DONE:]) if done else ours


def altered(text: str, alteration: Alteration, ours: Ours | None, *, now: datetime) -> bytes:
    """The iCalendar text of an event that takes place once, altered. `now` is aware."""
    calendar, event = _single(text)
    if alteration.start is not None and alteration.end is not None:
        for name, moment in (("DTSTART", alteration.start), ("DTEND", alteration.end)):
            _put(event, name, moment.astimezone(UTC))
        event.pop("DURATION", None)
        for one in values(event, "ATTENDEE"):  # a new time asks everybody anew
            one.params["PARTSTAT"] = "NEEDS-ACTION"
    for name, value in (("SUMMARY", alteration.title), ("LOCATION", alteration.location)):
        if value is not None:
            _put(event, name, value)
    if ours is not None and alteration.done:
        _put(event, f"{PREFIX}DONE", " ".join(noted(ours, alteration.done).done))
    _put(event, "SEQUENCE", int(event.get("SEQUENCE", 0)) + 1)
    _put(event, "DTSTAMP", now.astimezone(UTC))
    return _written(calendar)


def answered(text: str, address: str, said: Said, *, now: datetime) -> bytes:
    """The iCalendar text of an event that takes place once, with the answer of whoever has this address. Raises UnknownThing when they are not invited."""
    calendar, event = _single(text)
    mine = [one for one in values(event, "ATTENDEE") if str(one).casefold().removeprefix("mailto:") == address.casefold()]
    if not mine:
        raise UnknownThing("You are not invited to that meeting.", remedy="Ask whoever arranged it.")
    for one in mine:
        one.params["PARTSTAT"] = said.upper()
        one.params.pop("RSVP", None)
    _put(event, "DTSTAMP", now.astimezone(UTC))
    return _written(calendar)


def once(old: Occurrence) -> None:
    """Raises NotAnswerable for one of a series, of which a CalDAV server has no single one to change."""
    if old.recurrence is not None:
        raise NotAnswerable("That meeting is one of a series in another calendar.", remedy="Change or answer it there.")


def _single(text: str) -> tuple[Component, Component]:
    found = read(text, name="the event")
    events = [(calendar, event) for calendar in found.calendars for event in calendar.walk("VEVENT")]
    if len(events) != 1 or found.unread or any(events[0][1].get(name) is not None for name in ("RRULE", "RDATE", "RECURRENCE-ID")):
        raise NotAnswerable("That meeting is one of a series in another calendar.", remedy="Change or answer it there.")
    return events[0]


def _put(event: Component, name: str, value: object) -> None:
    event.pop(name, None)
    event.add(name, value)


def _written(calendar: Component) -> bytes:
    written: bytes = calendar.to_ical()
    return written

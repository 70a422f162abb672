"""A draft -> iCalendar text. Times are written in UTC, but of series: a clock that shows an hour twice cannot say which one is meant."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from insights.meetings.calendars.describing import PREFIX
from insights.meetings.calendars.notes import notes
from insights.meetings.calendars.series import told
from insights.meetings.calendars.store import Draft, name_of

PRODUCT = "-//Insights Assistant//Meetings//EN"


def text(draft: Draft, *, now: datetime) -> bytes:
    """The event as a calendar of its own; `now` is aware."""
    from icalendar import Calendar, Event, vRecur

    event = Event()
    event.add("UID", uid(draft.ours.key))
    event.add("DTSTAMP", now.astimezone(UTC))
    zone = UTC if draft.rule is None else draft.start.tzinfo  # what repeats does so by a clock on a wall
    event.add("DTSTART", draft.start.astimezone(zone))
    event.add("DTEND", draft.end.astimezone(zone))
    if draft.rule is not None:
        event.add("RRULE", vRecur.from_ical(told(draft.rule, draft.start)))
    event.add("STATUS", "CONFIRMED" if draft.ours.state == "held" else "TENTATIVE")
    for name, value in _told(draft):
        if value:
            event.add(name, value)
    if draft.organizer:
        event.add("ORGANIZER", f"mailto:{draft.organizer}")
    for address in draft.attendees:
        event.add("ATTENDEE", f"mailto:{address}", parameters={"PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"} if draft.organizer else {})
    if draft.link:
        event.add("CONFERENCE", draft.link, parameters={"VALUE": "URI"})
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add_component(event)
    if draft.rule is not None:
        calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def uid(key: str) -> str:
    """The UID of the event of this key."""
    return f"{name_of(key)}@insights"


def _told(draft: Draft) -> tuple[tuple[str, Any], ...]:
    return (
        ("SUMMARY", draft.title),
        ("LOCATION", draft.location),
        ("DESCRIPTION", draft.description),
        ("CLASS", "PRIVATE" if draft.private else None),
        *((f"{PREFIX}{name.upper()}", value) for name, value in notes(draft.ours).items()),
    )

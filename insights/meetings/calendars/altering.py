"""One thing about an event that stands in a calendar made different, and everything else about it left as it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from insights.errors import UnknownThing
from insights.meetings.calendars.describing import PREFIX
from insights.meetings.calendars.ics import Component, values
from insights.meetings.calendars.notes import MOST_DONE
from insights.meetings.calendars.occurrences import Occurrence, Ours
from insights.meetings.calendars.series import Series, count_of, told

Said = Literal["accepted", "declined", "tentative"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alteration:
    """What is to be otherwise; None leaves it as it is. Times are aware and come together; `rule` comes with them, for a series as such.

    `done` is the name of the change, noted in an event of ours.
    """

    start: datetime | None = None
    end: datetime | None = None
    title: str | None = None
    location: str | None = None
    rule: str | None = None
    done: str = ""


def noted(ours: Ours, done: str) -> Ours:
    """Our notes with one more change that was made."""
    return replace(ours, done=(*(one for one in ours.done if one != done), done)[-MOST_DONE:]) if done else ours


def altered(text: str, old: Occurrence, alteration: Alteration, *, now: datetime) -> bytes:
    """The iCalendar text of an event, altered; of a series only the occurrence `old`, or the series where `old` is that. `now` is aware."""
    series = Series(text)
    event = _meant(series, old)
    if alteration.start is not None and alteration.end is not None:
        zone = series.zone if series.repeats and not old.recurrence else UTC
        for name, moment in (("DTSTART", alteration.start), ("DTEND", alteration.end)):
            _put(event, name, moment.astimezone(zone))
        event.pop("DURATION", None)
        if old.series:
            series.as_the_rule_says()
        for one in values(event, "ATTENDEE"):  # a new time asks everybody anew
            one.params["PARTSTAT"] = "NEEDS-ACTION"
        if alteration.rule is not None:
            _put(event, "RRULE", _rule(told(alteration.rule, alteration.start)))
    for name, value in (("SUMMARY", alteration.title), ("LOCATION", alteration.location)):
        if value is not None:
            _put(event, name, value)
    if old.ours is not None and alteration.done:
        _put(event, f"{PREFIX}DONE", " ".join(noted(old.ours, alteration.done).done))
    _touched(event, now)
    return _written(series.calendar)


def answered(text: str, old: Occurrence, address: str, said: Said, *, now: datetime) -> bytes:
    """The iCalendar text of an event with the answer of whoever has this address. Raises UnknownThing when they are not invited."""
    series = Series(text)
    event = _meant(series, old)
    mine = [one for one in values(event, "ATTENDEE") if str(one).casefold().removeprefix("mailto:") == address.casefold()]
    if not mine:
        raise UnknownThing("You are not invited to that meeting.", remedy="Ask whoever arranged it.")
    for one in mine:
        one.params["PARTSTAT"] = said.upper()
        one.params.pop("RSVP", None)
    _put(event, "DTSTAMP", now.astimezone(UTC))
    return _written(series.calendar)


def without(text: str, recurrence: str, *, now: datetime) -> bytes:
    """The iCalendar text of a series without one of its occurrences."""
    series = Series(text)
    series.drop(recurrence)
    _touched(series.whole, now)
    return _written(series.calendar)


def _meant(series: Series, old: Occurrence) -> Component:
    return series.whole if old.recurrence is None else series.day(old.recurrence)


def _rule(rule: str) -> object:
    from icalendar import vRecur

    return vRecur.from_ical(rule)


def _touched(event: Component, now: datetime) -> None:
    _put(event, "SEQUENCE", count_of(event) + 1)
    _put(event, "DTSTAMP", now.astimezone(UTC))


def _put(event: Component, name: str, value: object) -> None:
    event.pop(name, None)
    event.add(name, value)


def _written(calendar: Component) -> bytes:
    written: bytes = calendar.to_ical()
    return written

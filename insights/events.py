"""Meetings as calendars hold them: frozen values, nothing about where they are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Response = Literal["waiting", "accepted", "declined", "tentative"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    """Somebody in a meeting. `person` is an id of the organization, None for somebody from elsewhere, who has a `name` or an address."""

    person: str | None = None
    name: str = ""
    email: str | None = None
    response: Response = "waiting"
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A meeting in the calendar of `calendar` (a person's id), or one occurrence of a series.

    `id` is what that calendar calls it. The occurrences of a series share it and have its `rule` (an RRULE of RFC 5545); `occurrence` tells them apart:
    the start that the rule gives this one, wherever an exception has moved it. A series as such has a `rule` and no `occurrence`; its `start` is that of
    its first. Times are aware, in the zone of the event, `end` not included; a whole-day event goes from midnight to midnight there. `attendees` are
    those invited, the organizer not among them. `room` is the id of a room of the organization, `place` what the calendar says of where it is. `link`
    is the address at which one joins, from structured fields where the calendar has them. `busy` is False for what is marked as free. `key` is that
    under which it was created here, empty for what came from elsewhere. `not_yet_in` is the calendar system into which it is still to be brought.
    """

    id: str
    calendar: str
    title: str
    start: datetime
    end: datetime
    organizer: Attendee | None = None
    attendees: tuple[Attendee, ...] = ()
    room: str | None = None
    place: str = ""
    description: str = ""
    private: bool = False
    busy: bool = True
    whole_day: bool = False
    link: str | None = None
    rule: str | None = None
    occurrence: datetime | None = None
    key: str = ""
    not_yet_in: str = ""

    @property
    def people(self) -> frozenset[str]:
        """The ids of everybody of the organization who is in it."""
        return frozenset(one.person for one in (self.organizer, *self.attendees) if one is not None and one.person is not None)

    def response_of(self, person: str) -> Response:
        """What somebody answered to the invitation; its organizer has accepted."""
        if self.organizer is not None and self.organizer.person == person:
            return "accepted"
        return next((one.response for one in self.attendees if one.person == person), "waiting")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A meeting to be made in the calendar of its `organizer`. `people` are ids, the organizer not among them; `start` and `end` are aware.

    With a `rule` (an RRULE of RFC 5545, by the clock in the zone of `start`) it is a series whose first occurrence this is. `call`: its calendar makes a
    call for it where it can.
    """

    key: str
    organizer: str
    title: str
    start: datetime
    end: datetime
    people: tuple[str, ...] = ()
    room: str | None = None
    description: str = ""
    private: bool = False
    link: str | None = None
    rule: str | None = None
    call: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EventChange:
    """What is to be otherwise about a meeting; None leaves it as it is, an empty `room` takes it away."""

    title: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    room: str | None = None
    people: tuple[str, ...] | None = None
    rule: str | None = None

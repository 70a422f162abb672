"""What a place where calendars are kept promises (`CalendarStore`), and what is written into one (`Draft`)."""

from __future__ import annotations

import re
from base64 import b32hexencode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from insights.meetings.calendars.altering import Alteration, Said
from insights.meetings.calendars.occurrences import Agenda, Occurrence, Ours

_ID = re.compile(r"B-([0-9A-V]{10})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An event as we want it to stand. Times are aware. `attendees` are addresses, whom the calendar may invite; `organizer` is that of a meeting.

    `call`: the calendar makes a call for it where it can; `link` is one that there is already. With a `rule` (an RRULE of RFC 5545, by the clock in the zone of
    `start`) it is a series whose first occurrence this is.
    """

    ours: Ours
    start: datetime
    end: datetime
    title: str | None = None
    location: str | None = None
    description: str | None = None
    attendees: tuple[str, ...] = ()
    private: bool = False
    organizer: str | None = None
    call: bool = False
    link: str | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A room as a directory lists it; `address` is its calendar."""

    address: str
    name: str
    capacity: int | None = None
    equipment: tuple[str, ...] = ()
    floor: str | None = None
    building: str | None = None


class CalendarStore(Protocol):
    """Calendars kept elsewhere. `calendar` is an address as the settings and the organization write it. Safe to use from many threads.

    `until` is an instant of `time.monotonic()`. Every method raises OutsideFailed when it did not get through in time and WrongSettings when the address
    or the rights are wrong; what writes raises OutcomeUnknown when nobody said whether it was written.
    """

    @property
    def name(self) -> str:
        """What people call it."""

    def read(self, calendar: str, start: datetime, end: datetime, *, until: float) -> Agenda:
        """Everything at some time between two aware instants, expanded here, as it stands now: what was written before is seen."""

    def find(self, calendar: str, name: str, *, until: float) -> Occurrence | None:
        """The event of ours with this name (see `name_of`), or None; of a series the series as such."""

    def one(self, calendar: str, series: Occurrence, given: datetime, *, until: float) -> Occurrence | None:
        """The occurrence that the rule of a series has at an aware instant, wherever it was moved; None when it was called off there."""

    def create(self, calendar: str, draft: Draft, *, until: float) -> Occurrence | None:
        """Write a new event; None when there is one of this name already."""

    def change(self, calendar: str, old: Occurrence, draft: Draft, *, until: float) -> Occurrence | None:
        """Write another state of an event; None when it is no longer in the state `old`."""

    def remove(self, calendar: str, old: Occurrence, *, until: float) -> bool:
        """Remove an event, or one occurrence of a series; False when it is no longer in the state `old` (gone counts as removed)."""

    def alter(self, calendar: str, old: Occurrence, alteration: Alteration, *, until: float) -> Occurrence | None:
        """Make something different about an event, whoever wrote it, or about one occurrence of a series; None when it is no longer in the state `old`.

        A series as such that gets another start or rule may lose what was different about some of its days. Raises NotAnswerable for what cannot be
        written there.
        """

    def respond(self, calendar: str, old: Occurrence, address: str, said: Said, *, until: float) -> bool:
        """Answer an invitation for whoever has this address; False when it is no longer in the state `old`.

        Raises UnknownThing for somebody who is not invited, NotAnswerable as `alter` does.
        """

    def close(self) -> None:
        """Let go of connections."""


class Directory(Protocol):
    """Lists the rooms that a company keeps elsewhere."""

    def rooms(self, *, until: float) -> Sequence[Place]:
        """Every room, by name. Raises as CalendarStore does."""


def name_of(key: str) -> str:
    """A name for the event of this key that any calendar takes: ten characters of 0-9 and a-v, the same each time.

    >>> name_of("k1") == name_of("k1"), len(name_of("k1"))
    (True, 10)
    """
    return b32hexencode(sha256(key.encode()).digest()[:10]).decode().lower()[:10]


def called(key: str) -> str:
    """What people call the booking of a key.

    >>> named("B-" + name_of("k1").upper()) == name_of("k1"), called("k1") == "B-" + name_of("k1").upper()
    (True, True)
    """
    return f"B-{name_of(key).upper()}"


def named(booking: str) -> str | None:
    """The name of the event that people call by this id, None when it cannot be one."""
    found = _ID.fullmatch(booking.strip())
    return found[1].lower() if found else None


def written(draft: Draft, ref: str, version: str) -> Occurrence:
    """The event that a draft became."""
    return Occurrence(
        uid=f"{name_of(draft.ours.key)}@insights",
        start=draft.start,
        end=draft.end,
        title=draft.title,
        tentative=draft.ours.state == "pending",
        private=draft.private,
        location=draft.location,
        description=draft.description,
        attendees=frozenset(draft.attendees),
        organizer=draft.organizer,
        conference=draft.link,
        series=draft.rule is not None,
        ref=ref,
        version=version,
        ours=draft.ours,
    )


def drafted(one: Occurrence, ours: Ours) -> Draft:
    """An event that stands, as a draft with other notes."""
    return Draft(
        ours=ours,
        start=one.start,
        end=one.end,
        title=one.title,
        location=one.location,
        description=one.description,
        attendees=tuple(sorted(one.attendees)),
        private=one.private,
    )

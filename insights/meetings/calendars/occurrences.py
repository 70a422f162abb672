"""What stands in a calendar, wherever it is kept: one value for an event at one time, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

State = Literal["pending", "held"]
"""`pending`: written by us and not yet known to be alone; `held`: ours for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """What we noted in an event that we wrote: the key of the action, for whom, and until when a pending one may still be settled (seconds since 1970).

    `moves` counts how often a booking was given another room, so that of two copies (a crash between writing one and removing the other) the later counts.
    `block` and `meeting` are as in RoomHold. `done` holds the names of the last changes that were made, so that none is made twice.
    """

    key: str
    person: str | None = None
    state: State = "held"
    until: float = 0.0
    moves: int = 0
    block: bool = False
    meeting: str | None = None
    done: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """An event at one time. `start` and `end` are aware, in the calendar's zone; `end` not included.

    `ref` is what the calendar calls the event (a path or an id) and `version` what it calls this state of it; both are empty where a calendar is only a file.
    `recurrence` tells the occurrences of one series apart; None for an event that does not repeat. `attendees` holds the addresses that have not declined, of
    which `accepted` said yes and `unsure` perhaps. `series` is True for a series as such, whose times are those of its first.
    """

    uid: str
    start: datetime
    end: datetime
    title: str | None = None
    all_day: bool = False
    transparent: bool = False
    cancelled: bool = False
    tentative: bool = False
    private: bool = False
    organizer: str | None = None
    organizer_name: str | None = None
    attendees: frozenset[str] = frozenset()
    declined: frozenset[str] = frozenset()
    accepted: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()
    location: str | None = None
    description: str | None = None
    conference: str | None = None
    recurrence: str | None = None
    series: bool = False
    ref: str = ""
    version: str = ""
    ours: Ours | None = None

    @property
    def busy(self) -> bool:
        """Whether it takes time: neither cancelled nor marked as free, and not a mere instant."""
        return not (self.cancelled or self.transparent) and self.start.timestamp() < self.end.timestamp()

    @property
    def given(self) -> datetime | None:
        """Where the rule of its series has this occurrence, wherever it was moved; None for what does not repeat, and for whole days.

        >>> at = datetime(2026, 12, 7, 15)
        >>> Occurrence(uid="x", start=at, end=at, recurrence="20261207T150000Z").given.isoformat()
        '2026-12-07T15:00:00+00:00'
        """
        try:
            given = datetime.fromisoformat(self.recurrence or "")
        except ValueError:
            return None
        return given if given.tzinfo is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """An event that cannot be read: the others of its calendar were. `event` is its title or its UID, as far as there is one."""

    calendar: str
    event: str
    problem: str

    def __str__(self) -> str:
        return f"{self.calendar}: '{self.event}' cannot be read: {self.problem}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """The occurrences of one calendar in a span of time, earliest first, and the events that could not be read."""

    occurrences: tuple[Occurrence, ...] = ()
    unread: tuple[Unread, ...] = field(default=())

    @property
    def busy(self) -> tuple[Occurrence, ...]:
        """The occurrences that take time."""
        return tuple(one for one in self.occurrences if one.busy)


def agenda(occurrences: Iterable[Occurrence], unread: Iterable[Unread] = ()) -> Agenda:
    """An agenda with its occurrences in order."""
    return Agenda(occurrences=tuple(sorted(occurrences, key=lambda one: (one.start.timestamp(), one.end.timestamp(), one.uid))), unread=tuple(unread))

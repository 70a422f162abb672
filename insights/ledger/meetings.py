"""What the transactional store promises about meetings of people, and about rooms beyond holding them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol

from insights.events import Draft, EventChange, Response

if TYPE_CHECKING:
    from insights.ledger.port import HeldRoom, RoomChange

Ended = Literal["released", "no_show", "stale", "displaced"]
"""Why a room was given back before its time: by whoever held it, because nobody came, because nobody came again and again, by the office."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Altered:
    """An occurrence of a series that is not as the rule gives it: called off (`off`), or with what is set here."""

    occurrence: datetime
    off: bool = False
    title: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    room: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What somebody said to an invitation; to all of a series where `occurrence` is None."""

    person: str
    response: Response
    occurrence: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRecord(Draft):
    """A meeting as it is kept: a series is one record with what is different about some of its occurrences. `id` is such as M-1001."""

    id: str
    answers: tuple[Answered, ...] = ()
    altered: tuple[Altered, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedIn:
    """That the people of a booking have come; `at` is the caller's clock."""

    booking: str
    person: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """A booking as its figures need it. `ended` is why it was given back before its time, None when it was kept; `booked_at` is seconds since 1970."""

    booking: str
    room: str
    start: datetime
    end: datetime
    booked_at: float
    ended: Ended | None
    checked_in: bool
    repeats: bool
    block: bool


class RoomFile(Protocol):
    """Bookings beyond their making. A change or release that was given up raises OutsideFailed and is not made."""

    def booked(self, booking: str) -> HeldRoom | None:
        """The booking with this id, letter case aside; None when there is none or its room was given back."""

    def change_booking(self, change: RoomChange, *, now: datetime) -> HeldRoom | None:
        """Give a booking that room and time; None when they are taken. Raises UnknownThing when the booking is gone. The same key changes once."""

    def release_booking(self, booking: str, *, key: str, why: Ended, now: datetime) -> HeldRoom | None:
        """Give the room back: the booking as it was, also when asked again with the same key; None when it is gone."""

    def changed_under(self, key: str) -> HeldRoom | None:
        """The booking that was changed or released under this key, as it was before; None when none was."""

    def changed_within(self, key: str) -> tuple[HeldRoom, ...]:
        """The bookings that were changed or released under keys that go on from this one (`key:...`), as they were before, in that order."""

    def missed(self, meeting: str, *, before: datetime, last: int) -> int:
        """At how many of the last times of a meeting, by an aware instant, nobody came to its room."""

    def room_use(self) -> tuple[Used, ...]:
        """Every booking there was, in the order made."""

    def check_in(self, booking: str, room: str, *, key: str, person: str | None, now: datetime) -> CheckedIn:
        """Note that the people have come; who was first is kept."""

    def checked_in(self, booking: str) -> CheckedIn | None:
        """Whether anybody has checked in to this booking."""


class MeetingFile(Protocol):
    """Meetings of people. What was given up raises OutsideFailed and is not made."""

    def make_meeting(self, draft: Draft, *, last: datetime | None, now: datetime) -> MeetingRecord:
        """Keep it; `last` is when its last occurrence ends, None for one without end. The same key makes it once."""

    def meeting_with_key(self, key: str) -> MeetingRecord | None:
        """The meeting made under this key, unless it was called off."""

    def meeting(self, id_: str, *, off: bool = False) -> MeetingRecord | None:
        """The meeting with this id, letter case aside, unless it was called off; `off`: then too."""

    def meetings_of(self, person: str, start: datetime, end: datetime) -> tuple[MeetingRecord, ...]:
        """The meetings of this person that may have an occurrence between two aware instants, in the order they were made."""

    def repeating(self, *, after: datetime) -> tuple[MeetingRecord, ...]:
        """The series that hold rooms and have not ended before an aware instant."""

    def change_meeting(
        self, id_: str, change: EventChange, *, occurrence: datetime | None, last: datetime | None, key: str, now: datetime
    ) -> MeetingRecord | None:
        """Change all of it, or one occurrence; a new start forgets what others answered to it. None when it is gone. The same key changes once."""

    def call_off(self, id_: str, *, occurrence: datetime | None, key: str, now: datetime) -> None:
        """Call all of it off, or one occurrence; what is gone stays gone."""

    def answer_invitation(self, id_: str, person: str, response: Response, *, occurrence: datetime | None, key: str, now: datetime) -> MeetingRecord | None:
        """Keep the answer of somebody who is invited; None when the meeting is gone or they are not."""

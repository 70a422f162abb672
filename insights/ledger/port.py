"""What the transactional store promises; nothing about where it is kept.

Texts named `request`, `result`, `document` and `payload` are JSON and opaque here. `now` is the caller's clock: local without offset or aware.
Every method may raise OutsideFailed (busy, disk full) and WrongSettings (not writable, damaged), with a remedy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Literal, Protocol

from insights.ledger.administering import Administering
from insights.ledger.following import Subscriptions
from insights.ledger.helpdesk import HelpDeskFile
from insights.ledger.helpdesk import TicketState as TicketState
from insights.ledger.identity import AccountBindings, Departures, Devices, LastAnswers, LinkCodes, Pins
from insights.ledger.installations import Installations, OneTime
from insights.ledger.keeping import Copies, Privacy
from insights.ledger.lessons import Enquiries, LessonFile, Refusals
from insights.ledger.meetings import MeetingFile, RoomFile
from insights.ledger.post import Post
from insights.ledger.spending import Spending

ActionState = Literal["intended", "attempted", "doubted", "confirmed", "failed"]
WorkState = Literal["waiting", "doing", "done", "failed", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """The action is written down and ours to attempt."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The action happened earlier, with this result."""

    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InFlight:
    """Someone began it and has not said how it ended: at work now, or crashed."""

    state: ActionState


Beginning = Begun | Done | InFlight


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """An action as it was written down, `begun` in seconds since 1970. `doubted`: nobody may attempt it any more, whether it happened is being looked up."""

    key: str
    kind: str
    state: ActionState
    request: str
    person: str | None
    result: str | None = None
    reason: str | None = None
    begun: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomHold:
    """A room to hold. `start` and `end` are aware, in the zone of the room; at most fourteen days apart; `end` not included.

    `private`: who holds it and what for is for those in it alone. `block`: nobody meets there, it is kept out of use. `meeting` is the key of the meeting
    it is for.
    `holder` is who has it as the calendar writes it, where `person` is not known here.
    """

    key: str
    room: str
    person: str | None
    start: datetime
    end: datetime
    title: str | None = None
    private: bool = False
    block: bool = False
    meeting: str | None = None
    holder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRoom(RoomHold):
    """A room held; `id` is what people call the booking, such as B-1001. `released`: it was given back since, as only our own ledger tells."""

    id: str
    released: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomChange:
    """The room and time that a booking is to have from now on; `key` makes it happen once."""

    key: str
    booking: str
    room: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something to be seen to; `room` is a room id."""

    key: str
    person: str | None
    what: str
    room: str | None = None
    urgency: str = "normal"


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledTicket(Fault):
    """A ticket; `id` is what people call it, such as T-1001; `raised` and `updated` as the caller's clock had it."""

    id: str
    status: TicketState
    raised: datetime
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """Something that is due. `attempts` counts claims, this one included, and tells one claim from the next."""

    key: str
    kind: str
    person: str | None
    payload: str
    attempts: int
    state: WorkState
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """What happened to what; `hash` covers the entry and the `previous` hash. Never holds what a person said, only digests of it.

    `who` is what the log calls the person, and what the hash covers; `person` is whom that means, or the same as `who` once they were forgotten.
    """

    number: int
    at: float
    who: str | None
    person: str | None
    event: str
    subject: str
    detail: str
    previous: str
    hash: str


class Conversations(Protocol):
    """What was said before, by conversation."""

    def load_conversation(self, conversation: str) -> str | None:
        """The document last saved under this id, or None."""

    def save_conversation(self, conversation: str, document: str, *, person: str | None, now: datetime) -> None:
        """Replace the document. A loss of power soon after may take that back."""

    def save_conversations(self, documents: Mapping[str, str], *, person: str | None, now: datetime) -> None:
        """Replace the documents of several conversations (their ids) at once."""


class Actions(Protocol):
    """Actions happen once: written down, attempted, then confirmed or failed. Each change is in the audit log."""

    def begin(self, key: str, kind: str, request: str, *, person: str | None, now: datetime) -> Beginning:
        """Write the action down as intended; one that failed may begin again. Raises NotAnswerable when the key belongs to another person or kind."""

    def attempted(self, key: str, *, now: datetime) -> None:
        """Say that the attempt starts now. Raises OutsideFailed when the action was given up meanwhile."""

    def confirm(self, key: str, result: str, *, now: datetime) -> None:
        """It happened, with this result; a truth that outlives every other state."""

    def fail(self, key: str, reason: str, *, now: datetime) -> None:
        """It did not happen; without effect on what is confirmed."""

    def doubt(self, key: str, *, now: datetime) -> bool:
        """Forbid further attempts, so that a look at the provider is final; False when the action has ended meanwhile."""

    def find(self, key: str) -> Action | None:
        """The action under this key, or None."""

    def unfinished(self, *, before: datetime) -> tuple[Action, ...]:
        """Actions that began before this time and have not ended, oldest first."""


class Bookings(Protocol):
    """Rooms held. A room is never held twice at a time; back-to-back is fine."""

    def hold_room(self, hold: RoomHold, *, now: datetime) -> HeldRoom | None:
        """Hold the room, None when it is taken. The same key gives the booking it already has. Raises OutsideFailed when the action was given up."""

    def hold_with_key(self, key: str) -> HeldRoom | None:
        """The booking made under this key, or None."""

    def holds(self, start: datetime, end: datetime) -> tuple[HeldRoom, ...]:
        """Everything held at some time between two aware instants, earliest first."""

    def holds_of(self, person: str | None, *, start: datetime | None, end: datetime | None) -> tuple[HeldRoom, ...]:
        """What this person holds at some time between two aware instants (None: open), earliest first."""


class TicketFile(Protocol):
    """Tickets of the embedded desk."""

    def file_ticket(self, fault: Fault, *, now: datetime) -> FiledTicket:
        """File it. The same key gives the ticket it already has. Raises OutsideFailed when the action was given up."""

    def ticket_with_key(self, key: str) -> FiledTicket | None:
        """The ticket filed under this key, or None."""

    def ticket_of(self, person: str | None, ticket: str) -> FiledTicket | None:
        """This person's ticket with this id, letter case aside; None when there is none or it is another's."""

    def open_tickets_of(self, person: str | None) -> tuple[FiledTicket, ...]:
        """This person's tickets that are not resolved or closed, newest first."""


class DueWork(Protocol):
    """What is to be done later or elsewhere, claimed with a lease."""

    def add_work(self, key: str, kind: str, payload: str, *, person: str | None, due: datetime | None = None) -> bool:
        """Put it down, due at once by default; False when the key is known (then nothing changes)."""

    def claim_work(self, kind: str, *, now: datetime, lease: timedelta, key: str | None = None) -> WorkItem | None:
        """The longest due item, ours until the lease ends; None when nothing is due. No two claims get the same item at a time.

        With a `key` that one alone, though it be not due yet.
        """

    def work_with(self, key: str) -> WorkItem | None:
        """The item of this key, whatever its state."""

    def lapsed_work(self, kind: str, *, now: datetime) -> tuple[WorkItem, ...]:
        """Claimed items whose lease has ended without a word."""

    def hold_work(self, item: WorkItem, *, until: datetime, note: str | None = None) -> bool:
        """Go on with this claim until then, with a `note` of how far it is as its problem; False when it is no longer ours."""

    def finish_work(self, item: WorkItem, state: Literal["done", "failed", "unknown"], *, problem: str = "", now: datetime) -> bool:
        """Say how this claim ended; False when it is no longer ours to say."""

    def postpone_work(self, item: WorkItem, *, due: datetime, problem: str) -> bool:
        """Give the claim back, to be claimed again when due; False when it is no longer ours."""

    def work_in(self, kind: str, state: WorkState) -> tuple[WorkItem, ...]:
        """Items of a kind in a state, oldest first."""


class Audit(Protocol):
    """A log that shows when it was tampered with."""

    def audit_trail(self) -> tuple[AuditEntry, ...]:
        """Every entry, oldest first."""

    def first_broken(self) -> int | None:
        """The number of the first entry whose hash or place in the chain is wrong; None when all is well."""


class Ledger(
    Conversations,
    Actions,
    Bookings,
    RoomFile,
    MeetingFile,
    TicketFile,
    HelpDeskFile,
    LessonFile,
    Enquiries,
    Refusals,
    DueWork,
    AccountBindings,
    LinkCodes,
    Pins,
    Devices,
    LastAnswers,
    Departures,
    Subscriptions,
    Post,
    Installations,
    OneTime,
    Spending,
    Administering,
    Audit,
    Privacy,
    Copies,
    Protocol,
):
    """The whole store; safe to use from many threads and processes at once. `zone` is that of moments without one; None is the machine's."""

    zone: tzinfo | None

    def close(self) -> None:
        """Let go of files and connections."""

"""What the ledger keeps of the help desk: every ticket that was filed through us, wherever it is kept, and what is out of order for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from insights.helpdesk import Attachment

TicketState = Literal["open", "in_progress", "resolved", "closed"]
Claim = Literal["first", "again", "taken", "given up"]
"""Of a filing: ours and never tried, ours after somebody began it, somebody else's now, or nobody's any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A ticket as it was filed and as it was last seen. `id` is what `system` calls it, `fields` a JSON object, `team` the assignment group.

    `approver` is the id of a person or a role. `answered` is when somebody else first did something about it, `resolved` when it was solved.
    """

    key: str
    system: str
    id: str
    person: str | None
    what: str
    room: str | None
    urgency: str
    priority: str
    category: str
    team: str
    judged: str
    type: str | None
    fields: str
    status: str
    raised: datetime
    updated: datetime
    due: datetime | None = None
    url: str | None = None
    approver: str | None = None
    approval: str | None = None
    answered: datetime | None = None
    resolved: datetime | None = None
    rating: int | None = None
    reopened: int = 0

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to see to it."""
        return self.status in ("open", "in_progress")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something that was added to a ticket; `number` counts up."""

    number: int
    key: str
    person: str | None
    at: datetime
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile(Attachment):
    """A file that somebody attaches to a ticket of a system, under the key of that action. `size` stays when the data is not kept any more.

    `attached`: it is known to be there.
    """

    key: str
    system: str
    ticket: str
    person: str | None
    size: int
    attached: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredOutage:
    """Something that is out of order for everybody, in one room or everywhere."""

    id: str
    key: str
    person: str | None
    what: str
    category: str
    room: str | None
    since: datetime
    ended: datetime | None = None


class HelpDeskFile(Protocol):
    """The register of tickets. Every method that writes may be repeated with the same key."""

    def register(self, ticket: Registered) -> None:
        """Write a ticket down; one that is known keeps what it was filed with and takes its status, address and time of change."""

    def registered(self, key: str) -> Registered | None:
        """The ticket filed under this key, or None."""

    def registered_as(self, system: str, ticket: str) -> Registered | None:
        """The ticket that a system calls so, letter case aside."""

    def registered_since(self, since: datetime | None, *, only_open: bool = False) -> tuple[Registered, ...]:
        """Those raised from then on (None: ever), newest first."""

    def amend(self, ticket: Registered, *, event: str, person: str | None, now: datetime) -> None:
        """Write down how it is now, with an entry in the audit log."""

    def watch(self, ticket: str, person: str) -> None:
        """This person wants to hear of it; `ticket` is its key, or the id of an outage."""

    def watchers(self, ticket: str) -> tuple[str, ...]:
        """Who wants to hear of it."""

    def join_thread(self, thread: str, ticket: str) -> None:
        """The ticket (its key) is talked about there; a thread belongs to one ticket, the first."""

    def threads_of(self, ticket: str) -> tuple[str, ...]:
        """Where a ticket is talked about."""

    def ticket_in(self, thread: str) -> str | None:
        """The key of the ticket that is talked about there, or None."""

    def add_note(self, key: str, ticket: str, note: str, *, person: str | None, now: datetime) -> bool:
        """Add to a ticket of the embedded system; False when the key is known."""

    def notes_of(self, ticket: str) -> tuple[Note, ...]:
        """What was added to it, oldest first."""

    def keep_file(self, file: StoredFile, *, now: datetime) -> StoredFile:
        """Write a file down before it is attached; the same key gives the one that it already is."""

    def file_with_key(self, key: str) -> StoredFile | None:
        """The file of this action, or None."""

    def files_of(self, system: str, ticket: str) -> tuple[StoredFile, ...]:
        """What is attached to a ticket, without the data, oldest first."""

    def file_attached(self, key: str, *, keep: bool) -> None:
        """It is there; unless it is to be kept here its data is let go of."""

    def ticket_state(self, ticket: str) -> TicketState | None:
        """How a ticket of the embedded system stands, whoever's it is; None when there is none."""

    def set_ticket_state(self, ticket: str, status: str, *, now: datetime) -> bool:
        """Change a ticket of the embedded system; False when there is none."""

    def claim_filing(self, key: str, *, now: float, lease: timedelta) -> Claim:
        """Be the only one who files under this key, until the lease ends. `now` is an instant."""

    def release_filing(self, key: str, *, sent: bool = False) -> None:
        """Let the next one try; `sent` notes that it went out."""

    def was_sent(self, key: str) -> bool:
        """Whether a filing under this key is known to have gone out."""

    def announce(self, outage: StoredOutage) -> StoredOutage:
        """Write an outage down; the same key gives the one it already is."""

    def outages(self, *, since: datetime | None = None) -> tuple[StoredOutage, ...]:
        """Those that last, newest first; with `since` also those that ended after it."""

    def end_outage(self, outage: str, *, now: datetime) -> StoredOutage | None:
        """It is over; None when there is none of that id."""

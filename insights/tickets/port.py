"""What can be done about tickets (`Tickets`), and what a ticket system promises, wherever it is (`TicketSystem`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from insights.answers import OutageAnswer, TicketAnswer, TicketsAnswer
from insights.delivery.port import Channel
from insights.helpdesk import Attachment, RequestType
from insights.ledger.port import Fault, FiledTicket, TicketState, WorkItem
from insights.permit import Asker
from insights.requests import AnnounceOutage, Clarify, RaiseTicket, TicketStatus, UpdateTicket
from insights.tickets.triage import Example, Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing(Fault):
    """A report with everything that is known about it: what was judged, the form it is filed by with its fields, and the person who asks."""

    priority: str = "normal"
    category: str = "other"
    category_label: str = "Other"
    team: str = ""
    type: str | None = None
    fields: tuple[tuple[str, str], ...] = ()
    name: str | None = None
    email: str | None = None
    room_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something done to a ticket, once per `key`: a note, another status or priority, a `file` attached.

    `name` is who does it, where our account does it for them.
    """

    key: str
    note: str = ""
    status: TicketState | None = None
    priority: str | None = None
    person: str | None = None
    name: str | None = None
    file: Attachment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How a ticket stands now, and the last thing that somebody else than the person who raised it said (`by` whom, if that is told)."""

    status: TicketState
    said: str | None = None
    by: str | None = None


class Tickets(Protocol):
    """Faults reported and followed up for people. `now` is the asker's local time without offset.

    Raises UnknownThing for a room or a ticket that does not exist (the same for one that is another's), NotAnswerable when nothing is reported, NotPermitted,
    OutsideFailed and OutcomeUnknown from the provider.
    """

    def ask(self, request: RaiseTicket, *, asker: Asker, now: datetime) -> Clarify | None:
        """What has to be asked before the report can be read back: a field of its form, or whether it is the same as one that was made."""

    def propose(self, request: RaiseTicket, *, asker: Asker, now: datetime) -> TicketAnswer:
        """What would be filed, to be read back, with what to try first; or the outage that it is a part of. Nothing is filed."""

    def settled(self, request: RaiseTicket, proposed: TicketAnswer) -> RaiseTicket:
        """The request that files exactly what was proposed: what a yes carries out."""

    def raise_ticket(self, request: RaiseTicket, *, asker: Asker, now: datetime, key: str) -> TicketAnswer:
        """File it, once per key: asked again with the same key, the same ticket is told."""

    def status(self, request: TicketStatus, *, asker: Asker) -> TicketsAnswer:
        """The asker's ticket, or their open ones, newest first; or what is known to be out of order."""

    def update(self, request: UpdateTicket, *, asker: Asker, now: datetime, key: str) -> TicketAnswer:
        """Change a ticket, once per key; whoever else it concerns is told."""

    def attach(self, file: Attachment, request: UpdateTicket, *, asker: Asker, now: datetime, key: str) -> TicketAnswer:
        """Attach a file to the ticket of the request, with its note, once per key; it is written down before it is sent anywhere.

        Raises NotAnswerable for a file that is too large, empty or without a name.
        """

    def propose_outage(self, request: AnnounceOutage, *, asker: Asker, now: datetime) -> OutageAnswer:
        """What everybody would be told."""

    def announce(self, request: AnnounceOutage, *, asker: Asker, now: datetime, key: str) -> OutageAnswer:
        """Tell everybody who asks from now on, or end it and tell those who asked."""

    def told(self, item: WorkItem, channel: Channel | None) -> TicketAnswer | None:
        """What is new about a ticket, as who reads in the channel now may know it; None where nothing is to be told there."""

    def faulty_rooms(self, *, now: datetime) -> Mapping[str, str]:
        """The ids of rooms in which something is reported to be out of order, with what kind of thing."""

    def suspects(self, said: str) -> bool:
        """Whether words that nobody understood sound like a report: then it is read back rather than refused."""

    def judge(self, what: str) -> Judgement:
        """What a report would be taken for; nothing is filed."""

    def solved_reports(self) -> tuple[Example, ...]:
        """The reports of solved tickets with what they were in the end: what can be learned from."""


class TicketSystem(Protocol):
    """Files tickets for people. Every method may raise OutsideFailed."""

    @property
    def name(self) -> str:
        """What people call it."""

    def types(self) -> tuple[RequestType, ...]:
        """The forms it has, with their required fields and allowed values."""

    def file(self, filing: Filing, *, now: datetime) -> FiledTicket:
        """File it for the person named in it.

        Safe to repeat and to race: the same key files once and gives the same ticket. Raises OutcomeUnknown when nobody can tell whether it was filed.
        """

    def filed(self, key: str) -> FiledTicket | None:
        """The ticket filed under this key, or None: how an interrupted filing is looked for. Raises OutsideFailed when that cannot be told now."""

    def ticket(self, person: str | None, ticket: str) -> FiledTicket | None:
        """This person's ticket with this id; None when there is none or it is another's, without telling which."""

    def open_of(self, person: str | None) -> tuple[FiledTicket, ...]:
        """This person's tickets that are not resolved or closed, newest first."""

    def change(self, ticket: str, change: Change, *, now: datetime) -> TicketState:
        """Do it to the ticket of this id, whoever's it is, and tell how it stands. Safe to repeat. Raises UnknownThing, and OutcomeUnknown as `file` does."""

    def changed(self, ticket: str, key: str) -> bool:
        """Whether a change under this key was made: how an interrupted one is looked for."""

    def has_file(self, ticket: str, file: Attachment) -> bool:
        """Whether such a file is attached where a change of its own does not tell: how an interrupted attaching is looked for."""

    def look(self, ticket: str, *, person: str | None) -> Seen | None:
        """How the ticket stands and what others than this person said last; None when there is none, or the system does not tell."""

    def url(self, ticket: str) -> str | None:
        """The page of a ticket, None where the system has none."""

    def examine(self) -> str:
        """What it has for us, in words, after everything that a report needs was asked for and nothing was filed: for whoever runs the service.

        Raises OutsideFailed where it does not answer, WrongSettings and NotAnswerable where it does not take what is configured.
        """

    def close(self) -> None:
        """Let go of connections; using it again makes new ones."""

"""Tickets and outages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A ticket as its system knows it; `url` None where the provider has no page.

    `category` and `group` are what people call them; `judged` says how they and the priority were found: learned from tickets, by rules, or said by a person.
    `due` is when it is to be solved by. `approval` is how the decision of `approver` (a name) stands, where one is needed. `mine` is False for a ticket of
    somebody else that the asker may hear of without its words.
    """

    id: str
    status: Literal["proposed", "open", "in_progress", "resolved", "closed"]
    what: str
    room: str | None = None
    room_name: str | None = None
    urgency: str = "normal"
    url: str | None = None
    raised: datetime | None = None
    updated: datetime | None = None
    priority: str | None = None
    category: str | None = None
    group: str | None = None
    judged: Literal["learned", "rules", "person"] | None = None
    type: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    due: datetime | None = None
    approval: Literal["waiting", "approved", "rejected"] | None = None
    approver: str | None = None
    mine: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFix:
    """What usually helps."""

    title: str
    steps: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """Something that is out of order for everybody, announced once; `ended` None while it lasts."""

    id: str
    what: str
    room: str | None = None
    room_name: str | None = None
    since: datetime | None = None
    ended: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherRoom:
    """A room that is free for the rest of the meeting in which something was reported."""

    room: str
    room_name: str
    capacity: int
    until: datetime
    booking: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketAnswer:
    """A ticket `proposed` (read back, waits for a yes), `raised`, `updated`, or none because it is `known` (`outage`). `assumed` holds sentences.

    `changes` says what an update did. `fix` is to be tried first. `other_room` is offered to the meeting that the fault disturbs. `reported`: what those who
    work on tickets are told, with by whom it was (`reported_by`, a name).
    """

    status: Literal["proposed", "raised", "updated", "known", "reported"]
    ticket: Ticket
    assumed: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    fix: KnownFix | None = None
    outage: Outage | None = None
    other_room: OtherRoom | None = None
    reported_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketsAnswer:
    """How tickets stand, newest first, and what is known to be out of order. `about` is what was asked about, `approvals` are those the asker decides on."""

    tickets: tuple[Ticket, ...]
    outages: tuple[Outage, ...] = ()
    about: str | None = None
    approvals: tuple[Ticket, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageAnswer:
    """An outage to be `proposed`, `announced`, or `over`; `told` is how many people a message goes to."""

    status: Literal["proposed", "announced", "over"]
    outage: Outage
    told: int = 0
    assumed: tuple[str, ...] = ()

"""What can be asked of the help desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseTicket:
    """Report something that is broken, or ask for something; `room` is where, None when it was not said.

    `category`, `priority` and `group` are those the person corrected, None leaves them to be worked out from the words. `type` is the form it is filed by and
    `fields` what that wants to know. `new` says that the person wants a ticket of their own although the same was reported.

    What a door knows besides: the `thread` of a channel where it was said, and by whom (`person`, an id), where that is not the asker.
    """

    what: str = ""
    room: str | None = None
    urgency: Literal["low", "normal", "high"] = "normal"
    category: str | None = None
    priority: Literal["low", "normal", "high", "urgent"] | None = None
    group: str | None = None
    type: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    new: bool = False
    thread: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketStatus:
    """How a ticket stands; `ticket` None means the asker's own open ones, or what is known to be out of order `about` something ("the wifi")."""

    ticket: str | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateTicket:
    """Add a note or a `link` to a ticket, close it, open it again, `escalate` it, correct what it was taken for; `ticket` None means the asker's only open one.

    `file` is the name of a file that is attached; what is in it was handed over with the action. `decision` is an approver's, `join` asks to hear of
    somebody else's ticket too, `rating` (1 to 5) says how satisfied the asker is. `thread` is where in a channel it was said, as a door knows it: with no
    `ticket`, the one that is talked about there.
    """

    ticket: str | None = None
    note: str = ""
    status: Literal["open", "in_progress", "resolved", "closed"] | None = None
    link: str | None = None
    file: str | None = None
    escalate: bool = False
    category: str | None = None
    priority: Literal["low", "normal", "high", "urgent"] | None = None
    decision: Literal["approve", "reject"] | None = None
    join: bool = False
    rating: int | None = None
    thread: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceOutage:
    """Tell everybody who asks that something is out of order, in one `room` or everywhere; `over` ends it (`outage` is its id, None the latest)."""

    what: str = ""
    room: str | None = None
    over: bool = False
    outage: str | None = None


AboutTickets = RaiseTicket | TicketStatus | UpdateTicket | AnnounceOutage

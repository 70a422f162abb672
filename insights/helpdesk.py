"""How the company's help desk works: categories and groups, request types, known fixes, due times, and what to do in an emergency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Literal, get_args

Priority = Literal["low", "normal", "high", "urgent"]
PRIORITIES: tuple[Priority, ...] = get_args(Priority)
Emergency = Literal["fire", "leak", "injury"]
EMERGENCIES: tuple[Emergency, ...] = get_args(Emergency)

OTHER = "other"
"""The category of what fits none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A kind of trouble; `group` sees to it, `words` name it where the classifier is not sure."""

    id: str
    label: str
    group: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Something a request type wants to know. `question` is asked where it was not said; `values` are all that is allowed (empty: free text)."""

    name: str
    label: str
    question: str
    values: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestType:
    """A form of the ticket system. `words` are what people ask for by it; `approver` (a person or a role) must agree first.

    `usual` is the form for whatever asks for no other.
    """

    id: str
    label: str
    fields: tuple[Field, ...] = ()
    words: tuple[str, ...] = ()
    category: str | None = None
    approver: str | None = None
    usual: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file: its `name` without a folder, its media `type`, and what is in it."""

    name: str
    type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """What usually helps: offered before a ticket is filed when enough of `words` are said."""

    title: str
    steps: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceHours:
    """When the help desk works: weekdays (0 is Monday), from `opens` until `closes`."""

    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    opens: time = time(9)
    closes: time = time(17)


_CATEGORIES = (
    Category(id="network", label="Network", group="IT", words=("wifi", "wi-fi", "internet", "network", "vpn", "lan", "ethernet")),
    Category(id="computer", label="Computer", group="IT", words=("laptop", "computer", "keyboard", "mouse", "docking", "monitor", "charger", "battery")),
    Category(id="software", label="Software", group="IT", words=("app", "application", "software", "email", "outlook", "browser", "update", "install")),
    Category(id="access", label="Access", group="IT", words=("password", "account", "login", "permission", "access", "locked", "mfa")),
    Category(id="printing", label="Printing", group="IT", words=("printer", "print", "toner", "scanner", "copier", "paper")),
    Category(id="meeting_room", label="Meeting room equipment", group="Facilities", words=("projector", "screen", "camera", "microphone", "hdmi")),
    Category(id="building", label="Building", group="Facilities", words=("light", "heating", "hot", "cold", "door", "lift", "elevator", "toilet", "water")),
    Category(id="furniture", label="Furniture", group="Facilities", words=("chair", "desk", "table", "cabinet", "drawer", "blinds")),
    Category(id="cleaning", label="Cleaning", group="Facilities", words=("dirty", "bin", "spill", "trash", "clean", "smell", "rubbish")),
    Category(id="security", label="Security", group="Security", words=("badge", "phishing", "stolen", "theft", "alarm", "intruder", "lost")),
)
CATEGORIES: Mapping[str, Category] = {category.id: category for category in _CATEGORIES}

INSTRUCTIONS: Mapping[Emergency, str] = {
    "fire": "Leave the building now by the nearest exit, do not use the lifts, and call the fire brigade.",
    "leak": "Keep away from the water and from anything electrical it can reach. If you smell gas, leave at once and call the emergency services.",
    "injury": "Call an ambulance now, and stay with the person until help is there.",
}
"""What is said first where the company says nothing of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpDesk:
    """Everything that `help_desk` and `emergency` in organization.yaml say, with what holds where they say nothing.

    `agents` are the roles of those who work on tickets: they may see and change all of them, and announce outages. `due` is how much of the service
    hours a ticket may take until it is solved, by priority. `channel` is the channel in which agents hear of new ones, by its name or id.
    """

    categories: Mapping[str, Category] = field(default_factory=lambda: CATEGORIES)
    agents: frozenset[str] = frozenset({"it", "facilities", "help_desk"})
    types: tuple[RequestType, ...] = ()
    fixes: tuple[Fix, ...] = ()
    hours: ServiceHours = field(default_factory=ServiceHours)
    due: Mapping[Priority, timedelta] = field(
        default_factory=lambda: {"urgent": timedelta(hours=4), "high": timedelta(hours=8), "normal": timedelta(hours=24), "low": timedelta(hours=40)}
    )
    emergency: Mapping[Emergency, str] = field(default_factory=lambda: INSTRUCTIONS)
    channel: str | None = None

    def group_of(self, category: str) -> str:
        """Who sees to a category."""
        known = self.categories.get(category)
        return known.group if known is not None else next((one.group for one in self.categories.values()), "Help desk")

    def label_of(self, category: str) -> str:
        """What people call a category."""
        known = self.categories.get(category)
        return known.label if known is not None else "Other"

"""One errand on its way: who runs it, on what, and what its preparation may come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from insights.answers import Answer
from insights.organization import Organization
from insights.parts import Office
from insights.permit import Asker
from insights.requests import Clarify, Errand


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What an errand stands on. `key` makes it happen once; `agreed`: a yes was given beforehand; `ignored` are the words that were not used."""

    office: Office
    organization: Organization
    asker: Asker
    now: datetime
    key: str
    agreed: bool = False
    ignored: tuple[str, ...] = ()

    @property
    def rooms(self) -> Mapping[str, str]:
        """The names of rooms by their ids."""
        return {room.id: room.name for room in self.organization.rooms.values()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What waits for a yes: the errand that a yes carries out, with everything it needs, and what would come of it."""

    errand: Errand
    answer: Answer
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The errand with everything it needs, to be carried out at once; `assumed` is what was taken for granted."""

    errand: Errand
    assumed: tuple[str, ...] = ()


Prepared = Proposal | Clarify | Settled | None
"""What comes before an errand is carried out: a yes to wait for, a question back, the errand made definite, or nothing."""

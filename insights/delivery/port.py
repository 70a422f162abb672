"""What a door promises that can bring a message to a person."""

from __future__ import annotations

from typing import Protocol

from insights.organization import Person
from insights.turns import Reply


class Messenger(Protocol):
    """Brings a reply to one person, privately."""

    @property
    def name(self) -> str:
        """The door's name, such as "slack"."""

    def reaches(self, person: Person) -> bool:
        """Whether this person has an address here."""

    def send(self, person: Person, reply: Reply, *, key: str) -> None:
        """Send it; the same `key` arrives once. Raises OutsideFailed when it did not go out, OutcomeUnknown when nobody can tell."""

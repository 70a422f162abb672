"""What a door promises that can bring a message to a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A place where several people read along: `members` are ids of people known here, `strangers` how many others there are (guests, people unknown).

    `members` None: nobody can tell who reads there. `closed` is why nothing is to be posted there, empty where it may be. `thread` is the one in it that is
    meant, None for none.
    """

    id: str
    name: str
    members: tuple[str, ...] | None = None
    strangers: int = 0
    closed: str = ""
    thread: str | None = None


@runtime_checkable
class Poster(Protocol):
    """A messenger that can also post into channels."""

    def channel(self, name: str) -> Channel | None:
        """The channel or thread of this name as it is now, with or without its mark; None when there is none or we are not in it. Raises OutsideFailed."""

    def post(self, channel: Channel, reply: Reply, *, key: str) -> str | None:
        """Post it; the same `key` arrives once. Gives the thread's name, for `channel`. Raises as `Messenger.send` does."""

    def posted(self, channel: Channel, *, key: str) -> str | None:
        """The thread of what was posted there under this key not long ago; None where it is not to be found. Raises OutsideFailed."""

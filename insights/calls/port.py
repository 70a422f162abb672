"""What can be done about calls (`Calls`), and what a conference service and a room's system promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from insights.answers import CallAnswer
from insights.permit import Asker
from insights.requests import JoinCall, StartCall


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A conference that was made."""

    service: str
    link: str
    dial_in: str | None = None


class Calls(Protocol):
    """Calls joined and started for people. Nothing here dials: links go to people and to the system of the room.

    Raises NotAnswerable where there is no meeting or no call in it, OutsideFailed and OutcomeUnknown from the service.
    """

    def join(self, request: JoinCall, *, asker: Asker, now: datetime, key: str) -> CallAnswer:
        """The call of the asker's meeting: brought to the room's system and to the asker, once per key."""

    def start(self, request: StartCall, *, asker: Asker, now: datetime, key: str) -> CallAnswer:
        """A new call, brought to the asker, to those named and to the room's system, once per key."""


class Conferences(Protocol):
    """Makes conferences."""

    def make(self, title: str, *, key: str, now: datetime) -> Made:
        """Make one; the same key makes one. Raises OutsideFailed, and OutcomeUnknown when nobody can tell whether it was made."""

    def made(self, key: str) -> Made | None:
        """The one made under this key, or None: how an interrupted attempt is looked for."""


class RoomSystem(Protocol):
    """The screen and camera of one room."""

    def join(self, *, link: str | None, dial_in: str | None, title: str | None, key: str, now: datetime) -> None:
        """Join a conference there; the same key does it once. Raises OutsideFailed."""

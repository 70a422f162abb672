"""The front ends as the core sees them: found by entry point, never imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from insights.errors import UnknownThing, nearest

if TYPE_CHECKING:
    from insights.assistant import Assistant
    from insights.delivery.port import Messenger
    from insights.settings import Settings
    from insights.turns import Reply

GROUP = "insights.doors"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check found: `ok`, `off` (not configured, which is fine) or `wrong` with a remedy."""

    subject: str
    state: Literal["ok", "off", "wrong"]
    detail: str
    remedy: str = ""


class Door(Protocol):
    """A front end: reads its medium into a Turn, dresses the Reply for it. Safe to load without its settings."""

    @property
    def name(self) -> str:
        """The name that `--format` and the settings use: "alexa", "slack"."""

    def findings(self, settings: Settings) -> tuple[Finding, ...]:
        """How it is configured: `off` when nothing is set, `wrong` naming the missing setting when it is switched on without it."""

    def routes(self, assistant: Assistant, settings: Settings) -> Mapping[str, Any]:
        """ASGI applications by path, for `insights serve`. Raises WrongSettings naming what is missing."""

    async def run(self, assistant: Assistant, settings: Settings) -> None:
        """What the door does beside its routes while the server runs (Slack's Socket Mode); ends at once when there is nothing, is cancelled at the end."""

    def render(self, reply: Reply) -> Mapping[str, Any]:
        """The reply as this medium's payload, for `--format`."""

    def generate(self, assistant: Assistant) -> Mapping[str, str]:
        """Files made from the catalog and the intents: path from the top of the project -> content."""

    def messenger(self, assistant: Assistant, settings: Settings) -> Messenger | None:
        """How to bring a message through this door to a person, or into a channel where it is a Poster; None when it cannot or is not configured."""


def load() -> Mapping[str, Door]:
    """Every installed door by name, in order of name."""
    from importlib.metadata import entry_points

    return {point.name: point.load() for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)}


def load_one(name: str) -> Door:
    """The door of this name. Raises UnknownThing with the names there are."""
    doors = load()
    if name not in doors:
        raise UnknownThing(f"There is no door '{name}'.", remedy=nearest(name, doors), options=doors)
    return doors[name]

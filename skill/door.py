"""The Alexa door as the core finds it (entry point `insights.doors`); loading it costs nothing but this file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from insights.doors import Finding
from insights.errors import WrongSettings
from skill import configuration

if TYPE_CHECKING:
    from insights.assistant import Assistant
    from insights.delivery.port import Messenger
    from insights.settings import Settings
    from insights.turns import Reply

PATH = "/alexa"


@dataclass(frozen=True, slots=True)
class AlexaDoor:
    """Voice through an Echo."""

    name: str = "alexa"

    def findings(self, settings: Settings) -> tuple[Finding, ...]:
        """Off when nothing asks for it; wrong, naming the setting, when it is switched on and cannot work."""
        if not configuration.wanted(settings):
            # A section that is switched off, or holds only names for later, may still be misspelt; that is found when it is switched on.
            return (Finding(subject=self.name, state="off", detail="not configured", remedy="Set alexa.skill_id to open it."),)
        try:
            found = configuration.read(settings)
        except WrongSettings as error:
            return (Finding(subject=self.name, state="wrong", detail=_clause(error.problem), remedy=error.remedy),)
        detail = f"answers skill {found.skill_id} at {PATH}; {len(found.devices)} devices and {len(found.people)} people are mapped"
        return (Finding(subject=self.name, state="ok", detail=detail), *_parts())

    def routes(self, assistant: Assistant, settings: Settings) -> Mapping[str, Any]:
        """The ASGI application; none when the door is not configured. Raises WrongSettings naming what is missing."""
        if not configuration.wanted(settings):
            return {}
        from skill.handler import Skill
        from skill.verify import Verifier
        from skill.web import AlexaApp

        found = configuration.read(settings)
        return {PATH: AlexaApp(Skill(configuration=found, open_assistant=lambda: assistant), Verifier(skill_id=found.skill_id))}

    async def run(self, assistant: Assistant, settings: Settings) -> None:  # the port's signature
        """Nothing beside the route."""

    def render(self, reply: Reply) -> Mapping[str, Any]:
        """The reply as the response that Alexa would get."""
        from skill.reply import render

        return render(reply)

    def generate(self, assistant: Assistant) -> Mapping[str, str]:
        """The interaction model of each language."""
        from insights.language.intents import load
        from skill.locales import LOCALES
        from skill.model import written

        rooms = tuple(assistant.organization.rooms.values())
        return {f"interaction-models/{locale}.json": written(assistant.catalog, load(), rooms=rooms, locale=locale) for locale in LOCALES}

    def messenger(self, assistant: Assistant, settings: Settings) -> Messenger | None:  # noqa: ARG002  # the port's signature
        """None: a skill speaks only when it is spoken to."""
        return None


def _clause(sentence: str) -> str:
    """A sentence as a part of another."""
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _parts() -> tuple[Finding, ...]:
    """What the web endpoint needs of the environment."""
    from importlib.util import find_spec

    missing = [name for name in ("cryptography", "certifi") if find_spec(name) is None]
    if not missing:
        return ()
    return (
        Finding(
            subject="alexa over HTTP",
            state="wrong",
            detail=f"{' and '.join(missing)} cannot be imported, so that no signature can be checked",
            remedy="Install insights-assistant[server]; on Lambda it is not needed.",
        ),
    )


door = AlexaDoor()

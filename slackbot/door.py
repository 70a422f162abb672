"""Slack as one of the doors: found by its entry point, safe to load without slack_bolt being needed yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from insights.doors import Finding
from insights.turns import Reply
from slackbot import configuration, manifest
from slackbot.reply import dress

if TYPE_CHECKING:
    from insights.assistant import Assistant
    from insights.delivery.port import Messenger
    from insights.doors import Door
    from insights.settings import Settings


class SlackDoor:
    """Answers `/insights`, mentions and direct messages of one workspace."""

    name = configuration.SECTION

    def findings(self, settings: Settings) -> tuple[Finding, ...]:
        """`off` when nothing is configured; `wrong` names the setting that is missing."""
        return configuration.findings(settings)

    def routes(self, assistant: Assistant, settings: Settings) -> Mapping[str, Any]:
        """The request URL; nothing when Slack is off or only in Socket Mode. Raises WrongSettings naming what is missing."""
        if not configuration.is_on(settings):
            return {}
        found = configuration.read(settings)
        if found.signing_secret is None:
            return {}
        from slackbot.app import build, desk_of, installations_of, office_of, over_http
        from slackbot.gate import PATH

        desk, installations = desk_of(assistant, found), installations_of(assistant, found)
        routes: dict[str, Any] = {PATH: over_http(office_of(build(desk, found, installations), desk, installations), found)}
        if found.client_id:
            from slackbot.installing import Flow, pages

            routes |= pages(Flow(found, installations.shelf))
        return routes

    async def run(self, assistant: Assistant, settings: Settings) -> None:
        """What a crash left behind, and Socket Mode when an app token is set: until cancelled. Raises WrongSettings naming what is missing."""
        if not configuration.is_on(settings):
            return
        found = configuration.read(settings)
        from slackbot.app import build, desk_of, installations_of, office_of, over_socket

        desk, installations = desk_of(assistant, found), installations_of(assistant, found)
        app = build(desk, found, installations)
        office = office_of(app, desk, installations)
        if found.encryption_key:
            import asyncio

            await asyncio.to_thread(installations.shelf.reseal)
        await (office.keep() if found.app_token is None else over_socket(app, office, found))

    def render(self, reply: Reply) -> Mapping[str, Any]:
        """The reply as `text` and `blocks`."""
        return dress(reply)

    def generate(self, assistant: Assistant) -> Mapping[str, str]:  # noqa: ARG002 - the promise of every door; this one needs no catalog
        """The app manifest."""
        return {"slackbot/manifest.json": manifest.render()}

    def messenger(self, assistant: Assistant, settings: Settings) -> Messenger | None:
        """Direct messages and channels; None when Slack is off or not rightly configured."""
        if not configuration.is_on(settings) or any(finding.state == "wrong" for finding in self.findings(settings)):
            return None
        from slackbot.app import messenger_of

        return messenger_of(assistant, configuration.read(settings))


door: Door = SlackDoor()

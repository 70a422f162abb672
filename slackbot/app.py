"""The Bolt application: listeners registered, over HTTP behind the gate or over Socket Mode."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from slackbot.administration import ADMIN
from slackbot.blocks import ACT, ANSWER, ASK, STEP
from slackbot.configuration import Configuration
from slackbot.connecting import CONNECT
from slackbot.gate import Asgi, Gate
from slackbot.listeners import administering, commands, connect, forms, going_on, home, messages, presses, shortcuts, teaching, threads
from slackbot.manifest import COMMANDS
from slackbot.post import steps

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp

    from insights.assistant import Assistant
    from slackbot.answering import Desk
    from slackbot.installed import Shelf
    from slackbot.installing import Installations
    from slackbot.messenger import SlackMessenger
    from slackbot.post.office import Office
    from slackbot.post.pen import Pen

Listener = Callable[..., Awaitable[None]]


def desk_of(assistant: Assistant, configuration: Configuration) -> Desk:
    """Who answers."""
    from slackbot.answering import Desk

    messenger = messenger_of(assistant, configuration)
    return Desk(assistant=assistant, within=configuration.answer_within, places=configuration.places, intake=configuration.intake, messenger=messenger)


def messenger_of(assistant: Assistant, configuration: Configuration) -> SlackMessenger:
    """Who brings what is not asked for at this moment."""
    from slackbot.channels import Directory
    from slackbot.identity import Identities
    from slackbot.messenger import SlackMessenger

    identities = Identities(bound=lambda account: assistant.ledger.bound(account))
    directory = Directory(organization=lambda: assistant.organization, identities=identities, places=configuration.places)

    def is_withdrawn(token: str) -> bool:
        from slackbot.installed import site_of
        from slackbot.installing import revoked

        return assistant.ledger.installed(site_of(None, None, account=revoked(token))) is not None

    shelf = shelf_of(assistant, configuration) if configuration.encryption_key else None
    return SlackMessenger(configuration, shelf=shelf, directory=directory, is_withdrawn=is_withdrawn)


def installations_of(assistant: Assistant, configuration: Configuration) -> Installations:
    """Whose token answers whom."""
    from slackbot.installing import Installations

    return Installations(configuration=configuration, shelf=shelf_of(assistant, configuration))


def shelf_of(assistant: Assistant, configuration: Configuration) -> Shelf:
    """Where the tokens of installations are kept."""
    from slackbot.installed import Shelf
    from slackbot.vault import Vault, vault_of

    vault = vault_of(configuration.encryption_key) if configuration.encryption_key else Vault(masters=())
    return Shelf(ledger=lambda: assistant.ledger, vault=vault)


def build(desk: Desk, configuration: Configuration, installations: Installations) -> AsyncApp:
    """The Bolt application, with the token of whichever workspace something comes from."""
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

    async def authorize(enterprise_id: str | None, team_id: str | None) -> Any:
        return await installations.authorize(enterprise_id, team_id)

    # In Socket Mode there is no signature to check, yet Bolt insists on a secret.
    secret = configuration.signing_secret or "socket-mode"
    app = AsyncApp(client=AsyncWebClient(**configuration.web_client()), authorize=authorize, signing_secret=secret)
    _register(app, desk)
    return app


def _register(app: AsyncApp, desk: Desk) -> None:
    """Tell Bolt what it hands to which listener."""

    def listener(listen: Listener) -> Listener:
        return bound(listen, desk)

    for name in COMMANDS:
        app.command(name)(listener(commands.asked))
    for begins, listen in (
        (STEP, going_on.stepped),
        (ACT, going_on.acted),
        (ADMIN, administering.pressed),
        (teaching.JUDGE, teaching.judged),
        (f"(?:{ANSWER}|{ASK})", presses.pressed),
    ):
        app.action(re.compile(rf"^{begins}:"))(listener(listen))
    app.action(CONNECT)(listener(connect.pressed))
    app.view(CONNECT)(listener(connect.sent))
    for callback in forms.CALLBACKS:
        app.view(callback)(listener(forms.sent))
    for callback in administering.CALLBACKS:
        app.view(callback)(listener(administering.sent))
    for callback in (shortcuts.FILE_TICKET, shortcuts.EXPLAIN):
        app.message_shortcut(callback)(listener(shortcuts.about_message))
    for callback in shortcuts.ANYWHERE:
        app.global_shortcut(callback)(listener(shortcuts.anywhere))
    app.event("app_home_opened")(listener(home.opened))
    app.event("app_mention")(listener(messages.written))
    app.event("message", matchers=[_is_direct])(listener(messages.written))
    app.event("message")(listener(threads.written))
    app.event("reaction_added")(listener(threads.reacted))


def bound(listen: Listener, desk: Desk) -> Listener:
    """A listener with its desk. Bolt goes by the names of arguments and hands them over by name, and sees none that are by keyword alone."""
    wanted = [name for name, one in inspect.signature(listen).parameters.items() if one.kind is one.KEYWORD_ONLY]

    async def heard(**given: Any) -> None:
        await listen(desk, **given)

    heard.__name__ = f"{listen.__module__.rpartition('.')[2]}_{listen.__name__}"
    heard.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # what inspect looks at
        [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in wanted]
    )
    return heard


async def _is_direct(event: dict[str, Any]) -> bool:
    return event.get("channel_type") == "im"


def office_of(app: AsyncApp, desk: Desk, installations: Installations, *, pen: Pen | None = None, passed: steps.Passed = steps.silent) -> Office:
    """What receives for the application, and sends on its behalf."""
    from slackbot.post.office import Office
    from slackbot.post.outbox import Outbox
    from slackbot.post.pen import Pen

    pen = pen or Pen(lambda: desk.assistant.ledger)

    async def heeds(body: dict[str, Any]) -> bool:
        return await threads.heeds(desk, body)

    return Office(app, pen, Outbox(pen, passed=passed), own=installations.own, heeds=heeds, passed=passed)


def over_http(office: Office, configuration: Configuration) -> Asgi:
    """The ASGI application for Slack's request URL."""
    from slackbot.post.reception import Reception

    assert configuration.signing_secret is not None
    return Gate(Reception(office), signing_secret=configuration.signing_secret)


async def over_socket(app: AsyncApp, office: Office, configuration: Configuration) -> None:
    """Keep a Socket Mode connection until cancelled; reconnecting is the client's work."""
    from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler

    from slackbot.post.reception import from_socket

    handler: Any = AsyncSocketModeHandler(app, configuration.app_token)

    async def receive(client: Any, request: Any) -> None:
        await from_socket(office, client, request)

    connection = handler.client
    connection.socket_mode_request_listeners[:] = [receive]
    try:
        await handler.connect_async()
        await office.keep()
    finally:
        await handler.close_async()

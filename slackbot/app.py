"""The Bolt application: listeners registered, over HTTP behind the gate or over Socket Mode."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from slackbot.blocks import ACT, ANSWER, ASK, STEP
from slackbot.configuration import Configuration
from slackbot.connecting import CONNECT
from slackbot.gate import Asgi, Gate
from slackbot.listeners import commands, connect, forms, going_on, home, messages, presses, shortcuts, teaching, threads
from slackbot.manifest import COMMANDS
from slackbot.post import steps

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncRespond
    from slack_sdk.web.async_client import AsyncWebClient

    from insights.assistant import Assistant
    from slackbot.answering import Desk
    from slackbot.installed import Shelf
    from slackbot.installing import Installations
    from slackbot.messenger import SlackMessenger
    from slackbot.post.office import Office
    from slackbot.post.pen import Pen


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
    return SlackMessenger(configuration, shelf=shelf_of(assistant, configuration) if configuration.encryption_key else None, directory=directory)


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
    """Tell Bolt what it hands to which listener; it goes by the names of the arguments."""

    async def command(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await commands.asked(desk, ack=ack, body=body, respond=respond, client=client)

    async def event(body: dict[str, Any], event: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient) -> None:
        await messages.written(desk, body=body, event=event, context=context, client=client)

    async def press(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await presses.pressed(desk, ack=ack, body=body, action=action, respond=respond, client=client)

    async def step(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await going_on.stepped(desk, ack=ack, body=body, action=action, respond=respond, client=client)

    async def act(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await going_on.acted(desk, ack=ack, body=body, action=action, respond=respond, client=client)

    async def judged(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient) -> None:
        await teaching.judged(desk, ack=ack, body=body, action=action, client=client)

    async def connecting(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], client: AsyncWebClient) -> None:
        await connect.pressed(ack=ack, body=body, action=action, client=client)

    async def linked(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], client: AsyncWebClient) -> None:
        await connect.sent(desk, ack=ack, body=body, view=view, client=client)

    async def form(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], client: AsyncWebClient) -> None:
        await forms.sent(desk, ack=ack, body=body, view=view, client=client)

    async def about_message(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await shortcuts.about_message(desk, ack=ack, body=body, client=client)

    async def anywhere(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await shortcuts.anywhere(desk, ack=ack, body=body, client=client)

    async def opened(event: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient) -> None:
        await home.opened(desk, event=event, context=context, client=client)

    async def reaction(body: dict[str, Any], event: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient) -> None:
        await threads.reacted(desk, body=body, event=event, context=context, client=client)

    async def in_channel(body: dict[str, Any], event: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient) -> None:
        await threads.written(desk, body=body, event=event, context=context, client=client)

    for name in COMMANDS:
        app.command(name)(command)
    app.action(re.compile(rf"^{STEP}:"))(step)
    app.action(re.compile(rf"^{ACT}:"))(act)
    app.action(re.compile(rf"^{teaching.JUDGE}:"))(judged)
    app.action(CONNECT)(connecting)
    app.view(CONNECT)(linked)
    for callback in forms.CALLBACKS:
        app.view(callback)(form)
    for callback in (shortcuts.FILE_TICKET, shortcuts.EXPLAIN):
        app.message_shortcut(callback)(about_message)
    for callback in shortcuts.ANYWHERE:
        app.global_shortcut(callback)(anywhere)
    app.event("app_home_opened")(opened)
    app.event("app_mention")(event)
    app.event("message", matchers=[_is_direct])(event)
    app.event("message")(in_channel)
    app.event("reaction_added")(reaction)
    app.action(re.compile(rf"^(?:{ANSWER}|{ASK}):"))(press)


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

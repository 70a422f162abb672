"""Brings a message to a person's direct messages or into a channel, from a worker without an event loop."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from insights.errors import OutcomeUnknown, OutsideFailed
from insights.organization import Person
from insights.turns import Reply
from slackbot.configuration import Configuration
from slackbot.read import BROUGHT
from slackbot.reply import dress, without_blocks
from slackbot.send import BLOCKS_REFUSED, PATIENCE, retry_after

if TYPE_CHECKING:
    from slack_sdk import WebClient
    from slack_sdk.errors import SlackApiError

    from insights.delivery.port import Channel
    from slackbot.channels import Directory
    from slackbot.installed import Shelf

_LOOKED_THROUGH = 100
_KEYS = uuid.UUID("5a3d1f0e-6a52-4d1c-9f0b-0d4f6f8f2c11")
_MAYBE_DONE = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
"""Slack says of these that part of the work may have been done."""


class SlackMessenger:
    """Sends with our bot token, or with those that the workspaces gave which installed us. Safe to use from several threads."""

    def __init__(
        self,
        configuration: Configuration,
        *,
        shelf: Shelf | None = None,
        directory: Directory | None = None,
        is_withdrawn: Callable[[str], bool] = lambda _: False,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._configuration = configuration
        self._shelf = shelf
        self._directory = directory
        self._is_withdrawn = is_withdrawn
        self._sleep = sleep
        self._homes: dict[str, WebClient] = {}  # of channels, by their id

    @property
    def name(self) -> str:
        """The door's name."""
        return "slack"

    def reaches(self, person: Person) -> bool:
        """Whether we know a Slack account or an e-mail address to find one by."""
        return person.slack is not None or person.email is not None

    def send(self, person: Person, reply: Reply, *, key: str) -> None:
        """Send it; Slack recognises the same `key` by its message id, and it is in the metadata for looking.

        Raises OutsideFailed when it did not go out, OutcomeUnknown when nobody can tell.
        """
        client, account = self._addressed(person)
        self._post(client, account, reply, key)

    def channel(self, name: str) -> Channel | None:
        """The channel of this name or id in the workspace that has it, with who reads along now; None where we are in none. Raises OutsideFailed."""
        from insights.delivery.port import Channel

        if self._directory is None:
            return None
        found = []
        for client in map(self._client, self._tokens()):
            channel = self._directory.channel(name, client, self._call)
            if channel is not None:
                self._homes[channel.id] = client
                found.append(channel)
        if len(found) > 1:
            return Channel(id="", name=name, closed=f"More than one workspace has a channel '{name}'.")
        return found[0] if found else None

    def post(self, channel: Channel, reply: Reply, *, key: str) -> str | None:
        """Post it into a channel that was found; known by its `key` as in `send`, and raising the same. The name of its thread."""
        said = self._post(self._homes[channel.id], channel.id, reply, key, thread=channel.thread)
        thread = channel.thread or said.get("ts")
        return f"{channel.id}/{thread}" if thread else None

    def posted(self, channel: Channel, *, key: str) -> str | None:
        """The thread of what was posted there under this key, looked for among the newest messages of the channel or the thread; None where it is not."""
        client = self._homes[channel.id]
        asked: dict[str, Any] = {"channel": channel.id, "limit": _LOOKED_THROUGH, "include_all_metadata": True}
        found = self._call(client.conversations_replies, {**asked, "ts": channel.thread}) if channel.thread else self._call(client.conversations_history, asked)
        for message in found.get("messages") or ():
            if ((message.get("metadata") or {}).get("event_payload") or {}).get("key") == key:
                return f"{channel.id}/{channel.thread or message['ts']}"
        return None

    def _post(self, client: WebClient, channel: str, reply: Reply, key: str, *, thread: str | None = None) -> Any:
        message = {
            **dress(reply, conversation=BROUGHT),
            "channel": channel,
            **({"thread_ts": thread} if thread else {}),
            "client_msg_id": str(uuid.uuid5(_KEYS, key)),
            "metadata": {"event_type": "insights_delivery", "event_payload": {"key": key}},
            "unfurl_links": False,
        }
        try:
            return self._call(client.chat_postMessage, message)
        except BlocksRefused:
            return self._call(client.chat_postMessage, without_blocks(message))

    def _addressed(self, person: Person) -> tuple[WebClient, str]:
        """The workspace where the person has an account, and that account; the last refusal where none has."""
        refused: OutsideFailed | None = None
        for token in self._tokens():
            client = self._client(token)
            try:
                if person.slack is not None and self._shelf is None:
                    return client, person.slack
                if person.slack is not None:
                    self._call(client.users_info, {"user": person.slack})
                    return client, person.slack
                return client, self._account(client, person)
            except OutsideFailed as error:
                refused = error
        raise refused or OutsideFailed("Slack is not installed anywhere any more.", remedy="Install the app again, at /slack/install.")

    def _tokens(self) -> list[str]:
        """Our token, or those of every workspace that installed us, renewed where they are about to expire."""
        if self._configuration.bot_token:
            return [] if self._is_withdrawn(self._configuration.bot_token) else [self._configuration.bot_token]
        if self._shelf is None:
            return []
        import asyncio

        from slackbot.installing import Installations

        sites = [found.site for found in self._shelf.ledger().all_installed("slack") if not found.site.account]
        installations = Installations(configuration=self._configuration, shelf=self._shelf)

        async def tokens() -> list[str | None]:
            return [await installations.token(site.enterprise or None, site.team or None) for site in sites]

        return [token for token in asyncio.run(tokens()) if token]

    def _client(self, token: str) -> WebClient:
        from slack_sdk import WebClient

        # The default handlers send again after a broken connection, when it may have gone out already.
        return WebClient(token=token, retry_handlers=[], **self._configuration.web_client())

    def _account(self, client: WebClient, person: Person) -> str:
        if person.email is None:
            raise OutsideFailed(f"Slack does not know {person.name}.", remedy="Add their Slack user id to organization.yaml.")
        found = self._call(client.users_lookupByEmail, {"email": person.email}).get("user") or {}
        if found.get("deleted") or found.get("is_bot") or found.get("is_stranger"):
            raise OutsideFailed(f"The Slack account of {person.name} cannot be written to.", remedy="Add their Slack user id to organization.yaml.")
        return str(found["id"])

    def _call(self, method: Callable[..., Any], arguments: dict[str, Any]) -> Any:
        from slack_sdk.errors import SlackApiError

        waited = 0.0
        while True:
            try:
                return method(**arguments)
            except SlackApiError as error:
                if error.response.status_code != 429:
                    raise _failure(error, "blocks" in arguments) from error
                wait = retry_after(error.response.headers)
                if waited + wait > PATIENCE:
                    raise OutsideFailed(f"Slack asks to wait {wait:.0f} seconds.", remedy="It will be sent again later.") from error
                waited += wait
                self._sleep(wait)
            except OSError as error:
                raise _unreachable(error) from error


class BlocksRefused(Exception):
    """Slack does not take these blocks; the same text may go out alone."""


def _failure(error: SlackApiError, has_blocks: bool) -> Exception:
    reason = str(error.response.get("error") or "an answer that is not JSON")
    if has_blocks and reason in BLOCKS_REFUSED:
        return BlocksRefused(reason)
    if error.response.status_code >= 500 or reason in _MAYBE_DONE:
        return OutcomeUnknown(f"Slack answered {error.response.status_code}, {reason}: it may have gone out.", reference=reason)
    remedy = "Check slack.bot_token." if reason in ("invalid_auth", "not_authed", "account_inactive", "token_revoked", "missing_scope") else ""
    return OutsideFailed(f"Slack refused the message: {reason}.", remedy=remedy, reference=reason)


def _unreachable(error: OSError) -> OutsideFailed:
    """Refused and unresolved connections sent nothing; everything else may have."""
    import socket

    cause = getattr(error, "reason", error)
    if isinstance(cause, (ConnectionRefusedError, socket.gaierror)):
        return OutsideFailed("Slack cannot be reached.", remedy="Check the network and slack.base_url.", reference=type(cause).__name__)
    return OutcomeUnknown("The connection to Slack broke before it answered: it may have gone out.", reference=type(cause).__name__)

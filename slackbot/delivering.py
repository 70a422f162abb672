"""Where a reply goes back to: the message that was pressed, a direct message, or a form's origin."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slackbot import send
from slackbot.reply import Message

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncRespond
    from slack_sdk.web.async_client import AsyncWebClient


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where somebody is: their user id, the channel and thread, and the response URL of the message or command, empty where there is none."""

    user: str
    channel: str = ""
    thread: str | None = None
    url: str = ""

    def written(self, **more: str) -> str:
        """As a form carries it."""
        return json.dumps({"user": self.user, "channel": self.channel, "thread": self.thread, "url": self.url, **more}, separators=(",", ":"))


def origin_of(body: Mapping[str, Any]) -> Origin:
    """Where a press, a command or a shortcut came from."""
    container, user = body.get("container") or {}, body.get("user") or {}
    channel = (body.get("channel") or {}).get("id") or body.get("channel_id") or ""
    thread = container.get("thread_ts") or (body.get("message") or {}).get("thread_ts")
    return Origin(user=str(user.get("id") or body.get("user_id")), channel=str(channel), thread=thread, url=str(body.get("response_url") or ""))


def waiting_in(view: Mapping[str, Any]) -> tuple[Origin | None, dict[str, Any]]:
    """Where a form came from, and what else it carries."""
    try:
        found = json.loads(str(view.get("private_metadata") or "{}"))
    except ValueError:
        return None, {}
    if not isinstance(found, dict) or not found.get("user"):
        return None, {}
    return Origin(user=str(found["user"]), channel=str(found.get("channel") or ""), thread=found.get("thread"), url=str(found.get("url") or "")), found


async def privately(message: Message, to: Origin, *, client: AsyncWebClient, respond: AsyncRespond | None = None, replace: bool = False) -> bool:
    """Bring a message to one person alone: beside what they pressed, else to their direct messages. `replace`: in its place."""
    where = respond or _answering(to.url, client)
    if where is not None and (respond is not None or to.url):
        direct = to.channel.startswith("D")
        options: dict[str, Any] = {"response_type": "in_channel" if direct else "ephemeral", "replace_original": replace}
        if to.thread:
            options["thread_ts"] = to.thread
        if await send.respond(where, message, **options):
            return True
    return await send.call(client.chat_postMessage, message, channel=to.channel if to.channel.startswith("D") else to.user, unfurl_links=False)


def _answering(url: str, client: AsyncWebClient) -> AsyncRespond | None:
    """Something that posts to a response URL. Only Slack's own addresses, or those below the configured Web API, are written to."""
    from slack_bolt.context.respond.async_respond import AsyncRespond

    ours = client.base_url.split("/api", 1)[0]
    if not url.startswith(("https://hooks.slack.com/", f"{ours}/")):
        return None
    return AsyncRespond(response_url=url, proxy=client.proxy, ssl=client.ssl)

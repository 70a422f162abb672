"""Channels for a worker without an event loop: found by name or id, with who reads along at that moment."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from insights.delivery.port import Channel
from insights.errors import OutsideFailed
from insights.organization import Organization
from insights.permit import Places
from slackbot.audience import look
from slackbot.identity import Identities

if TYPE_CHECKING:
    from slack_sdk import WebClient

_ID = re.compile(r"[CG][A-Z0-9]{7,20}", re.IGNORECASE)
_PAGE, _PAGES = 200, 50
Call = Callable[[Callable[..., Any], dict[str, Any]], Any]
"""Calls a method of a client that blocks, with Slack's rate limits and failures seen to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Who there is and which channels may be written in. Safe to use from several threads."""

    organization: Callable[[], Organization]
    identities: Identities
    places: Places = field(default_factory=lambda: Places())
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def channel(self, name: str, client: WebClient, call: Call) -> Channel | None:
        """The channel of this name or id that we are in, with who reads along now; None where there is none. Raises OutsideFailed.

        An id may be followed by a slash and the thread that is meant.
        """
        name, _, thread = name.partition("/")
        found = _by_id(name.upper(), client, call) if _ID.fullmatch(name) else _by_name(name.removeprefix("#").casefold(), client, call)
        if found is None:
            return None
        id_, said = str(found["id"]), str(found.get("name") or name)
        if not self.places.allow(id_):
            return Channel(id=id_, name=said, closed="I am not to write in this channel.")
        with self._one_at_a_time:  # what is remembered of accounts is shared
            listening = asyncio.run(look(self.identities, id_, self.organization(), _Blocking(client, call)))
        return Channel(id=id_, name=said, members=listening.listeners, strangers=listening.strangers, thread=thread or None)


class _Blocking:
    """What is asked about accounts and channels, of a client that blocks."""

    def __init__(self, client: WebClient, call: Call) -> None:
        self._client, self._call, self.token = client, call, client.token

    async def auth_test(self) -> Any:
        return self._call(self._client.auth_test, {})

    async def users_info(self, *, user: str) -> Any:
        return self._call(self._client.users_info, {"user": user})

    async def conversations_info(self, *, channel: str) -> Any:
        return self._call(self._client.conversations_info, {"channel": channel})

    async def conversations_members(self, *, channel: str, limit: int, cursor: str | None = None) -> Any:
        return self._call(self._client.conversations_members, {"channel": channel, "limit": limit, "cursor": cursor})


def _by_id(id_: str, client: WebClient, call: Call) -> Mapping[str, Any] | None:
    try:
        found: Mapping[str, Any] = call(client.conversations_info, {"channel": id_}).get("channel") or {}
    except OutsideFailed as error:
        if error.reference == "channel_not_found":
            return None
        raise
    return found if _is_ours(found) else None


def _by_name(name: str, client: WebClient, call: Call) -> Mapping[str, Any] | None:
    return next((one for one in _all(client, call) if str(one.get("name") or "").casefold() == name and _is_ours(one)), None)


def _all(client: WebClient, call: Call) -> Iterator[Mapping[str, Any]]:
    cursor: str | None = None
    for _ in range(_PAGES):
        page = call(client.conversations_list, {"types": "public_channel,private_channel", "exclude_archived": True, "limit": _PAGE, "cursor": cursor})
        yield from page.get("channels") or ()
        cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "") or None
        if cursor is None:
            return


def _is_ours(channel: Mapping[str, Any]) -> bool:
    return bool(channel.get("is_member")) and not channel.get("is_archived")

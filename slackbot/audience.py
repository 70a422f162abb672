"""Who reads along in a channel: its members as people of the company, and how many guests and others there are. What cannot be told counts as a stranger."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from insights.organization import Organization
from slackbot.identity import Accounts, Identities, SlackUser

FRESH = 60.0
"""Seconds that the members of a channel are taken for granted when somebody asks there."""
MOST = 1_000
"""Members that are looked at; a channel with more is one with strangers."""
LOOKED_UP = 200
"""Accounts that one look at a channel asks Slack about; the others count as strangers."""
_KEPT = 1_000
_PAGE = 200
_log = logging.getLogger(__name__)


class Channels(Accounts, Protocol):
    """What of Slack's Web API tells who is in a channel; AsyncWebClient has it."""

    async def conversations_info(self, *, channel: str) -> Any:
        """The channel: whether it is shared with other companies."""

    async def conversations_members(self, *, channel: str, limit: int, cursor: str | None = None) -> Any:
        """User ids, a page at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """The members of a channel who are people of the company (ids), and how many others read along."""

    listeners: tuple[str, ...]
    strangers: int = 0


UNKNOWN = Listening(listeners=(), strangers=1)
"""Where it cannot be told who reads along."""


class Audiences:
    """Looks at channels, and remembers for a minute; for one event loop."""

    def __init__(self, identities: Identities, clock: Callable[[], float] = time.monotonic) -> None:
        self._identities = identities
        self._clock = clock
        self._seen: OrderedDict[tuple[str, str], tuple[float, Listening]] = OrderedDict()

    async def of(self, channel: str, who: SlackUser, *, organization: Organization, channels: Channels, anew: bool = False) -> Listening:
        """Who reads along in a channel that `who` writes in; `anew` asks Slack now, as before something is shared there."""
        key, now = (who.team or "-", channel), self._clock()
        until, known = self._seen.get(key, (0.0, UNKNOWN))
        if now < until and not anew:
            return known
        try:
            found = await look(self._identities, channel, organization, channels)
        except Exception as error:
            # Whatever keeps us from knowing who listens: nothing that is not for strangers is told.
            _log.warning("Who reads along in %s cannot be told: %r", channel, error)
            return UNKNOWN
        self._seen[key] = (now + FRESH, found)
        self._seen.move_to_end(key)
        while len(self._seen) > _KEPT:
            self._seen.popitem(last=False)
        return found


async def look(identities: Identities, channel: str, organization: Organization, channels: Channels) -> Listening:
    """Who reads along in a channel now. Raises what `channels` raises."""
    about: Mapping[str, Any] = (await channels.conversations_info(channel=channel)).get("channel") or {}
    members, strangers = await _members(channel, channels)
    # With another company in it, whoever of theirs joins next reads along as well.
    strangers += bool(about.get("is_ext_shared") or about.get("is_pending_ext_shared"))
    listeners: list[str] = []
    asked = 0
    for member in members:
        known = organization.person_by_slack(member)
        if known is not None:
            listeners.append(known.id)
            continue
        asked += 1
        person = await identities.member(member, organization=organization, accounts=channels) if asked <= LOOKED_UP else "stranger"
        if person == "stranger":
            strangers += 1
        elif person != "app":
            listeners.append(person.removeprefix("person:"))
    return Listening(listeners=tuple(listeners), strangers=strangers)


async def _members(channel: str, channels: Channels) -> tuple[list[str], int]:
    found: list[str] = []
    cursor: str | None = None
    while len(found) < MOST:
        page = await channels.conversations_members(channel=channel, limit=_PAGE, cursor=cursor)
        found += [str(member) for member in page.get("members") or ()]
        cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "") or None
        if cursor is None:
            return found, 0
    return found, 1

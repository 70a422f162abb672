"""Who of the company a Slack user is; nobody is ever answered as somebody else."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from insights.organization import Organization, Person

_REMEMBERED = 600.0
"""Seconds that an e-mail address looked up is trusted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackUser:
    """A Slack account. `user` is unique only within its team or enterprise."""

    user: str
    team: str | None
    enterprise: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The workspace that our token belongs to."""

    team: str | None
    enterprise: str | None = None

    def houses(self, who: SlackUser) -> bool:
        """Whether the account belongs to our workspace or its enterprise; someone from a connected workspace does not."""
        same_team = who.team is not None and who.team == self.team
        return same_team or (who.enterprise is not None and who.enterprise == self.enterprise)


class Accounts(Protocol):
    """What of Slack's Web API tells who is who; AsyncWebClient has it. Both raise slack_sdk.errors.SlackApiError and connection errors."""

    async def auth_test(self) -> Any:
        """Whose token it is: `team_id`, `enterprise_id`."""

    async def users_info(self, *, user: str) -> Any:
        """The account under `user`."""


class Identities:
    """Finds the person behind an account: by the user id in organization.yaml, else by the account's confirmed e-mail address."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._homes: dict[str | None, Home] = {}  # by token: each workspace has its own
        self._emails: dict[SlackUser, tuple[float, str]] = {}

    async def person(self, who: SlackUser, *, organization: Organization, accounts: Accounts) -> Person | None:
        """The active person, or None for someone unknown, from outside, deactivated, a bot, or claimed by another account.

        Raises what `accounts` raises when Slack cannot be asked.
        """
        token = getattr(accounts, "token", None)
        if token not in self._homes:
            ours = await accounts.auth_test()
            self._homes[token] = Home(team=ours.get("team_id"), enterprise=ours.get("enterprise_id"))
        home = self._homes[token]
        if not home.houses(who):
            return None
        known = organization.person_by_slack(who.user)
        if known is not None or not any(person.email for person in organization.people.values()):
            return known
        email = await self._email(who, home, accounts)
        found = organization.person_by_email(email) if email else None
        if found is not None and found.slack not in (None, who.user):
            return None
        return found

    async def _email(self, who: SlackUser, home: Home, accounts: Accounts) -> str | None:
        now = self._clock()
        until, email = self._emails.get(who, (0.0, ""))
        if now < until:
            return email
        response = await accounts.users_info(user=who.user)
        email = _confirmed_email(response.get("user") or {}, home) or ""
        if email:
            self._emails[who] = (now + _REMEMBERED, email)
        return email or None


def _confirmed_email(account: Mapping[str, Any], home: Home) -> str | None:
    """The address, unless the account is not one of ours to trust."""
    if account.get("deleted") or account.get("is_bot") or account.get("is_stranger") or account.get("is_email_confirmed") is False:
        return None
    enterprise = (account.get("enterprise_user") or {}).get("enterprise_id")
    if not home.houses(SlackUser(user=str(account.get("id")), team=account.get("team_id"), enterprise=enterprise)):
        return None
    email = (account.get("profile") or {}).get("email")
    return str(email) if email else None

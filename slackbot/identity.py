"""Who of the company a Slack user is; nobody is ever answered as somebody else."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from insights.organization import Organization, Person

if TYPE_CHECKING:
    from insights.ledger.identity import Account

_REMEMBERED = 600.0
"""Seconds that an account looked up is trusted."""
_KEPT = 10_000
_NOT_SHOWN = ("user_not_found", "user_not_visible")


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackUser:
    """A Slack account. `user` is unique only within its team or enterprise."""

    user: str
    team: str | None
    enterprise: str | None = None

    @property
    def account(self) -> Account:
        """The account as the ledger knows it: by enterprise, team and user."""
        from insights.ledger.identity import Account

        return Account(kind="slack", id=self.user, scope=f"{self.enterprise or '-'}/{self.team or '-'}")


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


Bound = Callable[["Account"], str | None]
"""The person (an id) whom an account was linked to, None for nobody."""


def nobody(_: Account) -> str | None:
    """No account was linked."""
    return None


class Identities:
    """Finds the person behind an account: by the user id in organization.yaml, by a link that was made, else by the account's confirmed e-mail address."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, bound: Bound = nobody) -> None:
        self._clock = clock
        self._bound = bound
        self._homes: dict[str | None, Home] = {}  # by token: each workspace has its own
        self._seen: OrderedDict[tuple[str | None, str], tuple[float, Mapping[str, Any]]] = OrderedDict()

    async def person(self, who: SlackUser, *, organization: Organization, accounts: Accounts) -> Person | None:
        """The active person, or None for someone unknown, from outside, deactivated, a bot, or claimed by another account.

        Raises what `accounts` raises when Slack cannot be asked.
        """
        home = await self._at_home(accounts)
        if not home.houses(who):
            return None
        known = organization.person_by_slack(who.user)
        if known is not None:
            return known
        linked = await asyncio.to_thread(self._bound, who.account)
        if linked is not None:
            person = organization.people.get(linked)
            return person if person is not None and person.active else None
        if not any(person.email for person in organization.people.values()):
            return None
        return _by_email(await self._account(who.user, home, accounts), who.user, home, organization)

    async def member(self, user: str, *, organization: Organization, accounts: Accounts) -> str:
        """Who a member of a channel is: `person:ID`, an `app`, or a `stranger` (a guest, someone of another company, or nobody we know)."""
        home = await self._at_home(accounts)
        account = await self._account(user, home, accounts)
        if account.get("is_bot") or account.get("id") == "USLACKBOT" or account.get("deleted"):
            return "app"  # reads nothing that it was not installed for, or nothing any more
        if account.get("is_restricted") or account.get("is_ultra_restricted"):
            return "stranger"
        found = _by_email(account, user, home, organization)
        if found is None:
            who = SlackUser(user=user, team=account.get("team_id"), enterprise=(account.get("enterprise_user") or {}).get("enterprise_id"))
            linked = await asyncio.to_thread(self._bound, who.account) if home.houses(who) else None
            found = organization.people.get(linked or "")
        return f"person:{found.id}" if found is not None and found.active else "stranger"

    async def _at_home(self, accounts: Accounts) -> Home:
        token = getattr(accounts, "token", None)
        if token not in self._homes:
            ours = await accounts.auth_test()
            self._homes[token] = Home(team=ours.get("team_id"), enterprise=ours.get("enterprise_id"))
        return self._homes[token]

    async def _account(self, user: str, home: Home, accounts: Accounts) -> Mapping[str, Any]:
        """What Slack says of an account, remembered for a while where it is one that can be known."""
        now, key = self._clock(), (home.team, user)
        until, known = self._seen.get(key, (0.0, {}))
        if now < until:
            return known
        account = await _looked_up(user, accounts)
        if account.get("is_bot") or _confirmed_email(account, home):
            self._seen[key] = (now + _REMEMBERED, account)
            while len(self._seen) > _KEPT:
                self._seen.popitem(last=False)
        return account


async def _looked_up(user: str, accounts: Accounts) -> Mapping[str, Any]:
    """What Slack says of an account; nothing of one that it does not show us, such as somebody of another company."""
    from slack_sdk.errors import SlackApiError

    try:
        found: Mapping[str, Any] = (await accounts.users_info(user=user)).get("user") or {}
    except SlackApiError as error:
        if error.response.get("error") in _NOT_SHOWN:
            return {}
        raise
    return found


def _by_email(account: Mapping[str, Any], user: str, home: Home, organization: Organization) -> Person | None:
    email = _confirmed_email(account, home)
    found = organization.person_by_email(email) if email else None
    return None if found is None or found.slack not in (None, user) else found


def _confirmed_email(account: Mapping[str, Any], home: Home) -> str | None:
    """The address, unless the account is not one of ours to trust."""
    if account.get("deleted") or account.get("is_bot") or account.get("is_stranger") or account.get("is_email_confirmed") is False:
        return None
    enterprise = (account.get("enterprise_user") or {}).get("enterprise_id")
    if not home.houses(SlackUser(user=str(account.get("id")), team=account.get("team_id"), enterprise=enterprise)):
        return None
    email = (account.get("profile") or {}).get("email")
    return str(email) if email else None

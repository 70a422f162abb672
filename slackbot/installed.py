"""Where the app is installed: tokens in the ledger, sealed, by enterprise and team; the state of an installation is good once."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from logging import Logger, getLogger
from typing import TYPE_CHECKING, Any, TypeVar

from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.models.bot import Bot
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from insights.errors import OutsideFailed
from insights.ledger.installations import Site
from slackbot.post.pen import utc_now
from slackbot.vault import Vault

if TYPE_CHECKING:
    from insights.ledger.port import Ledger

DOOR = "slack"
STATE_LASTS = timedelta(minutes=10)
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Installations as values, without an event loop."""

    ledger: Callable[[], Ledger]
    vault: Vault
    clock: Callable[[], datetime] = utc_now

    def keep(self, site: Site, facts: dict[str, Any]) -> None:
        """Seal and keep it."""
        self.ledger().install(site, self.vault.seal(json.dumps(facts, default=str), context_of(site)), now=self.clock())

    def facts(self, site: Site) -> dict[str, Any] | None:
        """What is kept there; None when nothing is, or not any more."""
        found = self.ledger().installed(site)
        if found is None or found.withdrawn is not None:
            return None
        return dict(json.loads(self.vault.open(found.sealed, context_of(site))))

    def reseal(self) -> int:
        """Seal everything with the newest key; how many were sealed with another."""
        resealed, ledger = 0, self.ledger()
        for found in ledger.all_installed(DOOR):
            if not self.vault.is_current(found.sealed):
                try:
                    anew = self.vault.seal(self.vault.open(found.sealed, context_of(found.site)), context_of(found.site))
                except OutsideFailed as error:  # one that cannot be opened must not keep the others from being served
                    getLogger(__name__).error("The tokens of %s cannot be sealed anew: %s", found.site.team or found.site.enterprise, error)
                    continue
                resealed += ledger.reseal(found.site, anew, was=found.sealed)
        return resealed


def context_of(site: Site) -> dict[str, str]:
    """What a sealed installation belongs to: moved to another team's place it does not open."""
    return {"door": site.door, "enterprise": site.enterprise, "team": site.team, "account": site.account}


def site_of(enterprise: str | None, team: str | None, *, whole: bool | None = False, account: str | None = None) -> Site:
    """The place of an installation; of a whole enterprise without a team."""
    return Site(door=DOOR, enterprise=enterprise or "", team="" if whole else team or "", account=account or "")


class LedgerInstallations(AsyncInstallationStore):
    """slack_sdk's promise over the ledger. The newest installation of a place is its bot; whoever gave tokens of their own has a row of their own."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._logger = getLogger(__name__)

    @property
    def logger(self) -> Logger:
        """Where slack_sdk writes what it has to say."""
        return self._logger

    async def async_save(self, installation: Installation) -> None:
        """Keep it, for the team and, with tokens of their own, for the person."""
        facts = _facts(installation)
        await _aside(lambda: self._shelf.keep(site_of(installation.enterprise_id, installation.team_id, whole=installation.is_enterprise_install), facts))
        if installation.user_token:
            place = site_of(installation.enterprise_id, installation.team_id, whole=installation.is_enterprise_install, account=installation.user_id)
            await _aside(lambda: self._shelf.keep(place, facts))

    async def async_save_bot(self, bot: Bot) -> None:
        """Keep the bot's tokens, which were renewed; what else is known of the place stays."""
        site = site_of(bot.enterprise_id, bot.team_id, whole=bot.is_enterprise_install)
        before = await _aside(lambda: self._shelf.facts(site)) or {}
        await _aside(lambda: self._shelf.keep(site, {**before, **{name: value for name, value in _facts(bot).items() if value is not None}}))

    async def async_find_bot(self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False) -> Bot | None:
        """The bot of a team, else of its whole enterprise."""
        found = await self.async_find_installation(enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_enterprise_install)
        return None if found is None else found.to_bot()

    async def async_find_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None, is_enterprise_install: bool | None = False
    ) -> Installation | None:
        """The installation of a team, else of its whole enterprise; with a user only their own."""
        places = [site_of(enterprise_id, team_id, whole=is_enterprise_install, account=user_id)]
        if enterprise_id and not is_enterprise_install:
            places.append(site_of(enterprise_id, None, whole=True, account=user_id))
        for place in places:
            facts = await _aside(lambda place=place: self._shelf.facts(place))  # type: ignore[misc]
            if facts is not None:
                return Installation(**facts)
        return None

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forget the bot's tokens, and with them everything of the team."""
        await self.async_delete_all(enterprise_id=enterprise_id, team_id=team_id)

    async def async_delete_installation(self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None) -> None:
        """Forget the tokens of one person, or of the team."""
        site = site_of(enterprise_id, team_id, account=user_id)
        await _aside(lambda: self._shelf.ledger().withdraw(site, now=self._shelf.clock()))

    async def async_delete_all(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forget every token of a team."""
        await self.async_delete_installation(enterprise_id=enterprise_id, team_id=team_id)


class LedgerStates(AsyncOAuthStateStore):
    """States of installations that are under way: good once, for ten minutes, over all processes."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._logger = getLogger(__name__)

    @property
    def logger(self) -> Logger:
        """Where slack_sdk writes what it has to say."""
        return self._logger

    async def async_issue(self, *_: Any, **__: Any) -> str:
        """A new state that nobody can guess."""
        state, now = secrets.token_urlsafe(32), self._shelf.clock()
        await _aside(lambda: self._shelf.ledger().issue_once(f"slack state {state}", now=now, until=now + STATE_LASTS))
        return state

    async def async_consume(self, state: str) -> bool:
        """Whether it is one of ours that was not used yet; from now on it was."""
        return await _aside(lambda: self._shelf.ledger().redeem_once(f"slack state {state}", now=self._shelf.clock()))


def _facts(installation: Installation | Bot) -> dict[str, Any]:
    facts = {name: value for name, value in vars(installation).items() if name != "custom_values" and not name.endswith("_expires_in")}
    return {name: value for name, value in facts.items() if value is not None}


async def _aside(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(None, work)

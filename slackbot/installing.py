"""The way of the app into a workspace and out of it: a sign-in whose state is good once, renewed tokens, and the end of everything when it is withdrawn."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings

from insights.errors import InsightsError
from slackbot import manifest
from slackbot.configuration import Configuration
from slackbot.gate import Asgi
from slackbot.installed import LedgerInstallations, LedgerStates, Shelf, site_of
from slackbot.post.deliveries import Delivery, enterprise_of, team_of

if TYPE_CHECKING:
    from slack_bolt.authorization import AuthorizeResult
    from slack_bolt.request.async_request import AsyncBoltRequest
    from slack_bolt.response import BoltResponse
    from slack_sdk.oauth.installation_store.models.bot import Bot
    from slack_sdk.oauth.installation_store.models.installation import Installation

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
TRUSTED_FOR = 10.0
"""Seconds that a token is used without looking whether it was withdrawn by another process."""
RENEW_BEFORE = 120
"""Minutes."""
_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Installations:
    """Whose token answers whom: the one of the settings, or those of the teams that installed the app."""

    configuration: Configuration
    shelf: Shelf
    _known: dict[tuple[str | None, str | None], tuple[float, str | None]] = field(default_factory=dict)
    _renewing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def authorize(self, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        """As Bolt asks for it; None where the app is not installed any more. Bolt's own way would ask Slack before each acknowledgement."""
        from slack_bolt.authorization import AuthorizeResult

        token = await self.token(enterprise_id, team_id)
        return None if token is None else AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

    async def token(self, enterprise: str | None, team: str | None) -> str | None:
        """The bot's token there; None when there is none, or not any more."""
        until, token = self._known.get((enterprise, team), (0.0, None))
        if time.monotonic() < until:
            return token
        token = await self._found(enterprise, team)
        self._known[enterprise, team] = (time.monotonic() + TRUSTED_FOR, token)
        return token

    async def own(self, given: Delivery) -> bool:
        """Take what Slack says of the installation itself; whether it was that. Everything of that team stops, in all processes."""
        event = given.body.get("event") or {}
        kind, tokens = event.get("type"), event.get("tokens") or {}
        if kind == "tokens_revoked" and not tokens.get("bot"):
            await self._forget_people(given, tokens.get("oauth") or [])
            return True
        if kind not in ("app_uninstalled", "tokens_revoked"):
            return False
        await asyncio.get_running_loop().run_in_executor(None, lambda: self._end(given))
        self._known.clear()
        return True

    def _end(self, given: Delivery) -> None:
        enterprise, team = enterprise_of(given.body), team_of(given.body)
        ledger, now = self.shelf.ledger(), self.shelf.clock()
        if self.configuration.bot_token:
            ledger.install(site_of(enterprise, team, account=revoked(self.configuration.bot_token)), "", now=now)
            if not self.configuration.client_id:  # then there is no other workspace that it could be the token of
                ledger.install(site_of(None, None, account=revoked(self.configuration.bot_token)), "", now=now)
        ledger.withdraw(site_of(enterprise, team), now=now)
        ended = ledger.close_scope(given.scope, now=now)
        _log.warning("The app was withdrawn from the team %s: %d jobs ended, nothing is sent there any more.", team, ended)

    async def _forget_people(self, given: Delivery, users: list[str]) -> None:
        store = LedgerInstallations(self.shelf)
        for user in users:
            await store.async_delete_installation(enterprise_id=enterprise_of(given.body), team_id=team_of(given.body), user_id=user)

    async def _found(self, enterprise: str | None, team: str | None) -> str | None:
        fixed = self.configuration.bot_token
        if fixed:
            site = site_of(enterprise, team, account=revoked(fixed))
            withdrawn = await asyncio.get_running_loop().run_in_executor(None, lambda: self.shelf.ledger().installed(site))
            return None if withdrawn is not None else fixed
        bot = await LedgerInstallations(self.shelf).async_find_bot(enterprise_id=enterprise, team_id=team)
        return None if bot is None else (await self._renewed(bot)).bot_token

    async def _renewed(self, bot: Bot) -> Bot:
        """The bot with a token that is good for a while yet, where Slack lets tokens expire."""
        if not bot.bot_refresh_token or (bot.bot_token_expires_at or 0) > time.time() + RENEW_BEFORE * 60:
            return bot
        from slack_sdk.errors import SlackApiError
        from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
        from slack_sdk.web.async_client import AsyncWebClient

        store = LedgerInstallations(self.shelf)
        client = AsyncWebClient(**self.configuration.web_client())
        rotator = AsyncTokenRotator(client_id=self.configuration.client_id or "", client_secret=self.configuration.client_secret or "", client=client)
        async with self._renewing:
            newest = await store.async_find_bot(enterprise_id=bot.enterprise_id, team_id=bot.team_id) or bot
            try:
                renewed = await rotator.perform_bot_token_rotation(bot=newest, minutes_before_expiration=RENEW_BEFORE)
            except SlackApiError as error:  # the token that is there may still be good
                _log.error("A token cannot be renewed: %s", error.response.get("error"))
                return newest
            if renewed is not None:
                await store.async_save_bot(renewed)
            return renewed or newest


def revoked(token: str) -> str:
    """How it is written down that a token of the settings was withdrawn: another one is not meant."""
    return f"revoked {hashlib.sha256(token.encode()).hexdigest()[:16]}"


class Flow(AsyncOAuthFlow):
    """Slack's sign-in; only teams that the settings name are let in."""

    def __init__(self, configuration: Configuration, shelf: Shelf) -> None:
        from slack_sdk.web.async_client import AsyncWebClient

        self._teams = configuration.teams
        scopes = manifest.manifest()["oauth_config"]["scopes"]["bot"]
        settings = AsyncOAuthSettings(
            client_id=configuration.client_id,
            client_secret=configuration.client_secret,
            scopes=scopes,
            user_scopes=[],
            redirect_uri=f"{configuration.public_url}{REDIRECT}" if configuration.public_url else None,
            install_path=INSTALL,
            redirect_uri_path=REDIRECT,
            authorization_url=f"{configuration.base_url.removesuffix('api/')}oauth/v2/authorize",
            installation_store=LedgerInstallations(shelf),
            state_store=LedgerStates(shelf),
        )
        super().__init__(client=AsyncWebClient(**configuration.web_client()), settings=settings)

    async def run_installation(self, code: str) -> Installation | None:
        """The installation, unless its team is not one of ours: then its token is not kept."""
        found = await super().run_installation(code)
        if found is not None and not {found.team_id, found.enterprise_id} & set(self._teams):
            _log.error("Somebody of the team %s, which slack.teams does not name, tried to install the app.", found.team_id)
            return None
        return found


def pages(flow: Flow) -> dict[str, Asgi]:
    """The two addresses of the sign-in."""
    return {INSTALL: _page(flow.handle_installation), REDIRECT: _page(flow.handle_callback)}


def _page(handle: Any) -> Asgi:
    async def page(scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG001 - what was sent beside the address is not read
        response = await _answered(handle, scope)
        sent = [(name.encode(), value.encode()) for name, values in response.headers.items() for value in values]
        body = (response.body or "").encode()
        await send({"type": "http.response.start", "status": response.status, "headers": [*sent, (b"cache-control", b"no-store")]})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    return page


async def _answered(handle: Any, scope: Any) -> BoltResponse:
    from slack_bolt.request.async_request import AsyncBoltRequest
    from slack_bolt.response import BoltResponse

    if scope["method"] != "GET":
        return BoltResponse(status=405, body="use GET", headers={"allow": ["GET"]})
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    request: AsyncBoltRequest = AsyncBoltRequest(body="", query=scope["query_string"].decode("latin-1"), headers=headers)
    try:
        return await handle(request)  # type: ignore[no-any-return]
    except InsightsError as error:
        _log.error("The app cannot be installed now: %s", error)
        return BoltResponse(status=503, body="The app cannot be installed now. Please try again.")
    except Exception:
        _log.exception("The app could not be installed.")
        return BoltResponse(status=502, body="Slack could not be asked. Please try again.")

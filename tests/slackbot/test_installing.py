"""Into a workspace and out of it: a sign-in that cannot be replayed, tokens that nobody reads, and nothing more once it was withdrawn."""

import asyncio
import base64
import re
import sqlite3
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from insights.errors import OutsideFailed
from insights.settings import Settings
from slackbot import configuration, manifest
from slackbot.app import installations_of
from slackbot.door import door
from slackbot.installed import LedgerInstallations, Shelf, site_of
from slackbot.vault import vault_of
from tests.slackbot.emulated import CLIENT, emulator
from tests.slackbot.workplace import SECRET, TEAM, Workplace

KEY = base64.b64encode(b"k" * 32).decode()
NEW = base64.b64encode(b"n" * 32).decode()
SCOPES = manifest.manifest()["oauth_config"]["scopes"]["bot"]
INSTALLED_IN = "T000000001"
# slack_sdk signs in with what aiohttp will do otherwise in its next version.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")


@pytest.fixture(scope="module")
def emulated():
    """A Slack where the app can be installed."""
    with emulator(SCOPES) as found:
        yield found


@pytest.fixture
def installable(emulated, tmp_path):
    """Settings of an app that its workspaces install themselves."""
    section = {**CLIENT, "signing_secret": SECRET, "encryption_key": KEY, "teams": INSTALLED_IN, "public_url": "http://insights.test"}
    return Settings(home=tmp_path, sections={"slack": {**section, "base_url": f"{emulated.address}/api/"}})


@pytest.fixture
def shelf(ledger):
    """What is kept, read with the right key."""
    return Shelf(ledger=lambda: ledger, vault=vault_of(KEY))


class Browser:
    """Goes through the sign-in as a person does."""

    def __init__(self, assistant, settings):
        self.routes = door.routes(assistant, settings)

    async def get(self, path, **options):
        """Open one of our pages."""
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=self.routes[path.split("?")[0]]), base_url="http://insights.test") as client:
            return await client.get(path, **options)

    async def agreed(self, emulated):
        """Begin, agree at Slack, and come back: the address to come back to, with the cookie."""
        page = await self.get("/slack/install")
        address = re.search(r'href="([^"]+/oauth/v2/authorize[^"]+)"', page.text)[1].replace("&amp;", "&")
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert set(asked["scope"].split(",")) == set(SCOPES)
        form = {"user_id": emulated.user("ada@halcyon.example"), **asked, "redirect_uri": asked["redirect_uri"]}
        async with httpx.AsyncClient() as client:
            back = await client.post(f"{emulated.address}/oauth/v2/authorize/callback", data=form, timeout=60)
        query = urlsplit(back.headers["location"]).query
        return f"/slack/oauth_redirect?{query}", {"cookie": page.headers["set-cookie"].split(";")[0]}


def test_the_app_is_installed_and_its_token_is_nowhere_to_be_read(emulated, installable, assistant, shelf, tmp_path):
    """The token works at Slack with the manifest's scopes; in the ledger's file there is no trace of it."""
    browser = Browser(assistant, installable)

    async def scene():
        where, headers = await browser.agreed(emulated)
        return await browser.get(where, headers=headers)

    assert asyncio.run(scene()).status_code == 200
    token = shelf.facts(site_of(None, INSTALLED_IN))["bot_token"]
    assert token.startswith("xoxb-")
    assert emulated.ask("auth.test", token=token)["team_id"] == INSTALLED_IN
    with sqlite3.connect(tmp_path / "ledger.db") as connection:
        assert token not in "\n".join(connection.iterdump())
    assert not any(token.encode() in path.read_bytes() for path in tmp_path.glob("ledger.db*"))


def test_a_state_is_good_once_and_for_its_browser_only(emulated, installable, assistant):
    """Replayed, made up, of another browser or without a cookie it is refused, with no trace of a 500."""
    browser = Browser(assistant, installable)

    async def scene():
        where, headers = await browser.agreed(emulated)
        stolen = await browser.get(where)
        first = await browser.get(where, headers=headers)
        replayed = await browser.get(where, headers=headers)
        made_up = await browser.get("/slack/oauth_redirect?code=x&state=made-up", headers={"cookie": "slack-app-oauth-state=made-up"})
        empty = [await browser.get(f"/slack/oauth_redirect{query}") for query in ("", "?", "?state=", "?code=%ff&state=%00", "?error=access_denied")]
        return [answer.status_code for answer in (stolen, first, replayed, made_up)], [answer.status_code for answer in empty]

    tried, malformed = asyncio.run(scene())
    assert tried == [400, 200, 401, 401]
    assert all(status < 500 for status in malformed)


def test_a_workspace_that_nobody_named_is_not_let_in(emulated, installable, assistant, ledger):
    """Its token is not kept."""
    section = {**installable.section("slack"), "teams": ["T999"]}
    browser = Browser(assistant, Settings(home=installable.home, sections={"slack": section}))

    async def scene():
        where, headers = await browser.agreed(emulated)
        return await browser.get(where, headers=headers)

    assert asyncio.run(scene()).status_code == 401
    assert ledger.all_installed("slack") == ()


def test_keys_are_changed_without_installing_again(shelf, ledger):
    """The new key in front seals everything anew; then the old one can go."""
    shelf.keep(site_of(None, TEAM), {"user_id": "U1", "bot_token": "xoxb-1", "team_id": TEAM})
    both = Shelf(ledger=lambda: ledger, vault=vault_of(f"{NEW},{KEY}"))
    assert (both.reseal(), both.reseal()) == (1, 0)
    assert Shelf(ledger=lambda: ledger, vault=vault_of(NEW)).facts(site_of(None, TEAM))["bot_token"] == "xoxb-1"


def test_an_enterprise_is_found_where_its_team_has_nothing_of_its_own(shelf):
    """By enterprise and team: the team's own first, then the whole enterprise's, never another's."""
    shelf.keep(site_of("E1", None, whole=True), {"user_id": "U1", "bot_token": "xoxb-e", "enterprise_id": "E1", "is_enterprise_install": True})
    shelf.keep(site_of("E1", "T1"), {"user_id": "U1", "bot_token": "xoxb-t", "enterprise_id": "E1", "team_id": "T1"})
    store = LedgerInstallations(shelf)

    async def token(enterprise, team):
        found = await store.async_find_bot(enterprise_id=enterprise, team_id=team)
        return None if found is None else found.bot_token

    async def scene():
        return [await token(*place) for place in (("E1", "T1"), ("E1", "T2"), ("E2", "T1"), (None, "T1"))]

    assert asyncio.run(scene()) == ["xoxb-t", "xoxb-e", None, None]


@pytest.mark.parametrize("event", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["UBOT"]}}], ids=["uninstalled", "revoked"])
def test_everything_of_a_team_stops_when_the_app_is_withdrawn(workplace, slack, assistant, settings, ledger, event):
    """What waits to be sent is not sent, what is asked afterwards is not answered; another token, once set, is meant again."""
    slack.script("/api/chat.postMessage", (429, {"retry-after": "2"}, {"ok": False, "error": "ratelimited"}))

    async def scene():
        await workplace.event({"type": "app_mention", "user": "U01", "text": "<@UBOT> revenue", "channel": "C01", "ts": "7.7"}, event_id="Ev1")
        await slack.until(1, seconds=60)
        await workplace.event(event, event_id="Ev2")
        for _ in range(3000):
            if ledger.job_state(f"slack:{TEAM}:Ev1") == "failed":
                break
            await asyncio.sleep(0.02)
        await workplace.event({"type": "app_mention", "user": "U01", "text": "<@UBOT> orders", "channel": "C01", "ts": "8.8"}, event_id="Ev3")
        while ledger.job_state(f"slack:{TEAM}:Ev3") in (None, "doing"):
            await asyncio.sleep(0.02)
        await asyncio.sleep(2.5)

    asyncio.run(asyncio.wait_for(scene(), 120))
    assert [turn.text for turn in assistant.turns] == ["revenue"]
    assert len(slack.answers()) == 1  # the one that Slack refused
    assert ledger.job_state(f"slack:{TEAM}:Ev1") == "failed"
    with pytest.raises(OutsideFailed, match="not installed"):
        door.messenger(assistant, settings).send(assistant.organization.people["ada"], assistant.say(assistant.turns[0]), key="later")
    assert len(slack.answers()) == 1  # nor is a digest sent
    section = {**settings.section("slack"), "bot_token": "xoxb-2"}
    renewed = Workplace(slack, assistant, Settings(home=settings.home, sections={"slack": section}))

    async def again():
        await renewed.event({"type": "app_mention", "user": "U01", "text": "<@UBOT> profit", "channel": "C02", "ts": "9.9"}, event_id="Ev4")
        await slack.until(2, seconds=60)

    asyncio.run(again())
    assert [turn.text for turn in assistant.turns] == ["revenue", "profit"]


def test_the_tokens_of_one_person_are_forgotten_alone(workplace, slack, assistant, settings, shelf, ledger):
    """Slack says whose; the bot goes on."""
    shelf.keep(site_of(None, TEAM, account="U05"), {"user_id": "U05", "user_token": "xoxp-1", "team_id": TEAM})

    async def scene():
        await workplace.event({"type": "tokens_revoked", "tokens": {"oauth": ["U05"]}}, event_id="Ev1")
        while ledger.job_state(f"slack:{TEAM}:Ev1") != "done":
            await asyncio.sleep(0.02)
        await workplace.command("revenue")
        await slack.until(1, seconds=60)

    asyncio.run(asyncio.wait_for(scene(), 120))
    assert shelf.facts(site_of(None, TEAM, account="U05")) is None


def test_an_expiring_token_is_renewed_and_sealed(slack, assistant, installable, shelf):
    """Slack lets tokens expire after twelve hours where rotation is on; the new one is kept in its place."""
    shelf.keep(site_of(None, TEAM), {"user_id": "U1", "bot_token": "xoxe.xoxb-old", "team_id": TEAM, "bot_refresh_token": "xoxe-1", "bot_token_expires_at": 1})
    usual = slack._usual
    renewed = {"ok": True, "access_token": "xoxe.xoxb-new", "refresh_token": "xoxe-2", "expires_in": 43200, "token_type": "bot", "app_id": "A1"}
    slack._usual = lambda path, payload: renewed if path == "/api/oauth.v2.access" else usual(path, payload)
    section = {**installable.section("slack"), "base_url": slack.base_url}
    found = configuration.read(Settings(home=installable.home, sections={"slack": section}))

    async def scene():
        return await installations_of(assistant, found).token(None, TEAM)

    assert asyncio.run(scene()) == "xoxe.xoxb-new"
    kept = shelf.facts(site_of(None, TEAM))
    assert (kept["bot_token"], kept["bot_refresh_token"]) == ("xoxe.xoxb-new", "xoxe-2")


@pytest.mark.parametrize(
    ("section", "named"),
    [
        ({"client_id": "1"}, "slack.client_secret"),
        ({"client_id": "1", "client_secret": "s", "encryption_key": KEY}, "slack.teams"),
        ({"client_id": "1", "client_secret": "s", "encryption_key": "short", "teams": "T1"}, "slack.encryption_key"),
    ],
)
def test_what_is_missing_for_an_installation_is_named(settings_of, section, named):
    """With the remedy, before anything is served."""
    found = door.findings(settings_of(signing_secret="s", **section))
    assert any(named in finding.detail and finding.remedy for finding in found if finding.state == "wrong")

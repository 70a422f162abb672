"""`insights serve` and `insights work` as processes see them: real HTTP on loopback, a Slack on loopback, and settings that are not complete."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
import uvicorn

from insights import wiring
from insights.cli import main
from insights.delivery.outbox import enqueue
from insights.errors import WrongSettings
from insights.server import build
from insights.settings import Settings
from tests.slackbot.workplace import SECRET, TEAM, FakeSlack

SKILL_ID = "amzn1.ask.skill.11111111-2222-3333-4444-555555555555"


@pytest.fixture
def slack():
    """A Slack on loopback."""
    fake = FakeSlack()
    yield fake
    fake.close()


@pytest.fixture
def served():
    """Serve an assistant with these sections of settings by uvicorn, on a port that is free; gives a client."""
    with contextlib.ExitStack() as running:

        def serve(assistant, **sections):
            app = build(assistant, Settings(home=Path("/nonexistent"), sections=sections))
            server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", timeout_graceful_shutdown=2))
            thread = threading.Thread(target=server.run, daemon=True)
            thread.start()
            end = time.monotonic() + 10
            while not server.started and time.monotonic() < end:
                time.sleep(0.01)
            assert server.started

            def stop():
                server.should_exit = True
                thread.join(10)
                assert not thread.is_alive()

            running.callback(stop)
            port = server.servers[0].sockets[0].getsockname()[1]
            return running.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10))

        yield serve


def signed(body, *, secret=SECRET, stamp=None):
    """Headers as Slack signs them."""
    stamp = str(int(time.time())) if stamp is None else stamp
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"content-type": "application/x-www-form-urlencoded", "x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}"}


def command(slack, text, *, trigger="trigger.1"):
    """A slash command of Ada's."""
    facts = {"command": "/insights", "text": text, "user_id": "U01", "team_id": TEAM, "channel_id": "C01", "trigger_id": trigger, "api_app_id": "A1"}
    return urlencode({**facts, "response_url": f"{slack.origin}/response/1"})


def until(condition, seconds=10):
    """Wait for something that happens in another thread."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    assert condition()


def test_with_nothing_configured_only_health_is_served(halcyon, served):
    """Doors are closed until they are configured."""
    client = served(halcyon)
    health = client.get("/health")
    assert (health.status_code, health.json()) == (200, {"status": "ok", "catalog": halcyon.catalog.name, "doors": [], "stopped": []})
    assert {client.post(path).status_code for path in ("/alexa", "/slack/events", "/")} == {404}


def test_both_doors_in_one_process(office, served, slack):
    """A signed command is answered from the data, an unsigned one and an unsigned Alexa request are not."""
    section = {"signing_secret": SECRET, "bot_token": "xoxb-1", "base_url": slack.base_url}
    client = served(office, slack=section, alexa={"skill_id": SKILL_ID})
    assert client.get("/health").json()["doors"] == ["alexa", "slack"]

    body = command(slack, "revenue by market last month")
    acknowledged = client.post("/slack/events", content=body, headers=signed(body))
    assert acknowledged.status_code == 200
    until(slack.answers)
    assert slack.answers()[0]["text"].startswith("Revenue by market in April 2026")

    for headers in (signed(body, secret="other"), signed(body, stamp="1"), {}):
        assert client.post("/slack/events", content=body, headers=headers).status_code == 401
    assert client.post("/alexa", json={"request": {"type": "LaunchRequest"}}).status_code == 400
    assert client.get("/alexa").status_code in (400, 405)
    assert len(slack.answers()) == 1


@pytest.mark.parametrize(
    ("sections", "named"),
    [
        ({"alexa": {"enabled": True}}, "alexa.skill_id"),
        ({"slack": {"enabled": True}}, "slack.bot_token"),
        ({"slack": {"bot_token": "xoxb-1"}}, "slack.signing_secret"),
        ({"slack": {"signing_secret": "x"}}, "slack.bot_token"),
        ({"slack": {"bot_token": "xoxb-1", "signing_secret": "x", "signing_secrt": "y"}}, "slack.signing_secrt"),
        ({"alexa": {"skill_id": SKILL_ID, "skil": "y"}}, "alexa.skil"),
    ],
)
def test_a_door_that_is_half_configured_keeps_the_server_from_starting(halcyon, sections, named):
    """The message names the setting and the way to mend it."""
    with pytest.raises(WrongSettings) as refused:
        build(halcyon, Settings(home=Path("/nonexistent"), sections=sections))
    assert named in str(refused.value)
    assert refused.value.remedy


def test_a_door_that_is_switched_off_is_off_however_it_is_configured(halcyon, served):
    """`enabled = false` wins."""
    client = served(halcyon, slack={"enabled": False, "bot_token": "xoxb-1"}, alexa={"enabled": False, "skill_id": SKILL_ID})
    assert client.get("/health").json()["doors"] == []


def test_a_door_that_stops_is_seen_and_does_not_stop_the_others(halcyon, served, monkeypatch, caplog):
    """What runs beside the routes fails: the rest is served, the log says why, and /health tells whoever watches."""
    from insights import doors

    class Failing:
        name = "failing"

        def findings(self, settings):
            return (doors.Finding(subject="failing", state="ok", detail=""),)

        def routes(self, assistant, settings):
            return {}

        async def run(self, assistant, settings):
            raise RuntimeError("the token was revoked")

    class Waiting(Failing):
        name = "waiting"

        async def run(self, assistant, settings):
            await asyncio.Event().wait()

    monkeypatch.setattr(doors, "load", lambda: {"failing": Failing(), "waiting": Waiting()})
    client = served(halcyon)
    until(lambda: client.get("/health").status_code == 503)
    assert client.get("/health").json() == {"status": "degraded", "catalog": halcyon.catalog.name, "doors": ["waiting"], "stopped": ["failing"]}
    assert "the token was revoked" in caplog.text


@pytest.fixture
def work(company, demo_home, tmp_path, monkeypatch, slack, capsys):
    """Run `insights work --once` over a ledger with a message to Ada in it; gives what it printed."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "cache").symlink_to(demo_home / "cache")
    monkeypatch.chdir(tmp_path)
    settings = {"HOME": home, "CATALOG": company.folder, "SLACK__BOT_TOKEN": "xoxb-1", "SLACK__SIGNING_SECRET": SECRET, "SLACK__BASE_URL": slack.base_url}
    for name, value in settings.items():
        monkeypatch.setenv(f"INSIGHTS_{name}", str(value))
    with contextlib.closing(wiring.open_catalog(company.folder, home=home)) as assistant:
        enqueue(assistant.ledger, key="digest-1", person="ada", speech="Revenue was 300,000 US dollars.", text="Revenue: $300,385.62")

    def once():
        capsys.readouterr()
        main(["work", "--once"])
        return capsys.readouterr().out

    return once


def test_what_is_due_reaches_its_person_once(work, slack):
    """Worked on three times, sent once, to Ada's direct messages."""
    assert [work(), work(), work()] == ["sent: 1\n", "", ""]
    (sent,) = slack.to("/api/chat.postMessage")
    assert (sent["channel"], sent["text"]) == ("U01", "Revenue: $300,385.62")


def test_what_cannot_be_sent_now_waits(work, slack):
    """Slack refuses: it is postponed, and not given up."""
    slack.script("/api/chat.postMessage", (200, {}, {"ok": False, "error": "channel_not_found"}))
    assert work() == "postponed: 1\n"
    assert work() == ""

"""One suite over both transports against a Slack that no one here wrote: threads, ephemeral messages, presses, with the manifest's scopes."""

import asyncio
import json
import re
import time
from contextlib import asynccontextmanager, closing
from types import MappingProxyType
from urllib.parse import urlencode

import httpx
import pytest

from insights import wiring
from insights.organization import Organization, Person
from insights.settings import Settings
from insights.turns import Reply
from slackbot import manifest
from slackbot.door import door
from tests.slackbot.emulated import BOT, emulator, gateway, until
from tests.slackbot.scanned import confidential, leaks
from tests.slackbot.test_once import signed
from tests.slackbot.workplace import SECRET, FakeAssistant

TEAM = "T000000001"
KINDS = {"event_callback": "events_api", "block_actions": "interactive"}


@pytest.fixture(scope="module")
def emulated():
    """A Slack whose bot token has the scopes of the manifest and no others."""
    with emulator(manifest.manifest()["oauth_config"]["scopes"]["bot"]) as found:
        yield found


@pytest.fixture
def said(ledger):
    """An assistant that echoes, refuses margins and asks back before it books."""
    people = (Person(id="ada", name="Ada Okafor", email="ada@halcyon.example"), Person(id="sam", name="Sam Lee", email="sam@halcyon.example"))
    assistant = FakeAssistant(Organization(people={person.id: person for person in people}), ledger)

    def say(turn):
        if turn.text == "margin":
            return Reply(outcome="denied", utterance=turn.text, speech="", text="Margin is confidential.")
        if turn.text == "book a room":
            return Reply(outcome="confirm", utterance=turn.text, speech="", text="Shall I?", question="Shall I?")
        return Reply(outcome="understood", utterance=turn.text, speech="", text=f"You said {turn.text} <!channel>")

    assistant.say = say
    return assistant


class Http:
    """Deliveries as signed requests."""

    section = MappingProxyType({"signing_secret": SECRET})

    def __init__(self, app, gate):
        self.app = app

    async def deliver(self, body):
        """One request; Slack must have its 200."""
        kind = body.get("type")
        if kind == "event_callback":
            raw, content = json.dumps(body), "application/json"
        else:
            raw, content = urlencode({"payload": json.dumps(body)} if kind else body), "application/x-www-form-urlencoded"
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=self.app), base_url="http://insights.test") as client:
            assert (await client.post("/slack/events", content=raw, headers=signed(raw, content))).status_code == 200


class Socket:
    """Deliveries as envelopes."""

    section = MappingProxyType({"app_token": "xapp-1"})

    def __init__(self, app, gate):
        self.gate, self.number = gate, 0

    async def deliver(self, body):
        """One envelope; it must be acknowledged."""
        self.number += 1
        await self.gate.envelope(KINDS.get(body.get("type"), "slash_commands"), body, self.number)


@asynccontextmanager
async def connected(transport, emulated, said):
    """The app over a transport, the gateway that records, and a way to deliver."""
    async with gateway(emulated) as gate:
        settings = Settings(home=said.ledger_home, sections={"slack": {"bot_token": BOT, "base_url": f"{gate.address}/api/", **transport.section}})
        running = asyncio.create_task(door.run(said, settings))
        app = door.routes(said, settings).get("/slack/events")
        try:
            yield gate, transport(app, gate)
        finally:
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running


@pytest.fixture(params=[Http, Socket], ids=["http", "socket mode"])
def scene(request, emulated, said, tmp_path):
    """Runs a scene over one of the transports."""
    said.ledger_home = tmp_path

    def run(play):
        async def whole():
            async with connected(request.param, emulated, said) as (gate, transport):
                return await play(gate, transport)

        return asyncio.run(asyncio.wait_for(whole(), 120))

    return run


_counter = iter(range(1_000_000))


def mention(emulated, text, channel="finance", who="ada@halcyon.example"):
    """A mention in a channel, of a message that is really there."""
    channel = emulated.channel(channel)
    ts = emulated.ask("chat.postMessage", channel=channel, text=f"<@UBOT> {text}")["ts"]
    event = {"type": "app_mention", "user": emulated.user(who), "text": f"<@UBOT> {text}", "channel": channel, "ts": ts, "team": TEAM}
    return envelope(event), channel, ts


def envelope(event):
    """An event in its envelope."""
    ours = [{"team_id": TEAM, "user_id": "UBOT", "is_bot": True}]
    number = f"Ev{time.monotonic_ns()}{next(_counter)}"
    return {"type": "event_callback", "team_id": TEAM, "api_app_id": "A1", "event_id": number, "event": event, "authorizations": ours}


def test_a_mention_is_answered_in_its_thread(scene, emulated):
    """The thread at Slack holds the question and one answer by our bot, with blocks, and nothing of it mentions anybody."""
    body, channel, ts = mention(emulated, "revenue")

    async def play(gate, transport):
        await transport.deliver(body)
        await transport.deliver(body)
        await until(lambda: gate.taken("chat.postMessage"))

    scene(play)
    _, answer, *more = emulated.said(channel, ts)
    assert more == []
    assert answer["text"] == "You said revenue &lt;!channel&gt;"
    assert answer["thread_ts"] == ts
    assert [block["type"] for block in answer["blocks"]] == ["section"]


def test_what_is_not_for_the_channel_is_ephemeral(scene, emulated):
    """Slack took it for one account; the thread shows nothing of it."""
    body, channel, ts = mention(emulated, "margin")

    async def play(gate, transport):
        await transport.deliver(body)
        await until(lambda: gate.taken("chat.postEphemeral"))
        return gate.to("chat.postEphemeral")

    (sent,) = scene(play)
    assert (sent["user"], sent["text"]) == (emulated.user("ada@halcyon.example"), "Margin is confidential.")
    assert len(emulated.said(channel, ts)) == 1


def test_a_command_and_its_buttons_go_through_response_urls(scene, emulated, buttons_of):
    """Asked back privately, confirmed by a press, answered in its place."""
    ada, channel = emulated.user("ada@halcyon.example"), emulated.channel("finance")

    async def play(gate, transport):
        where = {"user_id": ada, "team_id": TEAM, "channel_id": channel, "api_app_id": "A1"}
        command = {"command": "/insights", "text": "book a room", "trigger_id": f"t{time.monotonic_ns()}", "response_url": f"{gate.address}/response/1"}
        await transport.deliver(where | command)
        (question,) = await until(lambda: gate.to("response"))
        press = {
            "type": "block_actions",
            "user": {"id": ada, "team_id": TEAM},
            "team": {"id": TEAM},
            "channel": {"id": channel},
            "container": {"type": "message", "message_ts": "1.1", "channel_id": channel, "is_ephemeral": True},
            "trigger_id": f"t{time.monotonic_ns()}",
            "response_url": f"{gate.address}/response/2",
            "actions": [{"type": "button", "block_id": "b", "action_ts": "1.1", **buttons_of(question)["Yes"]}],
        }
        await transport.deliver(press)
        await transport.deliver(press | {"trigger_id": "again"})
        await until(lambda: len(gate.to("response")) > 1)
        return question, gate.to("response")[1:]

    question, answers = scene(play)
    assert question["response_type"] == "ephemeral"
    assert [(answer["text"], answer["replace_original"]) for answer in answers] == [("You said yes &lt;!channel&gt;", True)]


def test_a_direct_message_is_answered_there(scene, emulated):
    """In the conversation that Slack keeps between the person and our bot."""
    ada = emulated.user("ada@halcyon.example")
    channel = emulated.ask("chat.postMessage", token=BOT, channel=ada, text="Hello")["channel"]
    event = {"type": "message", "channel_type": "im", "user": ada, "text": "revenue", "channel": channel, "ts": "8.8", "team": TEAM}

    async def play(gate, transport):
        await transport.deliver(envelope(event))
        await until(lambda: gate.taken("chat.postMessage"))

    scene(play)
    assert emulated.said(channel)[-1]["text"] == "You said revenue &lt;!channel&gt;"


def test_a_slow_answer_takes_the_place_of_its_note(scene, emulated, said, monkeypatch):
    """Slack keeps one message in the thread, edited: the note is gone, the answer stands there with its blocks."""
    monkeypatch.setattr("slackbot.progress.PATIENT", 0.2)
    usual = said.say

    def say(turn):
        time.sleep(1)
        return usual(turn)

    said.say = say
    body, channel, ts = mention(emulated, "revenue")

    async def play(gate, transport):
        await transport.deliver(body)
        await until(lambda: gate.taken("chat.update"))
        return [payload["text"] for payload in gate.to("chat.postMessage")]

    (note,) = scene(play)
    assert "working on it" in note
    _, answer, *more = emulated.said(channel, ts)
    assert more == []
    assert answer["text"] == "You said revenue &lt;!channel&gt;"
    assert [block["type"] for block in answer["blocks"]] == ["section"]


@pytest.fixture
def at_slack(company, demo_home, tmp_path):
    """The demo company, whose people are known by their addresses: their accounts are the emulator's."""
    folder, home = tmp_path / "company", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    (home / "cache").symlink_to(demo_home / "cache")
    for one in company.folder.iterdir():
        if one.name != "organization.yaml":
            (folder / one.name).symlink_to(one)
    (folder / "organization.yaml").write_text(re.sub(r", slack: U\d+", "", (company.folder / "organization.yaml").read_text()))
    with closing(wiring.open_catalog(folder, home=home)) as assistant:
        yield assistant


def test_the_demo_company_tells_a_real_slack_nothing_confidential(emulated, at_slack, company, tmp_path):
    """Omar of finance asks for profit in a channel: the figure goes to him alone; of all that went to Slack, nothing else holds one."""
    figures, at_slack.ledger_home = confidential(company), tmp_path
    omar = emulated.user("omar@halcyon.example")
    bodies = [mention(emulated, text, who="omar@halcyon.example") for text in ("gross profit last month", "gross profit by region last month", "and revenue?")]
    bodies += [mention(emulated, "gross profit last month", who="sam@halcyon.example")]

    async def whole():
        async with connected(Http, emulated, at_slack) as (gate, transport):
            for body, *_ in bodies:
                await transport.deliver(body)
            await until(lambda: [one for one in gate.to("chat.postMessage") if one.get("channel") == omar and "Gross profit" in one["text"]])
            await until(lambda: len(gate.to("chat.postMessage", "chat.postEphemeral")) >= 6)
            return [(f"/api/{method}", payload) for method, payload in gate.sent]

    sent = asyncio.run(asyncio.wait_for(whole(), 120))
    assert [path for path, payload in sent if any(figure in json.dumps(payload) for figure in figures)]
    assert leaks(sent, {}, figures, may={omar}) == []
    kept = json.dumps([emulated.said(emulated.channel("finance"), ts) for _, _, ts in bodies])
    assert not any(figure in kept for figure in figures)


def test_slack_refuses_what_the_manifest_does_not_ask_for(emulated):
    """Strict scopes are strict: the bot's token cannot do what no one asked it to."""
    answer = emulated.post("pins.add", BOT, channel="C1")
    assert (answer["ok"], answer["error"]) == (False, "missing_scope")

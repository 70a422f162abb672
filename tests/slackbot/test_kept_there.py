"""What a Slack that no one here wrote keeps of what we give it: files with their alt text, forms and pages, posts in channels and their threads."""

import asyncio
from datetime import datetime
from types import SimpleNamespace

import httpx
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from insights.answers import Chart, ChartSeries, Column, Definition, MetricAnswer
from insights.organization import Organization, Person, Room
from insights.settings import Settings
from insights.turns import Reply
from slackbot import manifest, uploads, views
from slackbot.delivering import Origin
from slackbot.door import door
from slackbot.listeners import forms
from tests.slackbot.emulated import BOT, WATCHER, emulator, gateway
from tests.slackbot.workplace import SECRET, FakeAssistant

ROWS = ({"region": 'Nord "Ö", <2>', "revenue": 1234.5}, {"region": "Süd", "revenue": 99.0})
CHART = Chart(kind="bar", title="Revenue by region", labels=("Nord", "Süd"), series=(ChartSeries(name="Revenue", values=(1234.5, 99.0)),), alt="Nord leads.")


@pytest.fixture(scope="module")
def emulated():
    """A Slack whose bot token has the scopes of the manifest and no others."""
    with emulator(manifest.manifest()["oauth_config"]["scopes"]["bot"]) as found:
        yield found


@pytest.fixture
def through(emulated):
    """Runs a scene with a client of our bot, whose calls go on to the emulator."""

    def run(play):
        async def whole():
            async with gateway(emulated) as gate:
                return await play(AsyncWebClient(token=BOT, base_url=f"{gate.address}/api/"), gate)

        return asyncio.run(asyncio.wait_for(whole(), 120))

    return run


def reply():
    """An answer with rows and a chart."""
    columns = (Column(name="region", label="Region", role="dimension"), Column(name="revenue", label="Revenue", role="metric", unit="USD"))
    answer = MetricAnswer(
        analysis="breakdown", value=None, unit=None, columns=columns, rows=ROWS, definition=(Definition(name="revenue", label="Revenue", expression="x"),),
        source="orders", engine="duckdb",
    )  # fmt: skip
    return Reply(outcome="understood", utterance="", speech="", text="Revenue by region:", answer=answer, chart=CHART)


@pytest.mark.parametrize("kind", ["csv", "picture"])
def test_a_file_is_kept_as_it_was_sent_with_its_alt_text(through, emulated, kind):
    """In the direct messages of whoever wanted it; read back by them."""
    file = uploads.as_csv(reply()) if kind == "csv" else uploads.as_picture(reply(), "en-US")
    ada = emulated.user("ada@halcyon.example")

    async def play(client, gate):
        assert await uploads.send(client, file, to=ada)
        return gate.taken("files.completeUploadExternal")[-1]["files"][0]["id"]

    found = emulated.ask("files.info", file=through(play))["file"]
    kept = httpx.get(found["url_private"], headers={"authorization": f"Bearer {WATCHER}"}, timeout=60)
    assert kept.content == file.content
    assert (found["name"], found["title"]) == (file.name, "Revenue by region")
    assert found.get("alt_txt") == (CHART.alt if kind == "picture" else None)
    if kind == "csv":
        assert kept.content.decode("utf-8-sig").splitlines()[1] == '"Nord ""Ö"", <2>",1234.5'
    else:
        assert kept.content.startswith(b"\x89PNG\r\n\x1a\n")


def test_forms_and_pages_are_ones_that_slack_takes(through, emulated):
    """Every form that there is, and the page of App Home; what is kept is what was given."""
    ada, origin = emulated.user("ada@halcyon.example"), Origin(user="U01", channel="C01")
    organization = Organization(rooms={"fern": Room(id="fern", name="Fern", capacity=4)})
    desk = SimpleNamespace(organization=organization, assistant=SimpleNamespace(now=lambda: datetime(2026, 5, 31, 9, 7)))
    given = [
        forms.room(desk, origin), forms.meeting(desk, origin), forms.ticket(desk, origin, what="dark"), forms.note(origin, "T-1"),
        forms.correction(origin, about="t"), forms.sharing(origin, about="t"), forms.schedule(desk, origin, about="t"), forms.reply(origin, "Q-1"),
    ]  # fmt: skip
    assert {view["callback_id"] for view in given} == set(forms.CALLBACKS)

    async def play(client, gate):
        kept = []
        for view in given:
            trigger = emulated.ask("views.generateTriggerId", token=BOT, user_id=ada)["trigger_id"]
            kept.append((await client.views_open(trigger_id=trigger, view=view))["view"])
        page = await client.views_publish(user_id=ada, view=views.home([{"type": "section", "text": {"type": "mrkdwn", "text": "Good day"}}]))
        return kept, page["view"]

    kept, page = through(play)
    assert [view["callback_id"] for view in kept] == [view["callback_id"] for view in given]
    assert [[block["block_id"] for block in view["blocks"]] for view in kept] == [[block["block_id"] for block in view["blocks"]] for view in given]
    assert [view["private_metadata"] for view in kept] == [view["private_metadata"] for view in given]
    assert (page["type"], page["blocks"][0]["text"]["text"]) == ("home", "Good day")


def test_a_post_reaches_its_channel_and_its_thread(through, emulated, ledger, tmp_path):
    """Found by name with its members, posted once, and below it what is new; with the scopes of the manifest alone."""
    people = (Person(id="ada", name="Ada Okafor", email="ada@halcyon.example"), Person(id="sam", name="Sam Lee", email="sam@halcyon.example"))
    assistant = FakeAssistant(Organization(people={person.id: person for person in people}), ledger)

    async def play(client, gate):
        section = {"signing_secret": SECRET, "bot_token": BOT, "base_url": f"{gate.address}/api/"}
        messenger = door.messenger(assistant, Settings(home=tmp_path, sections={"slack": section}))

        def bring():
            channel = messenger.channel("#finance")
            thread = messenger.post(channel, reply(), key="digest:1")
            messenger.post(messenger.channel(thread), Reply(outcome="understood", utterance="", speech="", text="It went up."), key="digest:2")
            return channel, thread

        return await asyncio.to_thread(bring)

    channel, thread = through(play)
    assert (channel.id, set(channel.members)) == (emulated.channel("finance"), {"ada", "sam"})
    head, below = emulated.said(channel.id, thread.partition("/")[2])
    assert (head["text"], below["text"]) == ("Revenue by region:", "It went up.")

"""Two people, three audiences, two sensitivities: who gets which figure where, when asked, when sent later, when sent again and when something fails."""

import asyncio
import json
from datetime import UTC, datetime

import duckdb
import pytest

from insights.delivery import outbox
from insights.delivery.worker import work
from insights.requests import MetricQuestion
from insights.settings import Settings
from insights.turns import Turn
from slackbot import configuration
from slackbot.messenger import SlackMessenger
from tests.slackbot.workplace import SECRET, Workplace

# The organization of the demo company: Omar is in finance, which may have what is confidential; Tom, in IT, may not. A channel is a public place.
OMAR, TOM = "U04", "U09"
QUESTIONS = {"internal": "revenue last month", "confidential": "gross profit last month"}
APRIL = "status <> 'test' AND ordered_on BETWEEN DATE '2026-04-01' AND DATE '2026-04-30'"
MAY = {
    (OMAR, "command", "internal"): True, (OMAR, "direct", "internal"): True, (OMAR, "channel", "internal"): True,
    (TOM, "command", "internal"): True, (TOM, "direct", "internal"): True, (TOM, "channel", "internal"): True,
    (OMAR, "command", "confidential"): True, (OMAR, "direct", "confidential"): True, (OMAR, "channel", "confidential"): False,
    (TOM, "command", "confidential"): False, (TOM, "direct", "confidential"): False, (TOM, "channel", "confidential"): False,
}  # fmt: skip


@pytest.fixture(scope="module")
def figures(company):
    """What the questions ask for, by SQL written by hand over the files."""
    orders = f"read_parquet('{company.folder}/data/orders/*/*/*.parquet', union_by_name = true)"
    with duckdb.connect() as connection:
        revenue, profit = connection.execute(f"SELECT sum(amount_usd), sum(amount_usd - cost_usd) FROM {orders} WHERE {APRIL}").fetchone()
    return {"internal": float(revenue), "confidential": float(profit)}


@pytest.fixture
def place(slack, office, tmp_path):
    """The demo company over HTTP against the fake Slack."""
    settings = Settings(home=tmp_path, sections={"slack": {"signing_secret": SECRET, "bot_token": "xoxb-1", "base_url": slack.base_url}})
    return Workplace(slack, office, settings)


def shown(value, payload):
    """Whether a figure is to be seen in a payload: exactly, in whole numbers, or rounded as it is said and written."""
    text = json.dumps(payload, ensure_ascii=False)
    ways = {f"{value:,.2f}", f"{value:.2f}", f"{value:,.0f}", f"{value:.0f}", f"{value / 1000:.1f}", f"{value / 1e6:.2f} million"}
    return any(way in text for way in ways)


def is_public(payload):
    """Whether a whole channel sees it: posted there, to nobody in particular."""
    return str(payload.get("channel", "")).startswith("C") and "user" not in payload


async def asked(place, who, where, question):
    """Ask it there; what was sent for it."""
    before = len(place.slack.answers())
    number = f"{who}{where}{question}".replace(" ", "")
    if where == "command":
        await place.command(question, user=who, trigger=number)
    else:
        channel = {"direct": {"type": "message", "channel_type": "im", "channel": f"D{who}"}, "channel": {"type": "app_mention", "channel": "C01"}}[where]
        await place.event({**channel, "user": who, "text": f"<@UBOT> {question}", "ts": "7.7"}, event_id=number)
    await place.slack.until(before + 1, seconds=60)
    while place.assistant.ledger.job_state(f"slack:T0HOME:{number}") == "doing":
        await asyncio.sleep(0.02)
    return place.slack.answers()[before:]


def test_everyone_gets_what_they_may_have_where_they_may_have_it_and_nothing_else(place, slack, figures):
    """Twelve askings: the figure is there where the table says so, and in no payload anywhere else."""

    async def scene():
        return {(who, where, kind): await asked(place, who, where, QUESTIONS[kind]) for who, where, kind in MAY}

    sent = asyncio.run(scene())
    # What is not for a channel may still come to the asker alone: then the channel's message is what counts.
    counted = {case: [one for one in payloads if case[1] != "channel" or is_public(one)] for case, payloads in sent.items()}
    assert {case: any(shown(figures[case[2]], payload) for payload in payloads) for case, payloads in counted.items()} == MAY
    restricted = [payload for case, payloads in sent.items() if case[0] == TOM and not MAY[case] for payload in payloads]
    public = [payload for path, payload in slack.sent if path == "/api/chat.postMessage" and str(payload.get("channel", "")).startswith("C")]
    assert not any(shown(figures["confidential"], payload) for payload in restricted + public)


def test_what_was_promised_is_permitted_again_when_it_is_sent(place, slack, office, figures):
    """An answer that is sent later goes to whoever may have it then; somebody who may not, hears that they may not."""
    question = _profit(office)
    for person in ("omar", "tom"):
        outbox.promise(office.ledger, key=f"later:{person}", person=person, request=question, utterance=QUESTIONS["confidential"])
    messenger = SlackMessenger(configuration.read(place.settings))
    counts = work(office.ledger, {"slack": messenger}, office.organization.people, lambda: datetime(2026, 5, 31, 12, tzinfo=UTC), compose=office.compose)
    assert counts.sent == 2
    to = {payload["channel"]: shown(figures["confidential"], payload) for payload in slack.to("/api/chat.postMessage")}
    assert to == {OMAR: True, TOM: False}


def _profit(office):
    reading, _ = office.understand(Turn(QUESTIONS["confidential"], person="omar"))
    assert isinstance(reading.request, MetricQuestion)
    return reading.request


def test_an_error_tells_nothing_and_a_retry_is_for_the_same_eyes(place, slack, office, figures, monkeypatch):
    """When something breaks after the figure was found, the message is a reference; delivered again, the figure goes to the asker alone."""
    reply, broken = office.reply, iter([True])

    def breaks(turn):
        found = reply(turn)
        if next(broken, False):
            raise RuntimeError(f"could not put {found.text} into words")
        return found

    monkeypatch.setattr(type(office), "reply", lambda _, turn: breaks(turn))

    async def scene():
        await place.event({"type": "app_mention", "channel": "C01", "user": OMAR, "text": "<@UBOT> gross profit last month", "ts": "7.7"}, event_id="Ev1")
        await slack.until(1, seconds=60)
        return slack.answers(), await asked(place, OMAR, "command", QUESTIONS["confidential"])

    failed, again = asyncio.run(scene())
    assert not any(shown(figures["confidential"], payload) for payload in failed)
    assert [(payload["response_type"], shown(figures["confidential"], payload)) for payload in again] == [("ephemeral", True)]

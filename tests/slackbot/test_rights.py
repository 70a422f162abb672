"""Two people, three audiences, two sensitivities: who gets which figure where, when asked, when sent later, when sent again and when something fails."""

import asyncio
import json
import time
from datetime import UTC, datetime

import duckdb
import pytest

from insights.contract import encode
from insights.delivery import outbox
from insights.delivery.worker import work
from insights.ledger.following import Schedule, Subscription
from insights.requests import Follow, MetricQuestion
from insights.settings import Settings
from insights.turns import Turn
from slackbot import configuration
from slackbot.door import door
from slackbot.messenger import SlackMessenger
from tests.slackbot.scanned import leaks
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
    """Ask it there; what was sent for it, with what is promised to the asker in private: others bring that, before or after the promise."""
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
    if any("send it to you privately" in payload.get("text", "") for payload in place.slack.answers()[before:]):
        end = time.monotonic() + 60
        while not any(payload.get("channel") == who for payload in place.slack.answers()[before:]):
            assert time.monotonic() < end, "what was promised did not come"
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


SHARED = {  # by whom, of what, with a guest in the channel: whether the channel gets it
    (OMAR, "internal", False): True, (OMAR, "internal", True): False, (OMAR, "confidential", False): False, (OMAR, "confidential", True): False,
    (TOM, "internal", False): True, (TOM, "internal", True): False, (TOM, "confidential", False): False, (TOM, "confidential", True): False,
}  # fmt: skip
NAMES = {OMAR: "omar", TOM: "tom"}
SALES = "C0000007"


@pytest.mark.parametrize("way", ["share", "digest"])
@pytest.mark.parametrize(("who", "kind", "guest"), SHARED)
def test_a_channel_gets_what_all_who_read_there_may_have_and_who_sent_it_hears_why_not(place, slack, office, figures, way, who, kind, guest):
    """Decided when it is sent, for whoever is in the channel then; the refusal, to whoever sent it alone, holds no figure."""
    slack.channels[SALES] = {"name": "sales"}
    slack.members[SALES] = [OMAR, TOM, "UBOT", *(["UG"] if guest else [])]
    slack.accounts["UG"] = {"id": "UG", "team_id": "T0HOME", "is_restricted": True, "profile": {}}
    reading, _ = office.understand(Turn(QUESTIONS[kind], person="omar"))
    if way == "share":
        outbox.share(office.ledger, key="s", by=NAMES[who], to=NAMES[who], request=reading.request, channel="sales")
    else:
        _follow(office, reading.request, NAMES[who])
    moment = datetime(2026, 5, 31, 12, tzinfo=UTC)
    messenger = door.messenger(office, place.settings)
    counts = work(office.ledger, {"slack": messenger}, office.organization.people, lambda: moment, compose=office.compose)
    assert counts.sent == 1
    (sent,) = slack.to("/api/chat.postMessage")
    assert {(one["channel"], shown(figures[kind], one)) for one in [sent]} == {(SALES, True) if SHARED[who, kind, guest] else (who, False)}


def _follow(office, question, person):
    """It is followed into the channel, and due."""
    request = json.dumps(encode(Follow(what=question, channel="sales")))
    kept = office.ledger.follow(
        Subscription(key="f", catalog=office.catalog.name, person=person, kind="digest", words="", request=request, schedule=Schedule(every="daily"),
                     timezone="America/New_York"), now=datetime(2026, 5, 30, 12, tzinfo=UTC),
    )  # fmt: skip
    outbox.follow_up(office.ledger, key="d", person=person, subscription=kept.id, channel="sales")


@pytest.mark.parametrize(
    ("path", "more", "leaks_there"),
    [
        ("/api/chat.postMessage", {"channel": "C01"}, True),
        ("/api/chat.postMessage", {"channel": TOM}, True),
        ("/api/chat.postMessage", {"channel": OMAR}, False),
        ("/api/chat.postEphemeral", {"channel": "C01", "user": TOM}, True),
        ("/api/chat.postEphemeral", {"channel": "C01", "user": OMAR}, False),
        ("/response/1", {"response_type": "ephemeral"}, True),
        ("/response/2", {"response_type": "ephemeral"}, False),
        ("/response/2", {"response_type": "in_channel"}, True),
        ("/api/views.publish", {"user_id": TOM}, True),
    ],
)
def test_what_looks_through_all_payloads_finds_what_leaks(figures, confidential_figures, path, more, leaks_there):
    """The same figure in the same words, to one who may have it and to those who may not."""
    payload = {"text": f"Gross profit: ${figures['confidential']:,.2f}", **more}
    assert bool(leaks([(path, payload)], {"/response/1": TOM, "/response/2": OMAR}, confidential_figures)) is leaks_there

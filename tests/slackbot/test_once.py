"""One delivery is one action and one answer, whichever process ends when; what must wait, waits in order, and nothing is lost."""

import asyncio
import hashlib
import hmac
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from insights.errors import OutsideFailed
from insights.ledger.post import Receive
from insights.ledger.sqlite import open_ledger
from insights.turns import Reply
from slackbot.post import outbox
from slackbot.post.pen import Pen
from slackbot.post.steps import STEPS
from tests.servers import free_port
from tests.slackbot.workplace import OURS, SECRET, TEAM

SERVED = Path(__file__).with_name("served.py")
KINDS = ("command", "mention")
CASES = [(kind, step) for kind in KINDS for step in STEPS]
SAMPLE = random.Random(8).sample(CASES, min(len(CASES), int(os.environ.get("CASES", "3"))))


@contextmanager
def server(where, slack, *, fatal="never"):
    """A process that serves; it is ended afterwards."""
    port = free_port()
    process = subprocess.Popen([sys.executable, SERVED, where, slack.base_url, str(port), fatal], stderr=subprocess.PIPE)
    try:
        until(lambda: process.poll() is not None or _listens(port))
        assert process.poll() is None, process.stderr.read()
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.communicate()


def _listens(port):
    try:
        return httpx.get(f"http://127.0.0.1:{port}/", timeout=5).status_code == 405
    except httpx.TransportError:
        return False


def until(holds, seconds=60):
    """Wait until it holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to pass in time"
        time.sleep(0.02)


def signed(body, content_type):
    """Headers as Slack signs them."""
    stamp = str(int(time.time()))
    signature = "v0=" + hmac.new(SECRET.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"content-type": content_type, "x-slack-request-timestamp": stamp, "x-slack-signature": signature}


def request_of(kind, slack):
    """A delivery that asks for Fern: its body and headers."""
    if kind == "command":
        fields = {"command": "/insights", "text": "book Fern", "user_id": "U01", "team_id": TEAM, "channel_id": "C01", "trigger_id": "t.1"}
        body = urlencode(fields | {"response_url": f"{slack.origin}/response/1", "api_app_id": "A1"})
        return body, signed(body, "application/x-www-form-urlencoded")
    event = {"type": "app_mention", "user": "U01", "text": "<@UBOT> book Fern", "channel": "C01", "ts": "7.7"}
    body = json.dumps({"type": "event_callback", "team_id": TEAM, "event_id": "Ev1", "event": event, "authorizations": OURS})
    return body, signed(body, "application/json")


def deliver(address, kind, slack, retry=0):
    """Deliver it; the status, 0 when the server ended meanwhile."""
    body, headers = request_of(kind, slack)
    if retry:
        headers |= {"x-slack-retry-num": str(retry), "x-slack-retry-reason": "http_timeout"}
    try:
        return httpx.post(f"{address}/slack/events", content=body, headers=headers, timeout=60).status_code
    except httpx.TransportError:
        return 0


def held(where):
    """How many bookings there are, and how the job stands."""
    ledger = open_ledger(Path(where))
    try:
        return len(ledger.holds_of("ada", start=None, end=None)), [ledger.job_state(f"slack:{TEAM}:{end}") for end in ("t.1", "Ev1")]
    finally:
        ledger.close()


def seen(slack):
    """Messages as people see them: Slack shows one of those with the same client_msg_id."""
    shown = {}
    for number, message in enumerate(slack.answers()):
        shown.setdefault(message.get("client_msg_id", number), message)
    return list(shown.values())


@pytest.mark.parametrize(("kind", "step"), SAMPLE)
def test_killed_at_any_step_it_is_finished_once(slack, tmp_path, kind, step):
    """One booking and one answer; a private answer that may have arrived before is repeated with a remark, since Slack has no key for it."""
    where = str(tmp_path / "ledger.db")
    with server(where, slack, fatal=step) as (process, address):
        status = deliver(address, kind, slack)
        process.wait(60)
        assert process.returncode == -signal.SIGKILL
    with server(where, slack) as (_, address):
        if status != 200:  # Slack was not told that it was received, so it delivers again
            assert deliver(address, kind, slack, retry=1) == 200
        until(lambda: "done" in held(where)[1])
    assert held(where)[0] == 1
    messages = seen(slack)
    if kind == "command" and step == "posted":
        assert len(messages) == 2
        assert "you may have seen this already" in messages[1]["text"]
    else:
        assert len(messages) == 1
        assert messages[0]["text"].startswith("Booked fern as ")


@pytest.mark.parametrize("step", ["posted", "sent"])
def test_killed_while_it_streams_it_is_finished_once(slack, tmp_path, monkeypatch, step):
    """What is known to stream becomes the answer; what may stream, since Slack's word for it was lost, is left to Slack, and a note becomes the answer."""
    monkeypatch.setenv("SLOW", "1.0")
    monkeypatch.setenv("PATIENT", "0.1")
    where = str(tmp_path / "ledger.db")
    with server(where, slack, fatal=step) as (process, address):
        deliver(address, "mention", slack)
        process.wait(60)
        assert process.returncode == -signal.SIGKILL
    assert [path for path, _ in slack.sent if path.startswith("/api/chat.")] == ["/api/chat.startStream"]
    with server(where, slack):
        until(lambda: "done" in held(where)[1])
    assert held(where)[0] == 1
    assert list(slack.streams) == ["9.1"]
    (answer,) = slack.to("/api/chat.update")
    assert answer["text"].startswith("Booked fern as ")
    assert answer["ts"] == ("9.1" if step == "sent" else "1.2")
    assert len(slack.to("/api/chat.postMessage")) == (0 if step == "sent" else 1)
    assert slack.ended == ({"9.1"} if step == "sent" else set())


def test_the_same_event_a_hundred_times_over_two_servers_books_once(slack, tmp_path):
    """Every delivery is acknowledged, most with a retry header; there is one booking and one answer."""
    where = str(tmp_path / "ledger.db")
    with server(where, slack) as (_, first), server(where, slack) as (_, second):
        statuses = []
        threads = [threading.Thread(target=lambda n=n: statuses.append(deliver((first, second)[n % 2], "mention", slack, retry=n))) for n in range(100)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        until(lambda: "done" in held(where)[1])
        assert statuses == [200] * 100
        assert held(where)[0] == 1
        assert [message["text"][:11] for message in slack.answers()] == ["Booked fern"]


REFUSED = (429, {"retry-after": "0"}, {"ok": False, "error": "ratelimited"})
TAKEN = (200, {}, {"ok": True, "ts": "1.2", "channel": "C01"})


def test_a_storm_of_429_loses_nothing_and_keeps_the_order(workplace, slack, assistant):
    """Four questions in one channel, every other answer refused for a moment: all arrive, as they were asked."""
    slack.script("/api/chat.postMessage", REFUSED, TAKEN, REFUSED, TAKEN)

    async def scene():
        for number in range(4):
            event = {"type": "app_mention", "user": "U01", "text": f"<@UBOT> {number}", "channel": "C01", "ts": "7.7", "thread_ts": "7.7"}
            await workplace.event(event, event_id=f"Ev{number}")
        return await slack.until(6, seconds=60)

    texts = [message["text"] for message in asyncio.run(scene())]
    assert texts == [f"You said {number}" for number in (0, 0, 1, 1, 2, 3)]


def test_a_channel_gets_one_message_a_second(ledger):
    """By the ledger's clock, which all processes share; another channel need not wait."""
    clock = [datetime(2026, 12, 1, tzinfo=UTC)]
    sent = []

    async def sleep(seconds):
        clock[0] += timedelta(seconds=seconds)
        await asyncio.sleep(0)

    def message(lane):
        async def send(doubtful):
            sent.append((lane, clock[0]))
            return outbox.Arrived()

        return outbox.Outgoing(lane=lane, payload={}, send=send)

    async def scene():
        pen = Pen(lambda: ledger, clock=lambda: clock[0])
        job = await pen.record(Receive(key="j", scope="T", queue="q", payload="{}", holder="h"))
        posts = outbox.Outbox(pen, sleep=sleep)
        await asyncio.gather(*(posts.send(f"j#{number}", job, message("C1")) for number in range(5)))
        await posts.send("j#other", job, message("C2"))

    asyncio.run(scene())
    times = [at for lane, at in sent if lane == "C1"]
    assert len(sent) == 6
    assert all(later - earlier >= timedelta(seconds=1) for earlier, later in itertools.pairwise(times))


def test_what_waited_too_long_is_composed_anew(workplace, slack, assistant, monkeypatch):
    """Slack asks to wait for minutes; when the message can go out at last, the question is answered again with the rights of then."""
    monkeypatch.setattr(outbox, "FRESH_FOR", timedelta(seconds=0.5))
    slack.script("/api/chat.postMessage", (429, {"retry-after": "1"}, {"ok": False, "error": "ratelimited"}))
    said = iter(["Margin: 12 %", "Not for you any more."])

    assistant.say = lambda turn: Reply(outcome="understood", utterance=turn.text, speech="", text=next(said))

    async def scene():
        await workplace.event({"type": "app_mention", "user": "U01", "text": "<@UBOT> margin", "channel": "C01", "ts": "7.7"})
        return await slack.until(2, seconds=60)

    _, second = asyncio.run(scene())
    assert second["text"] == "Not for you any more."
    assert [turn.id for turn in assistant.turns] == ["slack:T0HOME:Ev1"] * 2


def test_a_delivery_that_cannot_be_written_down_is_not_acknowledged(workplace, assistant, monkeypatch):
    """Slack delivers it again; nothing was begun."""

    def busy(*_, **__):
        raise OutsideFailed("The ledger is busy.", remedy="Try again in a moment.")

    monkeypatch.setattr(assistant.ledger, "record", busy)

    async def scene():
        return await workplace.command("revenue")

    assert asyncio.run(scene()).status_code == 503
    assert assistant.turns == []

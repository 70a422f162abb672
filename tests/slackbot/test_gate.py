"""What gets through to Bolt: only fresh, signed, well-formed requests; the rest is refused without a 500."""

import asyncio
import hashlib
import hmac
import json
import time
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.organization import Organization
from insights.settings import Settings
from slackbot.door import door
from slackbot.gate import MAX_BODY, Gate


def test_the_signature_is_the_one_slack_documents():
    """The example of docs.slack.dev/authentication/verifying-requests-from-slack, byte for byte."""
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA"
        b"&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554"
        b"%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    signature = b"v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    gate = Gate(None, signing_secret="8f742231b10e8888abcd99yyyzzz85a5", clock=lambda: 1531420618.0)
    headers = [(b"x-slack-request-timestamp", b"1531420618"), (b"x-slack-signature", signature)]
    assert gate.is_signed(headers, body)
    assert not gate.is_signed(headers, body + b"&")
    late = Gate(None, signing_secret="8f742231b10e8888abcd99yyyzzz85a5", clock=lambda: 1531420618.0 + 301)
    assert not late.is_signed(headers, body)


@pytest.mark.parametrize("stamp", ["", "soon", "1e9", "-1", "0", "9" * 40, "１２３", "1531420618"], ids=repr)
def test_a_malformed_or_old_timestamp_is_401(workplace, stamp):
    """Bolt alone would raise on a timestamp that is no number."""
    headers = {"x-slack-request-timestamp": stamp.encode("utf-8")}

    async def scene():
        return await workplace.post("command=%2Finsights", headers=headers)

    assert asyncio.run(scene()).status_code == 401


@pytest.mark.parametrize("signature", [b"", b"v0=", b"v0=zz", b"v1=abc", "v0=é".encode(), b"\xff\xfe"], ids=repr)
def test_a_malformed_signature_is_401(workplace, signature):
    """Comparing non-ASCII text would raise; bytes are compared instead."""

    async def scene():
        return await workplace.post("command=%2Finsights", headers={"x-slack-signature": signature})

    assert asyncio.run(scene()).status_code == 401


def test_a_missing_or_doubled_header_is_401(workplace):
    """With two timestamps nobody knows which one was signed."""
    stamp = str(int(time.time())).encode()

    async def scene():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=workplace.app), base_url="http://x") as client:
            none = await client.post("/slack/events", content=b"a=b")
            two = await client.post("/slack/events", content=b"a=b", headers=[("x-slack-request-timestamp", stamp)] * 2)
            return none.status_code, two.status_code

    assert asyncio.run(scene()) == (401, 401)


def test_another_secret_is_401_and_reaches_nobody(workplace, assistant):
    """A request that is not from Slack is not answered, whatever it says."""

    async def scene():
        body = "command=%2Finsights&text=revenue&user_id=U01&team_id=T0HOME&channel_id=C01&trigger_id=t"
        return await workplace.post(body, secret="wrong")

    assert asyncio.run(scene()).status_code == 401
    assert assistant.turns == []


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"payload=%7B", "application/x-www-form-urlencoded"),
        (b"payload=5", "application/x-www-form-urlencoded"),
        (b"[" * 100_000, "application/json"),
        (b"payload=" + b"[" * 100_000, "application/x-www-form-urlencoded"),
    ],
    ids=lambda value: repr(value[:12]),
)
def test_a_signed_body_that_cannot_be_read_is_400(workplace, body, content_type):
    """Only someone with the secret can send one; it still must not break anything."""

    async def scene():
        return await workplace.post(body, content_type=content_type)

    assert asyncio.run(scene()).status_code == 400


def test_an_oversized_body_is_413(workplace):
    """Announced or not, no more than a megabyte is held in memory."""

    async def scene():
        announced = await workplace.post(b"a" * (MAX_BODY + 1))
        sent = []
        chunks = iter([{"type": "http.request", "body": b"a" * 600_000, "more_body": True}] * 3)

        async def receive():
            return next(chunks)

        async def send(message):
            sent.append(message)

        await workplace.app({"type": "http", "method": "POST", "path": "/slack/events", "headers": [], "query_string": b""}, receive, send)
        return announced.status_code, sent[0]["status"]

    assert asyncio.run(scene()) == (413, 413)


def test_only_post_is_taken(workplace):
    """A browser that opens the address is told so."""

    async def scene():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=workplace.app), base_url="http://x") as client:
            return await client.get("/slack/events")

    response = asyncio.run(scene())
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"


def test_a_failure_inside_is_a_plain_500(caplog):
    """Whatever breaks behind the gate, no traceback leaves."""

    async def broken(scope, receive, send):
        raise RuntimeError("secret detail")

    gate = Gate(broken, signing_secret="s", clock=lambda: 1000.0)
    signature = "v0=" + hmac.new(b"s", b"v0:1000:a=b", hashlib.sha256).hexdigest()

    async def scene():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=gate), base_url="http://x") as client:
            return await client.post("/slack/events", content=b"a=b", headers={"x-slack-request-timestamp": "1000", "x-slack-signature": signature})

    response = asyncio.run(scene())
    assert (response.status_code, response.json()) == (500, {"error": "internal error"})
    assert "secret detail" in caplog.text


_loose = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3), max_leaves=5)
_keys = st.sampled_from(["type", "event", "user", "team", "channel", "container", "actions", "trigger_id", "command", "text", "action_id", "value", "id", "ts"])
_payloads = st.recursive(_loose, lambda inner: st.dictionaries(_keys, inner, max_size=5), max_leaves=12)


@pytest.fixture(scope="module")
def lonely_app():
    """The app of a company without people; its Slack is never asked."""
    section = {"signing_secret": "s", "bot_token": "xoxb-1", "base_url": "http://127.0.0.1:9/"}
    assistant = SimpleNamespace(organization=Organization())
    return door.routes(assistant, Settings(home=Path("/nonexistent"), sections={"slack": section}))["/slack/events"]


@settings(max_examples=60, deadline=None)
@given(payload=st.dictionaries(_keys, _payloads, max_size=6), as_form=st.booleans())
def test_no_signed_payload_of_any_shape_breaks_the_door(lonely_app, payload, as_form):
    """Fields may be missing or of another type: the answer is a status, never an exception."""
    text = json.dumps(payload)
    body = (urlencode({"payload": text}) if as_form else text).encode()
    stamp = str(int(time.time()))
    signature = "v0=" + hmac.new(b"s", b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    headers = {"x-slack-request-timestamp": stamp, "x-slack-signature": signature}

    async def scene():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=lonely_app), base_url="http://x") as client:
            return await client.post("/slack/events", content=body, headers=headers)

    assert asyncio.run(scene()).status_code in (200, 400, 404, 500)

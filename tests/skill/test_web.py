"""The skill over HTTP: 400 and nothing run, unless every check passes."""

from __future__ import annotations

import asyncio
import base64
import json
import time

import pytest

from insights.errors import NobodyWaits
from insights.warehouse.duckdb import DuckDB
from insights.warehouse.port import Query
from skill.verify import Verifier
from skill.waiting import Waiting
from skill.web import MOST_BYTES, AlexaApp
from tests.skill.conftest import APPLICATION, CHAIN_URL, NOW


@pytest.fixture
def leaf(authority):
    """A sound signing certificate."""
    return authority.leaf()


@pytest.fixture
def app(skill, authority, leaf):
    """The application, trusting the test root."""
    chain = leaf.pem + authority.intermediate.pem
    return AlexaApp(skill, Verifier(skill_id=APPLICATION, fetch=lambda url: chain, roots=lambda: [authority.root.certificate], clock=lambda: NOW))


def post(app, body, headers, *, method="POST", chunks=1):
    """Send one request straight into the ASGI application; its status and body."""
    size = max(1, -(-len(body) // chunks))
    parts = [body[i : i + size] for i in range(0, len(body), size)] or [b""]
    messages = [{"type": "http.request", "body": part, "more_body": i < len(parts) - 1} for i, part in enumerate(parts)]
    sent = []

    async def receive():
        if not messages:
            await asyncio.Event().wait()  # the client stays for the answer
        return messages.pop(0)

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": "/alexa", "headers": [(k.encode("latin-1"), v.encode("latin-1")) for k, v in headers]}
    asyncio.run(app(scope, receive, send))
    assert [m["type"] for m in sent] == ["http.response.start", "http.response.body"]
    return sent[0]["status"], json.loads(sent[1]["body"])


def signed(leaf, body):
    """Headers in the letter case that Alexa uses."""
    return [("Signature-256", base64.b64encode(leaf.sign(body)).decode()), ("SignatureCertChainUrl", CHAIN_URL), ("Content-Type", "application/json")]


@pytest.mark.parametrize("name", ["launch", "ask", "help", "session_ended", "unknown_type", "fallback"])
@pytest.mark.parametrize("chunks", [1, 7])
def test_a_signed_request_is_answered(name, chunks, app, leaf, event, check_response):
    """Whole or in pieces, every type of request."""
    body = json.dumps(event(name)).encode()
    status, response = post(app, body, signed(leaf, body), chunks=chunks)
    assert status == 200
    check_response(response)


def test_what_is_not_verified_runs_nothing(app, leaf, event, assistant):
    """No headers, another body, another method, another skill, twice the signature, a replay, a flood: 400 each."""
    body = json.dumps(event("ask")).encode()
    good = signed(leaf, body)
    flood = body + b" " * MOST_BYTES
    refused = [
        post(app, body, []),
        post(app, body + b" ", good),
        post(app, body, good, method="GET"),
        post(app, body, [*good, good[0]]),
        post(app, flood, signed(leaf, flood), chunks=5),
        post(app, b"", signed(leaf, b"")),
    ]
    assert refused == [(400, {})] * len(refused)
    assert assistant.turns == []
    assert post(app, body, good)[0] == 200
    assert post(app, body, good)[0] == 400
    assert len(assistant.turns) == 1


def test_it_is_served_by_starlette_as_it_stands(app, leaf, event, check_response):
    """As `insights serve` mounts it, spoken to by a client that knows nothing of ASGI."""
    import httpx
    from starlette.applications import Starlette
    from starlette.routing import Route

    body = json.dumps(event("ask")).encode()

    async def talk():
        transport = httpx.ASGITransport(app=Starlette(routes=[Route("/alexa", endpoint=app)]))
        async with httpx.AsyncClient(transport=transport, base_url="https://insights.example") as client:
            return (
                await client.post("/alexa", content=body, headers=dict(signed(leaf, body))),
                await client.post("/alexa", content=body),
                await client.get("/alexa"),
            )

    good, bare, got = asyncio.run(talk())
    assert good.status_code == 200
    assert check_response(good.json()) == "Revenue was 4.2 million dollars."
    assert (bare.status_code, got.status_code) == (400, 400)


def test_a_client_that_goes_away_is_no_error(app):
    """The body never ends: nothing runs."""

    async def gone():
        return {"type": "http.disconnect"}

    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(app({"type": "http", "method": "POST", "headers": []}, gone, send))
    assert sent[0]["status"] == 400


def test_what_runs_for_a_client_that_goes_away_is_stopped(authority, leaf, event):
    """A query that would never end does, whatever threads stand in between, and the next request is answered as ever."""
    ended = []

    class Endless:
        """Runs a query for each request."""

        def __init__(self):
            self.waiting = Waiting(sender=lambda *_: None)
            self.engine = DuckDB(allowed=(), threads=1)

        def handle(self, _):
            """Ask for what takes years."""
            query = Query(sql="SELECT sum(a.range * b.range) FROM range(1000000000) AS a, range(1000000000) AS b")
            try:
                return self.waiting.until(time.monotonic() + 600, lambda: self.engine.run(query), event={})
            except NobodyWaits as told:
                ended.append(told)
                return {}

    skill = Endless()
    chain = leaf.pem + authority.intermediate.pem
    app = AlexaApp(skill, Verifier(skill_id=APPLICATION, fetch=lambda url: chain, roots=lambda: [authority.root.certificate], clock=lambda: NOW))
    body = json.dumps(event("ask")).encode()
    messages = [{"type": "http.request", "body": body, "more_body": False}, {"type": "http.disconnect"}]

    async def receive():
        await asyncio.sleep(0.2 if len(messages) == 1 else 0)
        return messages.pop(0)

    async def send(_):
        """Nobody is there."""

    headers = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in signed(leaf, body)]
    asyncio.run(app({"type": "http", "method": "POST", "headers": headers}, receive, send))
    assert len(ended) == 1
    assert skill.engine.run(Query(sql="SELECT 1")).rows == ((1,),)
    skill.engine.close()

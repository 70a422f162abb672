"""The skill over HTTP: an ASGI application that verifies every request before anything else runs."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from insights.lake.waiting import Listener, listening
from skill.handler import Skill
from skill.verify import NotFromAlexa, Verifier

log = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MOST_BYTES = 256 * 1024
_CALLS_AT_ONCE = 64


class TooMuch(Exception):
    """The body is larger than any request of Alexa, or the client went away."""


class AlexaApp:
    """`POST` of a signed envelope -> the skill's response; anything else gets 400 and runs nothing."""

    def __init__(self, skill: Skill, verifier: Verifier) -> None:
        self._skill = skill
        self._verifier = verifier
        # Its own threads: a stalled back end holds them for seconds, and must not starve the rest of the process.
        self._pool = ThreadPoolExecutor(_CALLS_AT_ONCE, thread_name_prefix="alexa-http")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI 3)."""
        if scope["type"] != "http":
            return
        status, body = await self._answer(scope, receive)
        headers = [(b"content-type", b"application/json;charset=UTF-8"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Message, receive: Receive) -> tuple[int, bytes]:
        try:
            if scope["method"] != "POST":
                raise NotFromAlexa(f"it is a {scope['method']}")
            headers = _headers(scope)
            body = await _body(receive)
            listener = Listener()
            watch = asyncio.create_task(_leaving(receive, listener))
            try:
                return 200, await asyncio.get_running_loop().run_in_executor(self._pool, self._run, headers, body, listener)
            finally:
                watch.cancel()
        except (NotFromAlexa, TooMuch) as refusal:
            log.warning("refused a request: %s", refusal)
            return 400, b"{}"

    def _run(self, headers: dict[str, str], body: bytes, listener: Listener) -> bytes:
        """Verify, then answer while somebody listens. Raises NotFromAlexa."""
        with listening(listener):
            return json.dumps(self._skill.handle(self._verifier.verify(headers, body))).encode()


def _headers(scope: Message) -> dict[str, str]:
    """Headers by lower-case name. Raises NotFromAlexa when one that matters is there twice: which of them is meant?"""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").lower()
        if key in found and key.startswith("signature"):
            raise NotFromAlexa(f"{key} is there twice")
        found[key] = value.decode("latin-1")
    return found


async def _leaving(receive: Receive, listener: Listener) -> None:
    """Tell when the client goes away: a query that is running for it is stopped. What was to be done is done all the same."""
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.leave()


async def _body(receive: Receive) -> bytes:
    """The whole body. Raises TooMuch."""
    taken = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise TooMuch("the client went away")
        taken += message.get("body", b"")
        if len(taken) > MOST_BYTES:
            raise TooMuch(f"the body is over {MOST_BYTES} bytes")
        if not message.get("more_body", False):
            return bytes(taken)

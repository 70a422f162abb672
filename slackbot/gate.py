"""Stands in front of Bolt: only well-formed, fresh, signed requests get through; everything else gets a plain refusal, never a 500.

Bolt itself parses the body before it looks at the signature and raises on a timestamp that is no number.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Awaitable[None]]

MAX_BODY = 1024 * 1024
"""Bytes; Slack's largest payloads are far below."""
FRESH_FOR = 300
"""Seconds; docs.slack.dev/authentication/verifying-requests-from-slack asks for five minutes."""
_SAID = {400: "malformed request", 401: "invalid signature", 405: "use POST", 413: "request too large", 500: "internal error"}
_log = logging.getLogger(__name__)


class Gate:
    """An ASGI application around Bolt's. `clock` gives seconds since the epoch."""

    def __init__(self, inner: Asgi, *, signing_secret: str, clock: Callable[[], float] = time.time) -> None:
        self._inner = inner
        self._secret = signing_secret.encode()
        self._clock = clock

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request; other scopes pass."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        if scope["method"] != "POST":
            await _refuse(send, 405)
            return
        body = await _body(scope, receive)
        if body is None:
            await _refuse(send, 413)
        elif not self.is_signed(scope["headers"], body):
            await _refuse(send, 401)
        elif not is_well_formed(scope["headers"], body):
            await _refuse(send, 400)
        else:
            await self._through(scope, body, send)

    def is_signed(self, headers: list[tuple[bytes, bytes]], body: bytes) -> bool:
        """Whether Slack signed this body with our secret within the last five minutes."""
        stamp, signature = _header(headers, b"x-slack-request-timestamp"), _header(headers, b"x-slack-signature")
        if not stamp.isdigit() or len(stamp) > 12 or abs(self._clock() - int(stamp)) > FRESH_FOR:
            return False
        wanted = hmac.new(self._secret, b"v0:" + stamp + b":" + body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(b"v0=" + wanted.encode(), signature)

    async def _through(self, scope: Message, body: bytes, send: Send) -> None:
        started = False

        async def replay() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        # Bolt answers only under the path it was told; where this application is mounted is for its host to decide.
        try:
            await self._inner({**scope, "path": PATH}, replay, watched)
        except Exception:
            if started:
                raise
            _log.exception("A signed Slack request could not be handled.")
            await _refuse(send, 500)


PATH = "/slack/events"


async def _body(scope: Message, receive: Receive) -> bytes | None:
    """The whole body, or None as soon as it is known to be too large."""
    announced = _header(scope["headers"], b"content-length")
    if announced.isdigit() and int(announced) > MAX_BODY:
        return None
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            # Nobody waits for an answer any more; an unfinished body never has a right signature.
            return bytes(body)
        body.extend(message.get("body", b""))
        if len(body) > MAX_BODY:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def is_well_formed(headers: list[tuple[bytes, bytes]], body: bytes) -> bool:
    """Whether Bolt can parse it: UTF-8, and JSON objects where JSON is meant."""
    try:
        text = body.decode()
        if _header(headers, b"content-type").startswith(b"application/json") or text.startswith("{"):
            return isinstance(json.loads(text), dict)
        payload = parse_qs(text, keep_blank_values=True, max_num_fields=100).get("payload")
        return payload is None or isinstance(json.loads(payload[-1]), dict)
    except (ValueError, RecursionError):
        return False


def _header(headers: list[tuple[bytes, bytes]], name: bytes) -> bytes:
    """The one value of a header; empty when it is missing or ambiguous."""
    values = [value for key, value in headers if key.lower() == name]
    return values[0] if len(values) == 1 else b""


async def _refuse(send: Send, status: int) -> None:
    body = json.dumps({"error": _SAID[status]}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if status == 405:
        headers.append((b"allow", b"POST"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})

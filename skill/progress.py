"""A word while the answer takes longer: Alexa's progressive response, sent beside the work and never waited for."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from skill.calling import call
from skill.envelope import text
from skill.ssml import speak

log = logging.getLogger(__name__)

AFTER = 2.0
_TIMEOUT = 2.0
_HOST = "amazonalexa.com"
Send = Callable[[str, str, bytes], object]
"""Address, bearer token and body of one progressive response. Raises OSError."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a word can be said before the answer to one request."""

    address: str
    token: str
    request_id: str

    def body(self, words: str) -> bytes:
        """The directive as Alexa takes it."""
        directive = {"type": "VoicePlayer.Speak", "speech": speak(words)}
        return json.dumps({"header": {"requestId": self.request_id}, "directive": directive}).encode()


def progress(envelope: object) -> Progress | None:
    """None for a request without a token, or one that names no server of Alexa's."""
    endpoint, token = text(envelope, "context", "System", "apiEndpoint"), text(envelope, "context", "System", "apiAccessToken")
    request_id = text(envelope, "request", "requestId")
    try:
        parts = urlsplit(endpoint)
        theirs = parts.scheme == "https" and parts.port in (None, 443) and (parts.hostname or "").endswith("." + _HOST) and parts.username is None
    except ValueError:
        return None
    if not theirs or not request_id or not token.isascii() or not token.isprintable() or not token.strip():
        return None
    return Progress(f"https://{parts.hostname}/v1/directives", token, request_id)


def send(address: str, token: str, body: bytes) -> object:
    """One request to Alexa. Raises OSError."""
    return call("POST", address, headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"}, body=body, timeout=_TIMEOUT)


def begin(envelope: object, words: str, *, sender: Send, after: float = AFTER) -> threading.Timer | None:
    """Say `words` after this many seconds, unless the timer is cancelled before; None where that cannot be."""
    where = progress(envelope)
    if where is None:
        return None

    def say() -> None:
        try:
            sender(where.address, where.token, where.body(words))
        except OSError as error:
            log.info("a progressive response was not taken: %s", type(error).__name__)

    timer = threading.Timer(after, say)
    timer.daemon = True
    timer.start()
    return timer

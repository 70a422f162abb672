"""One request over HTTPS with a time limit and no redirects: what the SDK's own client lacks."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Mapping
from functools import cache
from urllib.parse import urlsplit

_MOST_BYTES = 1_000_000


def call(method: str, address: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None, timeout: float) -> bytes:
    """The body of a 2xx answer. Raises OSError when there is none. Plain http goes to this machine only; the caller checks that."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    connection = (
        http.client.HTTPConnection(host, parts.port, timeout=timeout)
        if parts.scheme == "http"
        else http.client.HTTPSConnection(host, parts.port, timeout=timeout, context=_context())
    )
    try:
        connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body=body, headers=dict(headers or {}))
        answer = connection.getresponse()
        content = answer.read(_MOST_BYTES + 1)
    except http.client.HTTPException as error:
        raise OSError(f"unreadable answer: {type(error).__name__}") from None
    finally:
        connection.close()
    if not 200 <= answer.status < 300 or len(content) > _MOST_BYTES:
        raise OSError(f"status {answer.status}, {len(content)} bytes")
    return content


@cache
def _context() -> ssl.SSLContext:
    """The trusted roots, read once."""
    return ssl.create_default_context()

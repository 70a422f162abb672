"""A JSON service on loopback that can be told to fail: before it acts, after it has acted, or by being slow."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

FAULTS = ("503", "429", "dropped before", "dropped after", "slow", "502 after")
"""What may happen to a request that acts: refused, throttled, lost on its way in or out, answered too late, or done with an error from the gateway."""


class Faulty:
    """Subclasses answer requests in `answer`; `faults` are what happens to the next requests that act, one each."""

    def __init__(self, *, delay: float = 1.0) -> None:
        self.lock = threading.RLock()
        self.faults: deque[str] = deque()
        self.asked: list[tuple[str, str]] = []
        self.on_commit: Callable[[str], None] = lambda _: None
        self.delay = delay
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                """Nothing."""

            def do_GET(self) -> None:
                fake._serve(self)

            do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 # the names of http.server

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                """Whoever asked was killed: that is what is tested."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def acts(self, method: str, path: str) -> bool:
        """Whether a request creates or changes something."""
        return method != "GET"

    def answer(self, method: str, path: str, query: dict[str, str], body: Any, headers: dict[str, str]) -> tuple[int, Any]:
        """Status and JSON."""
        raise NotImplementedError

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        length = int(handler.headers.get("Content-Length") or 0)
        raw = handler.rfile.read(length)
        try:
            body = json.loads(raw) if raw else None
        except ValueError:
            body = raw if _is_bytes(handler.headers.get("Content-Type", "")) else raw.decode(errors="replace")
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        with self.lock:
            self.asked.append((handler.command, parts.path))
            fault = self.faults.popleft() if self.faults and self.acts(handler.command, parts.path) else ""
        if fault == "503":
            self._reply(handler, 503, {"error": {"message": "maintenance"}}, {})
            return
        if fault == "429":
            self._reply(handler, 429, {"error": {"message": "rate limit"}}, {"Retry-After": "0.2"})
            return
        if fault == "dropped before":
            handler.close_connection = True
            handler.connection.close()
            return
        if fault == "slow":
            time.sleep(self.delay)
        with self.lock:
            status, found = self.answer(handler.command, parts.path, query, body, {name.lower(): value for name, value in handler.headers.items()})
        if self.acts(handler.command, parts.path) and status < 400:
            self.on_commit(parts.path)
        if fault == "dropped after":
            handler.close_connection = True
            handler.connection.close()
            return
        self._reply(handler, 502 if fault == "502 after" else status, found, {})

    @staticmethod
    def _reply(handler: BaseHTTPRequestHandler, status: int, document: Any, headers: dict[str, str]) -> None:
        data = b"" if document is None else json.dumps(document).encode()
        try:
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name, value)
            handler.send_header("Content-Type", "application/json")
            handler.send_header("Content-Length", str(len(data)))
            handler.end_headers()
            handler.wfile.write(data)
        except OSError:
            return  # whoever asked has gone


def _is_bytes(type_: str) -> bool:
    """Whether what is sent is a file, by itself or among the parts of a form."""
    return type_.startswith("multipart/") or not type_.startswith(("application/", "text/"))

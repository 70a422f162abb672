"""A server on the loopback that stands before another, or answers by itself, and fails as real ones do when told to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

Reply = tuple[int, Mapping[str, str], bytes]
Backend = Callable[[str, str, Mapping[str, str], bytes], Reply]
_HOP = frozenset({"connection", "transfer-encoding", "content-length", "content-encoding", "date", "server", "host", "keep-alive"})


@dataclass
class Fault:
    """What is to go wrong, how often, and with which requests.

    `busy` (503) and `throttled` (429) turn a request away; `slow` waits and then serves it; `lost` serves it and says nothing; `dropped` says nothing and
    does not serve it; `broken` (500) serves it and says that it failed.
    """

    kind: str
    method: str = ""
    times: int = 1
    seconds: float = 0.0
    skip: int = 0


@dataclass
class Front:
    """The address is in `url` as long as the block runs."""

    backend: Backend
    faults: list[Fault] = field(default_factory=list)
    seen: list[tuple[str, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fail(self, kind: str, method: str = "", *, times: int = 1, seconds: float = 0.0, skip: int = 0) -> None:
        """Let the next requests of that method fail, after some that do not."""
        with self.lock:
            self.faults.append(Fault(kind, method, times, seconds, skip))

    def __enter__(self) -> Front:
        front = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def __getattr__(self, name: str) -> Any:
                if name.startswith("do_"):
                    return self.handle_any
                raise AttributeError(name)

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                front._serve(self, {name.lower(): value for name, value in self.headers.items()}, body)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_: Any) -> None:
                """A client that hung up is no news."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
        if isinstance(self.backend, Forwarding):
            self.backend.close()

    def _fault(self, method: str) -> Fault | None:
        with self.lock:
            for fault in self.faults:
                if fault.times and fault.method in ("", method):
                    if fault.skip:
                        fault.skip -= 1
                        continue
                    fault.times -= 1
                    return fault
        return None

    def _serve(self, handler: BaseHTTPRequestHandler, headers: Mapping[str, str], body: bytes) -> None:
        method, path = handler.command, handler.path
        with self.lock:
            self.seen.append((method, path))
        fault = self._fault(method)
        match fault.kind if fault else "":
            case "busy":
                reply: Reply = (503, {"retry-after": "0"}, b"busy")
            case "throttled":
                reply = (429, {"retry-after": str(int(fault.seconds))}, b'{"error": {"code": "TooManyRequests"}}')
            case "dropped":
                return self._hang_up(handler)
            case kind:
                if kind == "slow":
                    time.sleep(fault.seconds)
                reply = self.backend(method, path, headers, body)
                if kind == "lost":
                    return self._hang_up(handler)
                if kind == "broken":
                    reply = (500, {}, b"something broke")
        with suppress(OSError):
            handler.send_response(reply[0])
            for name, value in reply[1].items():
                handler.send_header(name, value)
            handler.send_header("content-length", str(len(reply[2])))
            handler.end_headers()
            handler.wfile.write(reply[2])
        return None

    @staticmethod
    def _hang_up(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        with suppress(OSError):
            handler.connection.shutdown(2)


class Forwarding:
    """Passes every request on to another server."""

    def __init__(self, base: str) -> None:
        self._client = httpx.Client(base_url=base, timeout=60)
        self.close = self._client.close

    def __call__(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer one request."""
        answer = self._client.request(method, path, headers={k: v for k, v in headers.items() if k not in _HOP}, content=body)
        return answer.status_code, {k: v for k, v in answer.headers.items() if k.lower() not in _HOP}, answer.content

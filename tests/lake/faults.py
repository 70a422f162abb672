"""A proxy on loopback that stands before an S3 server and does to its answers what networks and stores do."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

SLOW_DOWN = b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>'


@dataclass(slots=True)
class Fault:
    """What happens to requests that `meets` says yes to, `times` times: 503, seconds of waiting, a body that is cut or changed, something done before."""

    meets: Callable[[str, str], bool]
    times: int = 1_000_000
    busy: bool = False
    wait: float = 0.0
    cut: bool = False
    change: Callable[[bytes], bytes] | None = None
    before: Callable[[], None] | None = None


@dataclass(slots=True)
class Proxy:
    """The proxy: its address, the faults in force, and the method and path of every request it saw."""

    endpoint: str
    faults: list[Fault] = field(default_factory=list)
    seen: list[tuple[str, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def gets(self) -> list[str]:
        """The paths of objects that were read."""
        return [path for method, path in self.seen if method == "GET" and "list-type" not in path]

    def clear(self) -> None:
        """No faults, nothing seen."""
        self.faults.clear()
        self.seen.clear()

    def fault(self, method: str, path: str) -> Fault | None:
        """The fault for a request, counted."""
        with self.lock:
            self.seen.append((method, path))
            for fault in self.faults:
                if fault.times > 0 and fault.meets(method, path):
                    fault.times -= 1
                    return fault
        return None


def is_read(method: str, path: str) -> bool:
    """Whether an object is read."""
    return method == "GET" and "list-type" not in path


def is_listing(method: str, path: str) -> bool:
    """Whether a bucket is listed."""
    return method == "GET" and "list-type" in path


def started(upstream: str) -> tuple[Proxy, ThreadingHTTPServer]:
    """A proxy before `upstream`, serving in threads of its own until it is shut down."""
    target = urlsplit(upstream).netloc

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            fault = proxy.fault(self.command, self.path)
            if fault is not None and fault.before is not None:
                fault.before()
            if fault is not None:
                time.sleep(fault.wait)
            if fault is not None and fault.busy:
                return self.answered(503, [("Content-Type", "application/xml")], SLOW_DOWN)
            connection = http.client.HTTPConnection(target)
            connection.request(self.command, self.path, body, dict(self.headers))
            answer = connection.getresponse()
            data = answer.read()
            headers = [(k, v) for k, v in answer.getheaders() if k.lower() not in ("content-length", "connection", "transfer-encoding", "date", "server")]
            connection.close()
            if fault is not None and fault.change is not None and answer.status < 300:
                data = fault.change(data)
            return self.answered(answer.status, headers, data, cut=fault is not None and fault.cut)

        def answered(self, status: int, headers: list[tuple[str, str]], data: bytes, *, cut: bool = False) -> None:
            try:
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(data[: len(data) // 2] if cut else data)
                self.wfile.flush()
            except OSError:
                self.close_connection = True  # whoever asked has given up
            self.close_connection = self.close_connection or cut

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = handle_one  # noqa: N815 - names of http.server

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    proxy = Proxy(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return proxy, server

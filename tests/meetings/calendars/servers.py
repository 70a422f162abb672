"""CalDAV servers for tests: real ones from PyPI, started on the loopback and stopped by their process."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

_MKCALENDAR = b'<?xml version="1.0"?><c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"/>'


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def running(command: list[str], port: int, log: Path) -> Iterator[str]:
    """A server as long as the block runs; its address."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    try:
        for _ in range(600):
            if process.poll() is not None:
                raise AssertionError(f"the server did not start: {log.read_text()[-2000:]}")
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=0.2):
                    break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def radicale(folder: Path) -> Iterator[str]:
    """Radicale; its address."""
    port = free_port()
    config = folder / "radicale.ini"
    config.write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\nmax_connections = 40\n[auth]\ntype = none\n[rights]\ntype = authenticated\n"
        f"[storage]\nfilesystem_folder = {folder / 'radicale'}\n[logging]\nlevel = warning\n"
    )
    with running([sys.executable, "-m", "radicale", "--config", str(config)], port, folder / "radicale.log") as address:
        yield address


@contextmanager
def xandikos(folder: Path) -> Iterator[str]:
    """Xandikos; its address."""
    port = free_port()
    command = [sys.executable, "-m", "xandikos", "serve", "-d", str(folder / "xandikos"), "--autocreate", "--defaults"]
    command += ["--current-user-principal", "/office/", "-l", "127.0.0.1", "-p", str(port), "--no-detect-systemd", "--state-dir", str(folder / "state")]
    with running(command, port, folder / "xandikos.log") as address:
        yield address


def _basic(user: str) -> dict[str, str]:
    from base64 import b64encode

    return {"authorization": "Basic " + b64encode(f"{user}:secret".encode()).decode()}


def make(address: str, kind: str) -> str:
    """Make a calendar; its address."""
    headers = {"content-type": "application/xml"} | (_basic("office") if kind == "radicale" else {})
    try:
        urlopen(Request(address, data=_MKCALENDAR, method="MKCALENDAR", headers=headers), timeout=60).close()
    except HTTPError as error:
        raise AssertionError(f"MKCALENDAR {address}: {error.code} {error.read()[:500]!r}") from None
    return address

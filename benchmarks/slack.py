"""Load on the Slack door: signed slash commands by wrk at a rate, questions of the demo company, answers at a Slack of our own (`make bench-slack`)."""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from tests.servers import free_port

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
CONNECTIONS = 50
QUESTIONS = (
    "revenue last month",
    "revenue by region last month",
    "top 5 products by revenue last quarter",
    "orders last week",
    "average order value last month",
    "revenue by month this year",
    "orders in Germany last month",
    "new customers last month",
    "revenue last quarter compared with the quarter before",
    "refunds last month",
    "which region has the most orders last month",
    "satisfaction last month",
)
PEOPLE = tuple(f"U{number:02d}" for number in range(1, 13))
SCRIPT = """
local lines, at = {}, 0
for line in io.lines(os.getenv("REQUESTS")) do lines[#lines + 1] = line end
function delay() return tonumber(os.getenv("DELAY")) end
function request()
  at = at + 1
  local stamp, signature, body = string.match(lines[(at - 1) % #lines + 1], "([^\\t]*)\\t([^\\t]*)\\t(.*)")
  local headers = {["Content-Type"] = "application/x-www-form-urlencoded", ["X-Slack-Request-Timestamp"] = stamp, ["X-Slack-Signature"] = signature}
  return wrk.format("POST", "/slack/events", headers, body)
end
"""
SINK = """
import asyncio, json, sys, time
from aiohttp import web
arrived = {}
async def answer(request):
    key = request.match_info["number"]
    text = (await request.json())["text"]
    arrived[key] = (time.time(), "Something went wrong" in text or "interrupted" in text)
    return web.Response(text="ok")
async def api(request):
    return web.json_response({"ok": True, "team_id": "T0HOME", "user_id": "UBOT", "ts": "1.1", "channel": "C1"})
async def told(request):
    return web.json_response(arrived)
app = web.Application(client_max_size=10_000_000)
app.router.add_post("/response/{number}", answer)
app.router.add_route("*", "/api/{method}", api)
app.router.add_get("/arrived", told)
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One run: requests a second, acknowledgements and answers in milliseconds, what went wrong."""

    rate: float
    sent: int
    acknowledged_p50: float
    acknowledged_p99: float
    answered_p50: float
    answered_p99: float
    refused: int
    unanswered: int
    failed: int

    def __str__(self) -> str:
        return (
            f"{self.rate:.0f} a second, {self.sent} questions: acknowledged p50 {self.acknowledged_p50:.0f} ms, p99 {self.acknowledged_p99:.0f} ms; "
            f"answered p50 {self.answered_p50:.0f} ms, p99 {self.answered_p99:.0f} ms; "
            f"{self.refused} refused, {self.unanswered} unanswered, {self.failed} failed"
        )


def main() -> None:
    """Run at the wanted rate, then faster until the answers take longer than a second."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--catalog", default=".insights/demo")
    parser.add_argument("--rate", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--ceiling", type=int, default=400, help="no faster than this; 0 leaves the ceiling out")
    asked = parser.parse_args()
    wrk = shutil.which("wrk")
    if wrk is None:
        sys.exit("wrk is not installed: apt-get install wrk")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the start")
    with tempfile.TemporaryDirectory() as folder, _sink() as sink, _served(Path(folder), asked.catalog, sink) as (port, ledger):
        _run(wrk, Path(folder), port, sink, ledger, rate=10, seconds=10)  # warm
        print(_run(wrk, Path(folder), port, sink, ledger, rate=asked.rate, seconds=asked.seconds), flush=True)
        rate = asked.rate * 2
        while rate <= asked.ceiling:
            measured = _run(wrk, Path(folder), port, sink, ledger, rate=rate, seconds=20)
            print(measured, flush=True)
            if measured.answered_p99 > 1_000 or measured.refused or measured.unanswered:
                break
            rate *= 2


def _run(wrk: str, folder: Path, port: int, sink: int, ledger: Path, *, rate: int, seconds: int) -> Measured:
    """One load: what wrk says of the acknowledgements, and from when a question was written down until its answer was here."""
    name = f"{rate}-{time.monotonic_ns()}"
    requests = folder / f"requests-{name}"
    requests.write_text("\n".join(_signed(name, number, sink) for number in range(rate * seconds * 2 + 500)))
    script = folder / "load.lua"
    script.write_text(SCRIPT)
    connections = max(CONNECTIONS, rate)
    environment = {**os.environ, "REQUESTS": str(requests), "DELAY": str(int(1000 * connections / rate))}
    command = [wrk, "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "10s", "-s", str(script), f"http://127.0.0.1:{port}/"]
    began = time.monotonic()
    said = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout
    took = time.monotonic() - began
    received = _received(ledger, name)
    arrived = _settled(sink, name, received)
    waits = sorted((arrived[key][0] - at) * 1000 for key, at in received.items() if key in arrived)
    refused = sum(int(found) for found in re.findall(r"Non-2xx or 3xx responses: (\d+)", said))
    refused += sum(sum(map(int, found)) for found in re.findall(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said))
    return Measured(
        rate=len(received) / took,
        sent=len(received),
        acknowledged_p50=_milliseconds(said, "50%"),
        acknowledged_p99=_milliseconds(said, "99%"),
        answered_p50=waits[len(waits) // 2],
        answered_p99=waits[int(len(waits) * 0.99)],
        refused=refused,
        unanswered=len(received) - len(waits),
        failed=sum(arrived[key][1] for key in received if key in arrived),
    )


def _signed(name: str, number: int, sink: int) -> str:
    """A slash command as Slack signs it: stamp, signature, body."""
    body = urlencode(
        {
            "command": "/insights",
            "text": QUESTIONS[number % len(QUESTIONS)],
            "user_id": PEOPLE[number % len(PEOPLE)],
            "team_id": "T0HOME",
            "channel_id": f"C{number % 997}",
            "trigger_id": f"{name}.{number}",
            "response_url": f"http://127.0.0.1:{sink}/response/{name}.{number}",
        }
    )
    stamp = str(int(time.time()))
    signature = "v0=" + hmac.new(SECRET.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return f"{stamp}\t{signature}\t{body}"


def _received(ledger: Path, name: str) -> dict[str, float]:
    """When each question of a run was written down."""
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as file:
        rows = file.execute("SELECT key, received_at FROM received WHERE key LIKE ?", (f"slack:T0HOME:{name}.%",)).fetchall()
    return {key.removeprefix("slack:T0HOME:"): at for key, at in rows}


def _settled(sink: int, name: str, received: dict[str, float]) -> dict[str, tuple[float, bool]]:
    """What has arrived, once everything has or a minute has passed."""
    arrived: dict[str, tuple[float, bool]] = {}
    for _ in range(60):
        arrived = {key: tuple(value) for key, value in json.loads(_got(sink, "/arrived")).items() if key.startswith(f"{name}.")}
        if len(arrived) >= len(received):
            break
        time.sleep(1)
    return arrived


def _milliseconds(said: str, percentile: str) -> float:
    found = re.search(rf"\s{percentile}\s+([\d.]+)(us|ms|s)", said)
    assert found, said
    return float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000}[found[2]]


def _got(port: int, path: str) -> str:
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", path)
        return connection.getresponse().read().decode()


@contextmanager
def _sink() -> Iterator[int]:
    port = free_port()
    with _process([sys.executable, "-c", SINK, str(port)], port, "/arrived", dict(os.environ)):
        yield port


@contextmanager
def _served(folder: Path, catalog: str, sink: int) -> Iterator[tuple[int, Path]]:
    port = free_port()
    slack = {"SIGNING_SECRET": SECRET, "BOT_TOKEN": "xoxb-1", "BASE_URL": f"http://127.0.0.1:{sink}/api/"}
    environment = {**os.environ, "INSIGHTS_HOME": str(folder / "home"), "INSIGHTS_CATALOG": str(Path(catalog).absolute())} | {
        f"INSIGHTS_SLACK__{key}": value for key, value in slack.items()
    }
    command = [str(Path(sys.executable).with_name("insights")), "serve", "--host", "127.0.0.1", "--port", str(port)]
    with _process(command, port, "/health", environment):
        yield port, folder / "home" / "ledger.sqlite"


@contextmanager
def _process(command: list[str], port: int, path: str, environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, cwd=Path(environment.get("INSIGHTS_HOME", ".")).parent)
    try:
        for _ in range(1200):
            with suppress(OSError):
                _got(port, path)
                break
            assert process.poll() is None, f"{command[0]} ended"
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    main()

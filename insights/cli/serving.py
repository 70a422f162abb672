"""`insights serve`, `work` and `doctor`: running it."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

import click

from insights.errors import WrongSettings

if TYPE_CHECKING:
    from insights.assistant import Assistant
    from insights.delivery.port import Messenger
    from insights.settings import Settings

SERVE_EPILOG = """\b
Examples:
  insights serve --port 8080
  INSIGHTS_ALEXA__SKILL_ID=amzn1.ask.skill.… insights serve
"""


@click.command(epilog=SERVE_EPILOG)
@click.option("--host", default=None, help="The address to listen on.  [default: server.host, else 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="The port to listen on.  [default: server.port, else 8080]")
def serve(host: str | None, port: int | None) -> None:
    """Host Alexa, Slack and /health in one process; only the doors that are configured are switched on."""
    from insights import settings, wiring
    from insights.server import build

    configured = settings.read()
    try:
        import uvicorn
    except ImportError:
        raise WrongSettings("Serving needs packages that are not installed.", remedy="Install insights-assistant[server].") from None
    server = configured.section("server")
    with closing(wiring.open_settings(configured)) as assistant:
        app = build(assistant, configured)
        gc.collect()
        gc.freeze()  # definitions and values stay: looking through them for garbage again and again keeps everybody waiting
        uvicorn.run(app, host=host or server.get("host", "127.0.0.1"), port=_port(port, server), log_level="info")


def _port(given: int | None, server: Mapping[str, object]) -> int:
    value = server.get("port", 8080) if given is None else given
    try:
        return int(str(value))
    except ValueError:
        raise WrongSettings(f"server.port is {value!r}, which is not a port.", remedy="Write a number from 0 to 65535.") from None


@click.command(epilog="\b\nExamples:\n  insights work --once\n")
@click.option("--once", is_flag=True, help="Do what is due now and end.")
@click.option("--every", type=click.IntRange(1), default=5, show_default=True, help="Seconds between two looks.")
def work(once: bool, every: int) -> None:
    """Deliver what waits to be delivered, and settle actions that a crash left open."""
    from insights import settings, wiring

    configured = settings.read()
    with closing(wiring.open_settings(configured)) as assistant:
        messengers, keep = _messengers(assistant, configured), wiring.retention(configured)
        while True:
            for line in wiring.work_once(assistant, messengers, clock=lambda: datetime.now().astimezone(), keep=keep):
                click.echo(line)
            if once:
                return
            time.sleep(every)


def _messengers(assistant: Assistant, configured: Settings) -> Mapping[str, Messenger]:
    from insights import doors

    found = {name: door.messenger(assistant, configured) for name, door in doors.load().items()}
    return {name: messenger for name, messenger in found.items() if messenger is not None}


@click.command(epilog="\b\nExamples:\n  insights doctor\n")
def doctor() -> None:
    """Check settings, catalog, data, ledger and every door; name the remedy for what is wrong. Status 1 when anything is."""
    from insights import settings
    from insights.checkup import examine

    findings = examine(settings.read())
    marks = {"ok": "ok   ", "off": "off  ", "wrong": "WRONG"}
    for finding in findings:
        click.echo(f"{marks[finding.state]}  {finding.subject}: {finding.detail}" + (f"\n         {finding.remedy}" if finding.remedy else ""))
    sys.exit(1 if any(finding.state == "wrong" for finding in findings) else 0)

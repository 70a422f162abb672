"""`insights chat`: a conversation in the terminal."""

from __future__ import annotations

import sys
from contextlib import closing, suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from insights.cli.arguments import Target, asker_options, moment, target_options
from insights.errors import InsightsError
from insights.turns import Audience, Turn

if TYPE_CHECKING:
    from insights.assistant import Assistant

EPILOG = """\b
Examples:
  insights chat --catalog catalog --as ada
  printf 'revenue last month\\nand by region?\\n' | insights chat --catalog catalog
"""


@click.command(epilog=EPILOG)
@target_options
@asker_options
def chat(
    catalog: Path | None,
    data: tuple[str, ...],
    today: date | None,
    now: datetime | None,
    person: str | None,
    audience: Audience,
    device: str | None,
    conversation: str | None,
) -> None:
    """Talk: follow-ups refer to what was said before. "help" says what works here, "bye" or an empty line ends."""
    clock = moment(today, now)
    with closing(Target(catalog=catalog, data=data, now=clock).open()) as assistant:
        talk(assistant, person=person, audience=audience, device=device, conversation=conversation, now=clock)


def talk(
    assistant: Assistant,
    *,
    person: str | None = None,
    audience: Audience = "private",
    device: str | None = None,
    conversation: str | None = None,
    now: datetime | None = None,
) -> None:
    """Read utterances until "bye", an empty line or the end of input."""
    from uuid import uuid4

    from insights.cli.terminal import show

    thread = conversation or f"chat:{uuid4()}"
    prompting = sys.stdin.isatty()
    if prompting:
        with suppress(ImportError):  # not on every system; with it, input() has editing and a history
            import readline  # noqa: F401
    while True:
        try:
            said = input("> " if prompting else "")
        except (EOFError, KeyboardInterrupt):
            if prompting:
                click.echo("")  # what comes next starts on a line of its own
            break
        if said.strip().casefold() in ("", "bye", "quit", "exit"):
            break
        with suppress(InsightsError):  # what cannot be read now is told when it is asked for
            assistant.renew()
        show(assistant.reply(Turn(said, person, device, audience, thread, now=now)), assistant)
        click.echo("")

"""A reply in the terminal: tables and small charts where someone is watching, the plain text where it is piped."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from insights.answers import AboutAnswer, HelpAnswer, MetricAnswer
from insights.turns import Reply

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from insights.assistant import Assistant

FOOTER = ("Period", "Compared with", "Definition", "Source", "Assumed", "Not used")
_HEADLINE = {"understood": "bold", "clarify": "bold yellow", "confirm": "bold yellow", "unsupported": "yellow", "denied": "red", "failed": "red"}


def show(reply: Reply, assistant: Assistant) -> None:
    """Write the reply to standard output."""
    if not sys.stdout.isatty():
        click.echo(printable(reply.text))
        return
    from rich.console import Console

    render(reply, assistant, Console(highlight=False, markup=False, emoji=False))


def printable(text: str) -> str:
    """The text without control characters, which could drive the terminal: data and names are not to be trusted with that.

    >>> printable("red: \\x1b[31m")
    'red: ␛[31m'
    """
    return "".join(chr(0x2400 + ord(one)) if ord(one) < 32 and one not in "\n\t" else "�" if 0x7F <= ord(one) < 0xA0 else one for one in text)


def render(reply: Reply, assistant: Assistant, console: Console) -> None:
    """The reply for a person at a terminal: headline, table or chart, then period, definition and source in grey."""
    from rich.text import Text

    lines = printable(reply.text).split("\n")
    if isinstance(reply.answer, AboutAnswer):
        titled = ": " not in lines[0]
        if titled:
            console.print(Text(lines[0], style="bold"))
        console.print(_labelled(lines[1:] if titled else lines, "bold", ""))
        return
    first = next((number for number, line in enumerate(lines) if line.startswith(tuple(f"{label}: " for label in FOOTER))), len(lines))
    body, footer = lines[1:first], lines[first:]
    if isinstance(reply.answer, MetricAnswer) and len(reply.answer.rows) > 1:
        from insights.cli.drawing import drawn

        console.print(Text(lines[0].rstrip(":"), style="bold"))
        console.print(drawn(reply.answer, reply.chart, assistant))
        body = [printable(note) for note in reply.answer.notes]
    else:
        console.print(Text(lines[0], style=_HEADLINE[reply.outcome]))
    for line in body:
        console.print(Text(line, style="bold" if isinstance(reply.answer, HelpAnswer) and not line.startswith(" ") else ""))
    if footer:
        console.print(_labelled(footer, "dim", "dim"))


def _labelled(lines: list[str], label_style: str, style: str) -> RenderableType:
    """Lines such as "Period: ..." as two columns, so that long definitions wrap beside their label."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    before = ""
    for line in lines:
        label, _, said = line.partition(": ")
        grid.add_row(Text("" if label == before else label, style=label_style), Text(said, style=style))
        before = label
    return grid

"""`insights ask`: one question, or one a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from insights.cli.arguments import Target, asker_options, moment, reckonable, target_options
from insights.cli.picturing import named, write_picture
from insights.errors import WrongSettings
from insights.turns import Audience, Reply, Turn

if TYPE_CHECKING:
    from insights.assistant import Assistant

FAILED = {"understood": 0, "clarify": 0, "confirm": 0, "unsupported": 1, "denied": 1, "failed": 1}
EPILOG = """\b
Examples:
  insights ask "revenue by region last month"
  insights ask --data flights.csv "average departure delay by carrier in July"
  insights ask --as ada --conversation c1 "book a room for four tomorrow at three for an hour"
  insights ask --as ada --conversation c1 yes
  insights ask --chart revenue.svg "revenue by month this year"
  insights ask --batch --format json < questions.txt
"""


@click.command(epilog=EPILOG)
@click.argument("text", required=False)
@target_options
@asker_options
@click.option("--yes", is_flag=True, help="Confirm an action in advance.")
@click.option("--id", "turn_id", metavar="ID", help="The same id acts once, however often it is sent.")
@click.option("--batch", is_flag=True, help="Read utterances from standard input: one a line, or JSON Lines with text, today, conversation.")
@click.option(
    "--format", "form", default="text", show_default=True, metavar="text|speech|json|DOOR", help="How to write the reply; a door's name for its payload."
)
@click.option(
    "--chart", "picture", type=click.Path(path_type=Path, dir_okay=False), callback=named, metavar="FILE", help="Write its picture too: FILE.svg or FILE.png."
)
def ask(
    text: str | None,
    catalog: Path | None,
    data: tuple[str, ...],
    today: date | None,
    now: datetime | None,
    person: str | None,
    audience: Audience,
    device: str | None,
    conversation: str | None,
    yes: bool,
    turn_id: str | None,
    batch: bool,
    form: str,
    picture: Path | None,
) -> None:
    """Ask one question: of the configured catalog, of --catalog, or of --data files nobody prepared."""
    if batch == (text is not None):
        raise click.UsageError("Say what to ask, or use --batch and standard input.")
    if batch and picture is not None:
        raise click.UsageError("--chart draws one answer; with --batch there are many.")
    clock = moment(today, now)
    with closing(Target(catalog=catalog, data=data, now=clock).open()) as assistant:
        if text is not None:
            turn = Turn(text, person, device, audience, conversation, turn_id, clock, yes=yes)
            reply = assistant.reply(turn)
            write(reply, form, assistant)
            drawn = picture is None or reply.outcome != "understood" or write_picture(reply.chart, picture, assistant.catalog.locale)
            sys.exit(FAILED[reply.outcome] if drawn else 1)
        for entry in entries(sys.stdin):
            at = moment(entry.get("today"), clock)
            turn = Turn(entry["text"], person, device, audience, entry.get("conversation") or conversation, now=at, yes=yes)
            write(assistant.reply(turn), form, assistant, one_line=True)


def entries(lines: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    """Utterances of a batch: plain lines, or JSON objects with `text` and optional `today` (a date) and `conversation`.

    Raises WrongSettings naming the line that is neither.
    """
    for number, line in enumerate(lines, 1):
        stripped = line.rstrip("\n")
        if not stripped.strip():
            continue
        if not stripped.lstrip().startswith("{"):
            yield {"text": stripped}
            continue
        try:
            entry = json.loads(stripped)
            if not isinstance(entry.get("text"), str):
                raise ValueError("it has no text")
            if entry.get("today") is not None:
                entry["today"] = reckonable(date.fromisoformat(entry["today"]))
            if not isinstance(entry.get("conversation"), str | None):
                raise ValueError("its conversation is not text")
        except (ValueError, TypeError, AttributeError) as error:
            raise WrongSettings(f"Line {number} of the batch cannot be read: {error}.", remedy='Write {"text": "..."} or the bare utterance.') from None
        yield entry


def write(reply: Reply, form: str, assistant: Assistant, *, one_line: bool = False) -> None:
    """Write a reply in the form asked for. Raises UnknownThing for a form that neither the shell nor a door has."""
    from insights.contract import encode_reply

    if form == "json":
        click.echo(json.dumps(encode_reply(reply), indent=None if one_line else 2))
    elif form == "speech":
        from insights.cli.terminal import printable

        click.echo(printable(reply.speech))
    elif form == "text":
        from insights.cli.terminal import show

        show(reply, assistant)
    else:
        from insights import doors

        click.echo(json.dumps(doors.load_one(form).render(reply), indent=None if one_line else 2))

"""`insights understand` and `insights when`: what was meant, without asking any data."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path

import click

from insights.cli.arguments import Target, asker_options, moment, reckonable, target_options
from insights.cli.asking import entries
from insights.contract import encode_reading
from insights.conversation import State
from insights.turns import Audience, Turn

UNDERSTAND_EPILOG = """\b
Examples:
  insights understand "top 3 regions by revenue of shipped orders last quarter"
  insights understand --batch --catalog catalog < utterances.jsonl
"""
WHEN_EPILOG = """\b
Examples:
  insights when "the last two weeks of May"
  insights when --now 2026-05-31T09:00 --batch < phrases.txt
"""


@click.command(epilog=UNDERSTAND_EPILOG)
@click.argument("text", required=False)
@target_options
@asker_options
@click.option("--batch", is_flag=True, help="Read utterances from standard input: one a line, or JSON Lines with text, today, conversation.")
def understand(
    text: str | None,
    catalog: Path | None,
    data: tuple[str, ...],
    today: date | None,
    now: datetime | None,
    person: str | None,
    audience: Audience,
    device: str | None,
    conversation: str | None,
    batch: bool,
) -> None:
    """Write how utterances are read, one JSON object a line. Follow-ups within a batch belong together by `conversation`; nothing is kept."""
    if batch == (text is not None):
        raise click.UsageError("Say what to understand, or use --batch and standard input.")
    clock = moment(today, now)
    assistant = Target(catalog=catalog, data=data, now=clock).open()
    talks: dict[str, State] = {}
    for entry in entries(sys.stdin if text is None else [json.dumps({"text": text})]):
        thread = entry.get("conversation") or conversation
        turn = Turn(entry["text"], person, device, audience, now=moment(entry.get("today"), clock))
        reading, question, after = assistant.follow(turn, talks.get(str(thread), State()))
        if thread:
            talks[str(thread)] = after
        click.echo(json.dumps(encode_reading(entry["text"], reading, question)))
    assistant.close()


@click.command(epilog=WHEN_EPILOG)
@click.argument("text", required=False)
@click.option("--now", metavar="ISO", help="The time it is taken to be, such as 2026-05-31T09:00.")
@click.option("--batch", is_flag=True, help="Read phrases from standard input, one a line.")
@click.option("--future", is_flag=True, help="Lean to the future, as bookings do; questions lean to the past.")
@click.option("--profile", metavar="NAME", default="insights", help="Whose customs apply: insights (default) or recognizers.")
def when(text: str | None, now: str | None, batch: bool, future: bool, profile: str) -> None:
    """Write which intervals, durations and recurrences the period grammar finds: half-open, local."""
    from insights.language.periods import PROFILES, Calendar, when_json

    if batch == (text is not None):
        raise click.UsageError("Say a phrase, or use --batch and standard input.")
    try:
        at = reckonable(datetime.fromisoformat(now).replace(tzinfo=None)) if now else datetime.now()
    except ValueError:
        raise click.BadParameter(f"{now!r} is not an ISO 8601 instant; write it like 2026-05-31T09:00.", param_hint="--now") from None
    if profile not in PROFILES:
        raise click.BadParameter(f"{profile!r} is not known; there are {' and '.join(PROFILES)}.", param_hint="--profile")
    calendar = Calendar(conventions=PROFILES[profile])
    for entry in entries(sys.stdin if text is None else [json.dumps({"text": text})]):
        click.echo(json.dumps(when_json(entry["text"], now=at, calendar=calendar, lean="future" if future else "past")))

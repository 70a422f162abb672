"""`insights rollups`: what is kept ready, built and looked at by whoever runs this."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

import click

from insights.cli.arguments import Target, moment, target_options
from insights.errors import WrongSettings, nearest

if TYPE_CHECKING:
    from insights.assistant import Assistant

EPILOG = """\b
Examples:
  insights rollups list
  insights rollups build
  insights rollups build daily --catalog catalog
  insights rollups suggest
"""


def _opened(catalog: Any, data: tuple[str, ...], today: Any, now: Any) -> Any:
    return Target(catalog=catalog, data=data, now=moment(today, now)).open()


@click.group(epilog=EPILOG)
def rollups() -> None:
    """What is kept ready: metrics aggregated beforehand, declared under `rollups` in assistant.yaml."""


def _none(assistant: Assistant) -> str:
    """Why nothing is kept ready."""
    if not assistant.catalog.rollups:
        return "No rollups are declared in assistant.yaml."
    return "The configured engine keeps nothing ready: rollups are files, which DuckDB writes and reads."


@rollups.command(epilog="\b\nExamples:\n  insights rollups build\n  insights rollups build daily --format json\n")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to write it.")
@target_options
def build(names: tuple[str, ...], form: str, **target: Any) -> None:
    """Bring rollups up to date; only the months whose files changed are worked out again. Status 1 when one cannot be built."""
    with closing(_opened(**target)) as assistant:
        declared = [rollup.name for rollup in assistant.catalog.rollups]
        unknown = [name for name in names if name not in declared]
        if unknown:
            raise WrongSettings(f"There is no rollup '{unknown[0][:60]}'.", remedy=nearest(unknown[0], declared) or "They are declared in assistant.yaml.")
        if assistant.rollups is None:
            click.echo(_none(assistant))
            return
        wrong = 0
        for built in assistant.rollups.build(names or None):
            wrong += bool(built.problem)
            click.echo(json.dumps(built.as_dict()) if form == "json" else built.told())
    sys.exit(1 if wrong else 0)


@rollups.command("list", epilog="\b\nExamples:\n  insights rollups list\n")
@target_options
def list_(**target: Any) -> None:
    """List what is declared, and whether it is built and as true as the rows."""
    with closing(_opened(**target)) as assistant:
        for line in assistant.rollups.told() if assistant.rollups is not None else ():
            click.echo(line)
        if assistant.rollups is None:
            click.echo(_none(assistant))


@rollups.command(epilog="\b\nExamples:\n  insights rollups suggest\n  insights rollups suggest --format yaml >> catalog/assistant.yaml\n")
@click.option("--format", "form", type=click.Choice(["text", "yaml"]), default="text", show_default=True, help="How to write it.")
@target_options
def suggest(form: str, **target: Any) -> None:
    """Propose rollups from what was asked so far: those that would have answered most of the time spent."""
    import yaml

    from insights.query.asked import declared

    with closing(_opened(**target)) as assistant:
        found = assistant.worth_keeping
    if form == "yaml":
        click.echo(yaml.safe_dump({"rollups": [declared(one) for one in found]}, sort_keys=False), nl=False)
        return
    for one in found:
        by = ", ".join(one.rollup.by) or "nothing else"
        click.echo(f"{', '.join(one.rollup.metrics)} by {by}, each {one.rollup.grain}: at most {one.rows:,} rows")
        click.echo(f"  would have answered {one.questions} questions that took {one.seconds:.2f} seconds")
    if not found:
        click.echo("Nothing that was asked often enough would be faster with another rollup.")

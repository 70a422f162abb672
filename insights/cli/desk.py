"""`insights tickets`: what judges reports, trained and tried."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import click

from insights.cli.arguments import Target, moment, target_options

EPILOG = """\b
Examples:
  insights tickets judge "the projector in Fern is dark"
  insights tickets train reports.csv
  insights tickets train --closed
"""


@click.group(epilog=EPILOG)
def tickets() -> None:
    """What category, priority and group a report gets."""


@tickets.command(epilog="\b\nExamples:\n  insights tickets train reports.csv\n  insights tickets train --closed\n")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--closed", is_flag=True, help="Learn from the tickets that are solved, as people corrected them.")
@target_options
def train(file: Path | None, closed: bool, **target: Any) -> None:
    """Learn from a CSV file (text,category,priority), from solved tickets, or both; without either, from the reports that come with the program.

    What was learned is kept in INSIGHTS_HOME. The share that is judged right is measured on reports that were not learned from, a fifth at a time.
    """
    from insights import settings
    from insights.tickets.triage import learn, read_examples, save, seed
    from insights.wiring import LEARNED

    chosen = Target(catalog=target["catalog"], data=target["data"], now=moment(target["today"], target["now"]))
    with closing(chosen.open()) as assistant:
        desk = assistant.organization.help_desk
        examples = list(read_examples(_read(file), name=str(file), categories=desk.categories)) if file is not None else []
        examples += assistant.tickets.solved_reports() if closed else ()
        examples = examples if file is not None or closed else list(seed())
        learned = learn(examples)
        save(learned, settings.read().home / LEARNED)
    click.echo(f"Learned from {learned.examples} reports in {len(learned.categories.labels)} categories.")
    category, priority = f"{learned.right_categories:.0%}", f"{learned.right_priorities:.0%}"
    click.echo(f"Of reports not learned from, {category} get the right category by their words alone, {priority} the right priority.")


def _read(file: Path) -> str:
    """A file of reports. Raises BadParameter where it cannot be read."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.BadParameter(f"'{file}' cannot be read: {error}", param_hint="FILE") from error


@tickets.command(epilog='\b\nExamples:\n  insights tickets judge "the projector in Fern is dark"\n')
@click.argument("report")
@target_options
def judge(report: str, **target: Any) -> None:
    """Show what a report would be taken for; nothing is filed."""
    chosen = Target(catalog=target["catalog"], data=target["data"], now=moment(target["today"], target["now"]))
    with closing(chosen.open()) as assistant:
        found = assistant.tickets.judge(report)
        label = assistant.organization.help_desk.label_of(found.category)
    how = {"learned": "learned from tickets", "rules": "by rules", "person": "said"}[found.judged]
    click.echo(f"{label}, priority {found.priority}, for {found.group} ({how})")

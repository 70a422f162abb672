"""`insights tickets`: what judges reports, trained and tried."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import click

from insights.cli.arguments import Target, moment, target_options
from insights.tickets.embedded import EmbeddedTickets

EPILOG = """\b
Examples:
  insights tickets judge "the projector in Fern is dark"
  insights tickets train reports.csv
  insights tickets train --closed
  insights tickets attach photo.jpg --ticket T-1001 --as ada
"""


@click.group(epilog=EPILOG)
def tickets() -> None:
    """What category, priority and group a report gets; and what is attached to tickets."""


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


@tickets.command(epilog="\b\nExamples:\n  insights tickets attach photo.jpg --ticket T-1001 --as ada --note 'it looks like this'\n")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--ticket", metavar="ID", help="The ticket; by default the asker's only open one.")
@click.option("--note", default="", help="What to say with it.")
@click.option("--as", "person", metavar="PERSON", required=True, help="Who attaches it.")
@target_options
def attach(file: Path, ticket: str | None, note: str, person: str, **target: Any) -> None:
    """Attach FILE (10 MB at most) to a ticket, where tickets are kept; the same file is attached to the same ticket once."""
    import hashlib
    import mimetypes

    from insights.helpdesk import Attachment
    from insights.tickets.planning import LARGEST
    from insights.turns import Turn

    with file.open("rb") as opened:
        data = opened.read(LARGEST + 1)
    chosen = Target(catalog=target["catalog"], data=target["data"], now=moment(target["today"], target["now"]))
    id_ = hashlib.sha256("\0".join((person, ticket or "", file.name, note)).encode("utf-8", "replace") + data).hexdigest()[:32]
    with closing(chosen.open()) as assistant:
        found = Attachment(name=file.name, type=mimetypes.guess_type(file.name)[0] or "application/octet-stream", data=data)
        reply = assistant.attach(Turn(note, person=person, id=f"attach:{id_}"), found, ticket=ticket)
    click.echo(reply.text)
    if reply.outcome != "understood":
        raise SystemExit(1)


@tickets.command(epilog="\b\nExamples:\n  insights tickets files T-1001\n  insights tickets files T-1001 --into photos\n")
@click.argument("ticket")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="Write them into this folder.")
@target_options
def files(ticket: str, into: Path | None, **target: Any) -> None:
    """List what is attached to TICKET; only our own ledger has it, another ticket system keeps what was attached there."""
    chosen = Target(catalog=target["catalog"], data=target["data"], now=moment(target["today"], target["now"]))
    with closing(chosen.open()) as assistant:
        there = assistant.ledger.files_of(EmbeddedTickets.name, ticket)
        for number, one in enumerate(there, start=1):
            click.echo(f"{one.name}  {one.type}  {one.size} bytes")
            whole = assistant.ledger.file_with_key(one.key) if into is not None else None
            if into is not None and whole is not None:
                into.mkdir(parents=True, exist_ok=True)
                (into / f"{number}-{one.name}").write_bytes(whole.data)
    if not there:
        click.echo(f"Nothing is attached to {ticket[:40]} here.")

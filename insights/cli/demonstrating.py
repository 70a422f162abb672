"""`insights demo`: the demo company, a short conversation, and then yours."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from insights.errors import WrongSettings

if TYPE_CHECKING:
    from insights.demo import Company

ASKER = "ada"
CONVERSATION = (
    "what was revenue last month",
    "and by market?",
    "top 3 regions by watch hours in April",
    "orders by month this year",
    "compare ad revenue last month with the month before",
    "session minutes by device in April",
    "the first one",
    "why did revenue fall in May?",
    "book a room for four tomorrow at three for an hour",
    "yes",
    "what have I booked?",
)
EPILOG = """\b
Examples:
  insights demo
  insights demo --rows 20000000
  insights ask --catalog .insights/demo "revenue by market last month"
"""


@click.command(epilog=EPILOG)
@click.option("--rows", type=int, default=None, help="About how many fact rows to make.  [default: 2,000,000]")
@click.option("--seed", type=int, default=None, help="Another company: same shape, other figures.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default=None, help="Where the company is made.  [default: demo in INSIGHTS_HOME]")
@click.option("--quiet", is_flag=True, help="Make the company and say nothing more.")
def demo(rows: int | None, seed: int | None, folder: Path | None, quiet: bool) -> None:
    """Make Halcyon Media, a company from a seed, hold a short conversation with it, and stay for yours on a terminal."""
    from uuid import uuid4

    from insights import settings, wiring
    from insights.cli.chatting import talk
    from insights.cli.terminal import show
    from insights.turns import Turn

    home = settings.read().home
    company = _company(folder or home / "demo", rows, seed)
    if quiet:
        return
    own = home / "demo-home"
    for kept in own.glob("ledger.sqlite*"):
        kept.unlink()  # every demonstration starts with empty rooms; nobody else's ledger is touched
    with closing(wiring.open_catalog(company.folder, home=own)) as assistant:
        thread = f"demo:{uuid4()}"
        for said in CONVERSATION:
            click.secho(f"> {said}", bold=True, fg="green" if sys.stdout.isatty() else None)
            show(assistant.reply(Turn(said, ASKER, None, "private", thread)), assistant)
            click.echo("")
        if sys.stdin.isatty() and sys.stdout.isatty():
            click.echo('Now you. "help" says what works here, "bye" or an empty line ends.\n')
            talk(assistant, person=ASKER, conversation=thread)


def _company(folder: Path, rows: int | None, seed: int | None) -> Company:
    """The company that stands there, else a new one; a bar moves on a terminal while it is made."""
    from insights.demo.company import ROWS, SEED, make, standing

    rows, seed = rows or ROWS, SEED if seed is None else seed
    company = standing(folder, rows=rows, seed=seed)
    if company is not None:
        return company
    if folder.exists() and any(folder.iterdir()) and not (folder / "truth.yaml").exists():
        raise WrongSettings(f"{folder} holds something else.", remedy="Name another folder with --folder.")
    click.echo(f"Making Halcyon Media, about {rows:,} rows, in {folder} ...", err=True)
    try:
        if not sys.stderr.isatty():
            return make(folder, rows=rows, seed=seed)
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as progress:
            bar = progress.add_task("making", total=None)
            return make(folder, rows=rows, seed=seed, progress=lambda done, steps, what: progress.update(bar, completed=done, total=steps, description=what))
    except ValueError as error:
        raise WrongSettings(str(error)) from None

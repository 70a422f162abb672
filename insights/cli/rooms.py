"""`insights rooms`: rooms from elsewhere put into organization.yaml."""

from __future__ import annotations

from pathlib import Path

import click

from insights.errors import WrongSettings

EPILOG = """\b
Examples:
  insights rooms import rooms.csv --into catalog
"""


@click.group(epilog=EPILOG)
def rooms() -> None:
    """The rooms of organization.yaml."""


@rooms.command("import", epilog=EPILOG)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), help="The folder of organization.yaml; by default that of the configured catalog.")
def import_(file: Path | None, into: Path | None) -> None:
    """Take up the rooms of a CSV FILE, or without one those that the configured calendar system lists; a room with a known id is replaced.

    The columns are id, name, capacity, and, as there are, equipment, floor, building, calendar, longest, ahead, check_in, reminder, status, roles; several
    pieces of equipment or roles are parted by semicolons. Nothing is changed when anything of it is wrong.
    """
    from insights import settings, wiring
    from insights.catalog.company import ORGANIZATION
    from insights.catalog.rewriting import put
    from insights.meetings import importing

    configured = settings.read()
    folder = into or configured.catalog
    if folder is None:
        raise WrongSettings("I don't know where organization.yaml is.", remedy="Name its folder with --into.")
    folder = folder if folder.is_dir() or not folder.suffix else folder.parent
    entries = importing.from_csv(file) if file is not None else importing.from_directory(wiring.calendar_systems(configured).listed())
    new, replaced = put("rooms", entries, folder)
    click.echo(f"{new} new, {replaced} replaced in {folder / ORGANIZATION}")

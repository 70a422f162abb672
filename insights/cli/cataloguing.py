"""`insights catalog`: scaffold, check."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from insights.errors import WrongSettings

EPILOG = """\b
Examples:
  insights catalog scaffold flights.csv airlines.csv -o catalog
  insights catalog check catalog
"""
SCAFFOLD_EPILOG = """\b
Examples:
  insights catalog scaffold flights.csv airlines.csv -o catalog
  insights catalog scaffold "data/**/*.parquet" -o catalog --force
"""
CHECK_EPILOG = """\b
Examples:
  insights catalog check catalog
  insights catalog check catalog/model.yaml
"""


@click.group(epilog=EPILOG)
def catalog() -> None:
    """Definitions: make them from data, check them."""


@catalog.command(epilog=SCAFFOLD_EPILOG)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "-o", "--output", "folder", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Where model.yaml and assistant.yaml are written."
)
@click.option("--force", is_flag=True, help="Overwrite what stands there.")
def scaffold(paths: tuple[str, ...], folder: Path, force: bool) -> None:
    """Write a catalog for CSV or Parquet files, globs or folders nobody prepared, to be edited."""
    from insights import wiring

    standing = [name for name in ("model.yaml", "assistant.yaml") if (folder / name).exists()]
    if standing and not force:
        raise WrongSettings(f"{folder} has {' and '.join(standing)} already.", remedy="Choose another folder, or overwrite with --force.")
    for written in wiring.scaffold(paths, folder):
        click.echo(f"wrote {written}")


@catalog.command(epilog=CHECK_EPILOG)
@click.argument("path", type=click.Path(path_type=Path))
def check(path: Path) -> None:
    """Check definitions: every mistake with file, line and a suggestion; status 1 when there is any."""
    from insights import settings, wiring

    problems = wiring.check(path, lake=settings.read().section("lake"))
    for problem in problems:
        click.echo(str(problem))
    click.echo(f"{len(problems)} problem{'s' if len(problems) != 1 else ''} in {path}")
    sys.exit(1 if problems else 0)

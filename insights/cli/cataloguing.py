"""`insights catalog`: scaffold, check, export, diff."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from insights.errors import WrongSettings

EPILOG = """\b
Examples:
  insights catalog scaffold flights.csv airlines.csv -o catalog
  insights catalog check catalog
  insights catalog export target/semantic_manifest.json --to ossie -o catalog
  insights catalog diff catalog catalog-new
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


EXPORT_EPILOG = """\b
Examples:
  insights catalog export my_dbt_project --to ossie -o catalog
"""
DIFF_EPILOG = """\b
Examples:
  insights catalog diff catalog catalog-new
"""


@click.group(epilog=EPILOG)
def catalog() -> None:
    """Definitions: make them from data, check them, compare them, write them in another format."""


@catalog.command(epilog=SCAFFOLD_EPILOG)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "-o", "--output", "folder", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Where model.yaml and assistant.yaml are written."
)
@click.option("--force", is_flag=True, help="Overwrite what stands there.")
def scaffold(paths: tuple[str, ...], folder: Path, force: bool) -> None:
    """Write a catalog for CSV or Parquet files, globs or folders nobody prepared, to be edited."""
    from insights import wiring

    _refuse_standing(folder, force)
    for written in wiring.scaffold(paths, folder):
        click.echo(f"wrote {written}")


@catalog.command(epilog=CHECK_EPILOG)
@click.argument("path", type=click.Path(path_type=Path))
def check(path: Path) -> None:
    """Check definitions: every mistake with file, line and a suggestion; status 1 when there is any.

    Besides it says which engine can answer which metrics, and what is not used.
    """
    from insights import settings, wiring

    configured = settings.read()
    warehouse, lake = configured.warehouse_of(path), configured.section("lake")
    problems = wiring.check(path, warehouse=warehouse, lake=lake)
    for problem in problems:
        click.echo(str(problem))
    for remark in wiring.remarked(path, warehouse=warehouse, lake=lake):
        click.echo(remark)
    click.echo(f"{len(problems)} problem{'s' if len(problems) != 1 else ''} in {path}")
    sys.exit(1 if problems else 0)


@catalog.command(epilog=EXPORT_EPILOG)
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--to", "format_", type=click.Choice(["ossie"]), required=True, help="The format to write.")
@click.option("-o", "--output", "folder", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Where the files are written.")
@click.option("--force", is_flag=True, help="Overwrite what stands there.")
def export(path: Path, format_: str, folder: Path, force: bool) -> None:  # noqa: ARG001 - there is one format yet
    """Write definitions, also those of a dbt manifest, as Apache Ossie with an overlay: they answer the same."""
    from insights import settings, wiring

    _refuse_standing(folder, force)
    configured = settings.read()
    written, left_out = wiring.export(path, folder, warehouse=configured.warehouse_of(path), lake=configured.section("lake"))
    for problem in left_out:
        click.echo(str(problem), err=True)
    for file in written:
        click.echo(f"wrote {folder / file.name}")


@catalog.command(epilog=DIFF_EPILOG)
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
def diff(old: Path, new: Path) -> None:
    """Say what is different between two versions, and which verified questions change; status 1 when any does."""
    from insights import settings
    from insights.comparing import compare

    configured = settings.read()
    found, changed = compare(old, new, warehouse=configured.warehouse_of(new) or configured.warehouse_of(old), lake=configured.section("lake"))
    for difference in found:
        click.echo(str(difference))
    for one in changed:
        click.echo(f"answer changes {one}")
    click.echo(f"{len(found)} difference{'s' if len(found) != 1 else ''}, {len(changed)} verified answer{'s' if len(changed) != 1 else ''} changed")
    sys.exit(1 if changed else 0)


def _refuse_standing(folder: Path, force: bool) -> None:
    standing = [name for name in ("model.yaml", "assistant.yaml") if (folder / name).exists()]
    if standing and not force:
        raise WrongSettings(f"{folder} has {' and '.join(standing)} already.", remedy="Choose another folder, or overwrite with --force.")

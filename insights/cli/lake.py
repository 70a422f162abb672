"""`insights lake`: vouch for the files behind a catalog, check them, say where they are."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from insights.errors import WrongSettings

if TYPE_CHECKING:
    from insights.lake.lake import Lake
    from insights.lake.source import Source
    from insights.warehouse.duckdb import DuckDB

EPILOG = """\b
Examples:
  insights lake manifest --catalog catalog
  insights lake check --catalog catalog
  insights lake status
"""
_catalog = click.option("--catalog", type=click.Path(path_type=Path), metavar="PATH", help="A folder with model.yaml, or a model file.  [default: settings]")


@click.group(epilog=EPILOG)
def lake() -> None:
    """The files behind a catalog: vouch for them, check them, say where they are."""


@lake.command(epilog="\b\nExamples:\n  insights lake manifest --catalog catalog\n")
@_catalog
def manifest(catalog: Path | None) -> None:
    """Read every file and write beside the catalog what it is: from then on a file that differs is refused."""
    from insights.lake.manifest import write
    from insights.lake.vouching import manifest_of

    place = _place(catalog)
    with _opened(catalog) as (sources, files, engine):
        written = manifest_of(sources, files, engine.facts, now=time.time())
    write(written, place)
    found = [one for of in written.sources.values() for one in of.values()]
    click.echo(f"wrote {place}: {_count(len(found), 'file')}, {sum(one.size for one in found):,} bytes")


@lake.command(epilog="\b\nExamples:\n  insights lake check --catalog catalog\n")
@_catalog
def check(catalog: Path | None) -> None:
    """Read every file and name those that are not what the manifest says; status 1 when there is any."""
    from insights.lake.manifest import read
    from insights.lake.vouching import changed

    known = read(_place(catalog))
    if known is None:
        raise WrongSettings(f"There is no {_place(catalog)}.", remedy="Write it with `insights lake manifest`.")
    with _opened(catalog) as (sources, files, _):
        found = list(changed(sources, files, known))
    for path, reason in found:
        click.echo(f"{path}: {reason}")
    click.echo(f"{_count(len(found), 'file')} not as vouched for on {_instant(known.written)}")
    sys.exit(1 if found else 0)


@lake.command(epilog="\b\nExamples:\n  insights lake status --catalog catalog\n")
@_catalog
def status(catalog: Path | None) -> None:
    """Say what each source holds, why its files are believed, and what is kept of them here."""
    from insights.lake.manifest import read

    known = read(_place(catalog))
    with _opened(catalog) as (sources, files, _):
        for source in dict.fromkeys(source for source in sources if source.paths):
            states = files.states(source)
            vouched = known is not None and known.of(source) is not None
            believed = f"vouched for on {_instant(known.written)}" if known is not None and vouched else "trusted on first use"
            click.echo(f"{', '.join(source.paths)}: {_count(len(states), 'file')}, {sum(state[1] for state in states):,} bytes, {believed}")
        click.echo(f"kept on disk: {files.kept():,} bytes")


@contextmanager
def _opened(catalog: Path | None) -> Iterator[tuple[tuple[Source, ...], Lake, DuckDB]]:
    """The sources of the catalog, with a lake and an engine that take the files as they are."""
    from insights import settings, wiring

    configured = settings.read()
    sources, files, engine = wiring.open_lake(_path(catalog), configured.section("lake"), configured.home)
    try:
        yield sources, files, engine
    finally:
        engine.close()


def _path(catalog: Path | None) -> Path:
    from insights import settings

    path = catalog or settings.read().catalog
    if path is None:
        raise WrongSettings("No catalog is configured.", remedy="Name one with --catalog, or set `catalog` in insights.toml.")
    if not path.exists():
        raise WrongSettings(f"There is no {path}.", remedy="Name a folder with model.yaml, or a model file.")
    return path.absolute()


def _place(catalog: Path | None) -> Path:
    """Where the manifest is."""
    from insights.lake.manifest import NAME

    path = _path(catalog)
    return (path if path.is_dir() else path.parent) / NAME


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _instant(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"

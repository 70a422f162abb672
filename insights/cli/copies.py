"""`insights backup`, `restore` and `audit`: the ledger as a file, put back, and checked."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from insights.errors import WrongSettings

if TYPE_CHECKING:
    from insights.ledger.place import Place

AUDIT_EPILOG = """\b
Examples:
  insights audit verify
  insights audit verify --entry 1204:9b1c
  insights audit export > audit.jsonl
"""


def _place() -> Place:
    from insights import settings, wiring

    place = wiring.ledger_place(settings.read())
    if not place.stands():
        raise WrongSettings(f"There is no ledger at {place.file}.", remedy="Set INSIGHTS_HOME, or `home` or `ledger.url` in insights.toml.")
    return place


def _now() -> datetime:
    return datetime.now().astimezone()


@click.command(epilog='\b\nExamples:\n  insights backup "ledger-$(date +%F).backup"\n')
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write the whole ledger to FILE as it is at one moment, while everything goes on. FILE is a SQLite ledger, also of a ledger in PostgreSQL."""
    with closing(_place().open()) as ledger:
        copied = ledger.back_up(file)
    click.echo(f"{copied.rows} rows in {file}; the audit log ends with entry {copied.entries}:{copied.head[:16]}.")


@click.command(epilog="\b\nExamples:\n  insights restore ledger-2026-12-01.backup\n  insights restore ledger-2026-12-01.backup --replace\n")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Put it in the place of a ledger that holds something, which is backed up first.")
def restore(file: Path, replace: bool) -> None:
    """Put a backup back, at once or not at all. Nothing is sent again and no action is repeated."""
    from insights import settings, wiring

    place = wiring.ledger_place(settings.read())
    place.file.parent.mkdir(parents=True, exist_ok=True)
    with closing(place.open()) as ledger:
        if replace:
            before = place.file.with_name(f"ledger-before-restore-{_now():%Y%m%d-%H%M%S}.backup")
            ledger.back_up(before)
            click.echo(f"What was there is in {before}.")
        restored = ledger.restore(file, replace=replace, now=_now())
    click.echo(f"{restored.rows} rows restored.")
    click.echo(f"{restored.held} items of work were due and are held back: they may have been done since.")
    click.echo(f"{restored.doubted} unfinished actions are looked up by `insights work` before anything else happens to them.")
    click.echo(f"{restored.skipped} subscriptions wait for their next time.")
    if restored.broken is not None:
        click.echo(f"WRONG  entry {restored.broken} of the audit log in the backup was changed.")
        sys.exit(1)


@click.group(epilog=AUDIT_EPILOG)
def audit() -> None:
    """The audit log, whose entries are chained by hashes."""


@audit.command(epilog="\b\nExamples:\n  insights audit verify\n  insights audit verify --entry 1204:9b1c2f\n")
@click.option("--entry", default=None, metavar="NUMBER:HASH", help="An entry as it was told before, so that a log cut short at its end shows as well.")
def verify(entry: str | None) -> None:
    """Check that no entry was changed, removed or put in between. Status 1 when one was."""
    number, _, hash_ = (entry or "").partition(":")
    if entry is not None and not (number.isascii() and number.isdigit() and hash_):
        raise WrongSettings(f"{entry[:60]!r} is no entry.", remedy="Write it like 1204:9b1c2f, as `insights audit verify` prints it.")
    with closing(_place().open()) as ledger:
        trail, broken = ledger.audit_trail(), ledger.first_broken()
    if broken is not None:
        click.echo(f"WRONG  entry {broken} was changed, or the one before it is missing.")
        sys.exit(1)
    if entry is not None and not any(one.number == int(number) and one.hash.startswith(hash_.lower()) for one in trail):
        click.echo(f"WRONG  entry {number} is not the one that was told before: the log was cut short or written anew.")
        sys.exit(1)
    click.echo(f"{len(trail)} entries, none changed; the last is {trail[-1].number}:{trail[-1].hash[:16]}." if trail else "0 entries.")


@audit.command(epilog="\b\nExamples:\n  insights audit export > audit.jsonl\n")
def export() -> None:
    """Write every entry as a line of JSON. `who` is what the hashes cover; `person` is whom it means, where that is not forgotten."""
    with closing(_place().open()) as ledger:
        for entry in ledger.audit_trail():
            click.echo(json.dumps(asdict(entry), ensure_ascii=False))

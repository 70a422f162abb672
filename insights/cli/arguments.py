"""The options that commands share, and how they become an assistant."""

from __future__ import annotations

import glob
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from insights.turns import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from insights.assistant import Assistant

Instant = TypeVar("Instant", date, datetime)
Command = TypeVar("Command", bound=Callable[..., Any])


def spread_paths(arguments: list[str]) -> list[str]:
    """Let `--data` take several paths: each argument behind it that is a file, a folder or a glob belongs to it.

    >>> spread_paths(["ask", "--data", "a.csv", "revenue by region"])
    ['ask', '--data', 'a.csv', 'revenue by region']
    """
    spread: list[str] = []
    taking = False
    for position, argument in enumerate(arguments):
        if argument == "--":
            return spread + arguments[position:]
        if argument == "--data":
            taking = True
        elif taking and spread[-1] == "--data":
            pass  # the first path is whatever stands there
        elif taking and _is_path(argument):
            spread.append("--data")
        else:
            taking = False
        spread.append(argument)
    return spread


def _is_path(text: str) -> bool:
    if text.startswith("-") or len(text) > 4096 or "\0" in text:
        return False
    return Path(text).exists() or (glob.has_magic(text) and bool(glob.glob(text, recursive=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What to ask and when: a catalog or bare files, and the clock."""

    catalog: Path | None
    data: tuple[str, ...]
    now: datetime | None

    def open(self) -> Assistant:
        """The assistant for it, from the options, else from the settings. Raises WrongSettings when neither names a catalog."""
        from insights import settings, wiring

        configured = settings.read()
        if self.data:
            return wiring.open_data(self.data, now=self.now, home=configured.home, ledger=wiring.ledger_place(configured))
        if self.catalog is not None:
            return wiring.open_catalog(
                self.catalog,
                now=self.now,
                home=configured.home,
                warehouse=configured.warehouse_of(self.catalog),
                lake=configured.section("lake"),
                ledger=wiring.ledger_place(configured),
                settings=configured,
            )
        return wiring.open_settings(configured, now=self.now)


def _moment(_: click.Context, option: click.Parameter, value: str | None) -> datetime | date | None:
    if value is None:
        return None
    try:
        return reckonable(datetime.fromisoformat(value).replace(tzinfo=None) if option.name == "now" else date.fromisoformat(value))
    except ValueError:
        example = "2026-05-31T09:00" if option.name == "now" else "2026-05-31"
        raise click.BadParameter(f"{value!r} is not an ISO 8601 {'instant' if option.name == 'now' else 'date'}; write it like {example}.") from None


def reckonable(at: Instant) -> Instant:
    """The day or instant, when years can be counted back and forth from it. Raises ValueError."""
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError(f"the year must be between {FIRST_YEAR} and {LAST_YEAR}")
    return at


def moment(today: date | None, now: datetime | None) -> datetime | None:
    """The fixed clock: `--now`, else nine in the morning of `--today`."""
    return now or (datetime.combine(today, time(9)) if today else None)


def target_options(command: Command) -> Command:
    """--catalog, --data, --today, --now."""
    for option in (
        click.option("--now", callback=_moment, metavar="ISO", help="The time it is taken to be, such as 2026-05-31T09:00."),
        click.option("--today", callback=_moment, metavar="DATE", help="The day it is taken to be, such as 2026-05-31."),
        click.option("--data", multiple=True, metavar="PATH...", help="CSV or Parquet files, globs or folders nobody prepared."),
        click.option("--catalog", type=click.Path(path_type=Path), metavar="PATH", help="A folder with model.yaml, or a model file."),
    ):
        command = option(command)
    return command


def asker_options(command: Command) -> Command:
    """--as, --audience, --device, --conversation."""
    for option in (
        click.option("--conversation", metavar="ID", help="Remember what was said under this id, for follow-ups."),
        click.option("--device", metavar="ID", help="The device you speak to, which says which room you are in."),
        click.option(
            "--audience", type=click.Choice(["private", "room", "channel"]), default="private", show_default=True, help="Who else hears or sees the answer."
        ),
        click.option("--as", "person", metavar="PERSON", help="Who is asking; without it the unnamed local user, who has no role."),
    ):
        command = option(command)
    return command

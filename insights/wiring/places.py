"""Where the ledger, calendars and what is kept lie, and for how long: what the settings say of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from insights.errors import WrongSettings
from insights.ledger.place import SCHEMA, Place
from insights.settings import Settings
from insights.teaching.refusals import KEEP

if TYPE_CHECKING:
    from insights.meetings.calendars.opening import Systems

HOME = ".insights"
LEDGER = "ledger.sqlite"
ORGANIZATION = "organization.yaml"
MANIFEST = "lake.manifest.json"
ROLLUPS = Path("cache", "rollups")
TEMPLATES = Path("cache", "templates")
ASKED = Path("cache", "asked.jsonl")
SNAPSHOTS = "snapshots"
LEARNED = Path("tickets", "triage.json")


def ledger_place(settings: Settings) -> Place:
    """Where the ledger is kept. Raises WrongSettings where it would be lost."""
    section = settings.section("ledger")
    address = partial(_address, settings) if section.get("url") else None
    return Place(file=settings.home / LEDGER, address=address, schema=str(section.get("schema", SCHEMA)), keeps_nothing=settings.on_lambda).checked()


def _address(settings: Settings) -> str:
    return settings.secret("ledger", "url") or ""


def calendar_systems(settings: Settings | None) -> Systems:
    """Where rooms and meetings are kept: in our ledger, or in the configured calendar system."""
    from insights.meetings.calendars.opening import Systems

    if settings is None:
        return Systems()
    return Systems(options=settings.section("meetings"), secret=partial(settings.secret, "meetings"))


def retention(settings: Settings) -> timedelta:
    """How long what was said is kept. Raises WrongSettings."""
    from insights.delivery.housekeeping import KEEP as USUAL

    days = settings.section("retention").get("utterance_days", USUAL.days)
    if not str(days).isdigit() or not 1 <= int(str(days)) <= 3650:
        raise WrongSettings(f"retention.utterance_days is {days!r}, which is no number of days.", remedy="Write a whole number from 1 to 3650.")
    return timedelta(days=int(str(days)))


def kept_refused(settings: Settings) -> timedelta:
    """How long refused questions are kept. Raises WrongSettings."""
    days = settings.section("teaching").get("keep_refused_days", KEEP.days)
    if not str(days).isdigit() or int(str(days)) > 3650:
        raise WrongSettings(f"teaching.keep_refused_days is {days!r}, which is no number of days.", remedy="Write a whole number; 0 keeps nothing.")
    return timedelta(days=int(str(days)))


def whole(options: Mapping[str, object], key: str, default: int) -> int:
    """A whole number among the engine's settings. Raises WrongSettings."""
    said = options.get(key, default)
    if not str(said).isdigit():
        raise WrongSettings(f"warehouse.{key} is {said!r}, which is no whole number.", remedy="Write a number; 0 keeps nothing.")
    return int(str(said))


def seconds(options: Mapping[str, object], key: str) -> float:
    """A number of seconds among the engine's settings, 0 where there is none. Raises WrongSettings."""
    said = options.get(key, 0)
    try:
        seconds = float(str(said))
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86_400:
        raise WrongSettings(f"warehouse.{key} is {said!r}, which is no number of seconds.", remedy="Write a number from 0 to 86400.")
    return seconds

"""Rooms from elsewhere as entries of organization.yaml: from a CSV file, or from a directory that lists them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from insights.catalog.rewriting import Entry
from insights.errors import Problem, WrongCatalog, nearest
from insights.organization import Room, RoomPolicy

COLUMNS = ("id", "name", "capacity", "equipment", "floor", "building", "calendar", "longest", "ahead", "check_in", "reminder", "status", "roles")
"""What a CSV file may have; the first three it must."""
_POLICY = ("longest", "ahead", "check_in", "reminder", "status")


def from_csv(path: Path) -> tuple[Entry, ...]:
    """The rooms of a CSV file with a header; several pieces of equipment, and several roles, are parted by semicolons.

    Raises WrongCatalog with every mistake.
    """
    problems: list[Problem] = []
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            names = {name: (name or "").strip().casefold() for name in reader.fieldnames or ()}
            _check_columns(path, names.values(), problems)
            rows = [{names[key]: (value or "").strip() for key, value in row.items() if key in names and isinstance(value, str)} for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise WrongCatalog([Problem(file=str(path), line=0, message=f"it cannot be read as CSV: {error}.")]) from None
    entries = [_entry(path, number, row, problems) for number, row in enumerate(rows, start=2) if any(row.values())] if not problems else []
    if not entries and not problems:
        problems.append(Problem(file=str(path), line=0, message="there is no room in it.", suggestion="Write one row for each room, under a header."))
    if problems:
        raise WrongCatalog(problems)
    return tuple(entries)


def from_directory(rooms: Iterable[Room]) -> tuple[Entry, ...]:
    """The rooms that a directory lists."""
    usual = RoomPolicy()
    entries = []
    for room in rooms:
        entry: dict[str, Any] = {"id": room.id, "name": room.name, "capacity": room.capacity}
        entry |= {"equipment": sorted(room.equipment)} if room.equipment else {}
        entry |= {name: value for name in ("floor", "building", "calendar") if (value := getattr(room, name)) is not None}
        policy = {name: _spelt(span) for name in _POLICY if (span := getattr(room.policy, name)) != getattr(usual, name)}
        entries.append(entry | ({"policy": policy} if policy else {}))
    return tuple(entries)


def _check_columns(path: Path, names: Iterable[str], problems: list[Problem]) -> None:
    known = [name for name in names if name]
    for name in known:
        if name not in COLUMNS:
            problems.append(
                Problem(
                    file=str(path), line=1, message=f"unknown column '{name[:40]}'.", suggestion=nearest(name, COLUMNS) or f"There is {', '.join(COLUMNS)}."
                )
            )
    for name in COLUMNS[:3]:
        if name not in known:
            problems.append(Problem(file=str(path), line=1, message=f"the column '{name}' is missing."))


def _entry(path: Path, number: int, row: Mapping[str, str], problems: list[Problem]) -> Entry:
    for name in COLUMNS[:2]:
        if not row.get(name):
            problems.append(Problem(file=str(path), line=number, message=f"a room needs its {name}."))
    if not row.get("capacity", "").isdigit() or int(row["capacity"]) < 1:
        problems.append(Problem(file=str(path), line=number, message=f"'{row.get('capacity', '')[:20]}' is no number of seats."))
        return {}
    entry: dict[str, Any] = {"id": row["id"], "name": row["name"], "capacity": int(row["capacity"])}
    equipment = _listed(row.get("equipment", ""))
    entry |= {"equipment": equipment} if equipment else {}
    entry |= {name: row[name] for name in ("floor", "building", "calendar") if row.get(name)}
    policy: dict[str, Any] = {name: row[name] for name in _POLICY if row.get(name)}
    policy |= {"roles": _listed(row["roles"])} if row.get("roles") else {}
    return entry | ({"policy": policy} if policy else {})


def _listed(text: str) -> list[str]:
    return [item.strip() for item in text.split(";") if item.strip()]


def _spelt(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    return f"{minutes // 1440} days" if minutes % 1440 == 0 else f"{minutes // 60} hours" if minutes % 60 == 0 else f"{minutes} minutes"

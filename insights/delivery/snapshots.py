"""Tables of the ledger as Parquet files with definitions beside them, so that what the office does can be asked about like any other figure."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from insights.warehouse.scratch import Scratch

FOLDER = "snapshots"
"""Where they stand in INSIGHTS_HOME: a folder a snapshot, each a small catalog."""
BEGUN = "begun"
"""A file beside them that is written again whenever there is more to ask about."""
_DEFINITIONS = ("model.yaml", "assistant.yaml")
Type = Literal["VARCHAR", "BIGINT", "DOUBLE", "TIMESTAMP", "DATE", "BOOLEAN"]
Cell: TypeAlias = object


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One file: its columns in order with their types, and what gives the rows, in an order of their own. No name of a person belongs into it."""

    name: str
    columns: Mapping[str, Type]
    rows: Callable[[], Sequence[Sequence[Cell]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A small catalog: `definitions` is the package whose model.yaml (sources `TABLE.parquet`) and assistant.yaml say what the tables mean."""

    name: str
    definitions: str
    tables: tuple[Table, ...]


def write(snapshots: Iterable[Snapshot], folder: Path) -> int:
    """Bring the files of every snapshot in `folder` up to date, each replaced at once; how many changed. Definitions are written last.

    A snapshot without a row is not begun: there is nothing to ask about yet. Raises what a table's `rows` raises.
    """
    changed = 0
    with Scratch(threads=1) as engine:
        for snapshot in snapshots:
            target = folder / snapshot.name
            rows = {table.name: table.rows() for table in snapshot.tables}
            if not any(rows.values()) and not target.exists():
                continue
            changed += sum(_write(engine, table, rows[table.name], target) for table in snapshot.tables)
            defined = sum(_define(snapshot.definitions, name, target) for name in _DEFINITIONS)
            if defined:
                (folder / BEGUN).write_text("\n".join(path.name for path in standing(folder)), encoding="utf-8")
            changed += defined
    return changed


def standing(folder: Path) -> tuple[Path, ...]:
    """The catalogs of the snapshots that are there, by name."""
    return tuple(sorted(path.parent for path in folder.glob("*/model.yaml")))


def _write(engine: Scratch, table: Table, rows: Sequence[Sequence[Cell]], target: Path) -> bool:
    """The same rows are the same bytes: what has not changed is left as it is, and nothing that was remembered of it is thrown away."""
    engine.fill("snapshot", ", ".join(f'"{name}" {type_}' for name, type_ in table.columns.items()), rows)
    made = target / f".{table.name}.{os.getpid()}"
    engine.write_parquet("SELECT * FROM snapshot ORDER BY ALL", made)
    return _replace(made, target / f"{table.name}.parquet")


def _define(package: str, name: str, target: Path) -> bool:
    from importlib import resources

    source = resources.files(package).joinpath(name)
    if not source.is_file():
        return False
    made = target / f".{name}.{os.getpid()}"
    made.write_bytes(source.read_bytes())
    return _replace(made, target / name)


def _replace(made: Path, final: Path) -> bool:
    if final.exists() and final.read_bytes() == made.read_bytes():
        made.unlink()
        return False
    os.replace(made, final)
    return True

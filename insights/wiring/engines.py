"""The embedded engine, allowed to read where the data lies and nowhere else, and the lake that reads for it."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from insights.lake.source import Source
from insights.wiring.places import ROLLUPS, SNAPSHOTS

if TYPE_CHECKING:
    from insights.catalog.scaffold import Scaffold
    from insights.lake.lake import Lake
    from insights.warehouse.budgets import Spent
    from insights.warehouse.duckdb import DuckDB
    from insights.warehouse.port import Warehouse


def duckdb_of(
    sources: Iterable[Source], options: Mapping[str, object], home: Path | None = None, *, lake: Callable[[Sequence[Source]], Lake | None] | None = None
) -> DuckDB:
    """The embedded engine, allowed to read where these sources and the rollups in `home` are, and nowhere else."""
    from insights.lake.configured import FOLDER
    from insights.warehouse.duckdb import DuckDB

    sources = tuple(sources)
    kept = () if home is None else (f"{home / ROLLUPS}/", f"{home / SNAPSHOTS}/")
    allowed = sorted({*kept, *(place for source in sources for path in source.paths for place in _places(path))})
    limit, threads = options.get("memory_limit"), options.get("threads")
    return DuckDB(
        allowed=allowed,
        memory_limit=None if limit is None else str(limit),
        threads=None if threads is None else int(str(threads)),
        lake=lake(sources) if lake is not None else None,
        kept=home / FOLDER if home is not None else None,
    )


def engine_of(
    path: Path, warehouse: Mapping[str, object], lake: Mapping[str, object], home: Path | None = None, *, spent: Callable[[], Spent] | None = None
) -> Warehouse:
    """The engine that the settings name, for the definitions at `path`; the embedded one may read where they point. Raises WrongSettings."""
    from insights.catalog.locations import located
    from insights.lake.configured import lake_of
    from insights.warehouse.opening import opened

    sources = located(path)
    embedded = duckdb_of(sources.values(), warehouse, home, lake=lambda found: lake_beside(found, path, lake, home))
    return opened(
        warehouse,
        embedded,
        today=lambda: datetime.now(UTC).date(),
        sources=sources,
        client=lambda service: lake_of(lake, None, None).client(service),
        spent=spent,
    )


def open_lake(path: Path, options: Mapping[str, object], home: Path) -> tuple[tuple[Source, ...], Lake, DuckDB]:
    """The sources of a catalog, and a lake and an engine that take their files as they are, whatever a manifest says."""
    from insights.catalog.locations import locations
    from insights.lake.configured import lake_of

    sources, lake = locations(path), lake_of(options, home, None)
    return sources, lake, duckdb_of(sources, {}, lake=lambda _: lake)


def lake_beside(sources: Iterable[Source], catalog: Path, options: Mapping[str, object], home: Path | None) -> Lake | None:
    """What reads the files for the engine, where they lie elsewhere or a manifest beside the catalog vouches for them; None where it may read by itself."""
    from insights.lake.configured import lake_of
    from insights.lake.manifest import NAME, read

    manifest = read((catalog if catalog.is_dir() else catalog.parent) / NAME)
    if manifest is None and not any("://" in path for source in sources for path in source.paths):
        return None
    return lake_of(options, home, manifest)


def _places(path: str) -> tuple[str, ...]:
    """What must be open to read a path: the folder in which a pattern starts, or the file itself."""
    if not glob.has_magic(path):
        return (path,)
    fixed = path[: min(path.index(char) for char in "*?[" if char in path)]
    return (os.path.dirname(fixed) + "/",)


def scaffolded(paths: Iterable[str]) -> tuple[Scaffold, DuckDB]:
    """What files nobody prepared look like, and an engine that may read them. Raises WrongCatalog naming a path that holds no data."""
    from insights.catalog.linking import named_for
    from insights.catalog.scaffold import scaffold as make
    from insights.lake.files import find
    from insights.warehouse.profile import profile, references

    found = find(tuple(paths), folder=Path.cwd())
    engine = duckdb_of((table.source for table in found), {})
    profiles = profile(engine, found)
    return make(profiles, references(engine, profiles, named_for), name=found[0].name), engine

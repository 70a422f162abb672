"""Builds the rollups of a catalog, a month or a year at a time, and knows which of them are still as true as the rows themselves."""
# ruff: noqa: S608  # writing SQL is what this file is for: names come from the catalog and are quoted, values are bound

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from insights.catalog.model import Catalog
from insights.catalog.values import Contents
from insights.errors import NotAnswerable, OutsideFailed
from insights.lake.files import states
from insights.lake.source import Source
from insights.query.algebra import Compared, Condition
from insights.query.conditions import within
from insights.query.designs import Design, designs, digest, query, types
from insights.query.joins import Joining
from insights.query.rollups import TIME, RollupTable
from insights.query.times import bucket_of, following
from insights.requests import Grain, Period
from insights.warehouse.port import Keeper, Query
from insights.warehouse.quoting import identifier

MANIFEST = "rollup.json"
FORMAT = 1
UNKNOWN = "unknown"
"""The partition of the rows without a time."""
Bounds = tuple[date | None, date | None, bool]
"""The first and the last bucket of a file's rows, and whether some have no time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What became of one table of a rollup: how many of its `partitions` were worked out anew, its rows, or why it cannot be built (`problem`)."""

    name: str
    fact: str
    renewed: int = 0
    partitions: int = 0
    rows: int = 0
    problem: str = ""

    def told(self) -> str:
        """In one line."""
        if self.problem:
            return f"{self.name}: cannot be built. {self.problem}"
        return f"{self.name} of {self.fact}: {self.rows:,} rows in {self.partitions} parts, {self.renewed} of them new"

    def as_dict(self) -> dict[str, str | int]:
        """For machines."""
        return {"name": self.name, "fact": self.fact, "rows": self.rows, "partitions": self.partitions, "renewed": self.renewed, "problem": self.problem}


class Rollups:
    """The rollups of one catalog, kept below `folder`. Safe to use from many threads; building is for one process at a time."""

    def __init__(self, catalog: Catalog, warehouse: Keeper, contents: Contents, folder: Path) -> None:
        self._catalog = catalog
        self._warehouse = warehouse
        self._repeated = contents.repeated
        self._folder = folder
        self._known: dict[Path, tuple[int, RollupTable, Mapping[str, str]]] = {}
        self._lock = Lock()
        self._designs = tuple(design for rollup in catalog.rollups for design in _sound(catalog, rollup))
        self._definitions = {design: self._definition(design) for design in self._designs}

    def ready(self, fact: str) -> Sequence[RollupTable]:
        """What lies ready for a fact and was made of the rows as they are now, the smallest first."""
        seen: dict[str, str] = {}
        found = []
        for design in self._designs:
            known = self._manifest(design) if design.fact == fact else None
            if known is not None and all(self._state(name, seen) == state for name, state in known[1].items()):
                found.append(known[0])
        return sorted(found, key=lambda table: sum(os.path.getsize(path) for path in table.source.paths))

    def told(self) -> Iterator[str]:
        """A line for each table that is declared: what it is, and whether it can be used now."""
        for rollup in self._catalog.rollups:
            by = ", ".join(rollup.by) or "nothing else"
            yield f"{rollup.name}: {', '.join(rollup.metrics)} by {by}, each {rollup.grain}"
            for design in (one for one in self._designs if one.name == rollup.name):
                built = self._manifest(design)
                state = "not built" if built is None else "ready" if built[0] in self.ready(design.fact) else "older than its rows, not used"
                yield f"  {design.fact}: {state}"

    def is_kept(self, source: Source) -> bool:
        """Whether the source is a rollup's own files."""
        return bool(source.paths) and all(Path(path).is_relative_to(self._folder) for path in source.paths)

    def named(self, source: Source) -> str:
        """What people call the table whose files these are: the rollup's name and its fact."""
        return next((f"{d.name} of {d.fact}" for d in self._designs if Path(source.paths[0]).parent == self._place(d)), "rollup")

    def build(self, names: Iterable[str] | None = None, *, standing: bool = False) -> Iterator[Built]:
        """Bring the rollups (all, those named, or those `standing` already) up to date; only the partitions whose rows may have changed are made again.

        Raises OutsideFailed when the engine fails.
        """
        wanted = None if names is None else frozenset(names)
        for rollup in self._catalog.rollups:
            if wanted is not None and rollup.name not in wanted:
                continue
            try:
                for design in designs(rollup, self._catalog):
                    if not standing or (self._place(design) / MANIFEST).exists():
                        yield self._built(design)
            except NotAnswerable as reason:
                yield Built(name=rollup.name, fact="", problem=f"{reason.problem} {reason.remedy}".strip())

    def _built(self, design: Design) -> Built:
        place = self._place(design)
        place.mkdir(parents=True, exist_ok=True)
        old = _read(place / MANIFEST)
        sources = {name: self._warehouse.fingerprint(self._catalog.datasets[name].source) for name in design.datasets(self._catalog)}
        if old.get("sources") == sources and all(os.path.exists(place / part["file"]) for part in old["partitions"].values()):
            rows = sum(part["rows"] for part in old["partitions"].values())
            return Built(name=design.name, fact=design.fact, partitions=len(old["partitions"]), rows=rows)
        files = self._files(design, old)
        others = {name: state for name, state in sources.items() if name != design.fact}
        same = bool(old) and others == {name: state for name, state in old["sources"].items() if name != design.fact}
        stale = _touched(old.get("files", {}), files, design.grain) if same and design.time.dataset == design.fact else None
        partitions: dict[str, Any] = {}
        renewed = 0
        for name, condition in self._partitions(design, files):
            kept = old["partitions"].get(name) if stale is not None and name not in stale and old else None
            if kept is None or not (place / kept["file"]).exists():
                kept, renewed = self._keep(design, place, name, condition, digest(repr(sorted(sources.items())))), renewed + 1
            partitions[name] = kept
        kinds = list(types(design, self._catalog, self._repeated, self._relation, self._warehouse))
        _write(place / MANIFEST, {"format": FORMAT, "sources": sources, "files": files, "types": kinds, "partitions": partitions})
        for file in place.glob("*.parquet"):
            if file.name not in {part["file"] for part in (*partitions.values(), *old.get("partitions", {}).values())}:
                file.unlink()  # what the manifest before named may still be read by a question that is under way
        rows = sum(part["rows"] for part in partitions.values())
        return Built(name=design.name, fact=design.fact, renewed=renewed, partitions=len(partitions), rows=rows)

    def _keep(self, design: Design, place: Path, name: str, condition: Condition, state: str) -> dict[str, Any]:
        file = f"{name}-{state}.parquet"
        unfinished = place / f".{file}.{os.getpid()}"
        rows = self._warehouse.keep(query(design, self._catalog, self._repeated, self._relation, (condition,)), str(unfinished))
        os.replace(unfinished, place / file)
        return {"file": file, "rows": rows}

    def _partitions(self, design: Design, files: Mapping[str, Any]) -> Iterator[tuple[str, Condition]]:
        """Each month (or year) that has rows, and the rows without a time."""
        joining = Joining(self._catalog, design.fact, self._repeated)
        firsts = [date.fromisoformat(f["first"]) for f in files.values() if f["first"]]
        lasts = [date.fromisoformat(f["last"]) for f in files.values() if f["last"]]
        if firsts and lasts:
            # Weeks lie across the ends of years, so that a year of them is of the weeks that begin in it.
            here, end = _partition_of(min(firsts), design.grain), max(lasts)
            while here <= end:
                after = following(here, _length(design.grain))
                first, last = (_first_bucket(day, design.grain, self._catalog) for day in (here, after))
                yield _title(here, design.grain), within(self._catalog, design.time, Period(first=first, last=last - timedelta(days=1)), joining)
                here = after
        if any(f["unknown"] for f in files.values()):
            yield UNKNOWN, Compared(joining.stored(design.time), "is_null", ())

    def _files(self, design: Design, old: Mapping[str, Any]) -> dict[str, Any]:
        """The state and the days of each file of the fact; a time that is another dataset's is looked up for all files at once."""
        source = self._catalog.datasets[design.fact].source
        now = states(source) if source.paths and design.time.dataset == design.fact else ()
        if not now:
            return {"": _noted(self._bounds(design, source), None)}
        known = old.get("files", {})
        return {
            path: known[path]
            if path in known and known[path]["state"] == list(map(str, state))
            else _noted(self._bounds(design, replace(source, paths=(path,))), list(map(str, state)))
            for path, *state in now
        }

    def _bounds(self, design: Design, source: Source) -> Bounds:
        """The first and last bucket of a source's rows, and whether some have no time."""
        alone = replace(self._catalog.datasets[design.fact], source=source)
        catalog = replace(self._catalog, datasets={**self._catalog.datasets, design.fact: alone})
        made = query(replace(design, aggregations=(), by=()), catalog, self._repeated, self._relation)
        time = identifier(TIME)
        found = f"SELECT min({time}), max({time}), count(*) > count({time}) FROM (\n{made.sql}\n)"
        ((first, last, unknown),) = self._warehouse.run(Query(sql=found, parameters=made.parameters)).rows
        return _day(first), _day(last), bool(unknown)

    def _manifest(self, design: Design) -> tuple[RollupTable, Mapping[str, str]] | None:
        """The table as it was built last, and what it was made of; None when it was not."""
        place = self._place(design)
        try:
            written = os.stat(place / MANIFEST).st_mtime_ns
        except OSError:
            return None
        with self._lock:
            known = self._known.get(place)
        if known is not None and known[0] == written:
            return known[1], known[2]
        found = _read(place / MANIFEST)
        if not found:
            return None
        paths = tuple(str(place / part["file"]) for part in found["partitions"].values())
        if not paths or not all(map(os.path.exists, paths)):
            return None
        table = RollupTable(
            name=design.name,
            fact=design.fact,
            time=design.time,
            grain=design.grain,
            by=design.by,
            aggregations=design.aggregations,
            types=tuple(found["types"]),
            source=Source(paths=paths, format="parquet"),
        )
        with self._lock:
            self._known[place] = (written, table, found["sources"])
        return table, found["sources"]

    def _state(self, dataset: str, seen: dict[str, str]) -> str:
        if dataset not in seen:
            seen[dataset] = self._warehouse.fingerprint(self._catalog.datasets[dataset].source) if dataset in self._catalog.datasets else ""
        return seen[dataset]

    def _place(self, design: Design) -> Path:
        return self._folder / f"{design.name}-{design.fact}-{self._definitions[design]}"

    def _definition(self, design: Design) -> str:
        """A digest of how the table is worked out: another definition is another table."""
        made = query(design, self._catalog, self._repeated, lambda source, _: self._warehouse.citation(source))
        return digest(repr((FORMAT, made.sql, design.time, design.grain, self._catalog.timezone)))

    def _relation(self, source: Source, _: object) -> str:
        return self._warehouse.relation(source)


def _sound(catalog: Catalog, rollup: Any) -> tuple[Design, ...]:
    """The tables of a rollup, none when it cannot be built (`build` says why)."""
    try:
        return designs(rollup, catalog)
    except NotAnswerable:
        return ()


def _partition_of(bucket: date, grain: Grain) -> date:
    """The first day of the month (for coarser grains of the year) whose partition a bucket lies in."""
    return bucket.replace(day=1) if grain in ("hour", "day") else bucket.replace(month=1, day=1)


def _length(grain: Grain) -> Grain:
    return "month" if grain in ("hour", "day") else "year"


def _title(start: date, grain: Grain) -> str:
    return f"{start:%Y-%m}" if grain in ("hour", "day") else f"{start:%Y}"


def _first_bucket(day: date, grain: Grain, catalog: Catalog) -> date:
    """The first bucket that begins on that day or later."""
    if grain in ("hour", "day"):
        return day
    here = bucket_of(day, grain, catalog)
    return here if here == day else following(here, grain)


def _touched(old: Mapping[str, Any], new: Mapping[str, Any], grain: Grain) -> frozenset[str]:
    """The partitions in which a file that is new, changed or gone has or had rows."""
    found: set[str] = set()
    for path in {*old, *new}:
        if old.get(path) != new.get(path):
            for file in (known[path] for known in (old, new) if path in known):
                found |= {UNKNOWN} if file["unknown"] else set()
                found |= set(_titles(file["first"], file["last"], grain))
    return frozenset(found)


def _titles(first: str | None, last: str | None, grain: Grain) -> Iterator[str]:
    if first is None or last is None:
        return
    here = _partition_of(date.fromisoformat(first), grain)
    while here <= date.fromisoformat(last):
        yield _title(here, grain)
        here = following(here, _length(grain))


def _noted(bounds: Bounds, state: list[str] | None) -> dict[str, Any]:
    first, last, unknown = bounds
    return {"state": state, "first": first.isoformat() if first else None, "last": last.isoformat() if last else None, "unknown": unknown}


def _day(cell: object) -> date | None:
    return cell.date() if isinstance(cell, datetime) else cell if isinstance(cell, date) else None


def _read(place: Path) -> dict[str, Any]:
    """The manifest, empty when there is none that can be read: then everything is built."""
    try:
        found = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and found.get("format") == FORMAT else {}


def _write(place: Path, manifest: Mapping[str, Any]) -> None:
    """Replace the manifest at once: until then the one before holds. Raises OutsideFailed."""
    unfinished = place.with_suffix(f".{os.getpid()}")
    try:
        unfinished.write_text(json.dumps(manifest), encoding="utf-8")
        os.replace(unfinished, place)
    except OSError as failure:
        raise OutsideFailed("The rollup could not be written.", remedy="Look at the folder and its permissions.", reference=str(failure)) from failure

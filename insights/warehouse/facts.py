"""What the footers of Parquet files tell: their columns, and the first and last value of those that hold days or instants."""
# ruff: noqa: S608  # writing SQL is what this file is for: names come from the file system and are quoted

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import _duckdb as duckdb

from insights.lake.lake import Lake
from insights.warehouse.quoting import listing

Bounds = tuple[datetime, datetime]
FOOTER = 16_384
"""Bytes at the end of a file that usually hold its footer; the engine reads as many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A digest of a file's columns (names, types, order), and the bounds of each column of days or instants of which every row group tells them."""

    columns: str
    bounds: Mapping[str, Bounds]

    def written(self) -> str:
        """As it is kept between processes."""
        return json.dumps({"columns": self.columns, "bounds": {name: [first.isoformat(), last.isoformat()] for name, (first, last) in self.bounds.items()}})


class FileFacts:
    """The facts of files by what is opened to read them. Used by one thread at a time."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, lake: Lake) -> None:
        self._cursor = cursor
        self._lake = lake

    def of(self, paths: Sequence[str]) -> Mapping[str, Facts]:
        """The facts of each file: those noted before, and for the others their footers, read now. Raises duckdb.Error."""
        known = {path: facts for path in paths if (facts := _read(self._lake.noted(path))) is not None}
        new = [path for path in paths if path not in known]
        if new:
            self._lake.prefetch(new, FOOTER)
            columns, bounds = self._columns(new), self._bounds(new)
            for path in new:
                facts = known[path] = Facts(columns=columns[path], bounds=bounds.get(path, {}))
                self._lake.note(path, facts.written())
        return {path: known[path] for path in paths}

    def _columns(self, paths: Sequence[str]) -> Mapping[str, str]:
        """A digest of each file's columns."""
        parts = "(name, type, converted_type, logical_type, scale, precision)"
        rows = self._cursor.execute(f"SELECT file_name, list({parts})::VARCHAR FROM parquet_schema({listing(paths)}) GROUP BY 1").fetchall()
        return {path: hashlib.sha256(columns.encode()).hexdigest()[:16] for path, columns in rows}

    def _bounds(self, paths: Sequence[str]) -> Mapping[str, Mapping[str, Bounds]]:
        """The first and last value of each column of days or instants by file, where every row group says so."""
        known = "bool_and(stats_min_value IS NOT NULL AND stats_max_value IS NOT NULL OR coalesce(stats_null_count = num_values, false))"
        ends = "min(TRY_CAST(stats_min_value AS TIMESTAMP)), max(TRY_CAST(stats_max_value AS TIMESTAMP))"
        groups = f"FROM parquet_metadata({listing(paths)}) WHERE type IN ('INT32', 'INT64', 'INT96') GROUP BY 1, 2 HAVING {known}"
        bounds: dict[str, dict[str, Bounds]] = {}
        for column, path, first, last in self._cursor.execute(f"SELECT path_in_schema, file_name, {ends} {groups}").fetchall():
            if first is not None and last is not None:
                bounds.setdefault(path, {})[column] = (first, last)
        return bounds


def _read(note: str | None) -> Facts | None:
    """The facts of a note, None when it is none of ours."""
    try:
        told = json.loads(note) if note is not None else None
        return (
            None
            if told is None
            else Facts(
                columns=str(told["columns"]),
                bounds={str(name): (datetime.fromisoformat(first), datetime.fromisoformat(last)) for name, (first, last) in told["bounds"].items()},
            )
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None

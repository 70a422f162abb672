"""How much of Parquet files a question reads, by what their footers say."""
# writing SQL is what this file is for: names come from the file system and are quoted

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence

import _duckdb as duckdb

from insights.warehouse.port import Size
from insights.warehouse.quoting import listing

_REMEMBERED = 50_000


class Sizes:
    """Bytes by column and rows of each file that was looked into, by the name that it is opened by. Safe to call from many threads."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[Mapping[str, int], int]] = OrderedDict()

    def of(self, paths: Sequence[str], columns: frozenset[str] | None) -> Size:
        """The stored bytes of these columns (None: all) and all rows of the files."""
        with self._lock:
            unknown = [path for path in paths if path not in self._known]
            if unknown:
                self._look(unknown)
            found = [self._known[path] for path in paths]
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        stored = sum(size for sizes, _ in found for name, size in sizes.items() if columns is None or name in columns)
        return Size(bytes=stored, rows=sum(rows for _, rows in found))

    def _look(self, paths: Sequence[str]) -> None:
        # A column of structures has a part for each of its leaves.
        sql = "SELECT file_name, split_part(path_in_schema, ', ', 1), sum(total_compressed_size), sum(row_group_num_rows) FILTER (WHERE column_id = 0)"
        for path in paths:
            self._known[path] = {}, 0
        for path, column, size, rows in self._cursor.execute(f"{sql} FROM parquet_metadata({listing(paths)}) GROUP BY ALL").fetchall():
            sizes, counted = self._known[path]
            self._known[path] = {**sizes, column: int(size)}, counted + int(rows or 0)

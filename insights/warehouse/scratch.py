"""An engine in memory for making files: it knows no catalog and reads nothing that people asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import _duckdb as duckdb

ROW_GROUP = 122_880
"""Rows of a row group, written out so that a new release of the engine does not change the files."""


class Scratch:
    """One in-memory engine; used by one thread at a time.

    The same statements write the same bytes whatever `threads` is, as long as each SELECT that is written ends in an ORDER BY over a unique key.
    """

    def __init__(self, *, threads: int = 2) -> None:
        import _duckdb as duckdb

        self._connection: duckdb.DuckDBPyConnection = duckdb.connect(config={"threads": threads})

    def __enter__(self) -> Scratch:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement, or several when there are no parameters; the rows of the last, empty when it returns none."""
        return self._connection.execute(sql, list(parameters)).fetchall() if parameters else self._connection.execute(sql).fetchall()

    def let(self, name: str, value: object) -> None:
        """Give the variable a value that SQL reads as `getvariable('name')`, also where placeholders are not allowed."""
        if not name.isidentifier():
            raise ValueError(f"{name!r} cannot be the name of a variable.")
        self._connection.execute(f"SET VARIABLE {name} = ?", [value])

    def fill(self, table: str, columns: str, rows: Sequence[Sequence[Any]]) -> None:
        """Make the table with `columns` as CREATE TABLE takes them, and fill it; the rows are turned and go in as one statement."""
        self._connection.execute(f"CREATE OR REPLACE TABLE {table} ({columns})")
        if rows:
            marks = ", ".join("unnest(?)" for _ in rows[0])
            self._connection.execute(f"INSERT INTO {table} SELECT {marks}", [list(column) for column in zip(*rows, strict=True)])

    def write_parquet(self, select: str, path: Path) -> int:
        """Write what `select` returns as one Parquet file, folders made on the way; the number of rows."""
        path.parent.mkdir(parents=True, exist_ok=True)
        target = str(path).replace("'", "''")
        options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}"
        rows = self._connection.execute(f"COPY ({select}) TO '{target}' ({options})").fetchone()
        return int(rows[0]) if rows else 0

    def close(self) -> None:
        """Let go of the memory; calling it twice is fine."""
        self._connection.close()

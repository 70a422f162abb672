"""The analyst: the same DuckDB with the same settings, given SQL written by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.questions import Question, tables
from insights.answers import MetricAnswer
from insights.turns import Reply
from insights.warehouse.duckdb import DuckDB
from insights.warehouse.port import Query

SETTINGS = ("threads", "memory_limit", "parquet_metadata_cache", "preserve_insertion_order", "TimeZone")


class Analyst:
    """One DuckDB of its own over the company's files."""

    def __init__(self, folder: Path) -> None:
        self._tables = tables(folder / "data")
        self._database = duckdb.connect(":memory:")
        for name, value in our_settings().items():
            self._database.execute(f"SET {name} = '{value}'")

    def rows(self, question: Question) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """The columns and the rows of the hand-written SQL."""
        found = self._database.execute(question.over(self._tables))
        return tuple(column[0] for column in found.description or ()), found.fetchall()

    def close(self) -> None:
        """Let go of memory and files."""
        self._database.close()


def our_settings() -> Mapping[str, str]:
    """What the assistant's own engine is set to, so that both race with the same engine."""
    engine = DuckDB(allowed=[])
    names = ", ".join(f"'{name}'" for name in SETTINGS)
    found = engine.run(Query(sql=f"SELECT name, value FROM duckdb_settings() WHERE name IN ({names})")).rows
    engine.close()
    return {str(name): str(value) for name, value in found}


def difference(reply: Reply, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str | None:
    """What differs between an answer and the rows of the hand-written SQL; None when they say the same.

    Rows are compared without their order: where two values are equal, either order is right.
    """
    if reply.outcome != "understood" or not isinstance(reply.answer, MetricAnswer):
        return f"it was not answered: {reply.outcome}, {reply.text}"
    missing = set(columns) - set(reply.answer.rows[0]) if reply.answer.rows else set()
    if missing:
        return f"the answer has no {', '.join(sorted(missing))}"
    ours = sorted((tuple(_plain(row[name]) for name in columns) for row in reply.answer.rows), key=repr)
    theirs = sorted((tuple(map(_plain, row)) for row in rows), key=repr)
    if len(ours) != len(theirs):
        return f"{len(ours)} rows, by hand {len(theirs)}"
    for one, other in zip(ours, theirs, strict=True):
        if not all(map(_same, one, other)):
            return f"{one}, by hand {other}"
    return None


def _plain(cell: Any) -> Any:
    """A cell as answers have it: no decimals, and a day where an engine says its first instant."""
    if isinstance(cell, datetime) and cell.time() == time.min:
        return cell.date()
    return float(cell) if isinstance(cell, Decimal) else cell


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=1e-9)  # the order in which binary fractions are added may differ
    return bool(one == other)

"""Where rows are kept, and of what kind their columns are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "number", "boolean", "date", "timestamp", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a dataset's rows are: files (`paths`: absolute globs or s3:// addresses, `format`) or a table of the configured engine.

    `hive` says that folders named `key=value` are columns of the dataset.
    """

    paths: tuple[str, ...] = ()
    format: Literal["parquet", "csv"] | None = None
    hive: bool = False
    table: str | None = None

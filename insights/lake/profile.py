"""What a table nobody described looks like: enough to scaffold a catalog from it."""

from __future__ import annotations

from dataclasses import dataclass

from insights.lake.source import Kind, Source
from insights.requests import Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnProfile:
    """One physical column. `distinct` is exact. `examples` are its most frequent values (at most 20); `whole` says that every number is whole."""

    name: str
    kind: Kind
    distinct: int
    nulls: int
    minimum: Scalar = None
    maximum: Scalar = None
    examples: tuple[Scalar, ...] = ()
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableProfile:
    """One table: its name is made from the file or folder name."""

    name: str
    source: Source
    rows: int
    columns: tuple[ColumnProfile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Every non-NULL value of `many.column` but `orphans` of them is found in `one.column`, which is unique."""

    many: str
    many_column: str
    one: str
    one_column: str
    orphans: int

"""What unknown tables look like: their columns, and which of them refer to which."""
# ruff: noqa: S608  # writing SQL is what this file is for: names come from the files' own columns and are quoted

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from insights.errors import OutsideFailed
from insights.lake.files import Found
from insights.lake.profile import ColumnProfile, Reference, TableProfile
from insights.lake.source import Kind, Source
from insights.requests import Scalar
from insights.warehouse.port import Query, Warehouse
from insights.warehouse.quoting import identifier
from insights.warehouse.tables import unreadable

EXAMPLES = 20
ORPHANS_OF_A_NAME = 0.2
"""A column named for a key may have this share of values that the key does not know: real data has deleted customers and scrapped planes."""
ORPHANS_OF_VALUES = 0.05
"""A column that has only its values in common with a key must have nearly all of them in common."""


def profile(warehouse: Warehouse, tables: Sequence[Found]) -> tuple[TableProfile, ...]:
    """The columns of each table, read once. Raises WrongCatalog for a table that cannot be read."""
    return tuple(_whole(warehouse, table) for table in tables)


def _whole(warehouse: Warehouse, table: Found) -> TableProfile:
    try:
        return _table(warehouse, table.name, table.source)
    except OutsideFailed as failure:  # the columns could be read, the rows cannot
        raise unreadable(table.source, failure.reference.split("\n")[0][:200] or failure.problem) from failure


def _table(warehouse: Warehouse, name: str, source: Source) -> TableProfile:
    kinds = warehouse.columns(source)
    relation = warehouse.relation(source)
    pieces = [piece for column, kind in kinds.items() for piece in _overview(column, kind)]
    cells = iter(warehouse.run(Query(sql=f"SELECT {', '.join(('count(*)', *pieces))} FROM {relation}")).rows[0])
    rows = int(str(next(cells)))
    columns = tuple(_column(warehouse, relation, rows, column, kind, cells) for column, kind in kinds.items())
    return TableProfile(name=name, source=source, rows=rows, columns=columns)


def _overview(column: str, kind: Kind) -> tuple[str, ...]:
    """How many values there are, the least, the greatest, and whether all are whole numbers."""
    name = identifier(column)
    if kind == "unknown":
        return f"count({name})", "NULL", "NULL", "NULL"
    whole = f"coalesce(bool_and({name} = floor({name})), false)" if kind == "number" else "false"
    return f"count({name})", f"min({name})", f"max({name})", whole


def _column(warehouse: Warehouse, relation: str, rows: int, column: str, kind: Kind, cells: Iterator[Scalar]) -> ColumnProfile:
    known, least, greatest, whole = (next(cells) for _ in range(4))
    name = identifier(column)
    groups = f"SELECT {name} AS v, count(*) AS n FROM {relation} WHERE {name} IS NOT NULL GROUP BY 1"
    found = warehouse.run(Query(sql=f"SELECT v, count(*) OVER () FROM ({groups}) ORDER BY n DESC, v LIMIT {EXAMPLES:d}")).rows
    return ColumnProfile(
        name=column,
        kind=kind,
        distinct=int(str(found[0][1])) if found else 0,
        nulls=rows - int(str(known)),
        minimum=least,
        maximum=greatest,
        examples=tuple(row[0] for row in found) if kind != "unknown" else (),
        whole=bool(whole),
    )


def references(warehouse: Warehouse, profiles: Sequence[TableProfile], named_for: Callable[[str, str, str], int]) -> tuple[Reference, ...]:
    """Columns that refer to a unique column of another table, each to the best one: by name first, then by how few values are unknown there.

    `named_for` says how well a column is named for the key of a table, 0 for not at all.
    """
    best: dict[tuple[str, str], tuple[tuple[int, float], Reference]] = {}
    for one in profiles:
        for key in one.columns:
            if not _identifies(key, one):
                continue
            for many in profiles:
                for column in many.columns if many is not one else ():
                    named = named_for(column.name, key.name, one.name)
                    if _comparable(column, key, named=bool(named)):
                        orphans = _orphans(warehouse, many, column, one, key)
                        share = orphans / (many.rows - column.nulls)
                        if share <= (ORPHANS_OF_A_NAME if named else ORPHANS_OF_VALUES):
                            reference = Reference(many=many.name, many_column=column.name, one=one.name, one_column=key.name, orphans=orphans)
                            rank = (-named, share)
                            place = (many.name, column.name)
                            if place not in best or rank < best[place][0]:
                                best[place] = (rank, reference)
    return _one_way(profiles, [reference for _, reference in best.values()])


def _identifies(column: ColumnProfile, table: TableProfile) -> bool:
    """Whether the column is a key of its table."""
    return column.kind in ("text", "number") and column.nulls == 0 and column.distinct == table.rows > 1 and (column.kind == "text" or column.whole)


def _comparable(column: ColumnProfile, key: ColumnProfile, *, named: bool) -> bool:
    """Whether it is worth looking: kinds fit, and the commonest values could be in the key."""
    if column.kind != key.kind or not column.distinct or (column.kind == "number" and not column.whole):
        return False
    if not named and (column.kind != "text" or column.distinct < 2 or column.distinct > key.distinct):
        return False
    low, high = str(key.minimum), str(key.maximum)
    return column.kind == "number" or named or any(low <= str(example) <= high for example in column.examples)


def _orphans(warehouse: Warehouse, many: TableProfile, column: ColumnProfile, one: TableProfile, key: ColumnProfile) -> int:
    """How many rows of `many` have a value that `one` does not know."""
    left, right = identifier(column.name), identifier(key.name)
    groups = f"SELECT {left} AS v, count(*) AS n FROM {warehouse.relation(many.source)} WHERE {left} IS NOT NULL GROUP BY 1"
    known = f"SELECT {right} AS v FROM {warehouse.relation(one.source)}"
    table = warehouse.run(Query(sql=f"SELECT coalesce(sum(n), 0) FROM ({groups}) AS l ANTI JOIN ({known}) AS r ON l.v = r.v"))
    return int(str(table.rows[0][0]))


def _one_way(profiles: Sequence[TableProfile], found: Sequence[Reference]) -> tuple[Reference, ...]:
    """Of two columns that refer to each other, the longer table's refers to the shorter's."""
    rows = {table.name: table.rows for table in profiles}
    pairs = {(r.many, r.many_column, r.one, r.one_column): r for r in found}
    kept = []
    for r in found:
        other = pairs.get((r.one, r.one_column, r.many, r.many_column))
        if other is None or (r.orphans, -rows[r.many], r.many) < (other.orphans, -rows[other.many], other.many):
            kept.append(r)
    return tuple(kept)

"""Which of the references found in the data are relationships people mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from insights.catalog.speakable import singular_of, stem_of, table_label, words_of
from insights.lake.profile import ColumnProfile, Reference, TableProfile

_NAMED_ORPHANS, _UNNAMED_ORPHANS = 0.6, 0.1
_NOTHING = ((), ("id",), ("key",), ("code",), ("name",), ("number",), ("no",))
"""Names of keys that say nothing of what they are the keys of."""


def relationships_of(profiles: Sequence[TableProfile], references: Sequence[Reference]) -> tuple[Reference, ...]:
    """The best reference of each column: names that agree first, else codes (text) nearly all of which are found; never numbers that only happen to fit."""
    tables = {profile.name: profile for profile in profiles}
    best: dict[tuple[str, str], tuple[float, Reference]] = {}
    for reference in references:
        score = _score(reference, tables)
        place = (reference.many, reference.many_column)
        if score > 0 and (place not in best or score > best[place][0]):
            best[place] = (score, reference)
    order = {profile.name: position for position, profile in enumerate(profiles)}
    return tuple(sorted((reference for _, reference in best.values()), key=lambda r: (order[r.many], r.many_column)))


def _score(reference: Reference, tables: Mapping[str, TableProfile]) -> float:
    if reference.many == reference.one or reference.many not in tables or reference.one not in tables:
        return 0
    many, one = _column(tables[reference.many], reference.many_column), _column(tables[reference.one], reference.one_column)
    if many is None or one is None or many.kind != one.kind or many.kind not in ("text", "number") or many.distinct < 2:
        return 0
    missing = reference.orphans / max(tables[reference.many].rows - many.nulls, 1)
    named = named_for(reference.many_column, reference.one_column, reference.one)
    if missing > (_NAMED_ORPHANS if named else _UNNAMED_ORPHANS):
        return 0
    if named:
        return 2 + named - missing
    # Unnamed: a column that identifies the rows of its own table refers to nothing; a unique column full of free text is referred to by nothing.
    itself = many.distinct == tables[reference.many].rows
    return 0 if many.kind != "text" or itself else 1 - missing


def named_for(column: str, key: str, table: str) -> int:
    """How well a column is named for the key of a table: 4 as that key of a table that is called so too, 3 as the key, 2 for one that ends in what the key or
    the table is called (also behind the part that it plays), 0 for none.

    >>> named_for("customer_id", "CustomerID", "customers"), named_for("carrier", "carrier", "airlines"), named_for("id", "id", "customers")
    (4, 3, 0)
    >>> named_for("OriginDepotID", "depot_id", "dim_depots"), named_for("orig_iata", "iata_cd", "airports"), named_for("amount", "id", "customers")
    (2, 2, 0)
    """
    thing = singular_of(table_label(table))
    stem, core = stem_of(column), stem_of(key)
    if words_of(column) == words_of(key) and words_of(key) not in _NOTHING:
        return 4 if stem == thing else 3
    return 2 if stem and any(said and (stem == said or stem.endswith(f" {said}")) for said in (thing, core)) else 0


def _column(table: TableProfile, name: str) -> ColumnProfile | None:
    return next((column for column in table.columns if column.name == name), None)

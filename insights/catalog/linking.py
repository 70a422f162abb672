"""Which of the references found in the data are relationships people mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from insights.catalog.speakable import label_of, singular_of, stem_of
from insights.lake.profile import ColumnProfile, Reference, TableProfile

_NAMED_ORPHANS, _UNNAMED_ORPHANS = 0.6, 0.1


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
    named = _named_alike(reference)
    if missing > (_NAMED_ORPHANS if named else _UNNAMED_ORPHANS):
        return 0
    if named:
        return 2 + named - missing
    # Unnamed: a column that identifies the rows of its own table refers to nothing; a unique column full of free text is referred to by nothing.
    itself = many.distinct == tables[reference.many].rows
    return 0 if many.kind != "text" or itself else 1 - missing


def _named_alike(reference: Reference) -> int:
    """3 for the same name, 2 for one that holds the other table's, 0 for neither."""
    table = singular_of(label_of(reference.one))
    if reference.many_column.casefold() == reference.one_column.casefold() and reference.one_column.casefold() not in ("id", "key", "code", "name"):
        return 3
    stem = stem_of(reference.many_column)
    return 2 if stem and (stem == table or stem == stem_of(reference.one_column) or stem.endswith(f" {table}")) else 0


def _column(table: TableProfile, name: str) -> ColumnProfile | None:
    return next((column for column in table.columns if column.name == name), None)

"""Figures for one of what is counted in a number: the cost per bed, where each ward has so many beds."""

from __future__ import annotations

from collections.abc import Sequence

from insights.catalog.model import Catalog
from insights.language.chunks import Chunk, Combined, Grouped, Measured, Mention
from insights.language.forms import singular
from insights.language.pieces import Piece


def per_unit(chunks: Sequence[Chunk], catalog: Catalog) -> list[Chunk]:
    """The phrases with "cost per bed" as a quotient: a number called in the plural is nothing to group by where one of it is said behind "per"."""
    found: list[Chunk] = []
    for chunk in chunks:
        before = found[-1] if found else None
        if isinstance(chunk, Grouped) and chunk.per and isinstance(before, Mention | Measured) and _is_one_of_many(chunk.piece, catalog):
            found[-1] = Combined(left=before, operator="/", right=Measured(function="sum", piece=chunk.piece))
        else:
            found.append(chunk)
    return found


def _is_one_of_many(piece: Piece, catalog: Catalog) -> bool:
    """Whether one is said of what a number is called by: "bed" of the beds."""
    said = piece.words.split(" ")[-1]
    names = {catalog.fields[link.id].label.lower().split(" ")[-1] for link in piece.fields}
    facts = bool(piece.fields) and all(catalog.fields[link.id].role == "fact" for link in piece.fields)
    return facts and not piece.metrics and not piece.datasets and all(name != said and singular(name) == said for name in names)

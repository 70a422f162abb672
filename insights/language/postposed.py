"""What is said behind the name of records and tells which of them are meant: "parcels that are damaged", "parcels not delivered yet"."""

from __future__ import annotations

from collections.abc import Sequence

from insights.catalog.model import Catalog
from insights.language.chunks import Chunk, Denied, Leftover, Measured, Mention, Missing, Timed, Verb
from insights.language.forms import singular
from insights.language.pieces import Piece


def read_behind(chunks: Sequence[Chunk], catalog: Catalog, plain: str) -> list[Chunk]:
    """The phrases, with a figure of some records in the place of the records and what they are, and a time that is unknown for what was not done."""
    found: list[Chunk] = []
    for place, chunk in enumerate(chunks):
        behind = next((other for other in chunks[place + 1 :] if not isinstance(other, Verb)), None)
        if isinstance(chunk, Denied) and _is_time(chunk.piece, catalog) and (not isinstance(behind, Timed) or " yet" in plain):
            found.append(Missing(piece=chunk.piece))  # but "not shipped in May" may be shipped in June
            continue
        before = next((other for other in reversed(found) if not isinstance(other, Verb) and not (isinstance(other, Leftover) and other.weak)), None)
        if isinstance(chunk, Mention) and not chunk.joined and _names_some(chunk, before, catalog):
            found.remove(before)  # type: ignore[arg-type]  # what names some of what stands before follows something
        found.append(chunk)
    return found


def _is_time(piece: Piece, catalog: Catalog) -> bool:
    return bool(piece.fields) and not piece.metrics and all(catalog.fields[link.id].role == "time" for link in piece.fields)


def _names_some(chunk: Mention, before: Chunk | None, catalog: Catalog) -> bool:
    """Whether a figure is called what is said with what stands before it: the "damaged parcels" behind "parcels"."""
    counted = isinstance(before, Mention) or (isinstance(before, Measured) and before.function == "count")
    if not counted or not isinstance(before, Mention | Measured) or not before.piece.metrics:
        return False
    said = {singular(word) for word in f"{chunk.piece.words} {before.piece.words}".split()}
    own = {singular(word) for word in chunk.piece.words.split()}
    labels = [{singular(word) for word in catalog.metrics[name].label.casefold().split()} for name in chunk.piece.metrics]
    return any(label == said and label != own for label in labels)

"""Whether a word that names a field or dataset and a value too is meant as the one or the other: "completed", "shows"."""

from __future__ import annotations

from insights.catalog.model import Catalog, FieldId
from insights.language.candidates import Candidates, Decisions
from insights.language.chunks import Chunk, Denied, Grouped, Limited, Mention, Ranked, Sorted, Valued
from insights.language.conditions import is_flag
from insights.language.phrasing import Phrasing
from insights.language.pieces import Piece
from insights.language.stuck import Ambiguous, Meaning

_PICKED = (Ranked, Limited, Sorted)


class Senses:
    """Settles such words for what is measured: what is within reach wins, and where both are, the one who asked must choose."""

    def __init__(self, candidates: Candidates, decisions: Decisions, catalog: Catalog) -> None:
        self._candidates = candidates
        self._decisions = decisions
        self._catalog = catalog
        self._phrasing = Phrasing(catalog)

    def settle(self, chunks: list[Chunk], facts: frozenset[str]) -> None:
        """Put a condition in the place of each phrase that is meant as a value. Raises Ambiguous."""
        picked = any(isinstance(chunk, _PICKED) for chunk in chunks)  # "top 3 shows" ranks shows
        for place, chunk in enumerate(chunks):
            match chunk:
                case Mention(piece=piece) | Denied(piece=piece) | Grouped(piece=piece, asked=False):
                    negated, joined = isinstance(chunk, Denied), isinstance(chunk, Mention) and chunk.joined
                    if facts and piece.values and not piece.metrics and self._is_value(piece, facts, picked=picked):
                        chunks[place] = Valued(piece=piece, negated=negated, joined=joined)
                case Valued(piece=piece, negated=True) if is_flag(piece, self._catalog) and self._is_name(piece, facts):
                    chunks[place] = Denied(piece=piece, words=f"not {piece.words}")  # "sessions that were not completed"
                case _:
                    pass

    def _is_value(self, piece: Piece, facts: frozenset[str], *, picked: bool) -> bool:
        values = self._reached([link.id for link in piece.values], facts)
        names = self._reached(self._named(piece), facts)
        if not values or set(values) & set(names):
            return False
        if not names:
            return True
        if picked and not is_flag(piece, self._catalog):
            return False
        decided = self._decisions.get(("sense", piece.words))
        if decided is None:
            told = next(link.value for link in piece.values if link.id == values[0])
            label = self._phrasing.field(names[0])
            named = Meaning(label if is_flag(piece, self._catalog) else f"by {label}", "name")
            raise Ambiguous(piece.words, [Meaning(f"{told} ({self._phrasing.field(values[0])})", "value"), named], ("sense", piece.words))
        return decided == "value"

    def _is_name(self, piece: Piece, facts: frozenset[str]) -> bool:
        return bool(self._reached(self._named(piece), facts)) and not self._reached([link.id for link in piece.values], facts)

    def _named(self, piece: Piece) -> list[FieldId]:
        naming = [self._candidates.naming(name) for name in piece.datasets]
        return [*(link.id for link in piece.fields), *(id_ for id_ in naming if id_ is not None)]

    def _reached(self, ids: list[FieldId], facts: frozenset[str]) -> list[FieldId]:
        return [id_ for id_ in dict.fromkeys(ids) if self._candidates.distance(facts, id_.dataset) is not None]

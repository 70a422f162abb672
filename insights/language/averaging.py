"""The average of what periods came to: "average monthly revenue", "how many orders a day on average"."""

from __future__ import annotations

from collections.abc import Sequence

from insights.catalog.model import Catalog
from insights.language.chunks import Bucketed, Chunk, Grouped, Leftover, Measured, Mention, Only, Timed, Valued, of

_AVERAGE = frozenset({"average", "avg", "mean", "on average", "the average", "average of", "mean of", "averaged", "typical"})
_EACH = ("daily", "weekly", "monthly", "quarterly", "yearly", "annual", "per ", "a ", "an ", "each ", "every ")
_PLAIN = (Bucketed, Measured, Mention, Leftover, Timed, Valued, Only, Grouped)
"""What may be said besides; whatever else shapes a question (ranks, comparisons) is read without an average of periods."""


def averaged(chunks: list[Chunk], catalog: Catalog) -> bool:
    """Whether the figures of periods are to be averaged; then `chunks` are left saying which figure, and over which periods.

    Only of figures that add up from period to period: the average of a rate is not that of its periods.
    """
    buckets = [chunk for chunk in of(chunks, Bucketed) if chunk.grain is not None and chunk.words.startswith(_EACH)]
    if len(buckets) != 1 or not all(isinstance(chunk, _PLAIN) for chunk in chunks) or len(of(chunks, Bucketed)) > 1:
        return False
    said = [chunk for chunk in chunks if isinstance(chunk, Measured | Mention)]
    words = [chunk for chunk in of(chunks, Leftover) if chunk.words in _AVERAGE]
    if len(said) != 1 or len(said[0].piece.metrics) != 1 or not catalog.metrics[said[0].piece.metrics[0]].additive:
        return False
    if not (words or (isinstance(said[0], Measured) and said[0].function == "avg")) or _is_odd(said, words):
        return False
    chunks[:] = [Mention(piece=chunk.piece) if chunk is said[0] else chunk for chunk in chunks if chunk not in words]
    return True


def _is_odd(said: Sequence[Measured | Mention], words: Sequence[Leftover]) -> bool:
    """Whether another aggregate is asked for: "the average of the highest"."""
    return (isinstance(said[0], Measured) and said[0].function not in ("avg", "count")) or len(words) > 1

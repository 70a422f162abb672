"""The average of what periods came to: "average monthly revenue", "how many orders a day on average"."""

from __future__ import annotations

from collections.abc import Sequence

from insights.catalog.model import Catalog
from insights.language.chunks import Bucketed, Chunk, Grouped, Leftover, Measured, Mention, Only, Timed, Valued, of
from insights.language.stuck import Stuck
from insights.requests import Unsupported

_AVERAGE = frozenset({"average", "avg", "mean", "on average", "the average", "average of", "mean of", "averaged", "typical"})
_EACH = ("daily", "weekly", "monthly", "quarterly", "yearly", "annual", "per ", "a ", "an ", "each ", "every ")
_PLAIN = (Bucketed, Measured, Mention, Leftover, Timed, Valued, Only)
"""What may be said besides; whatever else shapes a question (groups, ranks, comparisons) is read without an average of periods."""


def averaged(chunks: list[Chunk], catalog: Catalog) -> bool:
    """Whether the figures of periods are to be averaged; then `chunks` are left saying which figure, and over which periods.

    Only of figures that add up from period to period: the average of a rate is not that of its periods.
    """
    _check_groups(chunks, catalog)
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


def _check_groups(chunks: Sequence[Chunk], catalog: Catalog) -> None:
    """ "Average monthly revenue by region": one figure's periods are averaged at a time. Raises Stuck."""
    each = [chunk for chunk in of(chunks, Bucketed) if chunk.grain is not None and chunk.words.startswith(_EACH)]
    said = any(chunk.words in _AVERAGE for chunk in of(chunks, Leftover))
    measured = [chunk for chunk in chunks if isinstance(chunk, Measured | Mention) and any(catalog.metrics[name].additive for name in chunk.piece.metrics)]
    asked = said or (len(measured) == 1 and isinstance(measured[0], Measured) and measured[0].function == "avg")
    if len(each) == 1 and len(measured) == 1 and asked and of(chunks, Grouped):
        name, unit = measured[0].piece.words, each[0].grain
        told = (
            f"I can't take the average of {name} by {unit} for each group at once: ask for the average {name} per {unit} of one of them, "
            f"or for {name} by {unit} and group."
        )
        raise Stuck(Unsupported(reason=told, firm=True), cost=0.5)


def _is_odd(said: Sequence[Measured | Mention], words: Sequence[Leftover]) -> bool:
    """Whether another aggregate is asked for: "the average of the highest"."""
    return (isinstance(said[0], Measured) and said[0].function not in ("avg", "count")) or len(words) > 1

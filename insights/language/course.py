"""How something has gone from one time to another is told over time: "how has revenue been from January to June"."""

from __future__ import annotations

from collections.abc import Sequence

from insights.language.chunks import Against, Bucketed, Chunk, Comparing, Parted, Ranked, Timed, of
from insights.language.patterns import Pattern

_HOW = Pattern(r"\bhow (?:\w+ ){0,4}?(?:have|has) (?:\w+ ){0,4}?been\b")
_SPAN = Pattern(r"(?:from|between) .*\b(?:to|and|until|till|through)\b .*")


def followed(chunks: Sequence[Chunk], plain: str) -> Bucketed | None:
    """Over time, where it was asked how something has been between two times and nothing else says in which form; None elsewhere."""
    times = of(chunks, Timed)
    if len(times) != 1 or _HOW.search(plain) is None or _SPAN.fullmatch(times[0].found.words) is None:
        return None
    said = any(isinstance(chunk, Bucketed | Ranked | Against | Comparing | Parted) for chunk in chunks)
    return None if said else Bucketed(grain=None, words=times[0].found.words)

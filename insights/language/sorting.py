"""What groups are put in order by: "sorted by amount" is by the figure that is asked for, "sorted by orders" by another, which is told too."""

from __future__ import annotations

from insights.catalog.model import Catalog
from insights.language.checks import UnknownWords
from insights.language.chunks import Chunk, Combined, Grouped, Leftover, Measured, Mention, Ranked, Sorted, of

_SAYS = ("sort", "order", "rank", "in order of")
_FIGURE = frozenset("amount amounts value values size total totals volume figure figures number numbers count sum result results it them".split())
"""What a figure is called that has been named before."""


def settle(chunks: list[Chunk], catalog: Catalog) -> None:
    """Leave `chunks` saying by which figure they are put in order: it stands first. Raises UnknownWords for an order that is none of a figure."""
    sort = next((chunk for chunk in of(chunks, Sorted) if chunk.words.startswith(_SAYS)), None)
    if sort is None or of(chunks, Ranked):
        return
    place = next(at for at, chunk in enumerate(chunks) if chunk is sort)
    said = [chunk for chunk in chunks if isinstance(chunk, Combined | Measured) or (isinstance(chunk, Mention) and chunk.piece.metrics)]
    if not said or not any(chunk.asked for chunk in of(chunks, Grouped)):
        return
    by = _by(chunks, place)
    if by is None or (isinstance(by, Mention) and by is said[0]):
        return
    words = by.words if isinstance(by, Leftover) else by.piece.words
    if words in _FIGURE:
        chunks[:] = [chunk for chunk in chunks if chunk is not by]
    elif isinstance(by, Mention) and by.piece.metrics and said[0] is not by:
        _lead(chunks, by, said[0])
    elif isinstance(by, Mention) and not by.joined and not any(catalog.fields[link.id].role == "fact" for link in by.piece.fields):
        raise UnknownWords((f"{sort.words} {words}",))


def _by(chunks: list[Chunk], place: int) -> Leftover | Mention | Grouped | None:
    """What stands behind the word for the order; behind a "sort" that begins the sentence, what stands last."""
    last = chunks[-1]
    if place == 0 and isinstance(last, Grouped | Leftover):
        return last if len(of(chunks, Grouped)) > 1 or isinstance(last, Leftover) else None
    behind = chunks[place + 1] if place + 1 < len(chunks) else None
    return behind if isinstance(behind, Leftover | Mention) else None


def _lead(chunks: list[Chunk], by: Mention, said: Chunk) -> None:
    """Put the figure that decides the order before the one that was asked for; where it is the same it is said once."""
    chunks[:] = [chunk for chunk in chunks if chunk is not by]
    if isinstance(said, Mention) and said.piece.metrics == by.piece.metrics:
        return
    chunks.insert(chunks.index(said), by)
    if isinstance(said, Mention):
        chunks[chunks.index(said)] = Mention(piece=said.piece, joined=True)

"""Makes the phrases of a chart plain before it is told what is drawn: what stands against what, and which names say nothing more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from insights.language.cast import Cast
from insights.language.chunks import Chunk, Comparing, Counted, Drawn, Grouped, Measured, Mention, of
from insights.language.pieces import Piece


def settle(cast: Cast, *, dressing: bool) -> None:
    """Change the phrases in place; `dressing` when the utterance only says how the chart before it is to be divided or coloured."""
    _opposed(cast)
    _counted_numbers(cast)
    _shared_words(cast)
    _told_by(cast)
    _own_records(cast, dressing=dressing)
    _time_axis(cast)


def _opposed(cast: Cast) -> None:
    """What stands behind a "versus" is a side of its own, as if "and" had been said."""
    for before, chunk in zip(list(cast.chunks), cast.chunks[1:], strict=False):
        if isinstance(before, Comparing) and before.versus and isinstance(chunk, Mention):
            cast.put(chunk, replace(chunk, joined=True))


def _shared_words(cast: Cast) -> None:
    """ "Ratings of critics and viewers": the word that several names share adds nothing to them."""
    for chunk in of(cast.chunks, Mention):
        if is_shared(chunk.piece, cast.chunks):
            cast.take(chunk)


def counts_numbers(cast: Cast) -> Iterator[tuple[Mention, Mention]]:
    """Each pair of records that are counted and a number of theirs that is named with them: "the count of movie runtimes"."""
    for before, chunk in pairwise(cast.chunks):
        if isinstance(before, Mention) and isinstance(chunk, Mention) and before.piece.last == chunk.piece.first and not chunk.joined:
            counted = before.piece.metrics and cast.role(before.piece) == "records" and before.piece.words.startswith(("count of", "number of"))
            if counted and cast.role(chunk.piece) == "number" and not chunk.piece.metrics:
                yield before, chunk


def _counted_numbers(cast: Cast) -> None:
    """How many records there are of each size of a number is how that is spread."""
    for before, _ in list(counts_numbers(cast)):
        cast.put(before, Counted(words=before.piece.words))


def is_shared(piece: Piece, chunks: Sequence[Chunk]) -> bool:
    """Whether a word is part of the names of several things that are named in full beside it."""
    if piece.how != "part":
        return False
    whole = {link for chunk in chunks if isinstance(chunk, Mention | Grouped) and chunk.piece.how != "part" for link in chunk.piece.links}
    return len(whole & set(piece.links)) > 1


def _told_by(cast: Cast) -> None:
    """ "How many cylinders do cars have": a number that each record has is what they are told by, not what is counted."""
    if not any(cast.role(chunk.piece) == "records" for chunk in of(cast.chunks, Mention)):
        return
    for chunk in of(cast.chunks, Measured):
        if chunk.function == "count" and cast.is_numeric_group(chunk.piece):
            cast.put(chunk, Mention(piece=chunk.piece))


def _own_records(cast: Cast, *, dressing: bool) -> None:
    """The records whose numbers are drawn add nothing: "car model weights", "color the cars by origin"."""
    figures = bool(cast.parts.figures)
    for chunk in of(cast.chunks, Mention):
        if cast.role(chunk.piece) == "records" and not chunk.joined and (dressing or (figures and not chunk.piece.metrics)):
            cast.take(chunk)


def _time_axis(cast: Cast) -> None:
    """A time that stands along an axis or against a figure is what the figure goes by."""
    parts = cast.parts
    first = next((chunk for chunk in cast.chunks if not isinstance(chunk, Drawn)), None)
    drawn = cast.drawn("", "line", "bar", "scatter") or cast.relates or cast.opposes
    for chunk in of(cast.chunks, Mention):
        if cast.role(chunk.piece) == "time" and (parts.figures or parts.records) and (drawn or chunk is first):
            cast.put(chunk, Grouped(piece=chunk.piece))

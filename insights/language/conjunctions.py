"""What is said of one question but cannot hold of the same records: two sides, one thing or another, two dates, the figure of another figure."""

from __future__ import annotations

from collections.abc import Sequence

from insights.catalog.model import Catalog
from insights.language.chunks import Chunk, Comparing, Denied, Either, Leftover, Limited, Measured, Mention, Missing, Timed, Valued, Verb, of
from insights.language.measures import Measures
from insights.language.phrasing import Phrasing
from insights.language.stuck import Stuck
from insights.requests import Filter, Unsupported

_ONE_OR_OTHER = (
    "I can ask for several values of one field, but not for records of which the one or the other holds: conditions on different things hold together. "
    "Ask for each by itself."
)
_TWO_DATES = "I can go by one date at a time, and here are periods of two. Name one of them."


def eithers(chunks: Sequence[Chunk], places: Sequence[int]) -> list[Either]:
    """The conditions of which the one or the other is to hold; `places` are where "or" stands among the phrases, lists of values aside."""
    found = []
    for place in places:
        left = chunks[place - 1] if place else None
        right = next((chunk for chunk in chunks[place:] if not isinstance(chunk, Verb) and not (isinstance(chunk, Leftover) and chunk.weak)), None)
        if isinstance(left, Valued | Limited | Missing | Denied) and _conditions(right) and not _of_one_field(left, right):
            found.append(Either())
    return found


def _conditions(chunk: Chunk | None) -> bool:
    if isinstance(chunk, Mention):
        return bool(chunk.piece.fields) and not chunk.piece.metrics and not chunk.piece.datasets
    return isinstance(chunk, Valued | Limited | Missing | Denied)


def _of_one_field(left: Chunk | None, right: Chunk | None) -> bool:
    if not isinstance(left, Valued) or not isinstance(right, Valued) or {left.hint, right.hint} == {"from", "to"}:
        return False
    return bool({link.id for link in left.piece.values} & {link.id for link in right.piece.values})


def check_said(chunks: Sequence[Chunk], catalog: Catalog) -> None:
    """Raise Stuck where the phrases themselves say what is not answered by taking all of them as conditions."""
    if of(chunks, Either):
        raise Stuck(Unsupported(reason=_ONE_OR_OTHER))
    times = [place for place, chunk in enumerate(chunks) if isinstance(chunk, Timed)]
    between = chunks[times[0] : times[1]] if len(times) == 2 else ()
    if any(isinstance(chunk, Mention) and any(catalog.fields[link.id].role == "time" for link in chunk.piece.fields) for chunk in between):
        raise Stuck(Unsupported(reason=_TWO_DATES))  # "delivered in May that were picked up in April"
    for place, chunk in enumerate(chunks):
        if isinstance(chunk, Mention) and chunk.of and chunk.piece.metrics and len(chunk.piece.links) == len(chunk.piece.metrics):
            before = [other for other in chunks[:place] if isinstance(other, Mention | Measured) and other.piece.metrics]
            if before and all(_is_a_part(catalog, name) for name in chunk.piece.metrics) and not set(before[-1].piece.metrics) & set(chunk.piece.metrics):
                phrasing = Phrasing(catalog)
                one, other = phrasing.measure(before[-1].piece.metrics[0]), phrasing.measure(chunk.piece.metrics[0])
                raise Stuck(
                    Unsupported(reason=f"{one} and {other} are two figures, and the one is not told of the other; say by which field its records are chosen.")
                )


def _is_a_part(catalog: Catalog, name: str) -> bool:
    """Whether a metric counts some of the records alone."""
    metric = catalog.metrics[name]
    return bool(metric.aggregations) and all(part.where is not None for part in metric.aggregations)


def check_sides(chunks: Sequence[Chunk], measures: Measures, said: Sequence[Filter]) -> None:
    """Raise Stuck where conditions on different fields are the two sides of a comparison, or of two figures that were asked for.

    They are around a "versus", of one value, or where the figure is said for each: "flights from Paris and flights to Berlin" are not those that both hold of.
    """
    comparing = of(chunks, Comparing)
    named = [chunk.piece for chunk in of(chunks, Mention)] + [chunk.piece for chunk in of(chunks, Measured)]
    figures = [piece.metrics for piece in named if measures.can_measure(piece)]
    alike = len({condition.values for condition in said}) < len(said)
    sides = bool(comparing) and (any(chunk.versus for chunk in comparing) or alike or len(figures) > 1)
    twice = any(names and figures.count(names) > 1 for names in figures)
    if len(said) < 2 or not (sides or twice):
        return
    first, second = (" or ".join(map(str, one.values)) for one in said[:2])
    both = f"{first} and {second}" if first != second else f"{first} in two parts"
    raise Stuck(Unsupported(reason=f"I can compare values of one thing, such as two regions, and not {both}; ask for each by itself."))

"""What is said of one question but cannot hold of the same records: two sides, one thing or another, two dates, the figure of another figure."""

from __future__ import annotations

from collections.abc import Sequence

from insights.catalog.model import Catalog, FieldId
from insights.language.chunks import Chunk, Comparing, Denied, Either, Leftover, Limited, Measured, Mention, Missing, Timed, Valued, Verb, of
from insights.language.lexicon import FieldLink, ValueLink
from insights.language.measures import Measures
from insights.language.patterns import Pattern
from insights.language.phrasing import Phrasing
from insights.language.stuck import Stuck
from insights.requests import Filter, Unsupported

_ONE_OR_OTHER = (
    "I can ask for several values of one field, but not for records of which the one or the other holds: conditions on different things hold together. "
    "Ask for each by itself."
)
_EQUAL = Pattern(r"\s*=\s*'([^']*)'\s*")
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


def narrowed(chunks: Sequence[Chunk], catalog: Catalog) -> list[Chunk]:
    """The phrases, with what makes the records of a figure in its place where another is asked of them: "the average weight of damaged parcels"."""
    found: list[Chunk] = []
    for chunk in chunks:
        condition = _made_by(chunk, catalog) if isinstance(chunk, Mention) and _is_told_of(chunk, found, catalog) else None
        found.append(condition or chunk)
    return found


def _made_by(chunk: Mention, catalog: Catalog) -> Chunk | None:
    """The one condition by which a figure counts some of the records: a yes-or-no field, or one value of a field; None where it is another."""
    parts = [part for name in chunk.piece.metrics for part in catalog.metrics[name].aggregations]
    match parts[0].where if len(parts) == 1 and parts[0].function == "count" else None:
        case (FieldId() as id_,) if catalog.fields[id_].kind == "boolean":
            return Mention(piece=chunk.piece._replace(links=(FieldLink(id_),)))
        case (FieldId() as id_, str() as rest) if (value := _EQUAL.fullmatch(rest)) is not None and catalog.fields[id_].kind == "text":
            return Valued(piece=chunk.piece._replace(links=(ValueLink(id_, value[1]),)))
        case _:
            return None


def _is_told_of(chunk: Mention, before: Sequence[Chunk], catalog: Catalog) -> bool:
    """Whether a figure that counts some of the records stands behind another one and "of"."""
    if not (chunk.of and chunk.piece.metrics and len(chunk.piece.links) == len(chunk.piece.metrics)):
        return False
    others = [other for other in before if isinstance(other, Mention | Measured) and (other.piece.metrics or isinstance(other, Measured))]
    return bool(others) and all(_is_a_part(catalog, name) for name in chunk.piece.metrics) and not set(others[-1].piece.metrics) & set(chunk.piece.metrics)


def check_said(chunks: Sequence[Chunk], catalog: Catalog) -> None:
    """Raise Stuck where the phrases themselves say what is not answered by taking all of them as conditions."""
    if of(chunks, Either):
        raise Stuck(Unsupported(reason=_ONE_OR_OTHER))
    times = [place for place, chunk in enumerate(chunks) if isinstance(chunk, Timed)]
    between = chunks[times[0] : times[1]] if len(times) == 2 else ()
    if any(isinstance(chunk, Mention) and any(catalog.fields[link.id].role == "time" for link in chunk.piece.fields) for chunk in between):
        raise Stuck(Unsupported(reason=_TWO_DATES))  # "delivered in May that were picked up in April"
    for place, chunk in enumerate(chunks):
        if isinstance(chunk, Mention) and _is_told_of(chunk, chunks[:place], catalog):
            said = Phrasing(catalog).measure(chunk.piece.metrics[0])
            raise Stuck(Unsupported(reason=f"{said} are a figure of their own, and another is not told of them; say by which field their records are chosen."))


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

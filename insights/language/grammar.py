"""Reads a path of pieces from left to right into typed phrases."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from insights.language import asking, dividing, drawing, limiting, naming
from insights.language.chunks import Against, Chunk, Comparing, Either, Leftover, Only, Ranked, Split, Timed
from insights.language.conjunctions import eithers
from insights.language.cursor import Cursor
from insights.language.pieces import Piece


def read(pieces: Sequence[Piece]) -> tuple[Chunk, ...]:
    """The phrases that a path says, in order; what fits no rule comes back as `Leftover`."""
    cursor = Cursor(pieces)
    while cursor.here is not None:
        rule = _RULES[cursor.here.kind]
        rule(cursor)
    if cursor.count is not None:
        cursor.emit(Leftover(words=str(cursor.count)))  # a number of things, of which nothing was asked for
    return (*cursor.chunks, *eithers(cursor.chunks, cursor.ors))


def _filler(cursor: Cursor) -> None:
    cursor.take()


def _neutral(cursor: Cursor) -> None:
    cursor.emit(Leftover(words=cursor.take().words, weak=True))


def _unknown(cursor: Cursor) -> None:
    """Unknown words that stand together are one thing."""
    context = cursor.context
    words = [cursor.take().words]
    while cursor.here is not None and cursor.here.kind == "unknown" and not cursor.here.comma:
        words.append(cursor.take().words)
    cursor.emit(Leftover(words=" ".join(words), context=context))


def _time(cursor: Cursor) -> None:
    piece = cursor.take()
    assert piece.found is not None
    if asking.time_part(cursor, piece):
        return
    cursor.emit(Timed(found=piece.found))


def _number(cursor: Cursor) -> None:
    if not limiting.after(cursor):
        naming.number(cursor)


def _marker(cursor: Cursor) -> None:
    assert cursor.here is not None
    assert cursor.here.marker is not None
    rule = _MARKERS.get(cursor.here.marker.kind)
    if rule is None:
        piece = cursor.take()
        cursor.emit(Leftover(words=piece.words))
    else:
        rule(cursor)


def _versus(cursor: Cursor) -> None:
    """What it is compared to: a period, the one before, or another value."""
    cursor.take()
    cursor.skip_prepositions()
    if cursor.here is not None and asking.time_part(cursor, cursor.here):
        cursor.take()
        cursor.emit(Comparing())  # "on Mondays versus Fridays"
    elif cursor.here is not None and cursor.here.found is not None:
        cursor.emit(Against(found=cursor.here.found, words=cursor.take().words))
    elif cursor.here_is("number") and cursor.marks("bucket", ahead=1) and cursor.marks("before", ahead=2):
        said = [cursor.take().words for _ in range(3)]  # "the 90 days before"
        cursor.emit(Against(relative="previous", words=" ".join(said)))
    elif cursor.marks("before"):
        _before(cursor)
    else:
        cursor.emit(Comparing(versus=True))


def _before(cursor: Cursor) -> None:
    says = cursor.marker_says()
    piece = cursor.take()
    cursor.emit(Against(relative=says or "previous", words=piece.words))  # type: ignore[arg-type]  # the table holds these words only


def _moved(cursor: Cursor) -> None:
    most = cursor.marker_says() == "most"
    words = cursor.take().words
    cursor.emit(Against(relative="moved", words=words.split()[0] if most else words))
    if most:  # "which titles lost the most viewers"
        count, cursor.count = cursor.count, None
        cursor.emit(Ranked(direction="top", words="the most", count=count, plural=cursor.which_plural, of=cursor.here))


def _split(cursor: Cursor) -> None:
    cursor.take()
    cursor.emit(Split())


def _compare(cursor: Cursor) -> None:
    words = cursor.take().words
    if not (words.endswith("difference between") and naming.difference(cursor)):
        cursor.emit(Comparing(difference="difference" in words))


def _preposition(cursor: Cursor) -> None:
    assert cursor.here is not None
    assert cursor.here.marker is not None
    cursor.hint = cursor.here.marker.kind
    if (both := _both_ways(cursor)) is not None and len({link.id for link in both.values}) > 1:
        cursor.emit(Either())  # "to and from Paris": of flights that leave, or that arrive
    cursor.context = cursor.take().words
    cursor.hint_until = cursor.place


def _both_ways(cursor: Cursor) -> Piece | None:
    """What stands behind "to and from", "from or to"; None where one way is said."""
    ways = {cursor.hint}
    for steps in range(1, 4):
        piece = cursor.ahead(steps)
        if piece is None or piece.marker is None:
            return piece if {"from", "to"} <= ways else None
        ways.add(piece.words.split()[-1] if piece.marker.kind in ("and", "or") else piece.marker.kind)
    return None


def _joint(cursor: Cursor) -> None:
    if cursor.marks("or"):
        cursor.ors.append(len(cursor.chunks))
    cursor.take()
    cursor.joint = cursor.place


def _only(cursor: Cursor) -> None:
    cursor.take()
    cursor.emit(Only())


def _sign(cursor: Cursor) -> None:
    """A sign that joins no two measures: a dash parts what was said, and a slash stands between two groups; before a measure it would be lost."""
    piece = cursor.take()
    lost = piece.words not in ("-", "/") or (cursor.here is not None and (bool(cursor.here.metrics) or cursor.here_is("number")))
    if lost:
        cursor.emit(Leftover(words=piece.words))
    else:
        cursor.joint = cursor.place


_RULES: dict[str, Callable[[Cursor], None]] = {
    "filler": _filler,
    "neutral": _neutral,
    "unknown": _unknown,
    "time": _time,
    "number": _number,
    "name": naming.name,
    "marker": _marker,
}
_MARKERS: dict[str, Callable[[Cursor], None]] = {
    "by": dividing.by,
    "top": dividing.rank,
    "bottom": dividing.rank,
    "best": dividing.rank,
    "worst": dividing.rank,
    "which": dividing.which,
    "grain": dividing.grain,
    "trend": dividing.trend,
    "sort": dividing.sort,
    "how_many": naming.how_many,
    "function": naming.function,
    "percentile": naming.percentile,
    "divided": naming.ratio,
    "not": limiting.excluded,
    "than": limiting.than,
    "between": limiting.between,
    "missing": limiting.missing,
    "compare": _compare,
    "versus": _versus,
    "before": _before,
    "moved": _moved,
    "sign": _sign,
    "split": _split,
    "only": _only,
    "drawn": drawing.drawn,
    "axis": drawing.axis,
    "relates": drawing.relates,
    "counted": drawing.counted,
    "bucket": drawing.bucket,
    "unit": drawing.unit,
    "distinct": drawing.different,
    **dict.fromkeys(("and", "or", "everything", "same"), _joint),
    **dict.fromkeys(("of", "in", "for", "from", "to", "on"), _preposition),
    **asking.RULES,
}

"""Reads a path of pieces from left to right into typed phrases."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from insights.language.chunks import (
    Against,
    Asked,
    Bucketed,
    Chunk,
    Combined,
    Comparing,
    Direction,
    Grouped,
    Leftover,
    Limited,
    Measured,
    Mention,
    Missing,
    Only,
    Ranked,
    Sorted,
    Timed,
    Valued,
)
from insights.language.cursor import Cursor
from insights.language.forms import singular
from insights.language.pieces import Piece
from insights.requests import AggregateFunction, Operator

_OF_SIZE = frozenset(
    {
        "most",
        "greatest",
        "maximum number of",
        "the most",
        "with the most",
        "fewest",
        "least",
        "the least",
        "the fewest",
        "with the least",
        "with the fewest",
        "highest",
        "lowest",
    }
)
_PREPOSITIONS = ("in", "for", "from", "to", "on", "with", "of", "is")


def read(pieces: Sequence[Piece]) -> tuple[Chunk, ...]:
    """The phrases that a path says, in order; what fits no rule comes back as `Leftover`."""
    cursor = Cursor(pieces)
    while cursor.here is not None:
        rule = _RULES[cursor.here.kind]
        rule(cursor)
    return tuple(cursor.chunks)


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
    cursor.emit(Timed(found=piece.found))


def _number(cursor: Cursor) -> None:
    """A bare number counts what is ranked ("5 best regions", "the 3 regions with the most orders"); else it fits nowhere."""
    piece = cursor.take()
    assert piece.number is not None
    value = piece.number.value
    if cursor.marks("top", "bottom", "best", "worst") and isinstance(value, int) and value > 0:
        cursor.count = value
        cursor.ordinal = piece.number.ordinal
        return
    nxt = cursor.here
    if nxt is not None and nxt.kind == "name" and (nxt.fields or nxt.datasets) and isinstance(value, int) and 0 < value <= 1000 and not piece.number.ordinal:
        cursor.count = value
        return
    if cursor.marks("unit"):
        cursor.take()
    if piece.number.ordinal and cursor.marks("bucket"):
        cursor.take()
    cursor.emit(Leftover(words=piece.words))


def _name(cursor: Cursor) -> None:
    """A name: a condition when a value stands beside its field, a measure or dimension otherwise."""
    piece = cursor.take()
    if piece.fields and (value := cursor.value_of(piece)) is not None:
        cursor.emit(Valued(piece=value, field=piece, hint=cursor.hint))
        _more_values(cursor, negated=False, field=piece)
        return
    if piece.values and not piece.metrics and not piece.fields:
        _value(cursor, piece)
        return
    if piece.fields and cursor.marks("missing") and cursor.marker_text().startswith(("is ", "are ")):
        cursor.take()
        cursor.emit(Missing(piece=piece))
        return
    if cursor.group_open and (piece.fields or piece.datasets):
        cursor.group_open = False
        cursor.emit(Grouped(piece=piece, asked=False))
        return
    _measure(cursor, Mention(piece=piece, joined=cursor.is_joined))


def _value(cursor: Cursor, piece: Piece, *, negated: bool = False) -> None:
    hint, cursor.hint = cursor.hint, ""
    field = cursor.field_beside(piece)
    cursor.emit(Valued(piece=piece, negated=negated, field=field, hint=hint))
    _more_values(cursor, negated=negated, field=field)


def _more_values(cursor: Cursor, *, negated: bool, field: Piece | None) -> None:
    """Go on with "and APAC", ", APAC", "or APAC"."""
    while (nxt := cursor.next_in_list(lambda piece: bool(piece.values) and not piece.metrics and not piece.fields)) is not None:
        beside = cursor.field_beside(nxt) or field
        cursor.emit(Valued(piece=nxt, negated=negated, field=beside, joined=True))


def _measure(cursor: Cursor, left: Measured | Mention) -> None:
    """A measure, with the arithmetic that follows it."""
    operator = cursor.operator()
    if operator is not None:
        right = _operand(cursor)
        if right is not None:
            cursor.emit(Combined(left=left, operator=operator, right=right))
            return
        cursor.emit(Leftover(words=operator))
    cursor.emit(left)


def _operand(cursor: Cursor) -> Measured | Mention | None:
    cursor.skip_fillers()
    if cursor.marks("how_many"):
        cursor.take()
        function: AggregateFunction = "count"
        if cursor.marks("distinct"):
            cursor.take()
            function = "count_distinct"
        piece = cursor.name()
        return Measured(function=function, piece=piece) if piece else None
    if cursor.marks("function"):
        said = cursor.marker_says()
        cursor.take()
        cursor.skip_fillers()
        piece = cursor.name()
        return Measured(function=said, piece=piece) if piece else None  # type: ignore[arg-type]  # the table of markers holds aggregates only
    piece = cursor.name()
    return Mention(piece=piece) if piece else None


def _marker(cursor: Cursor) -> None:
    assert cursor.here is not None
    assert cursor.here.marker is not None
    rule = _MARKERS.get(cursor.here.marker.kind)
    if rule is None:
        piece = cursor.take()
        cursor.emit(Leftover(words=piece.words))
    else:
        rule(cursor)


def _by(cursor: Cursor) -> None:
    """By one or several fields, over time, or in the order of a metric."""
    per = cursor.take().words in ("per", "per each")
    if not _group(cursor, per=per):
        if cursor.here is not None and cursor.here.kind == "name" and cursor.here.metrics and not cursor.here.fields:
            cursor.emit(Sorted())
        return
    while (nxt := cursor.next_in_list(_groups)) is not None:
        _group_piece(cursor, nxt, per=False)


def _groups(piece: Piece) -> bool:
    if piece.kind == "marker":
        return piece.marker is not None and piece.marker.kind == "bucket"
    return piece.kind == "name" and bool(piece.fields or (piece.datasets and not piece.metrics))


def _group(cursor: Cursor, *, per: bool) -> bool:
    cursor.skip_fillers()
    piece = cursor.here
    if piece is None:
        return False
    if piece.kind == "name" and per and (piece.metrics or piece.datasets) and not piece.fields and isinstance(cursor.last, (Mention, Measured)):
        left = cursor.chunks.pop()
        assert isinstance(left, (Mention, Measured))
        cursor.take()
        cursor.emit(Combined(left=left, operator="/", right=Mention(piece=piece)))
        return True
    measured = any(isinstance(chunk, Measured) or (isinstance(chunk, Mention) and chunk.piece.metrics) for chunk in cursor.chunks)
    if piece.metrics and not measured and cursor.has(Ranked) and cursor.has(Grouped):
        return False  # "top 5 destinations by flights": what is ranked was said, and this is by which figure
    if not _groups(piece) and not (piece.kind == "name" and piece.datasets and not per and measured):
        return False
    cursor.take()
    _group_piece(cursor, piece, per=per)
    return True


def _group_piece(cursor: Cursor, piece: Piece, *, per: bool) -> None:
    if piece.marker is not None:
        cursor.emit(Bucketed(grain=piece.marker.says, words=piece.words))  # type: ignore[arg-type]  # the table of markers holds grains only
        return
    cursor.emit(Grouped(piece=piece, per=per))
    if (value := cursor.value_of(piece)) is not None:
        cursor.emit(Valued(piece=value, field=piece))
        _more_values(cursor, negated=False, field=piece)


def _rank(cursor: Cursor) -> None:
    """Top, bottom, best, worst; the count stands before or after it."""
    piece = cursor.take()
    assert piece.marker is not None
    direction: Direction = piece.marker.kind  # type: ignore[assignment]  # this rule serves these four kinds
    count, cursor.count = cursor.count, None
    position = count if cursor.ordinal else None
    cursor.ordinal = False
    if cursor.here is not None and cursor.here.kind == "number" and cursor.here.number is not None and not cursor.here.number.ordinal:
        value = cursor.here.number.value
        if isinstance(value, int) and value > 0:
            cursor.take()
            count = value
    while cursor.marks("top", "bottom", "best", "worst") or cursor.here_is("filler", "neutral"):
        cursor.take()
    nxt = cursor.here
    grouped = nxt is not None and not cursor.has(Grouped) and _is_ranked(cursor, nxt, sized=piece.words in _OF_SIZE)
    plural = _is_plural(nxt) if nxt is not None and (grouped or cursor.marks("bucket")) else cursor.which_plural
    cursor.emit(Ranked(direction=direction, words=piece.words, count=count, plural=plural, position=position))
    cursor.group_open = grouped
    if cursor.marks("bucket"):
        bucket = cursor.take()
        assert bucket.marker is not None
        cursor.emit(Bucketed(grain=bucket.marker.says, words=bucket.words, which=True))  # type: ignore[arg-type]  # the table holds grains only


def _is_ranked(cursor: Cursor, name: Piece, *, sized: bool) -> bool:
    """Whether the name behind a superlative is what is ranked ("top customers") rather than what it is ranked by ("the most customers")."""
    if name.kind != "name" or not (name.fields or name.datasets):
        return False
    if not name.metrics:
        return True
    return not sized or cursor.measured_later()


def _is_plural(piece: Piece) -> bool:
    last = piece.words.rpartition(" ")[2]
    return singular(last) != last


def _which(cursor: Cursor) -> None:
    """ "which regions", "what month": what is asked for is a member of it."""
    cursor.take()
    cursor.skip_fillers()
    if cursor.here is not None and cursor.here.kind == "number" and cursor.here.number is not None:
        value = cursor.here.number.value
        cursor.take()
        cursor.count = value if isinstance(value, int) and value > 0 else None
    piece = cursor.here
    if piece is None:
        return
    if cursor.marks("bucket"):
        cursor.take()
        assert piece.marker is not None
        cursor.emit(Bucketed(grain=piece.marker.says, words=piece.words, which=True))  # type: ignore[arg-type]  # the table holds grains only
    elif piece.kind == "name" and (piece.fields or piece.datasets) and (not piece.metrics or piece.fields):
        cursor.take()
        cursor.which_plural = _is_plural(piece)
        cursor.emit(Grouped(piece=piece, asked=False))


def _how_many(cursor: Cursor) -> None:
    piece = cursor.take()
    cursor.skip_fillers()
    function: AggregateFunction = "count"
    if cursor.marks("distinct"):
        cursor.take()
        function = "count_distinct"
    cursor.skip_fillers()
    _skip_adjectives(cursor)
    name = cursor.name()
    if name is None:
        if piece.words != "count" and not isinstance(cursor.last, Valued):
            cursor.emit(Leftover(words=piece.words))
        return
    _measure(cursor, Measured(function=function, piece=name))


def _skip_adjectives(cursor: Cursor) -> None:
    """ "how many EMEA orders": values before the name are conditions of it."""
    while (
        cursor.here is not None
        and cursor.here.kind == "name"
        and cursor.here.values
        and not (cursor.here.fields or cursor.here.datasets or cursor.here.metrics)
    ):
        _value(cursor, cursor.take())


def _function(cursor: Cursor) -> None:
    """An aggregate before its name; "in total" and the like without one say nothing."""
    says = cursor.marker_says()
    piece = cursor.take()
    cursor.skip_fillers("of")
    if says == "sum" and cursor.marks("how_many"):
        return
    if says == "avg" and cursor.marks("how_many"):
        cursor.averaged = True
        return
    _skip_adjectives(cursor)
    name = cursor.name()
    if name is None:
        if says != "sum":
            cursor.pending = says
            if not cursor.attach_function(says):
                cursor.emit(Leftover(words=piece.words))
        return
    if name.values and not (name.metrics or name.fields or name.datasets):
        cursor.emit(Leftover(words=piece.words))
        _value(cursor, name)
        return
    _measure(cursor, Measured(function=says, piece=name))  # type: ignore[arg-type]  # the table of markers holds aggregates only


def _than(cursor: Cursor) -> None:
    """A comparison with a number; before a period it is only a preposition."""
    says = cursor.marker_says()
    piece = cursor.take()
    cursor.skip_fillers()
    if cursor.here_is("time"):
        return
    number = cursor.quantity()
    if number is None:
        cursor.emit(Leftover(words=piece.words))
        return
    _limited(cursor, says, (number[0],), number[1], piece.words)  # type: ignore[arg-type]  # the table of markers holds operators only


def _limited(cursor: Cursor, op: Operator, numbers: tuple[int | float, ...], unit: str, words: str) -> None:
    target = None
    if cursor.here is not None and cursor.here.kind == "name" and (cursor.here.metrics or cursor.here.datasets or cursor.here.fields):
        target = cursor.take()
    elif isinstance(cursor.last, (Mention, Measured)):
        target = cursor.last.piece
    cursor.emit(Limited(op=op, numbers=numbers, unit=unit, target=target, words=words))


def _between(cursor: Cursor) -> None:
    piece = cursor.take()
    low = cursor.quantity()
    if low is None:
        if not cursor.here_is("name", "time"):
            cursor.emit(Leftover(words=piece.words))
        return
    if cursor.marks("and", "to"):
        cursor.take()
    high = cursor.quantity()
    if high is None:
        cursor.emit(Leftover(words=piece.words))
        return
    _limited(cursor, "between", (low[0], high[0]), high[1] or low[1], piece.words)


def _not(cursor: Cursor) -> None:
    """Values left out; anything else under a "not" is not understood."""
    piece = cursor.take()
    cursor.skip_prepositions()
    if cursor.marks("missing"):
        cursor.take()
        _missing_field(cursor, known=True)
        return
    name = cursor.name()
    if name is not None and name.fields and (value := cursor.value_of(name)) is not None:
        cursor.emit(Valued(piece=value, negated=True, field=name))
        _more_values(cursor, negated=True, field=name)
        return
    if name is not None and name.values:
        _value(cursor, name, negated=True)
        return
    if name is not None and name.fields and piece.words == "without":
        cursor.emit(Missing(piece=name))
        return
    cursor.emit(Leftover(words=f"{piece.words} {name.words}" if name else piece.words, context="not"))


def _missing(cursor: Cursor) -> None:
    piece = cursor.take()
    if not _missing_field(cursor, known=False):
        cursor.emit(Leftover(words=piece.words))


def _missing_field(cursor: Cursor, *, known: bool) -> bool:
    cursor.skip_fillers()
    name = cursor.name()
    if name is None:
        return False
    cursor.emit(Missing(piece=name, known=known))
    return True


def _versus(cursor: Cursor) -> None:
    """What it is compared to: a period, the one before, or another value."""
    cursor.take()
    cursor.skip_prepositions()
    if cursor.here is not None and cursor.here.found is not None:
        cursor.emit(Against(found=cursor.here.found, words=cursor.take().words))
    elif cursor.marks("before"):
        _before(cursor)
    else:
        cursor.emit(Comparing(versus=True))


def _before(cursor: Cursor) -> None:
    says = cursor.marker_says()
    piece = cursor.take()
    cursor.emit(Against(relative=says or "previous", words=piece.words))  # type: ignore[arg-type]  # the table holds these words only


def _grain(cursor: Cursor) -> None:
    piece = cursor.take()
    assert piece.marker is not None
    cursor.emit(Bucketed(grain=piece.marker.says, words=piece.words))  # type: ignore[arg-type]  # the table of markers holds grains only
    while (nxt := cursor.next_in_list(_groups)) is not None:
        _group_piece(cursor, nxt, per=False)


def _trend(cursor: Cursor) -> None:
    cursor.emit(Bucketed(grain=None, words=cursor.take().words))


def _compare(cursor: Cursor) -> None:
    cursor.take()
    cursor.emit(Comparing())


def _preposition(cursor: Cursor) -> None:
    assert cursor.here is not None
    assert cursor.here.marker is not None
    cursor.hint = cursor.here.marker.kind
    cursor.context = cursor.take().words
    cursor.hint_until = cursor.place


def _joint(cursor: Cursor) -> None:
    cursor.take()
    cursor.joint = cursor.place


def _only(cursor: Cursor) -> None:
    cursor.take()
    cursor.emit(Only())


def _asked(cursor: Cursor) -> None:
    says = cursor.marker_says()
    cursor.emit(Asked(analysis=says, words=cursor.take().words))


def _share(cursor: Cursor) -> None:
    cursor.emit(Asked(analysis="share", words=cursor.take().words))


def _weekday(cursor: Cursor) -> None:
    cursor.emit(Asked(analysis="weekday", words=cursor.take().words))


def _starts(cursor: Cursor) -> None:
    cursor.emit(Asked(analysis="starts_with", words=cursor.take().words))


def _sort(cursor: Cursor) -> None:
    says = cursor.marker_says()
    cursor.take()
    cursor.emit(Sorted(order=says))  # type: ignore[arg-type]  # the table of markers holds orders only


def _ratio(cursor: Cursor) -> None:
    """ "ratio of A to B"."""
    piece = cursor.take()
    left = _operand(cursor)
    if cursor.marks("to", "and"):
        cursor.take()
        right = _operand(cursor)
        if left is not None and right is not None:
            cursor.emit(Combined(left=left, operator="/", right=right))
            return
    cursor.emit(Leftover(words=piece.words))
    if left is not None:
        cursor.emit(left)


_RULES: dict[str, Callable[[Cursor], None]] = {
    "filler": _filler, "neutral": _neutral, "unknown": _unknown, "time": _time, "number": _number, "name": _name, "marker": _marker,
}  # fmt: skip
_MARKERS: dict[str, Callable[[Cursor], None]] = {
    "by": _by, "top": _rank, "bottom": _rank, "best": _rank, "worst": _rank, "which": _which, "how_many": _how_many, "function": _function, "grain": _grain,
    "trend": _trend, "compare": _compare, "versus": _versus, "not": _not, "only": _only, "than": _than, "between": _between, "share": _share,
    "divided": _ratio, "and": _joint, "or": _joint, "of": _preposition, "in": _preposition, "for": _preposition, "from": _preposition, "to": _preposition,
    "on": _preposition, "with": _preposition, "is": _preposition, "missing": _missing, "starts": _starts, "analysis": _asked, "before": _before, "sort": _sort,
    "everything": _joint, "weekday": _weekday, "same": _joint,
}  # fmt: skip

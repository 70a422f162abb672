"""Rules for names: what is measured, which values are meant, and the arithmetic between measures."""

from __future__ import annotations

from insights.language import drawing
from insights.language.chunks import Aim, Asked, Bucketed, Combined, Counted, Denied, Grouped, Leftover, Measured, Mention, Missing, Related, Valued
from insights.language.cursor import Cursor
from insights.language.pieces import Piece
from insights.language.vocabulary import UNITS
from insights.requests import AggregateFunction

_HAVING = frozenset({"with", "had", "have", "has", "having", "that had", "that have", "which had", "which have", "who had", "who have"})


def number(cursor: Cursor) -> None:
    """A bare number counts what is ranked ("5 best regions", "the 3 regions with the most orders"); else it fits nowhere."""
    piece = cursor.take()
    assert piece.number is not None
    value = piece.number.value
    if cursor.marks("top", "bottom", "best", "worst") and isinstance(value, int) and value > 0:
        cursor.count = value
        cursor.ordinal = piece.number.ordinal
        return
    nxt = cursor.here
    if nxt is not None and nxt.words.startswith("percentile") and isinstance(value, int) and 0 < value < 100 and _percentile(cursor, value):
        return
    if nxt is not None and nxt.kind == "name" and (nxt.fields or nxt.datasets) and isinstance(value, int) and 0 < value <= 1000 and not piece.number.ordinal:
        cursor.count = value
        return
    if cursor.marks("unit", "bucket") and cursor.marks("bins", ahead=1):
        drawing.stepped(cursor, value)
        return
    if cursor.marks("bins") and isinstance(value, int) and value > 0:
        cursor.count = value
        return
    if cursor.marks("drawn"):
        cursor.emit(Leftover(words=piece.words, weak=True))  # how many charts there are follows from what they show
        return
    unit = ""
    if cursor.marks("unit") or (cursor.marks("bucket") and cursor.marks("bins", ahead=1)):
        says = cursor.marker_says()
        unit = UNITS.get(cursor.take().words, "") or says
    if piece.number.ordinal and cursor.marks("bucket"):
        cursor.take()
    if (
        any(isinstance(chunk, Asked) and chunk.analysis in ("forecast", "pace") for chunk in cursor.chunks)
        and not piece.number.ordinal
        and not 1900 <= value <= 2100
    ):
        cursor.emit(Aim(number=value, words=piece.words))
        return
    cursor.emit(Leftover(words=piece.words, quantity=value, unit=unit))


def percentile(cursor: Cursor) -> None:
    """ "p95 of the order value", "the upper quartile of session length"."""
    at, words = int(cursor.marker_says()), cursor.marker_text()
    if not _percentile(cursor, at):
        cursor.take()
        cursor.emit(Leftover(words=words))


def _percentile(cursor: Cursor, at: int) -> bool:
    """ "The 90th percentile of order value", "order value at the 90th percentile"."""
    place, before = cursor.place, cursor.last
    cursor.take()
    cursor.skip_fillers("of", "in", "for")
    if (name := cursor.name()) is not None:
        measure(cursor, Measured(function="percentile", piece=name, at=at))
        return True
    cursor.place = place
    if isinstance(before, Mention) and before is cursor.chunks[-1]:
        cursor.take()
        cursor.chunks[-1] = Measured(function="percentile", piece=before.piece, at=at)
        return True
    return False


def name(cursor: Cursor) -> None:
    """A name: a condition when a value stands beside its field, a measure or dimension otherwise."""
    piece = cursor.take()
    if piece.how == "negated":
        cursor.emit(Denied(piece=piece, words=piece.words))
        return
    if piece.fields and (value := cursor.value_of(piece)) is not None:
        cursor.emit(Valued(piece=value, field=piece, hint=cursor.hint))
        more_values(cursor, negated=False, field=piece, way=cursor.hint)
        return
    if piece.values and not piece.metrics and not piece.fields:
        condition(cursor, piece)
        return
    if piece.fields and not piece.metrics and cursor.marks("known"):
        cursor.take()
        cursor.emit(Missing(piece=piece, known=True))
        return
    if piece.fields and cursor.marks("missing") and cursor.marker_text().startswith(("is ", "are ")):
        cursor.take()
        cursor.emit(Missing(piece=piece))
        return
    if cursor.hint == "in" and piece.words.endswith("s") and piece.words in UNITS and (cursor.has(Measured) or cursor.has(Mention)):
        cursor.emit(Leftover(words=piece.words))  # "total air time in hours" wants another unit, not a breakdown
        return
    if cursor.group_open and (piece.fields or piece.datasets):
        cursor.group_open = False
        cursor.emit(Grouped(piece=piece, asked=False))
        return
    if cursor.hint == "to" and piece.fields and not piece.values and isinstance(cursor.last, Mention | Measured):
        cursor.emit(Related(words="to"))  # "acceleration to horsepower" sets one against the other
    if _is_condition(cursor, piece):
        cursor.emit(Leftover(words=f"{cursor.context} {piece.words}"))
        return
    measure(cursor, Mention(piece=piece, joined=cursor.is_joined, of=cursor.hint in ("of", "for")))


def _is_condition(cursor: Cursor, piece: Piece) -> bool:
    """ "Revenue with a refund" asks for some of the revenue, not for two figures."""
    measured = cursor.has(Mention) or cursor.has(Measured)
    article = cursor.ahead(-2) if cursor.place > 1 else None
    one = cursor.context in ("with a", "with an") or (cursor.context in _HAVING and article is not None and article.words in ("a", "an", "any"))
    return measured and bool(piece.metrics) and cursor.hint == "with" and one and not cursor.marks("than", "between", "of")


def condition(cursor: Cursor, piece: Piece, *, negated: bool = False) -> None:
    """A value, with the field beside it and the values that go on from it."""
    hint, cursor.hint = cursor.hint, ""
    field = cursor.field_beside(piece)
    cursor.emit(Valued(piece=piece, negated=negated, field=field, hint=hint))
    more_values(cursor, negated=negated, field=field, way=hint)


def more_values(cursor: Cursor, *, negated: bool, field: Piece | None, way: str = "") -> None:
    """Go on with "and APAC", ", APAC", "or APAC"."""
    while (nxt := cursor.next_in_list(lambda piece: bool(piece.values) and not piece.metrics and not piece.fields, way=way)) is not None:
        beside = cursor.field_beside(nxt) or field
        cursor.emit(Valued(piece=nxt, negated=negated, field=beside, joined=True))


def measure(cursor: Cursor, left: Measured | Mention) -> None:
    """A measure, with the arithmetic that follows it, and the aggregate that was said well before it ("on average, how much was earned")."""
    if cursor.pending and isinstance(left, Mention) and (left.piece.metrics or left.piece.fields) and not left.piece.datasets:
        left = _owed(cursor, left)
    operator = cursor.operator()
    if operator is not None:
        right = _operand(cursor)
        if right is not None:
            cursor.emit(Combined(left=left, operator=operator, right=right))
            return
        cursor.emit(Leftover(words=operator))
    cursor.emit(left)


def difference(cursor: Cursor) -> bool:
    """ "The difference between revenue and refunds": the one minus the other. Whether two measures stand there; of anything else it is a comparison."""
    place = cursor.place
    cursor.skip_fillers()
    left = cursor.name()
    if left is not None and left.metrics and cursor.marks("and"):
        cursor.take()
        cursor.skip_fillers()
        right = cursor.name()
        if right is not None and right.metrics and not cursor.marks("and"):
            cursor.emit(Combined(left=Mention(piece=left), operator="-", right=Mention(piece=right)))
            return True
    cursor.place = place
    return False


def _owed(cursor: Cursor, left: Mention) -> Measured | Mention:
    """The measure under the aggregate that opened the sentence, if nothing but that was said."""
    said, cursor.pending = cursor.pending, ""
    lost = next((chunk for chunk in cursor.chunks if isinstance(chunk, Leftover) and not chunk.weak), None)
    if lost is None or any(isinstance(chunk, Mention | Measured) for chunk in cursor.chunks):
        return left
    cursor.chunks.remove(lost)
    return Measured(function=said, piece=left.piece)  # type: ignore[arg-type]  # the table of markers holds aggregates only


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


def how_many(cursor: Cursor) -> None:
    """ "How many orders", "number of distinct customers"."""
    piece = cursor.take()
    cursor.skip_fillers()
    function: AggregateFunction = "count"
    if cursor.marks("distinct"):
        cursor.take()
        function = "count_distinct"
    cursor.skip_fillers()
    if cursor.marks("bucket"):
        bucket = cursor.take()
        assert bucket.marker is not None
        cursor.emit(Bucketed(grain=bucket.marker.says, words=f"{piece.words} {bucket.words}", which=True, counted=True))  # type: ignore[arg-type]  # the table holds grains only
        return
    _skip_adjectives(cursor)
    name = cursor.name()
    if name is None:
        if isinstance(cursor.last, Valued) or piece.words.endswith(("count", "count of")):
            cursor.emit(Counted(words=piece.words))
        else:
            cursor.emit(Leftover(words=piece.words))
        return
    measure(cursor, Measured(function=function, piece=name))


def _skip_adjectives(cursor: Cursor) -> None:
    """ "how many EMEA orders", "how many unresolved contacts": what stands before the name are conditions of it."""
    while cursor.here is not None and cursor.here.how == "negated":
        name(cursor)
    while (
        cursor.here is not None
        and cursor.here.kind == "name"
        and cursor.here.values
        and not (cursor.here.fields or cursor.here.datasets or cursor.here.metrics)
    ):
        condition(cursor, cursor.take())


def function(cursor: Cursor) -> None:
    """An aggregate before its name; "in total" and the like without one say nothing."""
    says = cursor.marker_says()
    piece = cursor.take()
    cursor.skip_fillers("of")
    if says == "sum" and cursor.marks("how_many"):
        return
    if says == "avg" and cursor.marks("how_many"):
        cursor.take()
        cursor.skip_fillers("of", "distinct")
    _skip_adjectives(cursor)
    name = cursor.name()
    if name is None:
        last = cursor.last
        numbers = isinstance(last, Mention) and not last.piece.metrics and not last.piece.datasets and piece.words != "summed"
        if says == "sum" and (piece.words == "sum" or numbers):
            cursor.attach_function(says)  # a metric in total is that metric, a number of the records their sum
        if any(isinstance(chunk, Measured) and chunk.function == says for chunk in cursor.chunks):
            return  # "the typical amount, median please" says it twice
        if says != "sum" and not cursor.attach_function(says):
            cursor.pending = says
            cursor.emit(Leftover(words=piece.words))
        return
    if name.values and not (name.metrics or name.fields or name.datasets):
        cursor.emit(Leftover(words=piece.words))
        condition(cursor, name)
        return
    before = cursor.chunks[-1] if cursor.chunks else None
    if name.datasets and not name.fields and isinstance(before, Mention) and before.piece.fields and cursor.attach_function(says):
        cursor.emit(Mention(piece=name))  # "the weight sum of cars" is the sum of their weight
        return
    measure(cursor, Measured(function=says, piece=name))  # type: ignore[arg-type]  # the table of markers holds aggregates only


def ratio(cursor: Cursor) -> None:
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

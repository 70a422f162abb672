"""Rules for conditions: comparisons with numbers, what is left out, what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from insights.language import dividing, naming
from insights.language.analysis_words import POSTFIX
from insights.language.chunks import Again, Against, Denied, Grouped, Leftover, Limited, Measured, Mention, Missing, Timed, Valued
from insights.language.cursor import Cursor
from insights.language.pieces import Piece
from insights.language.timing import period_of, unit_of
from insights.language.vocabulary import UNITS
from insights.requests import Operator

_MORE_THAN = frozenset({"more than", "less than", "higher than", "lower than", "greater than", "larger than", "smaller than", "bigger than", "fewer than"})
_UNKNOWN = frozenset({"unknown", "unknowns", "missing", "blank", "blanks", "null", "nulls", "empty"})


def than(cursor: Cursor) -> None:
    """A comparison with a number; before a period it is only a preposition."""
    says = cursor.marker_says()
    piece = cursor.take()
    cursor.skip_fillers()
    if cursor.here_is("time"):
        _over_a_period(cursor, piece.words)
        return
    if piece.words in _MORE_THAN and cursor.marks("before"):
        relative = cursor.marker_says() or "previous"  # "is that more than the month before"
        cursor.emit(Against(relative=relative, words=cursor.take().words))  # type: ignore[arg-type]  # the table of markers holds these words only
        return
    if piece.words == "over" and _over_a_year(cursor):
        return
    number = cursor.quantity()
    if number is None and piece.words == "over" and dividing.over(cursor):
        return
    if number is None:
        cursor.emit(Leftover(words=piece.words))
        return
    if piece.words in POSTFIX:  # "over 20 and under 25", "under 5 or over 20": before its number the word says no "or equal"
        says = says.removesuffix("=")
        if piece.words.startswith("or "):
            cursor.ors.append(len(cursor.chunks))
    limited(cursor, says, (number[0],), number[1], piece.words, of=piece if piece.links else None)  # type: ignore[arg-type]  # the table of markers holds operators only


def _over_a_period(cursor: Cursor, words: str) -> None:
    """ "Q1 over Q4", "2025 over 2024": between two periods of one kind it sets the one against the other."""
    before, here = cursor.chunks[-1] if cursor.chunks else None, cursor.here
    if words in _MORE_THAN and here is not None and here.found is not None:
        cursor.emit(Against(found=here.found, words=cursor.take().words))  # "is it more than last year"
        return
    if words.endswith("than"):
        cursor.emit(Leftover(words=words))  # "older than last week" is no condition on that week
        return
    if words != "over" or not isinstance(before, Timed) or here is None or here.found is None:
        return
    units = {unit_of(period_of(found)) for found in (before.found, here.found)}
    if len(units) == 1 and None not in units:
        cursor.emit(Against(found=here.found, words=cursor.take().words))


def _over_a_year(cursor: Cursor) -> bool:
    """ "2025 over 2024": behind a year a bare number like one is a year too. Whether it was one."""
    before, number = cursor.chunks[-1] if cursor.chunks else None, cursor.here.number if cursor.here is not None else None
    if not isinstance(before, Timed) or number is None or number.symbol or not isinstance(number.value, int) or not 1900 <= number.value <= 2100:
        return False
    if unit_of(period_of(before.found)) != "year" or ((after := cursor.ahead(1)) is not None and after.words in UNITS):
        return False
    words = cursor.take().words
    start, end = datetime(number.value, 1, 1), datetime(number.value + 1, 1, 1)
    cursor.emit(Against(found=replace(before.found, first=-1, last=-1, start=start, end=end, span=words, words=words, relative=False), words=words))
    return True


def limited(cursor: Cursor, op: Operator, numbers: tuple[int | float, ...], unit: str, words: str, *, of: Piece | None = None) -> None:
    """A comparison with numbers `of` what it names itself, else of what is named behind or before it: "over 100 orders", "over two million in revenue"."""
    target = None
    if of is not None:
        cursor.emit(Limited(op=op, numbers=numbers, unit=unit, target=of, words=words))
        return
    if cursor.marks("in", "of") and (beyond := cursor.ahead(1)) is not None and beyond.metrics and not beyond.values:
        cursor.take()
        target = cursor.take()
        cursor.emit(Limited(op=op, numbers=numbers, unit=unit, target=target, words=words, behind=True))
        return
    behind, total = False, None
    if cursor.here is not None and cursor.here.kind == "name" and (cursor.here.metrics or cursor.here.datasets or cursor.here.fields):
        target, behind = cursor.take(), True
    elif isinstance(cursor.last, (Mention, Measured)):
        target = cursor.last.piece
        total = cursor.last if isinstance(cursor.last, Measured) and cursor.last.function in ("sum", "avg", "median") else None
    cursor.emit(Limited(op=op, numbers=numbers, unit=unit, target=target, words=words, behind=behind, total=total))


def after(cursor: Cursor) -> bool:
    """A comparison said behind its number: "three or more pieces". Whether it was one."""
    nxt = cursor.ahead(2 if cursor.marks("unit", "bucket", ahead=1) else 1)  # "60 minutes or more"
    if nxt is None or nxt.words not in POSTFIX:
        return False
    number = cursor.quantity()
    if number is None or not cursor.marks("than"):
        return False
    words = cursor.take().words
    limited(cursor, POSTFIX[words], (number[0],), number[1], words)
    return True


def between(cursor: Cursor) -> None:
    """A range of numbers; before names and periods it is only a preposition."""
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
    limited(cursor, "between", (low[0], high[0]), high[1] or low[1], piece.words)


def excluded(cursor: Cursor) -> None:
    """Values left out; anything else under a "not" is not understood."""
    piece = cursor.take()
    way = next((end for end in ("from", "to") if piece.words.endswith(f" {end}") or cursor.marks(end)), "")  # "not to France" is no destination there
    cursor.skip_prepositions()
    if way:
        cursor.hint, cursor.hint_until = way, cursor.place
    if cursor.marks("missing"):
        unknown = cursor.take()
        if not _missing_field(cursor, known=True) and not _of_the_groups(cursor):
            cursor.emit(Leftover(words=f"{piece.words} {unknown.words}"))
        return
    split = [chunk for chunk in cursor.chunks if isinstance(chunk, Grouped)]
    if len(split) == 1 and cursor.marker_text() in _UNKNOWN:
        cursor.take()
        cursor.emit(Missing(piece=split[0].piece, known=True))  # "revenue by device excluding unknown"
        return
    if cursor.here is not None and cursor.here.found is not None:
        cursor.emit(Again(negated=True, words=piece.words, found=cursor.here.found))
        cursor.take()
        return
    name = cursor.name()
    if name is not None and name.fields and (value := cursor.value_of(name)) is not None:
        cursor.emit(Valued(piece=value, negated=True, field=name))
        naming.more_values(cursor, negated=True, field=name)
        return
    if name is not None and name.values:
        naming.condition(cursor, name, negated=True)
        return
    if name is not None and name.fields and piece.words == "without":
        cursor.emit(Missing(piece=name, without=True))
        return
    if name is not None and name.fields:
        cursor.emit(Denied(piece=name, words=f"{piece.words} {name.words}"))
        return
    cursor.emit(Leftover(words=f"{piece.words} {name.words}" if name else piece.words, context="not"))


def missing(cursor: Cursor) -> None:
    """Rows in which a field is not known."""
    piece = cursor.take()
    if not _missing_field(cursor, known=False):
        cursor.emit(Leftover(words=piece.words))


def _of_the_groups(cursor: Cursor) -> bool:
    """ "By doctor, excluding unknown": what it is grouped by is known. Whether anything was grouped by."""
    groups = [chunk.piece for chunk in cursor.chunks if isinstance(chunk, Grouped)]
    for piece in groups:
        cursor.emit(Missing(piece=piece, known=True))
    return bool(groups)


def _missing_field(cursor: Cursor, *, known: bool) -> bool:
    cursor.skip_fillers()
    name = cursor.name()
    if name is None:
        return False
    cursor.emit(Missing(piece=name, known=known))
    return True

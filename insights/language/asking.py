"""Rules for what an analysis is asked with: its name, parts of time, the beginning of names, columns, aims, and the other time of a set."""

from __future__ import annotations

from insights.language import naming
from insights.language.chunks import Again, Against, Aim, Asked, Beginning, Bucketed, Columns, Grouped, Leftover, Measured, Mention, Parted, Verb
from insights.language.cursor import Cursor
from insights.language.parts_of_time import condition_of
from insights.language.pieces import Piece
from insights.requests import Part

_SHARES = ("share",)


def asked(cursor: Cursor) -> None:
    """An analysis by its name."""
    says = cursor.marker_says()
    cursor.emit(Asked(analysis=says, words=cursor.take().words))


def share(cursor: Cursor) -> None:
    """A part of a whole; "as a percentage of the total" is said behind what it is of."""
    says = cursor.marker_says()
    words = cursor.take().words
    cursor.emit(Asked(analysis="share", words=f"by {words}" if says == "ranked" and not words.startswith("by ") else words))


def _asks(cursor: Cursor, *analyses: str) -> bool:
    return any(isinstance(chunk, Asked) and chunk.analysis in analyses for chunk in cursor.chunks)


def verb(cursor: Cursor) -> None:
    """What comes behind the verb of a share is the part, what stands before it the whole; elsewhere it is a preposition."""
    piece = cursor.take()
    if _asks(cursor, *_SHARES):
        cursor.emit(Verb(words=piece.words))
    cursor.hint, cursor.hint_until, cursor.context = "from", cursor.place, piece.words


def is_(cursor: Cursor) -> None:
    """ "is", "are": in a share the verb, else nothing."""
    piece = cursor.take()
    if _asks(cursor, *_SHARES):
        cursor.emit(Verb(words=piece.words))
    cursor.hint, cursor.hint_until, cursor.context = "is", cursor.place, piece.words


def part(cursor: Cursor) -> None:
    """By a recurring part of time."""
    says = cursor.marker_says()
    cursor.emit(Parted(part=says, words=cursor.take().words))  # type: ignore[arg-type]  # the table of markers holds parts only


def named_part(cursor: Cursor) -> None:
    """A part of time by its bare name, behind "busiest" or in a list of groups; alone it says nothing."""
    says: Part = cursor.marker_says()  # type: ignore[assignment]  # the table of markers holds parts only
    cursor.emit(Parted(part=says, words=cursor.take().words))
    cursor.group_open = False


def time_part(cursor: Cursor, piece: Piece) -> bool:
    """A time that comes again and again is a condition: "on Mondays", "before 9 am". Whether it was one."""
    found = condition_of(piece)
    if found is None:
        return False
    cursor.emit(found)
    return True


def starts(cursor: Cursor) -> None:
    """What follows is the beginning of a name, word for word."""
    words = cursor.take().words
    texts: list[str] = []
    while (text := _beginning(cursor)) is not None:
        texts.append(text)
        if not cursor.marks("or", "and"):
            break
        cursor.take()
    last = cursor.last
    field = last.piece if isinstance(last, Mention | Measured | Grouped) else None
    cursor.emit(Beginning(texts=tuple(texts), field=field) if texts else Leftover(words=words))


def _beginning(cursor: Cursor) -> str | None:
    while cursor.marks("of", "in") or (cursor.here_is("filler") and cursor.marker_text() in ("letter", "letters")):
        cursor.take()
    if cursor.here is None or cursor.here.kind == "marker":
        return None
    words = [cursor.take().words]
    while cursor.here is not None and cursor.here.kind in ("unknown", "name") and not cursor.here.comma and not cursor.here.metrics and not cursor.here.fields:
        words.append(cursor.take().words)
    return " ".join(words).removeprefix("the letter ").removeprefix("letter ")


def columns(cursor: Cursor) -> None:
    """The fields that are told of each record; figures behind "and their" are measured."""
    place = cursor.place
    piece = cursor.take()
    cursor.skip_fillers()
    names: list[Piece] = []
    first = cursor.name()
    while first is not None and (first.fields or first.datasets):
        names.append(first)
        first = cursor.next_in_list(lambda other: other.kind == "name" and bool(other.fields) and not other.values)
    if names and not any(name.metrics and not name.fields for name in names):
        cursor.emit(Columns(pieces=tuple(names)))
        return
    cursor.place = place + 1
    cursor.joint = cursor.place
    if piece.words.startswith("with "):
        cursor.hint, cursor.hint_until, cursor.context = "with", cursor.place, piece.words


def again(cursor: Cursor) -> None:
    """ "and not since", "and again in June"."""
    says = cursor.marker_says()
    piece = cursor.take()
    cursor.skip_prepositions()
    found = cursor.take().found if cursor.here_is("time") else None
    cursor.emit(Again(negated=says == "not", words=piece.words, found=found))


def aim(cursor: Cursor) -> None:
    """ "reach 5 million"; what is reached without a number is told by its name."""
    piece = cursor.take()
    cursor.skip_fillers("than")
    number = cursor.quantity()
    if number is not None:
        cursor.emit(Aim(number=number[0], words=piece.words))
        cursor.skip_fillers("of", "in")
    elif not cursor.marks("analysis"):
        cursor.emit(Leftover(words=piece.words))


def started(cursor: Cursor) -> None:
    """ "by signup month": when the members of a cohort came."""
    says = cursor.marker_says()
    piece = cursor.take()
    if _asks(cursor, "cohorts"):
        cursor.emit(Bucketed(grain=says, words=piece.words))  # type: ignore[arg-type]  # the table of markers holds grains only
    else:
        cursor.emit(Leftover(words=piece.words))


def swing(cursor: Cursor) -> None:
    """ "why is churn up"."""
    piece = cursor.take()
    cursor.emit(Against(relative="moved", words=piece.words) if _asks(cursor, "drivers") else Leftover(words=piece.words))


RULES = {
    "analysis": asked,
    "share": share,
    "verb": verb,
    "is": is_,
    "part": part,
    "which_part": part,
    "name_part": named_part,
    "started": started,
    "starts": starts,
    "columns": columns,
    "again": again,
    "aim": aim,
    "swing": swing,
}
"""By the kind of marker."""

__all__ = ["RULES", "naming", "time_part"]

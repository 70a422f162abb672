"""Rules for what an analysis is asked with: its name, parts of time, the beginning of names, columns, aims, and the other time of a set."""

from __future__ import annotations

from insights.language import dividing, drawing
from insights.language.chunks import Again, Against, Aim, Asked, Beginning, Binned, Bucketed, Columns, Grouped, Leftover, Measured, Mention, More, Parted, Verb
from insights.language.cursor import Cursor
from insights.language.parts_of_time import condition_of
from insights.language.pieces import Piece
from insights.language.vocabulary import UNITS
from insights.requests import Part

_AHEAD = ("going to",)
_DEEDS = frozenset("buy by order purchase pay spend return come visit use".split())
"""What customers do, as it is said behind "did not"; "buy" is heard as "by" as well."""
_SINCE = frozenset({"since", "since then", "again", "afterwards", "after that", "later"})
_SHARES = ("share",)
_PARTS = {"half": 0.5, "quarter": 0.25}


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
    last = piece.words.split()[-1]
    cursor.hint, cursor.hint_until, cursor.context = "on" if last in ("on", "via", "through") else "from", cursor.place, piece.words


def is_(cursor: Cursor) -> None:
    """ "is", "are": in a share the verb, else nothing."""
    piece = cursor.take()
    if _asks(cursor, *_SHARES):
        cursor.emit(Verb(words=piece.words))
    cursor.hint, cursor.hint_until, cursor.context = "is", cursor.place, piece.words


def part(cursor: Cursor) -> None:
    """By a recurring part of time, and by what is listed behind it; an hour beside a weekday is that of the day."""
    says = cursor.marker_says()
    cursor.emit(Parted(part=says, words=cursor.take().words))  # type: ignore[arg-type]  # the table of markers holds parts only
    while (nxt := cursor.next_in_list(_listed)) is not None:
        assert nxt.marker is not None
        cursor.emit(Parted(part=nxt.marker.says, words=nxt.words))  # type: ignore[arg-type]  # as above, and "hour"


def _listed(piece: Piece) -> bool:
    """Whether a recurring part of time stands there by its bare name."""
    return piece.marker is not None and (piece.marker.kind in ("part", "name_part") or (piece.marker.kind, piece.marker.says) == ("bucket", "hour"))


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
    deed = _deed(cursor)
    relative = cursor.marks("before") and cursor.marker_says() != "chain"
    if relative:
        relative_words = cursor.take().words
        cursor.emit(Again(negated=says == "not", words=f"{piece.words} {relative_words}", before=relative_words))
        return
    found = cursor.take().found if cursor.here_is("time") else None
    if found is None and says == "also" and piece.words.startswith("also "):  # "also ordered in Germany" is no other time
        cursor.emit(Leftover(words=piece.words))
        return
    if found is None and piece.words.endswith(" not") and cursor.marker_text() in _SINCE:
        cursor.take()
    elif found is None and piece.words.endswith(" not") and cursor.here is not None:  # "but did not order shoes in June" is more than a time
        cursor.emit(Leftover(words=f"{piece.words} {deed}".strip()))
        return
    cursor.emit(Again(negated=says == "not", words=piece.words, found=found))


def _deed(cursor: Cursor) -> str:
    """What they did is what they did before, where only a time is said of it: "who had not ordered the month before", "did not buy in June"."""
    here, place = cursor.here, cursor.place
    if here is None or not (here.kind == "unknown" or here.words.endswith("ed") or here.words in _DEEDS):
        return ""
    cursor.take()
    cursor.skip_prepositions()
    if cursor.here is None or cursor.here_is("time") or cursor.marks("before") or cursor.marker_text() in _SINCE:
        return here.words
    cursor.place = place
    return ""


def aim(cursor: Cursor) -> None:
    """ "reach 5 million"; what is reached without a number is told by its name."""
    piece = cursor.take()
    cursor.skip_fillers("than")
    figure = cursor.here
    number = cursor.quantity()
    if number is not None and figure is not None:
        cursor.emit(Aim(number=number[0], words=f"{piece.words} {figure.words}", ahead=cursor.said_before(*_AHEAD)))
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
    if _asks(cursor, "drivers"):
        cursor.emit(Against(relative="moved", words=piece.words))
    elif not (piece.words in ("up", "down") and cursor.said_before("break", "split", "drill", "slice", "cut", "pull", "bring")):
        cursor.emit(Leftover(words=piece.words))


def last(cursor: Cursor) -> None:
    """ "The last five orders": the most recent ones, where a number says how many."""
    number = cursor.ahead(1)
    if number is not None and number.kind == "number" and number.number is not None and not number.number.ordinal:
        dividing.rank(cursor)
        return
    cursor.emit(Leftover(words=cursor.take().words))


def more(cursor: Cursor) -> None:
    """ "Premium or Family, which had more": of what there is more is asked, where two were named; "why is churn higher" asks for reasons."""
    if _asks(cursor, "drivers"):
        swing(cursor)
        return
    cursor.emit(More(words=cursor.take().words))


def with_(cursor: Cursor) -> None:
    """ "Orders with region and category": what is told of each record; before anything else a preposition."""
    place = cursor.place
    piece = cursor.take()
    said = [chunk for chunk in cursor.chunks if isinstance(chunk, Mention | Measured) and (chunk.piece.metrics or chunk.piece.datasets)]
    events = len(said) == 1 and isinstance(said[0], Mention) and bool(said[0].piece.datasets)
    names: list[Piece] = []
    if events and piece.words == "with":
        first = cursor.name()
        while first is not None and _is_column(first) and not cursor.marks("than", "between", "is", "missing", "starts", "known"):
            names.append(first)
            first = cursor.next_in_list(_is_column)
        if names and first is None and not cursor.here_is("name", "number"):
            cursor.emit(Columns(pieces=tuple(names), plain=True))
            return
    cursor.place = place + 1
    cursor.hint, cursor.hint_until, cursor.context = "with", cursor.place, piece.words


def _is_column(piece: Piece) -> bool:
    return piece.kind == "name" and bool(piece.fields) and not piece.values and not piece.metrics


def steps(cursor: Cursor) -> None:
    """ "In fifty dollar steps": the number stands in front."""
    piece = cursor.take()
    said = cursor.chunks[-1] if cursor.chunks else None
    if isinstance(said, Leftover) and said.words in UNITS and said.quantity is None:
        cursor.chunks.pop()
        before = cursor.chunks[-1] if cursor.chunks else None
        part = _PARTS.get(before.words) if isinstance(before, Leftover) else None
        if part is not None:
            cursor.chunks.pop()
        cursor.emit(Binned(width=part or 1, unit=UNITS[said.words], words=piece.words))
        return
    if isinstance(said, Leftover) and said.quantity is not None:
        cursor.chunks[-1] = Binned(width=said.quantity, unit=said.unit, words=piece.words)
    elif cursor.count is not None:
        cursor.emit(Binned(width=cursor.count, words=piece.words))
        cursor.count = None
    else:
        cursor.emit(Leftover(words=piece.words))


def bins(cursor: Cursor) -> None:
    """Steps of a number, said before or behind it."""
    if cursor.marker_says() == "after":
        steps(cursor)
    else:
        drawing.bins(cursor)


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
    "last": last,
    "more": more,
    "with": with_,
    "bins": bins,
}
"""By the kind of marker."""

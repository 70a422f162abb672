"""Rules for what a figure is split by, and for the order and number of what is shown."""

from __future__ import annotations

from insights.language import naming
from insights.language.chunks import Bucketed, Combined, Comparing, Direction, Grouped, Leftover, Measured, Mention, Parted, Ranked, Sorted, Split, Valued
from insights.language.cursor import Cursor
from insights.language.forms import singular
from insights.language.pieces import Piece
from insights.language.spelling import DEEDS
from insights.language.vocabulary import UNITS

_OF_SIZE = frozenset(
    phrase + word for word in ("most", "greatest", "fewest", "least", "highest", "lowest", "maximum number of") for phrase in ("", "the ", "with the ")
)
"""Superlatives that say how much of something there is, rather than which members come first."""
_DONE = frozenset({"placed", "made", "recorded", "logged", "generated", "produced"})


def by(cursor: Cursor) -> None:
    """By one or several fields, over time, or in the order of a metric."""
    said = cursor.take().words
    per = said in ("per", "per each")
    if _names_the_doer(cursor):
        cursor.hint, cursor.hint_until = "from", cursor.place
        return
    if not _group(cursor, per=per, whole=said.endswith(("all", "all the")), each=per or said.endswith(("each", "every"))):
        if cursor.here is not None and cursor.here.kind == "name" and cursor.here.metrics and not cursor.here.fields:
            cursor.emit(Sorted())
        elif cursor.here is None:
            cursor.emit(Split())
        elif cursor.marks("by") and cursor.marker_text() in ("color", "colour") and cursor.ahead(1) is None:
            cursor.emit(Leftover(words=cursor.take().words))  # of a chart it says what is told apart by colours; here it is what is asked for
        elif cursor.marks("more", "in", "for", "from", "on"):
            cursor.emit(Leftover(words=said))
        elif cursor.here_is("neutral"):
            cursor.emit(Leftover(words=cursor.take().words))
        elif cursor.here is not None and cursor.here.values and said.endswith(("each", "every")):
            cursor.emit(Comparing())  # "one for each EMEA and APAC" sets the values side by side
        return
    while (nxt := cursor.next_in_list(_groups)) is not None:
        _group_piece(cursor, nxt, per=False)


def over(cursor: Cursor) -> bool:
    """ "Budget over release years", "gross over genres": by them, where no number is compared with."""
    if cursor.marks("by", "distinct"):
        return True
    if cursor.here is None or not _groups(cursor.here) or cursor.here.metrics:
        return False
    _group_piece(cursor, cursor.take(), per=False)
    while (nxt := cursor.next_in_list(_groups)) is not None:
        _group_piece(cursor, nxt, per=False)
    return True


def _names_the_doer(cursor: Cursor) -> bool:
    """ "orders placed by customers in Japan": whose they are, not what they are split by."""
    done = cursor.chunks[-1] if cursor.chunks else None
    piece = cursor.here
    made = isinstance(done, Leftover) and done.weak and done.words in _DONE
    earned = isinstance(done, Mention | Measured) and done.piece.words in DEEDS
    return (made or earned) and piece is not None and bool(piece.datasets) and not piece.fields


def _groups(piece: Piece) -> bool:
    if piece.kind == "marker":
        return piece.marker is not None and piece.marker.kind == "bucket"
    return piece.kind == "name" and bool(piece.fields or (piece.datasets and not piece.metrics))


def _group(cursor: Cursor, *, per: bool, whole: bool = False, each: bool = False) -> bool:
    while cursor.here_is("filler") or cursor.lengthens(_groups):
        if cursor.here_is("neutral"):
            cursor.emit(Leftover(words=cursor.marker_text(), weak=True))
        cursor.take()
    cursor.skip_owner(_groups)
    piece = cursor.here
    if piece is None:
        return False
    if piece.kind == "name" and per and (piece.metrics or piece.datasets) and not piece.fields and isinstance(cursor.last, (Mention, Measured)):
        left = cursor.last
        cursor.chunks.remove(left)
        cursor.take()
        cursor.emit(Combined(left=left, operator="/", right=Mention(piece=piece)))
        return True
    measured = any(isinstance(chunk, Measured) or (isinstance(chunk, Mention) and chunk.piece.metrics) for chunk in cursor.chunks)
    if piece.metrics and not measured and cursor.has(Ranked) and cursor.has(Grouped):
        return False  # "top 5 destinations by flights": what is ranked was said, and this is by which figure
    if not _groups(piece) and not (piece.kind == "name" and piece.datasets and not per and measured):
        return False
    cursor.take()
    _group_piece(cursor, piece, per=per, whole=whole, each=each)
    return True


def _group_piece(cursor: Cursor, piece: Piece, *, per: bool, whole: bool = False, each: bool = False) -> None:
    if piece.marker is not None:
        cursor.emit(Bucketed(grain=piece.marker.says, words=piece.words, each=each))  # type: ignore[arg-type]  # the table of markers holds grains only
        return
    cursor.emit(Grouped(piece=piece, per=per, whole=whole))
    _skip_bearer(cursor, piece)
    if (value := cursor.value_of(piece)) is not None:
        cursor.emit(Valued(piece=value, field=piece))
        naming.more_values(cursor, negated=False, field=piece)


def _skip_bearer(cursor: Cursor, piece: Piece) -> None:
    """ "By the specialty of the doctor", "by name of customer": whose it is adds nothing where it stands in the same dataset."""
    step = 1
    while (behind := cursor.ahead(step)) is not None and behind.kind == "filler":
        step += 1
    measured = any(isinstance(chunk, Measured) or (isinstance(chunk, Mention) and (chunk.piece.metrics or chunk.piece.datasets)) for chunk in cursor.chunks)
    bears = behind is not None and (behind.datasets or (measured and behind.fields))  # "by year of the gross" has yet to say what is measured
    if not cursor.marks("of") or behind is None or behind.kind != "name" or behind.metrics or behind.values or not bears:
        return
    own = {link.id for link in piece.fields}
    bearer = {link.id.dataset for link in behind.fields} | set(behind.datasets)
    if own and bearer == {id_.dataset for id_ in own} and not own & {link.id for link in behind.fields}:
        cursor.place += step + 1


def rank(cursor: Cursor) -> None:
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
    if (
        cursor.here is not None
        and cursor.here.how == "part"
        and cursor.here.words.endswith("ed")
        and (name := cursor.ahead(1)) is not None
        and name.kind == "name"
    ):
        cursor.emit(Leftover(words=cursor.take().words, weak=True))  # "the most watched genres"
    nxt = cursor.here
    grouped = nxt is not None and not cursor.has(Grouped) and _is_ranked(cursor, nxt, sized=piece.words in _OF_SIZE)
    plural = _is_plural(nxt) if nxt is not None and (grouped or cursor.marks("bucket") or nxt.values) else cursor.which_plural
    cursor.emit(Ranked(direction=direction, words=piece.words, count=count, plural=plural, of=nxt, position=position))
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


def which(cursor: Cursor) -> None:
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
    if cursor.marks("bucket") and cursor.marker_says() == "hour" and piece.words == "hour":
        cursor.emit(Parted(part="hour", words=cursor.take().words))  # "which hour has the most calls" is one of the twenty-four
    elif cursor.marks("bucket"):
        cursor.take()
        assert piece.marker is not None
        cursor.emit(Bucketed(grain=piece.marker.says, words=piece.words, which=True))  # type: ignore[arg-type]  # the table holds grains only
    elif piece.kind == "name" and (piece.fields or piece.datasets) and (not piece.metrics or piece.fields):
        cursor.take()
        cursor.which_plural = _is_plural(piece)
        cursor.emit(Grouped(piece=piece, asked=False))
    elif piece.kind == "name" and piece.datasets:
        cursor.take()
        cursor.which_plural = _is_plural(piece)
        naming.measure(cursor, Mention(piece=piece, picked=True))


def grain(cursor: Cursor) -> None:
    """By a unit of time, and by what is listed behind it ("by month and region")."""
    piece = cursor.take()
    assert piece.marker is not None
    each = any(word in ("each", "every", "per") for word in piece.words.split())
    cursor.emit(Bucketed(grain=piece.marker.says, words=piece.words, each=each))  # type: ignore[arg-type]  # the table of markers holds grains only
    while (nxt := cursor.next_in_list(_groups)) is not None:
        _group_piece(cursor, nxt, per=False)


def trend(cursor: Cursor) -> None:
    """Over time, in steps that fit."""
    cursor.emit(Bucketed(grain=None, words=cursor.take().words))


def sort(cursor: Cursor) -> None:
    """In an order."""
    says = cursor.marker_says()
    words = cursor.take().words
    if says and (cursor.marks("bucket") or (cursor.here is not None and cursor.here.words.split()[-1] in UNITS and cursor.here.fields)):
        return  # "by ascending years" is the order that time has anyway
    cursor.emit(Sorted(order=says, words=words))  # type: ignore[arg-type]  # the table of markers holds orders only

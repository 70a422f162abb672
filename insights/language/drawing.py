"""Rules for charts: what is drawn, in which steps, and how one thing goes with another."""

from __future__ import annotations

from insights.language.chunks import Asked, Binned, Bucketed, Comparing, Counted, Drawn, Grouped, Leftover, Mention, Related
from insights.language.cursor import Cursor

_LOOKS = ("parts", "")


def drawn(cursor: Cursor) -> None:
    """A chart, or how it is dressed."""
    says = cursor.marker_says()
    words = cursor.take().words
    cursor.emit(Leftover(words=words, weak=True) if says == "looks" else Drawn(form=says, words=words))
    cursor.hint = ""


def axis(cursor: Cursor) -> None:
    """Along an axis: what stands there is named before or behind it; where the axis ends is not told by data."""
    says = cursor.marker_says()
    words = cursor.take().words
    cursor.emit(Drawn(form="", words=words))
    if says == "limit" and cursor.here_is("number"):
        cursor.emit(Leftover(words=f"{words} {cursor.take().words}", weak=True))
    cursor.hint = ""


def relates(cursor: Cursor) -> None:
    """ "varies with", "behaves": one thing beside another."""
    cursor.emit(Related(words=cursor.take().words))


def counted(cursor: Cursor) -> None:
    """How many records there are, without a name for them."""
    words = cursor.take().words
    cursor.skip_fillers()
    named = cursor.here_is("name") and cursor.here is not None and bool(cursor.here.metrics or cursor.here.datasets)
    if words in ("how often", "how frequently") and named:
        cursor.emit(Leftover(words=words))  # "how often do customers order" does not ask how many there are of either
    else:
        cursor.emit(Counted(words=words))


def bins(cursor: Cursor) -> None:
    """ "bin width of 500", "8 bins", "by weight buckets"; without a number the steps are ours to choose."""
    says = cursor.marker_says()
    words = cursor.take().words
    cursor.skip_prepositions()
    count, cursor.count = cursor.count, None
    number = cursor.here.number if cursor.here is not None else None
    if number is not None and not number.ordinal and says in ("width", "bins", ""):
        cursor.take()
        while cursor.marks("unit") or (cursor.marks("bins") and cursor.marker_says() == ""):
            cursor.take()
        cursor.emit(_binned(number.value, says or "width", words))
    elif count is not None:
        cursor.emit(_binned(count, "bins", words))
    elif says == "" or words.endswith("of"):
        cursor.emit(Binned(words=words))
    else:
        cursor.emit(Leftover(words=words))


def stepped(cursor: Cursor, width: float) -> None:
    """ "20 minute buckets": steps of that width, in the unit of what is divided."""
    while cursor.marks("unit", "bucket"):
        cursor.take()
    words = cursor.take().words
    cursor.skip_fillers("of")
    cursor.emit(Binned(width=width, words=words))


def _binned(number: float, says: str, words: str) -> Binned:
    return Binned(bins=int(number), words=words) if says == "bins" else Binned(width=number, words=words)


def different(cursor: Cursor) -> None:
    """ "different regions": by region."""
    piece = cursor.take()
    cursor.skip_fillers()
    name = cursor.here
    if name is not None and name.kind == "name" and name.fields and not name.metrics and not name.values:
        cursor.emit(Grouped(piece=cursor.take()))
    elif cursor.marks("drawn") or (cursor.marks("by") and cursor.marker_text().startswith(("color", "colour"))):
        cursor.emit(Leftover(words=piece.words, weak=True))
    elif name is None or name.kind != "name":
        cursor.emit(Leftover(words=piece.words))


def bucket(cursor: Cursor) -> None:
    """A unit of time alone is one of a chart's axes; elsewhere it says nothing that could be told."""
    says = cursor.marker_says()
    piece = cursor.take()
    asked = any(isinstance(chunk, Asked) and chunk.analysis in ("anomalies", "forecast", "cohorts") for chunk in cursor.chunks)
    if not cursor.chunks and (cursor.marks("with", "which") or cursor.marker_text() in ("where", "when", "that")):
        cursor.emit(Bucketed(grain=says, words=piece.words, which=True))  # type: ignore[arg-type]  # the table of markers holds grains only
    elif asked or any(cursor.has(kind) for kind in (Drawn, Related, Comparing)):
        cursor.emit(Bucketed(grain=says, words=piece.words))  # type: ignore[arg-type]  # the table of markers holds grains only
    else:
        cursor.emit(Leftover(words=piece.words))


def unit(cursor: Cursor) -> None:
    """ "points" that no number counts are those of a scatter plot."""
    piece = cursor.take()
    if piece.words == "points" and isinstance(cursor.last, Mention | Grouped):
        cursor.emit(Drawn(form="scatter", words=piece.words))
    else:
        cursor.emit(Leftover(words=piece.words))

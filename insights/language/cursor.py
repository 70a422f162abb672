"""A place in a path of pieces, and what the grammar has said so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from insights.language.chunks import Chunk, Leftover, Measured, Mention, Verb
from insights.language.pieces import Piece
from insights.language.vocabulary import UNITS

_PREPOSITIONS = frozenset({"in", "for", "from", "to", "on", "with", "of", "is"})
_SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP", "%": "percent", "¥": "JPY", "₹": "INR"}
_OPERATORS: dict[str, Literal["+", "-", "*", "/"]] = {"plus": "+", "minus": "-", "times": "*", "+": "+", "-": "-", "*": "*", "/": "/"}


class Cursor:
    """Reads one path. `hint` is the preposition just passed, `count` a number said before a superlative, `group_open` that a dimension is due,
    `ors` before which phrases "or" stands, lists aside."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self.place = 0
        self.chunks: list[Chunk] = []
        self.count: int | None = None
        self.ordinal = False
        self.context = ""
        self.group_open = False
        self.which_plural = False
        self.pending = ""
        self.hint_until = -1
        self.joint = -1
        self.ors: list[int] = []
        self._hint = ""

    @property
    def hint(self) -> str:
        """The preposition that stands directly before the piece just taken, or an empty text."""
        return self._hint if self.place - self.hint_until <= 2 else ""

    @hint.setter
    def hint(self, value: str) -> None:
        self._hint = value

    @property
    def here(self) -> Piece | None:
        """The next piece, None at the end."""
        return self._pieces[self.place] if self.place < len(self._pieces) else None

    @property
    def last(self) -> Chunk | None:
        """The phrase said last, words that were dropped aside."""
        return next((chunk for chunk in reversed(self.chunks) if not (isinstance(chunk, Verb) or (isinstance(chunk, Leftover) and chunk.weak))), None)

    def has(self, kind: type) -> bool:
        """Whether a phrase of this kind was said."""
        return any(isinstance(chunk, kind) for chunk in self.chunks)

    def take(self) -> Piece:
        """Step over the next piece and return it."""
        piece = self._pieces[self.place]
        self.place += 1
        return piece

    @property
    def is_joined(self) -> bool:
        """Whether "and", "or" or a comma stands closely before the piece just taken."""
        return (self.joint >= 0 and self.place - self.joint <= 2) or self._pieces[self.place - 1].comma

    def emit(self, chunk: Chunk) -> None:
        """Add a phrase."""
        self.chunks.append(chunk)

    def here_is(self, *kinds: str) -> bool:
        """Whether the next piece is of one of these kinds."""
        return self.here is not None and self.here.kind in kinds

    def marks(self, *kinds: str, ahead: int = 0) -> bool:
        """Whether the next piece is a marker of one of these kinds."""
        place = self.place + ahead
        if place >= len(self._pieces):
            return False
        marker = self._pieces[place].marker
        return marker is not None and marker.kind in kinds

    def ahead(self, steps: int) -> Piece | None:
        """The piece some steps behind the next one."""
        return self._pieces[self.place + steps] if self.place + steps < len(self._pieces) else None

    def is_time(self, ahead: int = 0) -> bool:
        """Whether a period stands there."""
        piece = self.ahead(ahead)
        return piece is not None and piece.kind == "time"

    def said_before(self, *words: str) -> bool:
        """Whether one of these words was said before this place."""
        return any(piece.words in words for piece in self._pieces[: self.place])

    def marker_says(self) -> str:
        """What the next piece, a marker, says."""
        return self.here.marker.says if self.here is not None and self.here.marker is not None else ""

    def marker_text(self) -> str:
        """The words of the next piece."""
        return self.here.words if self.here is not None else ""

    def measured_later(self) -> bool:
        """Whether a metric is named behind the next piece."""
        return any(piece.metrics for piece in self._pieces[self.place + 1 :])

    def skip_fillers(self, *markers: str) -> None:
        """Step over words without meaning, and over markers of these kinds."""
        while self.here_is("filler", "neutral") or (markers and self.marks(*markers)):
            if self.here_is("neutral"):
                self.emit(Leftover(words=self.marker_text(), weak=True))
            self.place += 1

    def skip_prepositions(self) -> None:
        """Step over prepositions and words without meaning."""
        self.skip_fillers(*_PREPOSITIONS)

    def lengthens(self, fits: Callable[[Piece], bool]) -> bool:
        """Whether a word that adds nothing stands before a name: "the field origin"."""
        pair = self._pieces[self.place : self.place + 2]
        return len(pair) == 2 and pair[0].kind == "neutral" and pair[1].kind == "name" and fits(pair[1])

    def skip_owner(self, fits: Callable[[Piece], bool]) -> None:
        """Step over whose something is: "the car's origin"."""
        owned = self._pieces[self.place : self.place + 3]
        if len(owned) == 3 and owned[0].datasets and owned[1].words == "'s" and fits(owned[2]):
            self.place += 2

    def name(self) -> Piece | None:
        """Take the next piece if it is a name."""
        if self.here is None or self.here.kind != "name":
            return None
        return self.take()

    def value_of(self, field: Piece) -> Piece | None:
        """Take the next piece if it is a value of the field just named ("region EMEA", "region is EMEA")."""
        ids = {link.id for link in field.fields}
        step = 1 if self.marks("is") or self._equals() else 0
        place = self.place + step
        if place >= len(self._pieces):
            return None
        piece = self._pieces[place]
        if piece.kind == "name" and any(value.id in ids for value in piece.values):
            self.place = place + 1
            return piece
        return None

    def _equals(self) -> bool:
        return self.marks("than") and self.marker_says() == "="

    def field_beside(self, value: Piece) -> Piece | None:
        """Take the next piece if it names a field of the value just said ("the EMEA region", "Fern OS devices")."""
        piece = self.here
        if piece is None or piece.kind != "name" or piece.comma:
            return None
        ids = {link.id for link in value.values}
        if not piece.metrics and any(link.id in ids for link in piece.fields):
            self.place += 1
            return piece
        return None

    def next_in_list(self, fits: Callable[[Piece], bool], *, way: str = "") -> Piece | None:
        """Take the next member of a list: behind "and", "or" or a comma, with fillers and prepositions between.

        Where the list goes one `way`, what goes the other is none of it: "from Paris and to Berlin".
        """
        place, joined = self.place, False
        while place < len(self._pieces):
            piece = self._pieces[place]
            joined = joined or piece.comma
            kind = piece.marker.kind if piece.marker is not None else ""
            if kind in ("and", "or"):
                joined = True
            elif joined and kind == "by":
                pass
            elif {kind, way} == {"from", "to"}:
                return None
            elif joined and fits(piece):
                self.place = place + 1
                return piece
            elif piece.kind != "filler" and not (joined and kind in _PREPOSITIONS):
                return None
            place += 1
        return None

    def operator(self) -> Literal["+", "-", "*", "/"] | None:
        """Take an arithmetic sign that stands here with a measure behind it."""
        if self.here is None or self.here.marker is None:
            return None
        marker = self.here.marker
        if marker.kind == "divided" and self.here.words in ("divided by", "over the number of", "relative to the number of"):
            self.place += 1
            return "/"
        if marker.kind in _OPERATORS or marker.kind == "sign":
            place = self.place + 1
            while place < len(self._pieces) and self._pieces[place].kind == "filler":
                place += 1
            nxt = self._pieces[place] if place < len(self._pieces) else None
            if nxt is not None and nxt.kind == "name" and (nxt.metrics or nxt.fields or nxt.datasets):
                self.place = place
                return _OPERATORS[marker.says if marker.kind == "sign" else marker.kind]
        return None

    def quantity(self) -> tuple[int | float, str] | None:
        """Take a number with its unit, if one stands here."""
        piece = self.here
        if piece is not None and piece.words in ("hour", "minute", "day", "week", "dollar", "euro") and piece.words in UNITS:
            self.place += 1  # "longer than an hour"
            return 1, UNITS[piece.words]
        if piece is None or piece.number is None or piece.number.ordinal:
            return None
        self.place += 1
        unit = _SYMBOLS.get(piece.number.symbol or "", "")
        if self.here is not None and (self.marks("unit") or self.here.words in UNITS):
            unit = unit or UNITS.get(self.here.words, "") or self.marker_says()
            self.place += 1
        return piece.number.value, unit

    def attach_function(self, function: str) -> bool:
        """Put an aggregate said behind its name ("departure delay on average") to the measure said last."""
        last = self.last
        if isinstance(last, Mention) and last is self.chunks[-1]:
            self.chunks[-1] = Measured(function=function, piece=last.piece)  # type: ignore[arg-type]  # the table of markers holds aggregates only
            return True
        return False

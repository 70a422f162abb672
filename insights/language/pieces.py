"""An utterance as words, and the pieces of meaning that runs of words can be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from insights.language.lexicon import DatasetLink, FieldLink, How, Link, MetricLink, ValueLink
from insights.language.numbers import Number
from insights.language.periods.model import Found
from insights.language.vocabulary import Marker
from insights.language.words import Token

PieceKind = Literal["name", "time", "number", "marker", "filler", "neutral", "unknown"]
_KEPT_MARKS = frozenset("<>=&+")
_SIGNS = frozenset("/-*×÷")
"""Arithmetic where white space stands on both sides; else a hyphen, a slash of a name, a bullet."""


class Word(NamedTuple):
    """A word of the utterance; `token` is its place among the tokens, `comma` whether a comma or the like stands before it.

    It and `Piece` are named tuples as `Token` is: many of them are made for each utterance.
    """

    text: str
    raw: str
    token: int
    start: int
    end: int
    comma: bool = False


def words_of(tokens: Sequence[Token]) -> tuple[Word, ...]:
    """The tokens that carry meaning: hesitations and most punctuation left out."""
    words: list[Word] = []
    comma = False
    for place, token in enumerate(tokens):
        if token.kind == "hesitation":
            continue
        if token.kind == "punctuation" and token.text not in _KEPT_MARKS and not _is_sign(tokens, place):
            comma = comma or token.text in ",;"
            continue
        words.append(Word(token.text.strip(".") or token.text, token.raw, place, token.start, token.end, comma))
        comma = False
    return tuple(words)


def _is_sign(tokens: Sequence[Token], place: int) -> bool:
    """Whether a mark stands alone between two words, or makes the number behind it a negative one."""
    if tokens[place].text not in _SIGNS or not 0 < place < len(tokens) - 1 or tokens[place - 1].end == tokens[place].start:
        return False
    after = tokens[place + 1]
    return tokens[place].end < after.start or (tokens[place].text == "-" and after.kind == "number")


class Piece(NamedTuple):
    """Words `[first, last)` read as one thing; what it is stands in the attribute of its kind."""

    kind: PieceKind
    first: int
    last: int
    words: str
    weight: float
    links: tuple[Link, ...] = ()
    marker: Marker | None = None
    found: Found | None = None
    number: Number | None = None
    how: How = "exact"
    meant: str = ""
    comma: bool = False

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the metrics it can be."""
        return tuple(link.name for link in self.links if isinstance(link, MetricLink))

    @property
    def datasets(self) -> tuple[str, ...]:
        """Names of the datasets it can be."""
        return tuple(link.name for link in self.links if isinstance(link, DatasetLink))

    @property
    def values(self) -> tuple[ValueLink, ...]:
        """The values it can be."""
        return tuple(link for link in self.links if isinstance(link, ValueLink))

    @property
    def fields(self) -> tuple[FieldLink, ...]:
        """The fields it can be."""
        return tuple(link for link in self.links if isinstance(link, FieldLink))

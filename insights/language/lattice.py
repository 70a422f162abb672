"""Every way to cut an utterance into pieces, and the few best ways through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import TypeAlias

from insights.language import charting
from insights.language.analysis_words import POSTFIX
from insights.language.deeds import measured, quality
from insights.language.forms import singular
from insights.language.lexicon import DatasetLink, FieldLink, How, Lexicon, Link, Named, ValueLink
from insights.language.numbers import Number, number
from insights.language.periods.model import Found
from insights.language.pieces import Piece, Word
from insights.language.spelling import DEEDS, QUALITIES, SHORTENED, SHORTEST, nearby
from insights.language.vocabulary import COMMANDS, FILLERS, NEUTRAL, OPENING, UNITS, Marker, markers
from insights.language.words import Token

_WEIGHT: dict[How, float] = {"exact": 1.0, "taught": 0.2, "inflected": 1.2, "beginning": 2.0, "spelling": 2.0, "perhaps": 2.5, "part": 3.0, "negated": 1.5}
_UNKNOWN = -3.0
_KEPT = 6
_MOST_LOOSE = 20
"""Words that nothing here is called exactly: among more, no question is to be found."""


def _phrases() -> dict[tuple[str, ...], Marker | None]:
    """Markers by their words, and fillers (None)."""
    table: dict[tuple[str, ...], Marker | None] = {tuple(phrase.split()): None for phrase in FILLERS}
    table.update(markers())
    return table


_PHRASES = _phrases()
_LONGEST: dict[str, int] = {}
for _words in _PHRASES:
    _LONGEST[_words[0]] = max(_LONGEST.get(_words[0], 0), len(_words))

_AUXILIARIES = frozenset({"did", "do", "does", "have", "has", "had", "are", "is"})
_ADVERBS = frozenset({"actually", "really", "ever", "just", "also", "already", "even"})
_ASKING = frozenset({"is", "are", "was", "were"})
_STATES = frozenset({"up", "down"})
_DOERS = frozenset({"we", "they", "i", "you", "it"})
_DEGREES = frozenset({"most", "best", "least", "worst", "more", "less"})
_QUARTILES = {
    **dict.fromkeys(("upper quartile", "third quartile", "top quartile", "3rd quartile"), "75"),
    **dict.fromkeys(("lower quartile", "first quartile", "bottom quartile", "1st quartile"), "25"),
}
_FINE = frozenset({"second", "minute", "hour"})
_STEPS = frozenset(charting.TABLE["bins", ""].split("|")) | {"steps", "step", "bands", "brackets", "increments"}
_KNOWN = frozenset(word for phrase in _PHRASES for word in phrase if len(word) >= SHORTEST) | {word for word in NEUTRAL if len(word) >= SHORTEST}

Path = tuple[Piece, ...]
_Way: TypeAlias = "tuple[float, _Way | None, Piece | None]"
"""A score with the last piece and the way to it."""
_score = itemgetter(0)
NONE_DECLARED: Mapping[tuple[str, ...], Marker] = {}


class Lattice:
    """The pieces that start at each word of one utterance."""

    def __init__(
        self,
        words: Sequence[Word],
        tokens: Sequence[Token],
        times: Sequence[Found],
        lexicon: Lexicon,
        declared: Mapping[tuple[str, ...], Marker] = NONE_DECLARED,
    ) -> None:
        self._words = words
        self._tokens = tokens
        self._texts = [word.text for word in words]
        self._raws = _raws(words)
        self._starts: list[list[Piece]] = [[] for _ in words]
        for found in times:
            self._add_time(found)
        for place in range(len(words)):
            self._add_declared(place, declared)
            self._add_phrases(place)
            self._add_number(place, tokens)
            self._add_percentile(place)
            self._add_unit(place, lexicon)
            self._add_compared(place, lexicon)
            self._add_state(place)
            for named in lexicon.at(self._texts, self._raws, place):
                if not (lexicon.is_turned(self._texts[place : place + named.length]) and self._is_inside(place)):
                    self._add_named(place, named)
            self._add_quality(place, lexicon)
            self._add_deed(place, lexicon)
            self._add_done(place, lexicon)
        self._add_loose(lexicon)
        self._starts = [self._even(pieces) for pieces in self._starts]

    @staticmethod
    def _even(pieces: list[Piece]) -> list[Piece]:
        """A word that is a month as well as a stored value is no more the one than the other: "revenue march" is asked about."""
        valued = {piece.last: piece.weight for piece in pieces if piece.values and piece.how == "exact" and piece.last == piece.first + 1}
        return [one._replace(weight=max(one.weight, valued[one.last])) if one.kind == "time" and one.last in valued else one for one in pieces]

    def _piece(self, place: int, length: int) -> dict[str, object]:
        return {"first": place, "last": place + length, "words": " ".join(self._texts[place : place + length]), "comma": self._words[place].comma}

    def _add(self, piece: Piece) -> None:
        self._starts[piece.first].append(piece)

    def _add_time(self, found: Found) -> None:
        inside = [place for place, word in enumerate(self._words) if word.start >= found.first and word.end <= found.last]
        if inside:
            first, length = inside[0], len(inside)
            if found.grain in _FINE and self._texts[first + length : first + length + 1] and self._texts[first + length] in _STEPS:
                return  # "in 20 minute buckets" is no time
            weight = 4 * length - (0.9 if found.certain else 2.0)
            self._add(Piece("time", first, first + length, found.words, weight, found=found, comma=self._words[first].comma))

    def _add_declared(self, place: int, declared: Mapping[tuple[str, ...], Marker]) -> None:
        """The names of funnels and experiments, whole."""
        for phrase, marker in declared.items():
            if self._texts[place] == phrase[0] and tuple(self._texts[place : place + len(phrase)]) == phrase:
                words, comma = " ".join(phrase), self._words[place].comma
                self._add(Piece("marker", place, place + len(phrase), words, 4.0 * len(phrase), marker=marker, how="exact", comma=comma))

    def _add_phrases(self, place: int) -> None:
        for length in range(min(_LONGEST.get(self._texts[place], 0), len(self._texts) - place), 0, -1):
            key = tuple(self._texts[place : place + length])
            if key not in _PHRASES:
                continue
            marker = _PHRASES[key]
            if key[-1] == "before" and self._texts[place + length : place + length + 1] == ["last"]:
                continue  # "the week before last" is a week of its own
            if length == 1 and self._is_command(place) and marker is not None and marker.kind != "drawn" and marker.says != "list":
                continue
            self._add_phrase(place, length, key)
        if self._texts[place] in OPENING and self._is_first(place) and self._texts[place + 1 : place + 2] != ["on"]:
            self._add(Piece("filler", place, place + 1, self._texts[place], 0.2, comma=self._words[place].comma))
        if self._texts[place] in NEUTRAL:
            self._add(Piece("neutral", place, place + 1, self._texts[place], -0.3, comma=self._words[place].comma))

    def _add_phrase(self, place: int, length: int, key: tuple[str, ...], how: How = "exact") -> None:
        marker, words, comma = _PHRASES[key], " ".join(self._texts[place : place + length]), self._words[place].comma
        meant = " ".join(key) if how != "exact" else ""
        if marker is None:
            self._add(Piece("filler", place, place + length, words, 0.3 * length - 0.1, how=how, meant=meant, comma=comma))
            return
        weight = 4 * length - 0.8 if marker.kind == "before" else 3 * length - 1.0  # "same month last year" is no period of its own
        if (marker.says == "pace" and length > 1) or marker.kind == "started":
            weight += 0.8  # "versus plan" is a target, not a field that is called so
        if marker.kind == "sort" and key[-1] == "by":
            weight += 1.5  # "ordered by" is an order, not a date
        if key[0] == "the" and marker.kind != "before":
            weight -= 2.8  # an article says no more in a phrase than before it
        self._add(Piece("marker", place, place + length, words, weight, marker=marker, how=how, meant=meant, comma=comma))

    def _add_number(self, place: int, tokens: Sequence[Token]) -> None:
        found = number(tokens, self._words[place].token)
        if found is None:
            return
        last = place + 1
        while last < len(self._words) and self._words[last].token < found.last:
            last += 1
        words = " ".join(self._texts[place:last])
        self._add(Piece("number", place, last, words, 3 * (last - place) - 1.0, number=found, comma=self._words[place].comma))

    def _add_unit(self, place: int, lexicon: Lexicon) -> None:
        """A unit of the catalog behind a number: "over 20 kg"."""
        text = self._texts[place]
        if text in lexicon.units and any(piece.kind == "number" and piece.last == place for starts in self._starts[:place] for piece in starts):
            self._add(Piece("marker", place, place + 1, text, 2.0, marker=Marker("unit", text), comma=self._words[place].comma))

    def _add_percentile(self, place: int) -> None:
        """ "p95", "the upper quartile"."""
        text, pair = self._texts[place], " ".join(self._texts[place : place + 2])
        at, length = (_QUARTILES[pair], 2) if pair in _QUARTILES else (text[1:], 1) if text[:1] == "p" and text[1:].isdigit() and len(text) < 4 else ("", 0)
        if at and at != "0":
            words, comma = " ".join(self._texts[place : place + length]), self._words[place].comma
            self._add(Piece("marker", place, place + length, words, 3.0 * length, marker=Marker("percentile", at), comma=comma))

    def _is_command(self, place: int) -> bool:
        """Whether a word that can be a name is the verb of the sentence: "show me", "compare ...", at its beginning."""
        if self._texts[place] not in COMMANDS:
            return False
        after = self._texts[place + 1] if place + 1 < len(self._texts) else ""
        return after in ("me", "us") or self._is_first(place)

    def _is_first(self, place: int) -> bool:
        """Whether nothing but words without meaning stands before."""
        return all((text,) in _PHRASES and _PHRASES[(text,)] is None for text in self._texts[:place])

    def _add_named(self, place: int, named: Named) -> None:
        if named.length == 1 and self._is_command(place):
            return
        words = " ".join(self._texts[place : place + named.length])
        weight = 4 * named.length - _WEIGHT[named.how]
        if words.isdigit():
            weight = 1.5  # a bare number is a quantity first, a value second
        self._add(
            Piece("name", place, place + named.length, words, weight, links=named.links, how=named.how, meant=named.meant, comma=self._words[place].comma)
        )

    def _is_inside(self, place: int) -> bool:
        """Whether a word goes on from a longer name: in "average order value for orders" no "value for orders" stands behind an "average order"."""
        return any(piece.kind == "name" and piece.first < place < piece.last for pieces in self._starts[:place] for piece in pieces)

    def _add_compared(self, place: int, lexicon: Lexicon) -> None:
        """ "Heavier than 20", "delayed (by) more than 60": the number of the records that such a word compares, where the catalog has one."""
        text, behind = self._texts[place], self._texts[place + 1 : place + 2]
        more = quality(text) if behind == ["than"] else None
        if more is not None and self._is_number(place + 2) and (links := _numbers(more[1], lexicon)):
            marker = Marker("than", more[0])
            self._add(Piece("marker", place, place + 2, f"{text} than", 6.0, links=links, marker=marker, comma=self._words[place].comma))
            return
        length = 2 if behind in (["by"], ["for"]) else 1
        if (nouns := measured(text)) and self._compares(place + length) and (links := _numbers(nouns, lexicon)):
            said = " ".join(self._texts[place : place + length])
            self._add(Piece("name", place, place + length, said, 4 * length - 1.2, links=links, how="inflected", comma=self._words[place].comma))

    def _add_state(self, place: int) -> None:
        """ "Was revenue up in April": asked of how something is, these say that it moved."""
        if self._texts[place] in _STATES and self._texts[0] in _ASKING and place > 1 and self._texts[place + 1 : place + 2] not in (["to"], ["than"], ["on"]):
            self._add(Piece("marker", place, place + 1, self._texts[place], 2.0, marker=Marker("moved"), comma=self._words[place].comma))

    def _compares(self, place: int) -> bool:
        """Whether a comparison with a number stands there: "more than 60", "60 or more"."""
        if self._is_number(place):
            return any(" ".join(self._texts[at : at + 2]) in POSTFIX for at in range(place + 1, min(place + 4, len(self._texts))))
        for length in range(4, 0, -1):
            marker = _PHRASES.get(tuple(self._texts[place : place + length]))
            if marker is not None and marker.kind in ("than", "between"):
                return self._is_number(place + length)
        return False

    def _is_number(self, place: int) -> bool:
        """Whether a number stands there, or one of a unit: "an hour"."""
        if place < len(self._texts) and self._texts[place] in ("a", "an"):
            return place + 1 < len(self._texts) and self._texts[place + 1] in UNITS
        return place < len(self._words) and number(self._tokens, self._words[place].token) is not None

    def _add_quality(self, place: int, lexicon: Lexicon) -> None:
        """ "How long" is the length, "how heavy" the weight, where the catalog has such a name."""
        nouns = QUALITIES.get(self._texts[place + 1], ()) if self._texts[place] == "how" and place + 1 < len(self._texts) else ()
        for noun in nouns:
            named = next((named for named in lexicon.at((noun,), (noun,), 0)), None)
            if named is not None and not any(isinstance(link, ValueLink) for link in named.links):
                self._add_named(place, Named(2, named.links, "spelling", noun))
                return
        behind = self._texts[place + 2 : place + 5]
        if len(behind) == 3 and behind[0] in ("is", "are", "was", "were") and behind[1] in ("a", "an", "the", "our", "one"):
            for noun in nouns:  # "how long is a session" is the session length
                said = (singular(behind[2]), noun)
                named = next((named for named in lexicon.at(said, said, 0) if named.length == 2), None)
                if named is not None:
                    self._add_named(place, Named(5, named.links, "spelling", " ".join(said)))
                    return

    def _add_deed(self, place: int, lexicon: Lexicon) -> None:
        """ "How much did we sell" asks for sales, "how much was earned" for earnings, where the catalog has such a name."""
        if not self._asks_what_was_done(place):
            return
        for noun in DEEDS.get(self._texts[place], ()):
            named = next((named for named in lexicon.at((noun,), (noun,), 0)), None)
            if named is not None and not any(isinstance(link, ValueLink | DatasetLink) for link in named.links):
                self._add_named(place, Named(1, named.links, "spelling", noun))
                return

    def _asks_what_was_done(self, place: int) -> bool:
        """Whether a verb stands for its figure: behind "how much", "did we", or before "the most"."""
        before = [word for word in self._texts[:place] if word not in _ADVERBS]
        if "how many" in " ".join(before):
            return False  # "how many units have we sold" asks for units
        if "how much" in " ".join(before) or (len(before) > 1 and before[-2] in _AUXILIARIES and before[-1] in _DOERS):
            return True
        behind = [word for word in self._texts[place + 1 : place + 3] if word != "the"]
        return bool(behind) and behind[0] in _DEGREES

    def _add_done(self, place: int, lexicon: Lexicon) -> None:
        """ "How many hours were watched" asks for the hours watched, where the catalog has that name."""
        noun, verb, done = (*self._texts[place : place + 3], "", "", "")[:3]
        if verb in ("was", "were") and done.endswith(("ed", "en", "ld", "nt", "de")):
            for named in lexicon.at((noun, done), (noun, done), 0):
                if named.length == 2 and not lexicon.is_flag(named.links):
                    self._add_named(place, Named(3, named.links, "spelling", f"{noun} {done}"))

    def _add_loose(self, lexicon: Lexicon) -> None:
        """Where no piece covers a word: values that begin with it, then a word one letter away."""
        covered = {at for pieces in self._starts for piece in pieces for at in range(piece.first, piece.last)}
        loose = [place for place in range(len(self._texts)) if place not in covered]
        if len(loose) > _MOST_LOOSE:
            return
        for place in loose:
            text = self._texts[place]
            named = lexicon.negated(text) or lexicon.beginning(self._texts, place) or lexicon.part(self._texts, place)
            if named is not None:
                self._add_named(place, named)
                continue
            meant = SHORTENED.get(text) or lexicon.respelt(text)
            if meant is not None:
                self._respell(place, meant, lexicon)
            elif self._add_joined(place, lexicon):
                continue
            elif len(text) > SHORTEST and len(near := nearby(text) & _KNOWN) == 1:
                self._respell_phrase(place, next(iter(near)))

    def _add_joined(self, place: int, lexicon: Lexicon) -> bool:
        """A word of a name that is written as two: "world wide gross"."""
        joined = "".join(self._texts[place : place + 2])
        if place + 1 >= len(self._texts) or not lexicon.has_word(joined):
            return False
        texts = [*self._texts[:place], joined, *self._texts[place + 2 :]]
        found = False
        for start in range(max(0, place - 3), place + 1):
            for named in lexicon.at(texts, texts, start):
                if start <= place < start + named.length:
                    self._add_named(start, Named(named.length + 1, named.links, "spelling", " ".join(texts[start : start + named.length])))
                    found = True
        return found

    def _respell_phrase(self, place: int, meant: str) -> None:
        """A word of the grammar with a wrong letter: "diferent", "sccatter plot"."""
        texts = [*self._texts[:place], meant, *self._texts[place + 1 :]]
        for start in range(max(0, place - 3), place + 1):
            for length in range(place - start + 1, min(_LONGEST.get(texts[start], 0), len(texts) - start) + 1):
                key = tuple(texts[start : start + length])
                if key in _PHRASES:
                    self._add_phrase(start, length, key, how="spelling")
        if meant in NEUTRAL:
            self._add(Piece("neutral", place, place + 1, self._texts[place], -0.3, how="spelling", meant=meant, comma=self._words[place].comma))

    def _respell(self, place: int, meant: str, lexicon: Lexicon) -> None:
        texts = [*self._texts[:place], meant, *self._texts[place + 1 :]]
        raws = [*self._raws[:place], meant, *self._raws[place + 1 :]]
        for start in range(max(0, place - 3), place + 1):
            for named in lexicon.at(texts, raws, start):
                if start <= place < start + named.length:
                    said = " ".join(texts[start : start + named.length])
                    self._add_named(start, Named(named.length, named.links, "spelling", said))

    def paths(self) -> list[tuple[float, Path]]:
        """The best ways to cut the whole utterance, best first."""
        best: list[list[_Way]] = [[] for _ in range(len(self._words) + 1)]
        best[0] = [(0.0, None, None)]
        for place in range(len(self._words)):
            kept = sorted(best[place], key=_score, reverse=True)[:_KEPT]
            for piece in self._options(place):
                weight = piece.weight
                best[piece.last] += [(way[0] + weight, way, piece) for way in kept]
        return [(way[0], _along(way)) for way in sorted(best[-1], key=_score, reverse=True)[:_KEPT]]

    def _options(self, place: int) -> Iterator[Piece]:
        yield from self._starts[place]
        if not any(piece.last == place + 1 for piece in self._starts[place]):
            word = self._words[place]
            yield Piece("unknown", place, place + 1, word.text, _UNKNOWN, comma=word.comma)


def _numbers(nouns: Sequence[str], lexicon: Lexicon) -> tuple[Link, ...]:
    """The numbers of records that one of some nouns names, else those that have it in their names."""
    for noun in nouns:
        said = tuple(noun.split())
        whole = (link for named in lexicon.at(said, said, 0) if named.length == len(said) for link in named.links)
        for links in (whole, part.links if len(said) == 1 and (part := lexicon.part(said, 0)) is not None else ()):
            if found := tuple(link for link in links if isinstance(link, FieldLink) and link.id in lexicon.numbers):
                return found
    return ()


def _along(way: _Way | None) -> Path:
    """The pieces of a way, the first first."""
    pieces: list[Piece] = []
    while way is not None and way[2] is not None:
        pieces.append(way[2])
        way = way[1]
    return tuple(reversed(pieces))


def _raws(words: Sequence[Word]) -> list[str]:
    """The words as typed; in an utterance without any small letter, capitals mean nothing."""
    shouted = not any(letter.islower() for word in words for letter in word.raw)
    return [word.text if shouted else word.raw for word in words]


__all__ = ["Lattice", "Number", "Path"]

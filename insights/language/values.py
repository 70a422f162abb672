"""The values that one asker may know, found by what people say: the shared index, narrowed to what the asker sees, and other words for values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from insights.catalog.model import FieldId
from insights.language.forms import plural, singular
from insights.language.index import LONGEST, Index, key_of
from insights.language.vocabulary import FUNCTION_WORDS

Entry = tuple[FieldId, str]
_ALL = 12
_SEEN = 400
"""Values that go on from a phrase: of so many each is looked at (the second where not all of them may be known), of more only those that can be meant."""
ENDINGS = frozenset("inc ltd llc corp co gmbh plc sa ag limited corporation incorporated company".split())
"""What people leave out at the end of a name."""


class KnownValues:
    """What of an index is seen, and what is said beside it. `seen` are the values that may be known: of each field all of the index's own, or others."""

    def __init__(self, index: Index, seen: Mapping[FieldId, tuple[str, ...]]) -> None:
        self._index = index
        self._seen: dict[FieldId, frozenset[str] | None] = {}
        self._others: dict[str, list[Entry]] = {}
        self._goes_on: dict[str, list[tuple[str, FieldId, str]]] = {}
        self._longest: dict[str, int] = {}
        self._pairs: set[str] = set()
        self._is_whole = False
        self.words: set[str] = set()
        for id_, members in seen.items():
            if members is index.values.get(id_) or members == index.values.get(id_):
                self._seen[id_] = None
            else:
                self._seen[id_] = frozenset(members)
                for value in self._seen[id_].difference(index.values.get(id_, ())):  # type: ignore[union-attr]  # it was made in the line above
                    self.add(id_, value)
        self._is_whole = all(self._seen.get(id_, ()) is None for id_ in index.values)

    def add(self, id_: FieldId, stored: str, said: str | None = None) -> None:
        """Let a value be called by other words too."""
        key = key_of(stored if said is None else said)
        words = key.split(" ")
        entry = (id_, stored)
        if not key or len(words) > LONGEST or entry in self._others.get(key, ()) or entry in self._seen_of(self._index.find(key)):
            return
        self._others.setdefault(key, []).append(entry)
        self._longest[words[0]] = max(self._longest.get(words[0], 0), len(words))
        self.words.update(words)
        if len(words) > 1:
            self._goes_on.setdefault(words[0], []).append((key, id_, stored))
        if len(words) > 2:
            self._pairs.add(f"{words[0]} {words[1]}")

    def longest(self, word: str) -> int:
        """How many words the longest value that starts with `word` can have; 0 where none does."""
        return max(self._longest.get(word, 0), self._index.longest(word))

    def goes_on(self, first: str, second: str) -> bool:
        """Whether a value of three words or more may begin with two words; never false where one does."""
        pair = f"{first} {second}"
        return pair in self._pairs or self._index.goes_on(pair)

    def find(self, phrase: str) -> list[Entry]:
        """The values that a phrase is all the words of."""
        found, others = self._seen_of(self._index.find(phrase)), self._others.get(phrase)
        return found + others if others else found

    def stands(self, phrase: str) -> bool:
        """Whether a phrase is all the words of a value."""
        return bool(self.find(phrase))

    def inflected(self, phrase: str) -> list[Entry]:
        """The values that have the last word of a phrase in the other number."""
        head, _, last = phrase.rpartition(" ")
        if len(last) <= 3 or phrase in FUNCTION_WORDS:
            return []
        for other in dict.fromkeys((singular(last), plural(last))):
            if other not in FUNCTION_WORDS and (found := self.find(f"{head} {other}" if head else other)):
                return found
        return []

    def beginning(self, words: tuple[str, ...]) -> tuple[int, list[tuple[str, FieldId, str]]]:
        """How many of `words` are the first of values that have more, and those values with their own words; of many only those that can be meant."""
        first = words[0]
        if len(first) <= 2 or first in FUNCTION_WORDS or self.longest(first) < 2:
            return 0, []
        phrase, length = first, 1
        span, others = self._index.beginning(first), self._goes_on.get(first, [])
        while length < len(words):
            longer = f"{phrase} {words[length]}"
            wider, more = self._index.beginning(longer), [entry for entry in others if f"{entry[0]} ".startswith(f"{longer} ")]
            if wider[0] == wider[1] and not more:
                break
            phrase, span, others, length = longer, wider, more, length + 1
        return length, [*(entry for entry in self._meant(phrase, *span) if self._sees(entry[1], entry[2])), *others]

    def _meant(self, phrase: str, first: int, last: int) -> Iterable[tuple[str, FieldId, str]]:
        """Of the values at some places, all of which go on from a phrase, those that the phrase alone can stand for."""
        if last - first <= (_ALL if self._is_whole else _SEEN):
            return self._index.between(first, last)
        ended = ((f"{phrase} {ending}", *entry) for ending in sorted(ENDINGS) for entry in self._index.find(f"{phrase} {ending}"))
        few = (entry for entry in self._index.of_few.get(phrase.partition(" ")[0], ()) if entry[0].startswith(f"{phrase} "))
        return (*ended, *few)

    def has_word(self, word: str) -> bool:
        """Whether a value that is seen has a word; the values of the data are looked through only for an asker who does not see them all."""
        if word in self.words:
            return True
        return word in self._index.vocabulary and (self._is_whole or any(self._sees(*entry) for entry in self._index.with_word(word)))

    def words_among(self, words: frozenset[str]) -> Iterator[str]:
        """Those of some words that a value which is seen has."""
        yield from words & self.words
        yield from (word for word in words & self._index.vocabulary if word not in self.words and self.has_word(word))

    def _sees(self, id_: FieldId, value: str) -> bool:
        if self._is_whole:
            return True
        seen = self._seen.get(id_, frozenset())
        return seen is None or value in seen

    def _seen_of(self, entries: list[Entry]) -> list[Entry]:
        return entries if self._is_whole else [entry for entry in entries if self._sees(*entry)]


def known_values(index: Index, seen: Mapping[FieldId, tuple[str, ...]], others: Iterable[tuple[FieldId, Mapping[str, tuple[str, ...]]]]) -> KnownValues:
    """The values `seen` of an index, with other words for some of each field."""
    known = KnownValues(index, seen)
    for id_, called in others:
        for value, names in called.items():
            for said in (value, *names):
                known.add(id_, value, said)
    return known

"""Every value of the data by the words that people say for it: made once for each state of the data, kept as bytes, shared by everybody."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import accumulate, pairwise
from struct import Struct
from zlib import crc32

from insights.catalog.model import FieldId
from insights.language.words import tokenise

FORMAT = 4
"""Of the kept bytes and of the words that a value is said with; another number makes older ones be built again."""
LONGEST = 12
"""Words; nobody says a value that has more."""

FEW = 50
"""Values of a field; a name among so few is what people shorten."""

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?: [A-Za-z][A-Za-z0-9]*)*")
_PLAIN_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
_MAGIC = b"insights value index\n"
_HEAD = Struct("<II32s")
_END = b"\n"
_AFTER_SPACE = b"!"
"""The byte behind the space: keys that go on from a phrase lie between "phrase " and "phrase!"."""

_APART = 32
"""Places between two texts that are kept as objects."""

Values = Mapping[FieldId, tuple[str, ...]]


def spoken(text: str) -> tuple[str, ...]:
    """The words of a name or value as they would be said: folded, without punctuation, `snake_case` and `camelCase` apart."""
    if _PLAIN.fullmatch(text):
        return tuple(text.lower().split(" "))
    parts = (token.text for token in tokenise(text.replace("_", " ")) if token.kind != "punctuation" or token.text == "&")
    return tuple("and" if part == "&" else part.strip(".") for part in parts)


def key_of(value: str) -> str:
    """The words of a value, joined."""
    return value.lower() if _PLAIN.fullmatch(value) else " ".join(spoken(value))


def plain_of(key: str) -> str:
    """The words of a value without accents, as people type them.

    >>> plain_of("são paulo"), plain_of("łódź"), plain_of("東京")
    ('sao paulo', 'lodz', '東京')
    """
    if key.isascii():
        return key
    bare = "".join(mark for mark in unicodedata.normalize("NFD", key) if not "\u0300" <= mark <= "\u036f")
    return unicodedata.normalize("NFC", bare.translate(_PLAIN_LETTERS))


def digest(values: Values) -> bytes:
    """What makes two sets of values the same, 32 bytes."""
    found = hashlib.sha256()
    for id_, members in values.items():
        found.update(f"\x00\x01{id_.dataset}\x00{id_.name}\x00{len(members)}\x00".encode("utf-8", "surrogatepass"))
        found.update("\x00".join(members).encode("utf-8", "surrogatepass"))
    return found.digest()


class Strings:
    """Sorted texts in one run of bytes, none of them an object of its own: found by their checksums, or what begins with something by bisection."""

    def __init__(self, blob: bytes, ends: bytes, sums: bytes, order: bytes) -> None:
        self.blob = blob
        self._ends, self._sums, self._order = array("I", ends), array("I", sums), array("I", order)
        self._fences = [self.at(place) for place in range(0, len(self._sums), _APART)]  # most steps of a bisection are done without a call each

    @staticmethod
    def sections(texts: list[bytes]) -> list[bytes]:
        """What `Strings` is made of, for texts in order."""
        summed = sorted((crc32(text), place) for place, text in enumerate(texts))
        return [
            b"".join(text + _END for text in texts),
            _ends([len(text) + 1 for text in texts]),
            array("I", [found for found, _ in summed]).tobytes(),
            array("I", [place for _, place in summed]).tobytes(),
        ]

    def at(self, place: int) -> bytes:
        """The text at a place."""
        return self.blob[self._ends[place] : self._ends[place + 1] - 1]

    def place(self, text: bytes, start: int = 0) -> int:
        """The first place from `start` on that is not before `text`."""
        fence = bisect_left(self._fences, text)
        first, last = max(start, (fence - 1) * _APART), min(fence * _APART, len(self._sums))
        return bisect_left(range(last), text, min(first, last), key=self.at)

    def find(self, text: bytes) -> int:
        """The place of a text, -1 where it is not there."""
        found = crc32(text)
        number = bisect_left(self._sums, found)
        while number < len(self._sums) and self._sums[number] == found:
            place = self._order[number]
            if self.at(place) == text:
                return place
            number += 1
        return -1

    def holding(self, offset: int) -> int:
        """The place of the text that has this byte of the run."""
        return bisect_right(self._ends, offset) - 1

    def all(self) -> list[str]:
        """Every text in order."""
        return self.blob.decode("utf-8", "surrogatepass").split("\n")[:-1]


class Index:
    """The values of all fields by their words. Immutable and safe to read from many threads; an entry is the number of a value, counted through all fields.

    `data` is what `build` made of the same `values`; `read` checks that it is.
    """

    def __init__(self, values: Values, sections: list[bytes]) -> None:
        self.values = values
        self._fields = list(values)
        self._starts = [0, *accumulate(len(members) for members in values.values())]
        self._keys = Strings(*sections[:4])
        self._words = Strings(*sections[4:8])
        self._entry_ends, self._entries = array("I", sections[8]), array("I", sections[9])
        self._longest, self._pairs = sections[10], array("I", sections[11])

    def value(self, entry: int) -> tuple[FieldId, str]:
        """The field and the value (as stored) of an entry."""
        place = bisect_right(self._starts, entry) - 1
        id_ = self._fields[place]
        return id_, self.values[id_][entry - self._starts[place]]

    def longest(self, word: str) -> int:
        """How many words the longest value that starts with `word` has; 0 where none does."""
        place = self._words.find(word.encode("utf-8", "surrogatepass"))
        return self._longest[place] if place >= 0 else 0

    def goes_on(self, pair: str) -> bool:
        """Whether a value of three words or more may begin with two words; never false where one does."""
        found = crc32(pair.encode("utf-8", "surrogatepass"))
        place = bisect_left(self._pairs, found)
        return place < len(self._pairs) and self._pairs[place] == found

    def find(self, phrase: str) -> list[tuple[FieldId, str]]:
        """The values that a phrase is all the words of."""
        place = self._keys.find(phrase.encode("utf-8", "surrogatepass"))
        return self._at(place) if place >= 0 else []

    def beginning(self, phrase: str) -> tuple[int, int]:
        """The places `[first, last)` of the values that go on from a phrase."""
        words = phrase.encode("utf-8", "surrogatepass")
        first = self._keys.place(words + b" ")
        return first, self._keys.place(words + _AFTER_SPACE, first)

    def between(self, first: int, last: int) -> Iterator[tuple[str, FieldId, str]]:
        """The words, field and value at the places `[first, last)`."""
        for place in range(first, last):
            key = self._keys.at(place).decode("utf-8", "surrogatepass")
            yield from ((key, id_, value) for id_, value in self._at(place))

    def with_word(self, word: str) -> Iterator[tuple[FieldId, str]]:
        """The values that have a word anywhere; looks through all of them."""
        said, place = word.encode("utf-8", "surrogatepass"), -1
        while (place := self._keys.blob.find(said, place + 1)) >= 0:
            if self._keys.blob[place - 1 : place] in (b"", b" ", _END) and self._keys.blob[place + len(said) : place + len(said) + 1] in (b" ", _END):
                yield from self._at(self._keys.holding(place))

    @cached_property
    def of_few(self) -> Mapping[str, tuple[tuple[str, FieldId, str], ...]]:
        """The values of several words of each field that has few, by their first words, with their own words; made when it is first needed."""
        found: dict[str, list[tuple[str, FieldId, str]]] = {}
        for id_, members in self.values.items():
            for value in members if len(members) <= FEW else ():
                key = key_of(value)
                if " " in key:
                    found.setdefault(key.split(" ")[0], []).append((key, id_, value))
        return {word: tuple(sorted(entries)) for word, entries in found.items()}

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word of every value; made when it is first needed."""
        return frozenset(self._words.all())

    def _at(self, place: int) -> list[tuple[FieldId, str]]:
        return [self.value(entry) for entry in self._entries[self._entry_ends[place] : self._entry_ends[place + 1]]]


def build(values: Values, version: str) -> bytes:
    """The index of some values as bytes that `read` understands; `version` is that of the program."""
    by_key: dict[str, list[int]] = {}
    number = 0
    for members in values.values():
        for value in members:
            by_key.setdefault(key_of(value), []).append(number)
            number += 1
    typed: dict[str, list[int]] = {}
    for value, numbers in by_key.items():
        if not value.isascii() and (plain := plain_of(value)) not in by_key:
            typed[plain] = sorted((*typed.get(plain, ()), *numbers))
    said = {**typed, **by_key}
    encoded = sorted((one.encode("utf-8", "surrogatepass"), entries) for one, entries in said.items() if one and one.count(" ") < LONGEST)
    longest: dict[bytes, int] = {}
    pairs: set[int] = set()
    for key, _ in encoded:
        words = key.split(b" ")
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
        if len(words) > 2:
            pairs.add(crc32(b" ".join(words[:2])))
        for word in words[1:]:
            longest.setdefault(word, 0)
    known = sorted(longest)
    sections = [
        *Strings.sections([key for key, _ in encoded]),
        *Strings.sections(known),
        _ends([len(entries) for _, entries in encoded]),
        array("I", [entry for _, entries in encoded for entry in entries]).tobytes(),
        bytes(longest[word] for word in known),
        array("I", sorted(pairs)).tobytes(),
    ]
    about = json.dumps({"version": version, "sizes": [len(section) for section in sections]}).encode()
    body = b"".join((len(about).to_bytes(4, "little"), about, *sections))
    checked = hashlib.sha256(body).digest()
    return b"".join((_MAGIC, _HEAD.pack(FORMAT, array("I").itemsize, digest(values)), checked, body))


def read(data: bytes, values: Values, version: str) -> Index:
    """The index of these values from bytes. Raises ValueError for bytes that are damaged, of other values, or of another format or version."""
    start = len(_MAGIC) + _HEAD.size + 32
    if len(data) < start + 4 or not data.startswith(_MAGIC):
        raise ValueError("not an index of values")
    if _HEAD.unpack_from(data, len(_MAGIC)) != (FORMAT, array("I").itemsize, digest(values)):
        raise ValueError("an index of other values or of another format")
    body = memoryview(data)[start:]
    if hashlib.sha256(body).digest() != data[start - 32 : start]:
        raise ValueError("a damaged index")
    size = int.from_bytes(body[:4], "little")
    about = json.loads(bytes(body[4 : 4 + size]))
    if about["version"] != version:
        raise ValueError("an index of another version")
    ends = accumulate(about["sizes"], initial=4 + size)
    return Index(values, [bytes(body[first:last]) for first, last in pairwise(ends)])


def of(values: Values) -> Index:
    """The index of some values, made now."""
    return read(build(values, ""), values, "")


def _ends(lengths: list[int]) -> bytes:
    return array("I", accumulate(lengths, initial=0)).tobytes()

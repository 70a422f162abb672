"""Rooms, equipment and head counts in an utterance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from insights.language.forms import singular
from insights.language.index import spoken
from insights.language.numbers import number
from insights.language.patterns import Pattern
from insights.language.pieces import Word
from insights.language.words import Token

_HERE = (("this", "room"), ("this", "meeting", "room"), ("in", "here"), ("right", "here"), ("here",), ("this", "one"))
_PEOPLE = frozenset("people persons person guests attendees participants colleagues folks of seats seater".split())
_LENGTHS = frozenset("minute minutes min mins hour hours hr hrs day days week weeks half quarter am pm o'clock".split())


@dataclass(frozen=True, slots=True)
class Place:
    """A room said at words `[first, last)`; `room` is its id."""

    first: int
    last: int
    room: str


class Rooms:
    """The rooms that can be named, and the equipment they are described with."""

    def __init__(self, names: Mapping[str, str], equipment: Iterable[str], buildings: Iterable[str] = ()) -> None:
        self.names = names
        self.buildings = tuple(dict.fromkeys(buildings))
        self._phrases: dict[tuple[str, ...], str] = {}
        for id_, name in names.items():
            for said in (spoken(id_), spoken(name)):
                if said:
                    self._phrases.setdefault(said, id_)
        self.equipment = frozenset(item.casefold() for item in equipment)

    def find(self, words: Sequence[Word], here: str | None) -> Place | None:
        """The first room named, or the device's own for "this room" and "here"; None when there is neither."""
        texts = tuple(word.text for word in words)
        for first in range(len(texts)):
            for last in range(min(len(texts), first + 5), first, -1):
                room = self._phrases.get(texts[first:last])
                if room is not None and (last - first > 1 or texts[first] not in ("the", "a")):
                    return Place(first, last, room)
        if here is not None:
            for first in range(len(texts)):
                for phrase in _HERE:
                    if texts[first : first + len(phrase)] == phrase:
                        return Place(first, first + len(phrase), here)
        return None

    def all_in(self, words: Sequence[Word]) -> tuple[Place, ...]:
        """Every room that is named, in the order said."""
        found: list[Place] = []
        first = 0
        while first < len(words) and (place := self.find(words[first:], None)) is not None:
            found.append(Place(first + place.first, first + place.last, place.room))
            first += place.last
        return tuple(found)

    def says_here(self, words: Sequence[Word]) -> bool:
        """Whether "this room" or "here" is said."""
        text = f" {' '.join(word.text for word in words)} "
        return any(f" {' '.join(phrase)} " in text for phrase in _HERE)

    def equipment_in(self, words: Sequence[Word]) -> tuple[tuple[str, ...], frozenset[int]]:
        """The equipment asked for and the words that say so: known pieces anywhere, and whatever stands behind "with a"."""
        found: list[str] = []
        used: set[int] = set()
        for place, word in enumerate(words):
            for form in (word.text, singular(word.text)):
                if form in self.equipment:
                    found.append(form)
                    used |= {place}
                    break
        for place in range(len(words) - 2):
            if words[place].text == "with" and words[place + 1].text in ("a", "an") and place + 2 not in used:
                found.append(words[place + 2].text)
                used |= {place, place + 1, place + 2}
        return tuple(dict.fromkeys(found)), frozenset(used)


def people(words: Sequence[Word], tokens: Sequence[Token], taken: frozenset[int]) -> tuple[int | None, frozenset[int]]:
    """How many people, with the words that say so: "for four", "six people", "an eight person room". `taken` words mean something else."""
    for place, word in enumerate(words):
        found = number(tokens, word.token)
        if found is None or place in taken or found.ordinal or not isinstance(found.value, int) or not 0 < found.value < 10_000:
            continue
        last = place + 1
        while last < len(words) and words[last].token < found.last:
            last += 1
        after = words[last].text if last < len(words) else ""
        before = words[place - 1].text if place else ""
        if after in _LENGTHS:
            continue
        if after in _PEOPLE or before in ("for", "seats", "seating", "fits", "holds", "us"):
            end = last + (2 if after == "of" and last + 1 < len(words) and words[last + 1].text == "us" else after in _PEOPLE)
            return found.value, frozenset(range(place - (before == "for"), end))
    return None, frozenset()


TICKET = Pattern(r"(?<![\w-])([A-Za-z]{1,8}-\d{1,9}|#\d{1,9}|(?<=ticket )\d{1,9}|(?<=number )\d{1,9})(?![\w-])")
"""How a ticket is named: letters, a dash and digits, or a bare number after "ticket"."""

"""People of the company in an utterance: by their whole name, or by the part of it that is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from insights.language.lexicon import spoken
from insights.language.pieces import Word


@dataclass(frozen=True, slots=True)
class Named:
    """People at words `[first, last)`; several `ids` are people of the same name."""

    first: int
    last: int
    ids: tuple[str, ...]


class Colleagues:
    """The people that can be named; `names` are whole names by person id."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names
        self._phrases: dict[tuple[str, ...], list[str]] = {}
        for id_, name in names.items():
            words = spoken(name)
            for said in dict.fromkeys((words, words[:1], words[-1:], spoken(id_))):
                if said:
                    self._phrases.setdefault(said, []).append(id_)

    def find(self, words: Sequence[Word]) -> tuple[Named, ...]:
        """Everybody named, in the order said; the longest name at each place counts."""
        texts = tuple(word.text.removesuffix("'s") for word in words)
        found: list[Named] = []
        place = 0
        while place < len(texts):
            length = next((n for n in range(min(4, len(texts) - place), 0, -1) if texts[place : place + n] in self._phrases), 0)
            if length:
                found.append(Named(place, place + length, tuple(self._phrases[texts[place : place + length]])))
            place += max(length, 1)
        return tuple(found)

"""Mends one wrong letter in a word that is neither of the catalog nor of English."""

from __future__ import annotations

from collections.abc import Iterator, Set

from insights.language.vocabulary import english

SHORTEST = 5
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def respelt(word: str, vocabulary: Set[str]) -> str | None:
    """The one word of the vocabulary that is one edit away (a letter added, lost, changed, or two swapped); None when none or several are.

    Words under five letters and words of English are never mended.
    """
    if not SHORTEST <= len(word) <= 24 or not word.isalpha() or word in english():
        return None
    near = {other for other in _edits(word) if other in vocabulary and len(other) >= SHORTEST - 1}
    return next(iter(near)) if len(near) == 1 else None


def _edits(word: str) -> Iterator[str]:
    for place in range(len(word) + 1):
        head, tail = word[:place], word[place:]
        for letter in _LETTERS:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]

"""Digits as they are said, one by one or in pairs. Alexa's slots for numbers drop a leading zero, so codes and PINs are heard as free words and read here."""

from __future__ import annotations

import re

_UNITS = {
    "zero": 0, "oh": 0, "o": 0, "nought": 0, "naught": 0, "nil": 0, "one": 1, "won": 1, "two": 2, "to": 2, "too": 2, "three": 3, "four": 4, "for": 4,
    "five": 5, "six": 6, "seven": 7, "eight": 8, "ate": 8, "nine": 9, "niner": 9,
}  # fmt: skip
_TEENS = {word: str(n) for n, word in enumerate("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), 10)}
_TENS = {word: n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_NOTHING = frozenset("and then dash hyphen space please".split())
_WORD = re.compile(r"[^\W\d_]+|\d+")


def digits(said: str) -> str | None:
    """The digits that were said, zeros in front of them too; None when anything else was, or nothing.

    >>> digits("oh seven three nine"), digits("0739"), digits("4821-7734"), digits("forty eight twenty one"), digits("double oh seven"), digits("fifty")
    ('0739', '0739', '48217734', '4821', '007', '50')
    >>> digits("seven hundred"), digits("blue"), digits("double ten"), digits("")
    (None, None, None, None)
    """
    found, words = "", _WORD.findall(said.casefold())
    place = 0
    while place < len(words):
        word, after = words[place], words[place + 1] if place + 1 < len(words) else ""
        place += 1
        if word in _NOTHING:
            continue
        if word in _TIMES and (digit := _digit(after)) is not None:
            found, place = found + digit * _TIMES[word], place + 1
        elif word in _TENS:
            pair = _UNITS.get(after, 0)
            found, place = f"{found}{_TENS[word]}{pair}", place + (pair > 0)
        elif (digit := _digit(word)) is not None or word in _TEENS or (word.isascii() and word.isdigit()):
            found += digit or _TEENS.get(word, word)
        else:
            return None
    return found or None


def _digit(word: str) -> str | None:
    """A single digit, in words or written."""
    if word.isascii() and word.isdigit():
        return word if len(word) == 1 else None
    return str(_UNITS[word]) if word in _UNITS else None

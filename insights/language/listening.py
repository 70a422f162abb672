"""Reads an utterance as it was said aloud: put right where the speaker did, and where that leaves doubt, as what may have been heard wrongly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from insights.language.lexicon import Lexicon
from insights.language.mishearing import Meant, Swap, certain, others, swapped
from insights.language.pauses import said_once, without_pauses
from insights.language.phrasing import Phrasing
from insights.language.pieces import Word, words_of
from insights.language.restarts import Find, put_right
from insights.language.vocabulary import NEUTRAL
from insights.language.words import tokenise
from insights.requests import Choice, Clarify, MetricQuestion, Reading, Understood, Unsupported

Read = Callable[[str], Reading]

_MOST_WORDS = 60
"""Nobody says more in one breath; longer texts are read as they are written."""


def listen(text: str, words: Sequence[Word], read: Read, *, lexicon: Lexicon, find: Find, phrasing: Phrasing) -> Reading:
    """The reading of what was meant; whatever was taken for something else is among what was assumed. `read` reads a text as it is written."""
    if len(words) > _MOST_WORDS:
        return read(text)
    said: tuple[str, ...] = ()
    for smooth in (said_once, without_pauses):
        if (plain := smooth(text, words, lexicon)) != text:
            text, words = plain, words_of(tokenise(plain))
    if swaps := certain(words, lexicon):
        meant = swapped(text, words, swaps)
        text, said = meant.text, meant.said
        words = words_of(tokenise(text))
    taken = put_right(text, words, lexicon, find)
    if taken is not None and taken.doubt is not None and (question := _between(*taken.doubt, read, phrasing)) is not None:
        return _told(question, said)
    if taken is not None and taken.doubt is None:
        text, said = taken.text, (*said, *taken.said)
        words = words_of(tokenise(text))
    reading = read(text)
    if _is_clear(reading) or (isinstance(reading, Unsupported) and reading.firm):
        return _told(reading, said)  # what is refused for certain was not misheard
    reading = _heard_otherwise(text, words, reading, said, read, lexicon)
    return reading if isinstance(reading, Understood) else _mistyped(text, words, reading, read, lexicon, phrasing) or reading


def _mistyped(text: str, words: Sequence[Word], reading: Reading, read: Read, lexicon: Lexicon, phrasing: Phrasing) -> Clarify | None:
    """The question whether a word that stops the reading was meant for a name it is one letter away from: "budge" for the budget."""
    for place, word in enumerate(words):
        if not _fails_for(reading, word.text) or (meant := lexicon.mistyped(word.text)) is None:
            continue
        again = read(swapped(text, words, [Swap(place, place + 1, meant)]).text)
        if isinstance(again, Understood) and _is_clear(again) and isinstance(again.request, MetricQuestion):
            return Clarify(about=word.text, choices=(Choice(label=phrasing.request(again.request), request=again.request),))
        return None
    return None


def _fails_for(reading: Reading, word: str) -> bool:
    """Whether this word alone is one that a reading could not use."""
    match reading:
        case Unsupported(reason=reason):
            return f"'{word}'" in reason
        case Clarify(ignored=ignored):
            return any(word in words.split() for words in ignored)
        case Understood():
            return False


def _heard_otherwise(text: str, words: Sequence[Word], reading: Reading, said: tuple[str, ...], read: Read, lexicon: Lexicon) -> Reading:
    """The first other thing that may have been said and says all; else one that leaves no doubt about the words that were heard wrongly."""
    best = _told(reading, said)
    for other in others(text, words, lexicon):
        again = read(other.text)
        if _is_clear(again) or _says_more(again, reading, other):
            return _told(again, (*said, *other.said))
        if any(_is_about(reading, heard) for heard in other.heard) and best == _told(reading, said) and not isinstance(again, Understood):
            best = _told(again, (*said, *other.said))
    return best


def _is_clear(reading: Reading) -> bool:
    """Whether everything that was said has been used, but for words that add nothing."""
    return isinstance(reading, Understood) and all(word in NEUTRAL for word in reading.ignored)


def _says_more(again: Reading, reading: Reading, other: Meant) -> bool:
    """Whether what may have been said is understood where what was heard is not, with every word that was heard otherwise in use."""
    return isinstance(again, Understood) and not isinstance(reading, Understood) and bool(other.said) and not set(other.meant) & set(again.ignored)


def _is_about(reading: Reading, heard: str) -> bool:
    """Whether the words that were heard are what a reading fails for."""
    match reading:
        case Unsupported(reason=reason):
            return heard in reason
        case Clarify(about=about):
            return heard in about
        case Understood():
            return False


def _told(reading: Reading, said: tuple[str, ...]) -> Reading:
    """The reading with what was taken for something else."""
    return replace(reading, assumed=(*said, *reading.assumed)) if said and isinstance(reading, Understood | Clarify) else reading


def _between(before: str, after: str, read: Read, phrasing: Phrasing) -> Clarify | None:
    """The question which of two things was meant, where what was taken back is not clear: both together, or the second alone."""
    choices: dict[str, Choice] = {}
    for text in (f"{before} {after}", after):
        reading = read(text)
        if isinstance(reading, Understood) and isinstance(reading.request, MetricQuestion):
            label = phrasing.request(reading.request)
            choices.setdefault(label, Choice(label=label, request=reading.request))
    return Clarify(about=after.casefold(), choices=tuple(choices.values())) if choices else None

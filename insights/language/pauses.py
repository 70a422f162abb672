"""What speech has that text has not: words said twice, pauses filled with words, commas that nobody says."""

from __future__ import annotations

from collections.abc import Sequence

from insights.language.lexicon import FieldLink, Lexicon, ValueLink
from insights.language.numbers import STARTS
from insights.language.pieces import Word

_OPENINGS = frozenset("ok okay so well alright".split())
_KNOWING = frozenset("do did does that as if what all can let should would could may might".split())
_LIKENING = frozenset("look looks looked would feel feels more just things sounds something anything is was 'd like".split())


def said_once(text: str, words: Sequence[Word], lexicon: Lexicon) -> str:
    """The text without the second of two equal runs of up to four words; a name that repeats itself stays."""
    texts, place = [word.text for word in words], 0
    gaps: list[tuple[int, int]] = []
    while place < len(texts):
        for length in (4, 3, 2, 1):
            run = texts[place : place + length]
            if len(run) == length and run == texts[place + length : place + 2 * length] and not _is_one(words, place, length, lexicon):
                gaps.append((words[place].start, words[place + length].start))
                place += length - 1
                break
        place += 1
    for start, end in reversed(gaps):
        text = text[:start] + text[end:]
    return text


def _is_one(words: Sequence[Word], place: int, length: int, lexicon: Lexicon) -> bool:
    """Whether the repetition says something: a number, a name that has it, or a stored value before a word that is typed otherwise ("store Last last year")."""
    texts, raws = [word.text for word in words], [word.raw for word in words]
    run = texts[place : place + length]
    if run == ["for"] and place and texts[place - 1] in ("room", "table", "desk"):
        return True  # for four
    if all(text in STARTS or text[0].isdigit() for text in run) or not any(text[0].isalpha() for text in run):
        return True
    if raws[place : place + length] != raws[place + length : place + 2 * length] and any(
        isinstance(link, ValueLink) for named in lexicon.at(texts, raws, place) if named.length == length for link in named.links
    ):
        return True
    return any(named.length > length for start in (place, max(place - 1, 0)) for named in lexicon.at(texts, texts, start))


def without_pauses(text: str, words: Sequence[Word], lexicon: Lexicon) -> str:
    """The text without what only fills a pause: "okay so" at its start, "you know" and "let me see" in it."""
    texts = [word.text for word in words]
    gone: set[int] = set()
    for place, said in enumerate(texts[:-1]):
        if said not in _OPENINGS or texts[place + 1] == "far" or any(lexicon.at(texts, texts, place)):
            break
        gone.add(place)
    for place, said in enumerate(texts):
        before = texts[place - 1] if place else ""
        if said == "you" and place and texts[place + 1 : place + 2] == ["know"] and before not in _KNOWING:
            gone |= {place, place + 1}
        if texts[place : place + 3] == ["let", "me", "see"] and place:
            gone |= {place, place + 1, place + 2}
    if len(gone) == len(texts):
        return text
    for place in sorted(gone, reverse=True):
        text = text[: words[place].start] + text[words[place + 1].start if place + 1 < len(words) else words[place].end :]
    return text


def likes(texts: Sequence[str]) -> frozenset[int]:
    """The places of "like" where it likens nothing."""
    found: set[int] = set()
    for place, text in enumerate(texts):
        before = texts[place - 1] if place else ""
        if text == "like" and place and before not in _LIKENING and texts[place + 1 : place + 2] != ["for"]:
            found.add(place)
    return frozenset(found)


def blanked(text: str, words: Sequence[Word], places: frozenset[int]) -> str:
    """The text with blanks where words are left out, so that every other word stays where it is."""
    for place in places:
        text = text[: words[place].start] + " " * (words[place].end - words[place].start) + text[words[place].end :]
    return text


def list_gaps(texts: Sequence[str], lexicon: Lexicon) -> list[int]:
    """The places before which a comma of a list went unspoken: "by region plan and country"."""
    ends: dict[int, int] = {}
    free = 0
    for place in range(len(texts)):
        for named in lexicon.at(texts, texts, place):
            if place >= free and named.how == "exact" and all(isinstance(link, FieldLink) for link in named.links):
                ends[place] = free = place + named.length
    gaps: list[int] = []
    for last in [place for place in ends if place and texts[place - 1] == "and"]:
        here = last - 1
        while (start := next((start for start, end in ends.items() if end == here), None)) is not None:
            gaps += [start] if start in ends.values() else []
            here = start
    return gaps


def with_commas(text: str, words: Sequence[Word], gaps: Sequence[int]) -> str:
    """The text with a comma before each of these words."""
    for gap in sorted(gaps, reverse=True):
        text = f"{text[: words[gap - 1].end]},{text[words[gap - 1].end :]}"
    return text

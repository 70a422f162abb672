"""Words that a speech recogniser may have written down for others that sound alike, and hesitations: what else may have been said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

from insights.language.lexicon import DatasetLink, FieldLink, Lexicon, MetricLink
from insights.language.numbers import STARTS
from insights.language.pauses import blanked, likes, list_gaps, with_commas
from insights.language.pieces import Word, words_of
from insights.language.words import tokenise

MOST = 3
"""Other texts that are tried for one utterance."""
_REACH = 4
"""Words before a place at which a name that has it may start."""
_NUMBERS = {"to": "two", "too": "two", "for": "four", "fore": "four", "won": "one", "ate": "eight"}
_SIZES = frozenset("hundred thousand million billion trillion".split())
_COUNTED = frozenset("days weeks months quarters years hours minutes".split())
_WEEKLY = frozenset("this last next past previous prior per by each every a over two three four five six seven eight nine ten twelve".split())
_OWNED = frozenset("our the my your their each every".split())
_PLACES = frozenset({"room", "table", "desk"})
_COUNTING = frozenset("top bottom best worst last past next previous first q quarter half and or to between exactly equals".split())
_REACHING = frozenset("reach reaches reached hit hits towards of".split())
_BOOKING = frozenset("until till tomorrow today on for pm am thirty fifteen with next this in o'clock".split())
_DIVIDING = frozenset("by and per each every or the which what busiest".split())
_OVER = frozenset("over above under below than least most exceeding".split())


@dataclass(frozen=True, slots=True)
class Swap:
    """Words `[first, last)` heard as `meant`."""

    first: int
    last: int
    meant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """Another text that may have been said, what was taken for what, and the words `heard` and `meant` in it."""

    text: str
    said: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    meant: tuple[str, ...] = ()


def certain(words: Sequence[Word], lexicon: Lexicon) -> list[Swap]:
    """What makes sense in one way only: "over to million", "top for regions", "q won", "four our regions", "last weak", and "in us" of a country."""
    texts, swaps = [word.text for word in words], []
    for place, text in enumerate(texts):
        before = texts[place - 1] if place else ""
        meant = ""
        if text == "four" and _is_for(texts, place):
            meant = "for"
        elif text in ("weak", "weaks") and before in _WEEKLY and not _is_named(texts, place, 1, lexicon):
            meant = text.replace("a", "e")
        elif text == "us" and words[place].raw == "us" and before in ("in", "the") and any(lexicon.at(["us"], ["US"], 0)):
            meant = "US"
        elif text in _NUMBERS and _counts(words, place, lexicon):
            meant = _NUMBERS[text]
        elif place and (text,) in _table() and not _is_named(texts, place, 1, lexicon):
            meant = next((other for other, _ in _table()[(text,)] if _completes(texts, place, other, lexicon)), "")
        if meant:
            swaps.append(Swap(place, place + 1, meant))
    return swaps


def _is_for(texts: Sequence[str], place: int) -> bool:
    """Whether a "four" counts nothing: "four our regions", "four twenty twenty six", "four next quarter", "a room four eight"."""
    before, after = texts[place - 1] if place else "", texts[place + 1] if place + 1 < len(texts) else ""
    if before in _PLACES and after in STARTS:
        return True
    if before in _COUNTING or before in STARTS or before in _OVER:
        return False
    timed = after in ("next", "last", "this") and place + 2 < len(texts) and f"{texts[place + 2]}s" in _COUNTED
    return after in _OWNED or timed or _is_year(texts, place + 1)


def _counts(words: Sequence[Word], place: int, lexicon: Lexicon) -> bool:
    """Whether only a number makes sense at the place of a little word."""
    texts = [word.text for word in words]
    text, before, after = texts[place], texts[place - 1] if place else "", texts[place + 1] if place + 1 < len(texts) else ""
    if after in _SIZES:
        return before in _OVER or before in _REACHING or text not in ("to", "for")
    if after in _COUNTED:
        return before in _OVER or before in ("last", "past", "next", "previous", "first")
    if before in ("top", "bottom"):
        return not after or _is_group(words, place + 1, lexicon)
    if before == "at":
        return text not in ("won", "ate") and (not after or after in _BOOKING)
    in_room = text == "for" == before and place > 1 and texts[place - 2] in _PLACES
    return in_room or (before == "q" and text != "ate") or (before in _OVER and after in ("percent", "point"))


def _completes(texts: Sequence[str], place: int, other: str, lexicon: Lexicon) -> bool:
    """Whether another word makes a name of several words with those beside it: "add revenue" where there is ad revenue."""
    said = [*texts[:place], other, *texts[place + 1 :]]
    starts = range(max(0, place - _REACH), place + 1)
    return any(named.length > 1 and named.how == "exact" and start + named.length > place for start in starts for named in lexicon.at(said, said, start))


def _is_year(texts: Sequence[str], place: int) -> bool:
    """Whether a year is said at a place: "twenty twenty six"."""
    return texts[place : place + 1] in (["twenty"], ["nineteen"]) and place + 1 < len(texts) and texts[place + 1] in STARTS


def _is_group(words: Sequence[Word], place: int, lexicon: Lexicon) -> bool:
    """Whether several of something stand at a place: "regions", not "revenue"."""
    if place >= len(words) or not words[place].text.endswith("s"):
        return False
    texts = [word.text for word in words]
    links = [link for named in lexicon.at(texts, texts, place) for link in named.links]
    return any(isinstance(link, FieldLink | DatasetLink) for link in links) and not any(isinstance(link, MetricLink) for link in links)


def swapped(text: str, words: Sequence[Word], swaps: Sequence[Swap]) -> Meant:
    """The text with what was meant in place of what was heard."""
    heard = []
    for swap in sorted(swaps, key=lambda swap: -swap.first):
        start, end = words[swap.first].start, words[swap.last - 1].end
        heard.append((" ".join(word.text for word in words[swap.first : swap.last]), swap.meant))
        text = text[:start] + swap.meant + text[end:]
    heard.reverse()
    return Meant(
        text=text,
        said=tuple(f"I took '{one}' as '{other}'" for one, other in heard),
        heard=tuple(one for one, _ in heard),
        meant=tuple(other for _, other in heard),
    )


def others(text: str, words: Sequence[Word], lexicon: Lexicon) -> Iterator[Meant]:
    """A few other texts that may have been said, the likeliest first; no word that is a name of the catalog is touched."""
    texts = [word.text for word in words]
    hesitant = likes(texts)
    plain = blanked(text, words, hesitant)
    if hesitant:
        yield Meant(text=" ".join(plain.split()))
    kept = [word for place, word in enumerate(words) if place not in hesitant]
    texts = [word.text for word in kept]
    if gaps := list_gaps(texts, lexicon):
        yield Meant(text=with_commas(plain, kept, gaps))
    ways = _ways(texts, lexicon)
    if not ways:
        return
    tried = [[way[0] for way in ways]]
    tried += [[way[1] if other is way else other[0] for other in ways] for way in ways if len(way) > 1]
    tried += [[way[0]] for way in ways] if len(ways) > 1 else []
    for swaps in islice(tried, MOST):
        yield swapped(plain, kept, swaps)


def straight(text: str, lexicon: Lexicon) -> Meant:
    """The text with the likeliest other word in each place where one sounds alike."""
    words = words_of(tokenise(text))
    ways = _ways([word.text for word in words], lexicon)
    return swapped(text, words, [way[0] for way in ways if words[way[0].first].text not in STARTS])


def _ways(texts: Sequence[str], lexicon: Lexicon) -> list[list[Swap]]:
    """For each place where something else can have been said, what it can be."""
    ways: list[list[Swap]] = []
    free = 0
    for place in range(len(texts)):
        for length in (2, 1):
            heard = tuple(texts[place : place + length])
            divides = heard == ("hour",) and texts[max(place - 1, 0)] in _DIVIDING  # "by weekday and hour" is no "our"
            if place < free or len(heard) < length or heard not in _table() or divides:
                continue
            if _is_counted(texts, place, length) or _is_named(texts, place, length, lexicon):
                continue
            meant = [Swap(place, place + length, other) for other, always in _table()[heard] if always or _is_name(texts, place, length, other, lexicon)]
            if meant:
                ways.append(meant)
                free = place + length
    return ways


def _is_named(texts: Sequence[str], place: int, length: int, lexicon: Lexicon) -> bool:
    """Whether names of the catalog have all the words at a place."""
    starts = range(max(0, place - _REACH), place + length)
    covered = {at for start in starts for named in lexicon.at(texts, texts, start) for at in range(start, start + named.length)}
    return covered.issuperset(range(place, place + length))


def _is_counted(texts: Sequence[str], place: int, length: int) -> bool:
    """Whether a number word counts something or stands in a larger number: "top two", "four weeks", "twenty four"."""
    if length == 1 and texts[place] in STARTS:
        before, after = texts[max(place - 1, 0) : place], texts[place + 1 : place + 2]
        if _COUNTING.intersection(before) or (_COUNTED | _SIZES).intersection(after):
            return True
    beside = (*texts[max(place - 1, 0) : place], *texts[place + length : place + length + 1])
    return length == 1 and texts[place] in STARTS and any(word in STARTS and word not in ("a", "an") for word in beside)


def _is_name(texts: Sequence[str], place: int, length: int, other: str, lexicon: Lexicon) -> bool:
    """Whether another word makes a name of the catalog where it would stand."""
    said = [*texts[:place], *other.split(), *texts[place + length :]]
    for start in range(max(0, place - _REACH), place + 1):
        if any(named.how == "exact" and start <= place < start + named.length for named in lexicon.at(said, said, start)):
            return True
    return False


@cache
def _table() -> Mapping[tuple[str, ...], tuple[tuple[str, bool], ...]]:
    """What can be meant by what was heard, and whether always or only where it is a name of the catalog."""
    table: dict[tuple[str, ...], dict[str, bool]] = {}
    text = (Path(__file__).parent / "homophones.txt").read_text(encoding="ascii")
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        heard, arrow, meant = line.partition(" > ")
        if arrow:
            for other in re.split(r", ", meant):
                table.setdefault(tuple(heard.split()), {})[other] = True
        else:
            alike = line.split(" = ")
            for one in alike:
                for other in alike:
                    if one != other:
                        table.setdefault(tuple(one.split()), {}).setdefault(other, False)
    return {heard: tuple(meant.items()) for heard, meant in table.items()}

"""How a chore of the office is to be done, whatever the chore: in private, for a reason, near here, on a floor, all of a series, by its number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

from insights.language.patterns import Pattern
from insights.language.slots import Heard
from insights.requests import THIS, Clarify, Errand, Reading, Understood

_BECAUSE = Pattern(r"[,;]?\s*\b(?:because of|because|due to|owing to)\s+(?P<why>\S.{1,200})$", re.IGNORECASE | re.DOTALL)
_WORKS = Pattern(
    r"\bfor (?:the |a |an |some )?(?P<why>(?:\w+ )?(?:cleaning|maintenance|repairs?|repair work|painting|inspection|construction|renovation|building work))\b"
    r"[^\w]*$",
    re.IGNORECASE,
)
NO_ROOMS: Mapping[str, str] = {}
_BESIDE = r"(?:nearest|closest|near)(?: to)?|(?:nearer|closer|close|next|adjacent) (?:to|by)|beside|opposite|not far from|around|in the vicinity of"
_APART = (
    r"\b(?:any(?:thing|where)?|every|all|something|one)(?: (?:free |other )?(?:meeting )?rooms?| one)?,? but|\b(?:but |just |only )?not(?: in)?"
    r"|\bexcept(?: for)?|\b(?:other|rather) than|\bapart from|\bexcluding|\binstead of|\banything besides"
)
_PRIVATE = Pattern(r"\b(?:private(?:ly)?|confidential(?:ly)?)\b", re.IGNORECASE)
_NOT_PRIVATE = Pattern(
    r"\b(?:(?:but|and) )?(?:(?:do not|don't|dont|need not|no need to|never) (?:make|mark|keep|set) (?:it|this|that|them)(?: as)?|not|non|isn't|without being)"
    r"(?: (?:be|to be|as|a|make it|necessarily))*[ -]+(?:private(?:ly)?|confidential(?:ly)?)\b",
    re.IGNORECASE,
)
_NEAREST = Pattern(r"\b(?:nearest|closest|near(?:by| here| me| this room| us|(?=\W*$))|close (?:by|to (?:here|me|us|this room)))\b", re.IGNORECASE)
_SERIES = Pattern(
    r"\ball of (?=the |my |our )|(?<!time )\b(?=series\b)"
    r"|\b(?:(?:the )?(?:whole|entire|full) series|the series|all (?:of (?:them|these|those)|occurrences|repeats)"
    r"|every (?:occurrence|one of them)|and all (?:the )?"
    r"(?:others|following|later ones))\b",
    re.IGNORECASE,
)
_WITH_ROOM = Pattern(r"\b(?:with|in|plus|and(?: book)?) (?:a|any|some) (?:meeting |conference )?room\b", re.IGNORECASE)
_CALL = Pattern(
    r"\b(?:with|plus|and) (?:a|an|some) (?:(?:video|online|conference) )*(?:call|link|video ?conference)(?: link)?\b"
    r"|\bwith (?:google meet|microsoft teams|video)\b|\b(?:as|by) (?:a )?video call\b",
    re.IGNORECASE,
)
_FLOOR = Pattern(
    r"\b(?:on|at) (?:the )?(?P<which>ground|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d{1,3}(?:st|nd|rd|th)?) floor\b"
    r"|\b(?:on|at) (?P<same>this|my|our|the same) floor\b"
    r"|\b(?:on |at )?floor (?P<number>\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten)\b",
    re.IGNORECASE,
)
_NUMBERS = {"ground": "0", "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6", "seventh": "7", "eighth": "8", "ninth": "9"}
_NUMBERS |= {"tenth": "10", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10"}
_THING = Pattern(r"(?<![\w-])(?P<kind>[BM])[- ]?(?P<number>\d{4,9})(?![\w-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """What was said of it, and where: `spans` are the characters that say so and nothing else."""

    private: bool = False
    reason: str | None = None
    floor: str | None = None
    building: str | None = None
    nearest: bool = False
    series: bool = False
    with_room: bool = False
    call: bool = False
    thing: str | None = None
    near: str | None = None
    without_rooms: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()

    def without(self, heard: Heard) -> Heard:
        """The utterance without these words, so that nothing else is read into them."""

        def kept(start: int, end: int) -> bool:
            return not any(first <= start and end <= last for first, last in self.spans)

        if not self.spans:
            return heard
        left = [place for place, token in enumerate(heard.tokens) if kept(token.start, token.end)]
        moved = {old: new for new, old in enumerate(left)}
        words = [word._replace(token=moved[word.token]) for word in heard.words if word.token in moved and kept(word.start, word.end)]
        return replace(heard, words=words, tokens=[heard.tokens[place] for place in left])

    def applied(self, reading: Reading | None) -> Reading | None:
        """The reading with all of it."""
        match reading:
            case Understood(request=request) if not isinstance(request, Errand):
                return reading
            case Understood(request=request):
                return replace(reading, request=self._with(request))
            case Clarify(partial=partial, choices=choices) if partial is None or isinstance(partial, Errand):
                done = tuple(replace(choice, request=self._with(choice.request)) for choice in choices)
                return replace(reading, partial=None if partial is None else self._with(partial), choices=done)
            case _:
                return reading

    def _with(self, request: Any) -> Any:
        known = {part.name for part in fields(request)}
        said = {
            name: getattr(self, name) for name in ("private", "reason", "floor", "building", "nearest", "series", "with_room", "call") if getattr(self, name)
        }
        if self.near is not None:
            said |= {"near": self.near, "nearest": True}
        if self.without_rooms:
            said |= {"without": self.without_rooms}
        if self.thing is not None:
            said |= {"meeting": self.thing} if "meeting" in known else {"booking": self.thing}
        return replace(request, **{name: value for name, value in said.items() if name in known})


def manner(text: str, buildings: Iterable[str] = (), rooms: Mapping[str, str] = NO_ROOMS) -> Manner:
    """What an utterance says of how a chore is to be done. `rooms` are names by id where it may say near which one it is wanted, and which ones are not.

    >>> found = manner("a room near fern but not moss", (), {"f": "Fern", "m": "Moss"})
    >>> found.near, found.without_rooms
    ('f', ('m',))
    """
    because = _BECAUSE.search(text) or _WORKS.search(text)
    end = because.start() if because else len(text)
    private, near, series, with_room, call = (pattern.search(text, 0, end) for pattern in (_PRIVATE, _NEAREST, _SERIES, _WITH_ROOM, _CALL))
    public = _NOT_PRIVATE.search(text, 0, end)
    if public is not None:
        private = None
    floor, thing = _FLOOR.search(text, 0, end), _THING.search(text, 0, end)
    building, where = _building(text, end, buildings)
    beside, apart = _relations(text, end, rooms)
    found = [match for match in (private, public, near, series, with_room, call, floor, thing) if match is not None]
    said = [*found, *(match for _, match in (*beside, *apart))]
    spans = [match.span() for match in said] + ([where] if where else []) + ([(end, len(text))] if because else [])
    return Manner(
        private=private is not None,
        reason=because["why"].strip(" .!?") if because else None,
        floor=_floor(floor) if floor else None,
        building=building,
        nearest=near is not None,
        series=series is not None,
        with_room=with_room is not None,
        call=call is not None,
        thing=f"{thing['kind'].upper()}-{thing['number']}" if thing else None,
        near=beside[0][0] if beside else None,
        without_rooms=tuple(dict.fromkeys(id_ for id_, _ in apart)),
        spans=tuple(spans),
    )


Said = list[tuple[str, re.Match[str]]]


def _relations(text: str, end: int, rooms: Mapping[str, str]) -> tuple[Said, Said]:
    """The rooms near which something is wanted, and those that are not wanted, with the words that say so."""
    if not rooms:
        return [], []
    ids = {name.casefold(): id_ for id_, name in rooms.items()}
    patterns = _of_rooms(tuple(sorted(ids, key=len, reverse=True)))
    beside, apart, to = ([(ids[found["room"].casefold()], found) for found in pattern.finditer(text, 0, end)] for pattern in patterns)
    nearest = _NEAREST.search(text, 0, end)
    far = [(id_, found) for id_, found in to if nearest is not None and found.start() >= nearest.end()]  # "the nearest free room to Fern"
    return beside or far, apart


@lru_cache(maxsize=8)
def _of_rooms(names: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    room = rf"(?:the |room |a )*(?P<room>{'|'.join(re.escape(name) for name in names)})\b"
    beside, apart, to = (re.compile(f"{said} {room}", re.IGNORECASE) for said in (rf"\b(?:{_BESIDE})", f"(?:{_APART})", r"\b(?:to|from)"))
    return beside, apart, to


def _floor(match: re.Match[str]) -> str:
    if match["same"]:
        return THIS
    said = (match["which"] or match["number"]).casefold()
    return _NUMBERS.get(said) or re.sub(r"\D", "", said)


def _building(text: str, end: int, buildings: Iterable[str]) -> tuple[str | None, tuple[int, int] | None]:
    """A building behind "in" or "at", or before "building"; its name alone may be anything."""
    plain = text[:end].casefold()
    here = re.search(r"\bin (?:this|my|our|the same) building\b", plain)
    if here is not None:
        return THIS, here.span()
    for building in buildings:
        name = re.escape(building.casefold())
        match = re.search(rf"\b(?:in|at|of) (?:the )?{name}(?: building)?(?!\w)|\b(?:the )?{name} building\b", plain)
        if match is not None:
            return building, match.span()
    return None, None

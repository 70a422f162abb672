"""How a chore of the office is to be done, whatever the chore: in private, for a reason, near here, on a floor, all of a series, by its number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
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
_PRIVATE = Pattern(r"\b(?:private(?:ly)?|confidential(?:ly)?)\b", re.IGNORECASE)
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
        if self.thing is not None:
            said |= {"meeting": self.thing} if "meeting" in known else {"booking": self.thing}
        return replace(request, **{name: value for name, value in said.items() if name in known})


def manner(text: str, buildings: Iterable[str] = ()) -> Manner:
    """What an utterance says of how a chore is to be done."""
    because = _BECAUSE.search(text) or _WORKS.search(text)
    end = because.start() if because else len(text)
    private, near, series, with_room, call = (pattern.search(text, 0, end) for pattern in (_PRIVATE, _NEAREST, _SERIES, _WITH_ROOM, _CALL))
    floor, thing = _FLOOR.search(text, 0, end), _THING.search(text, 0, end)
    building, where = _building(text, end, buildings)
    found = [match for match in (private, near, series, with_room, call, floor, thing) if match is not None]
    spans = [match.span() for match in found] + ([where] if where else []) + ([(end, len(text))] if because else [])
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
        spans=tuple(spans),
    )


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

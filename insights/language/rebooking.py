"""What is put right about a booking that was just made or moved: "no, at four", "make it ninety minutes", "Oak instead", "not Fern but Oak"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

from insights.language.patterns import Pattern
from insights.language.periods import find
from insights.language.periods.model import Calendar
from insights.language.pieces import words_of
from insights.language.places import Rooms
from insights.language.words import tokenise
from insights.requests import BookRoom, ExtendBooking, MoveMeeting, Request, ScheduleMeeting

_LONGEST = 120
_A_DAY = 24 * 60
_CUE = (
    r"(?:no|nope|oh|oops|sorry|wait|actually|well|hmm|rather|that 's wrong|that is wrong|not that|i (?:meant|mean|said|wanted|want)"
    r"|(?:can|could|would) you|please|(?:let 's|let us) (?:say|make (?:it|that))|(?:make|set) (?:it|that)|change (?:it|that|the (?:time|room)) to|better)"
)
_PUT_RIGHT = Pattern(rf"(?P<cues>(?:{_CUE} )*)(?P<what>.+?)(?P<after>(?: (?:instead|rather|better|please|then|actually|long))*)")
_MOVED = Pattern(r"(?:please )?(?:move|reschedule|shift|put|push|postpone) (?:it|that|this) (?:off )?(?:for|on|at|till|until) (?P<when>.+)")
_SMALL = Pattern(r"(?:at|on|to|for|from|in|the|about) ")
_CALLED_OFF = Pattern(
    rf"(?:{_CUE} )+(?P<what>(?:cancel|release|forget|drop|call off|give up) (?:it|that|this|(?:the|my) (?:booking|meeting|room)))(?: please| again| then)*"
)
_NOT = Pattern(r"(?:not|instead of) (?P<both>.+)")
_LENGTHENED = Pattern(r"\b(?:more|longer|extra|additional|another|shorter|less|earlier|later|by)\b")
Kind = Literal["time", "length", "room"]


def put(text: str, previous: Request | None, *, now: datetime, calendar: Calendar, rooms: Rooms) -> str | None:
    """The words that say in full what a short correction changes: "move it to four", "extend it to 90 minutes"; None for whatever is no correction.

    `previous` is what was talked of: only what was booked, scheduled, moved or extended can be put right so.
    """
    if not was_booked(previous) or len(text) > _LONGEST:
        return None
    plain = " ".join(word.text for word in words_of(tokenise(text)))
    if (off := _CALLED_OFF.fullmatch(plain)) is not None:
        return off["what"]
    if (moved := _MOVED.fullmatch(plain)) is not None:
        return f"move it to {moved['when']}" if _kind(moved["when"], now=now, calendar=calendar, rooms=rooms) == "time" else None
    match correction(text, now=now, calendar=calendar, rooms=rooms):
        case "length", meant if not isinstance(previous, ScheduleMeeting):
            return f"extend it to {meant}"
        case (("time" | "room"), meant):
            return f"move it to {meant}"
        case _:
            return None


def correction(text: str, *, now: datetime, calendar: Calendar, rooms: Rooms) -> tuple[Kind, str] | None:
    """The one new time, length or room that a short correction names, and what it is; None for whatever is no correction.

    It stands after a word that takes something back ("no", "make it"), or before "instead"; what lengthens by an amount is no correction.
    """
    if len(text) > _LONGEST:
        return None
    plain = " ".join(word.text for word in words_of(tokenise(text)))
    match = _PUT_RIGHT.fullmatch(plain)
    if match is None or _LENGTHENED.search(match["what"]):
        return None

    def kind(said: str) -> Kind | None:
        return _kind(said, now=now, calendar=calendar, rooms=rooms)

    if (both := _NOT.fullmatch(match["what"])) is not None:
        meant = _other_of(both["both"].split(), kind)
    else:
        meant = match["what"] if match["cues"] or re.search(r"\b(?:instead|rather)\b", match["after"]) else None
    of = kind(meant := _bare(meant)) if meant is not None else None
    return (of, meant) if of is not None and meant is not None else None


def was_booked(previous: Request | None) -> bool:
    """Whether what was talked of is something with a time in a room or a calendar, which "it" then means."""
    return isinstance(previous, BookRoom | ExtendBooking | MoveMeeting | ScheduleMeeting)


def _other_of(words: Sequence[str], kind: Callable[[str], Kind | None]) -> str | None:
    """The second of two things of one kind: "fern but oak", "three four"."""
    for place in range(1, len(words)):
        first, second = " ".join(words[:place]), " ".join(words[place:]).removeprefix("but ")
        of = kind(_bare(first))
        if of is not None and kind(_bare(second)) == of:
            return second
    return None


def _bare(said: str) -> str:
    """Without the small words before it."""
    while (match := _SMALL.match(said)) is not None and match.end() < len(said):
        said = said[match.end() :]
    return said


def _kind(said: str, *, now: datetime, calendar: Calendar, rooms: Rooms) -> Kind | None:
    """What the whole of some words is: a time to begin, a length of at most a day, or a room."""
    words = words_of(tokenise(said))
    place = rooms.find(words, None)
    if place is not None and place.first == 0 and place.last == len(words):
        return "room"
    for lead in ("", "at "):  # a bare number is an hour only after "at"
        tokens = tokenise(lead + said)
        found = find(tokens, now=now, calendar=calendar, lean="future") if tokens else []
        whole = [item for item in found if item.first <= len(lead) and item.last >= tokens[-1].end]
        if any(item.kind == "duration" and item.minutes is not None and item.minutes <= _A_DAY for item in whole):
            return "length"
        if any(item.kind == "interval" and item.start is not None for item in whole):
            return "time"
    return None

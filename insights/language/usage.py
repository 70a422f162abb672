"""How rooms and the help desk are used: which questions are about it, and those put otherwise in the words that its figures have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from insights.catalog.model import Catalog
from insights.language.patterns import Pattern
from insights.requests import Clarify, LookUp, Reading, Understood, Unsupported

Subject = Literal["rooms", "help_desk"]
_COUNTED: Mapping[Subject, str] = {"rooms": "room_bookings_made", "help_desk": "tickets_raised"}
_NOT_YET: Mapping[Subject, tuple[str, str]] = {
    "rooms": ("how rooms are used", "the first room that is booked"),
    "help_desk": ("the help desk", "the first ticket that is filed"),
}

_HELP_DESK = Pattern(
    r"\b(?:ticket backlog|backlog of (?:the )?(?:help ?desk|tickets)|(?:ticket|help ?desk) (?:satisfaction|figures|statistics|volume)"
    r"|(?:satisfied|happy) (?:are|were) (?:people|we|you|they) with (?:the )?(?:help ?desk|tickets|it support)"
    r"|satisfaction with (?:the )?(?:help ?desk|tickets)"
    r"|(?:mean|average|median)? ?time to (?:answer|solve|resolve)(?: a)?(?: tickets?)?|(?:how many|number of) (?:\w+ )?tickets|tickets (?:were|are|got) \w+"
    r"|tickets (?:raised|solved|filed|reported|answered)|(?:ticket )?resolution time|late tickets|overdue tickets)\b"
)
_ROOMS = Pattern(
    r"\b(?:no ?-?shows?(?: rates?)?|room (?:usage|use|utili[sz]ation|bookings?)|(?:usage|use|utili[sz]ation) of (?:the |our )?(?:meeting )?rooms?"
    r"|booked (?:time|hours|minutes)|hours (?:\w+ ){0,4}booked|(?:how often|how many hours|how many times) (?:\w+ ){1,5}(?:used|booked|reserved)"
    r"|rooms? (?:is|are|was|were) (?:used|booked) (?:the )?(?:most|least))\b"
)
_HOW_OFTEN = r"(?:how often|how many times|how frequently)"
_HOW_LONG = r"(?:for )?(?:how many hours|how many minutes|how much time)"
_USED = r"(?:used|booked|reserved|in use|occupied|held)"
_PUT = Pattern(
    rf"(?P<what>{_HOW_OFTEN}|{_HOW_LONG}) (?:is|are|was|were|has|have|had|did|do|does|will) (?:we |people |anybody |they )?(?P<be>be |get |got |been )?"
    rf"(?:the |our |a )?(?P<room>.+?) (?:been |get |got |be )?(?:{_USED})\b(?P<rest>.*)"
)
_PEOPLE = Pattern(
    rf"(?P<what>{_HOW_OFTEN}|{_HOW_LONG}) (?:is|are|was|were|do|did|does|have|has) (?:we|people|they|you|teams?)(?: all)?"
    r" (?:use|book|booked|used|reserve|reserved)"
    r" (?:the |our |a )?(?P<room>.+?)(?P<rest>(?: (?:in|on|this|last|since|between|today|yesterday|by|per|during|for)\b.*)?)"
)
_ALL = Pattern(r"(?:(?:the |all |our |all our |all the )*(?:meeting |conference )?rooms?)")
_EACH = Pattern(r"(?:each|every)(?: of (?:the|our))?(?: meeting| conference)? rooms?")


def subject(text: str) -> Subject | None:
    """Which figures of the office an utterance asks for by their names, None for those that ask for none of them.

    >>> subject("how many tickets are open"), subject("how often was fern used"), subject("revenue by region")
    ('help_desk', 'rooms', None)
    """
    plain = re.sub(r"[^\w' -]", " ", text.casefold())
    if _HELP_DESK.search(plain):
        return "help_desk"
    return "rooms" if _ROOMS.search(plain) else None


def put(plain: str, rooms: Iterable[str], metrics: Mapping[str, str]) -> str | None:
    """A question of how much rooms are used, with the label of the figure that it asks for; None for every other one.

    `plain` is in small letters and without punctuation, `rooms` the names of the rooms, `metrics` the labels by the names of what can be asked about.

    >>> put("how often was fern used last week", ["Fern"], {"room_bookings_made": "Room bookings"})
    'Room bookings for fern last week'
    """
    match = _PUT.fullmatch(plain) or _PEOPLE.fullmatch(plain)
    if match is None:
        return None
    label = metrics.get("room_bookings_made" if re.fullmatch(_HOW_OFTEN, match["what"]) else "booked_minutes")
    if label is None:
        return None
    said, rest = match["room"].strip(), match["rest"]
    if _EACH.fullmatch(said):
        return f"{label} by booked room{rest}"
    if _ALL.fullmatch(said):
        return f"{label}{rest}"
    return f"{label} for {said}{rest}" if said.removeprefix("room ") in {name.casefold() for name in rooms} else None


def uncounted(text: str, reading: Reading, catalog: Catalog, rooms: Iterable[str]) -> Reading:
    """The reading; where nothing was counted yet of what the utterance asks for by its name, that it was not. `rooms` are their names."""
    about = subject(text)
    if about is None:
        return reading
    match reading:
        case Unsupported(firm=False) | Understood(request=LookUp()) | Clarify(ignored=(_, *_)) if _COUNTED[about] not in catalog.metrics:
            what, begin = _NOT_YET[about]
            return Unsupported(reason=f"I have no figures about {what} yet: they begin with {begin} here.", firm=True)
        case Clarify(ignored=(said,)) if about == "rooms" and (name := next((one for one in rooms if one.casefold() == said.casefold()), None)) is not None:
            return Unsupported(reason=f"{name} was not booked through me yet, so there is nothing to count.", suggestions=("room bookings",), firm=True)
        case _:
            return reading

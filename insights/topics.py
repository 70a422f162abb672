"""What a command says it is about (`/room fern at three`): the words behind it are read as somebody would have said them in full."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import get_args

from insights.requests import (
    AboutCalls,
    AboutMeetings,
    AboutRooms,
    AboutTickets,
    Clarify,
    Help,
    MyCalendar,
    RaiseTicket,
    Reading,
    Request,
    TicketStatus,
    Understood,
    Unsupported,
)
from insights.turns import Topic

_HELP = frozenset({"", "help", "?", "what can i say"})
_ROOM, _TICKET, _MEETING = get_args(AboutRooms), get_args(AboutTickets), (*get_args(AboutMeetings), *get_args(AboutCalls))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Manner:
    """The requests that a topic has, the sentences that its words may be short for, and the words that stand for a whole request."""

    kinds: tuple[type, ...]
    sentences: tuple[str, ...]
    words: Mapping[str, Request]


_MANNERS: Mapping[Topic, _Manner] = {
    "room": _Manner(
        kinds=(*_ROOM, MyCalendar),
        sentences=("{}", "book {}", "book a room {}", "find a room {}", "is {}", "{} the room"),
        words={"mine": MyCalendar(), "list": MyCalendar()},
    ),
    "ticket": _Manner(
        kinds=_TICKET,
        sentences=("{}", "report that {}"),
        words={word: TicketStatus() for word in ("mine", "list", "status", "open")},
    ),
    "meeting": _Manner(
        kinds=_MEETING,
        sentences=("{}", "meet {}", "meet with {}", "schedule a meeting {}", "{} my next meeting"),
        words={word: MyCalendar() for word in ("mine", "list", "today")},
    ),
}
_LONGER = re.compile(r"extend(?: by)? (?P<minutes>\d{1,3})(?: ?m(?:in(?:utes?)?)?)?")
NAMES: Mapping[Topic, str] = {"room": "rooms", "ticket": "tickets", "meeting": "meetings"}


def read(topic: Topic, text: str, hear: Callable[[str], Reading]) -> Reading:
    """What the words behind a command mean, as something of its topic; what nobody understands as one is refused, but for a report.

    >>> read("ticket", "status", lambda said: Unsupported(reason=said))
    Understood(request=TicketStatus(ticket=None, about=None), assumed=(), ignored=())
    """
    manner, said = _MANNERS[topic], " ".join(text.split()).strip(" .!")
    if said.casefold() in _HELP:
        return Understood(request=Help(topic=topic))
    if said.casefold() in manner.words:
        return Understood(request=manner.words[said.casefold()])
    longer = _LONGER.fullmatch(said.casefold()) if topic == "room" else None
    sentences = (f"extend the room by {longer['minutes']} minutes",) if longer else tuple(sentence.format(said) for sentence in manner.sentences)
    for sentence in sentences:
        reading = hear(sentence)
        if _is_about(reading, manner.kinds):
            return reading
    if topic == "ticket":
        return Understood(request=RaiseTicket(what=text.strip()))
    return Unsupported(reason=f"I don't understand that as something about {NAMES[topic]}; say 'help' to see what there is.")


def _is_about(reading: Reading, kinds: tuple[type, ...]) -> bool:
    """Whether a reading is of one of these requests, and of all of what was said."""
    match reading:
        case Understood(request=request, ignored=ignored):
            return isinstance(request, kinds) and not ignored
        case Clarify(partial=partial, choices=choices):
            return isinstance(partial or next((choice.request for choice in choices), None), kinds)
        case Unsupported():
            return False

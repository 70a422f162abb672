"""What a meeting or a booking is called in an utterance."""

from __future__ import annotations

import re

from insights.language.patterns import Pattern
from insights.language.slots import Slots

_TITLED = Pattern(
    r"\b(?:called|titled|entitled|named|about|to discuss|to talk about|on the subject of)\s+[\"'“]?(?P<title>.{1,80}?)[\"'”]?\s*[.!?]?$", re.IGNORECASE
)
_WORK = (
    "meeting booking appointment call event session invitation invite reservation conference room meetings "
    "bookings invitations invites one thing series next last o'clock off"
)
_NOT_TITLES = frozenset(
    f"a an the my our your this that it i we you to on at in for with from and please can could {_WORK} by until 's is of tomorrow's today's minutes later "
    "earlier also now just me".split()
)


def titled(text: str) -> tuple[str | None, int]:
    """What it is called where that is said ("called budget review"), and where those words begin."""
    match = _TITLED.search(text)
    return (match["title"].strip(), match.start()) if match else (None, len(text))


def title_of(slots: Slots, said: frozenset[str]) -> str | None:
    """What it is called: the words that are nothing else, where they stand together; `said` are those of the chore."""
    known, _ = titled(slots.heard.text)
    if known is not None:
        return known
    words = slots.heard.words
    free = [place for place, word in enumerate(words) if place not in slots.used and word.text not in said and word.text not in _NOT_TITLES]
    if not free or free[-1] - free[0] + 1 != len(free):
        return None
    rest = re.match(r"[\w-]*", slots.heard.text[words[free[-1]].end :])  # the "-up" of a stand-up
    return slots.heard.text[words[free[0]].start : words[free[-1]].end + (rest.end() if rest else 0)]

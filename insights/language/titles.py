"""What a meeting or a booking is called in an utterance."""

from __future__ import annotations

import re
from collections.abc import Sequence

from insights.language.patterns import Pattern
from insights.language.slots import Heard, Slots

_TITLED = Pattern(
    r"\b(?:called|titled|entitled|named|about|to discuss|to talk about|on the subject of)\s+[\"'“]?(?P<title>.{1,80}?)[\"'”]?\s*[.!?]?$", re.IGNORECASE
)
_CALLED = Pattern(r"\b(?:called|titled|entitled|named)\s+[\"'“]?(.{1,80}?)[\"'”]?\s*[.!?]?$", re.IGNORECASE)
_FOR = frozenset("the a an our my".split())
_NO_PURPOSE = frozenset(
    "team people person group crowd us everyone everybody visitor visitors guest guests client clients customer customers candidate candidates boss manager "
    "colleague colleagues friend company time while bit moment long short rest cheap quick".split()
)
"""Who a room is for, or how long, is no name."""
_KINDS = frozenset({"meeting", "call", "session", "conference", "event"})
_MOST = 4
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


def called(text: str) -> str | None:
    """What a booking is called, when that is said."""
    match = _CALLED.search(text)
    return match[1].strip() if match else None


def called_from(text: str) -> int:
    """Where the name of a booking begins, the end of the text when there is none."""
    match = _CALLED.search(text)
    return match.start() if match else len(text)


def purpose_of(heard: Heard, free: Sequence[str]) -> str | None:
    """What a booking is for, which names it: "for the budget review". `free` are the words that say nothing else; all of it has to be of them."""
    words = heard.words
    for place in range(len(words) - 2):
        if words[place].text != "for" or words[place + 1].text not in _FOR:
            continue
        last = place + 2
        while last < len(words) and (words[last].text in free or (last > place + 2 and words[last].text in _KINDS)):
            last += 1
        said = [word.text for word in words[place + 2 : last]]
        if 0 < len(said) <= _MOST and said[-1] not in _NO_PURPOSE and set(free) <= set(said):
            return heard.text[words[place + 2].start : words[last - 1].end]
    return None


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

"""Chores of the help desk: a report, how it stands, a change to it, an outage announced or asked about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from insights.helpdesk import Priority
from insights.language.chores import is_fault
from insights.language.emergencies import emergency
from insights.language.numbers import number
from insights.language.patterns import Pattern
from insights.language.pieces import words_of
from insights.language.places import TICKET, Rooms
from insights.language.slots import Heard, SlotReader
from insights.language.words import tokenise
from insights.requests import AnnounceOutage, Clarify, RaiseTicket, Reading, TicketStatus, Understood, Unsupported, UpdateTicket

FIELD = "field:"
"""A slot that is a field of a request type: this, then its name."""
REVISION = "revision"
_ABOUT_IT = Pattern(r"\s*(?:(?:and|also|but) )*(?:it|its|it's|they|they're|that|this)\b", re.IGNORECASE)
"""What somebody says to a report that is read back, other than yes and no."""
LONGEST = 2000
"""Characters that are kept of a report; the desk cuts it to the same."""
_URGENT = frozenset({"urgent", "urgently", "asap", "emergency", "immediately", "critical"})
_RELAXED = ("no rush", "not urgent", "low priority", "whenever you can", "no hurry")
_LEAD = Pattern(
    r"^\W*(?:(?:please|hey|hi|hello|alexa|can you|could you|i want to|i would like to|i'd like to|i need to)\W+)*"
    r"(?:(?:report|raise|open|file|create|log|submit|make|register|put in|start)\s+(?:a|an|the|another|new|a new)?\s*(?:\w+\s+)?"
    r"(?:ticket|problem|issue|incident|fault|request|bug|complaint|defect)\b|report\b)\s*(?:that|about|for|with|because|saying|on|regarding|of|:|-|,)?\s*",
    re.IGNORECASE,
)
_NOTE = Pattern(r"\b(?:saying|that|:|with the (?:note|comment))\s*(?P<note>\S.*)$|(?::|,)\s*(?P<after>\S.*)$", re.IGNORECASE | re.DOTALL)
_WHY = Pattern(r"\b(?:because|since|as)\b\s*(?P<why>\S.*)$", re.IGNORECASE | re.DOTALL)
_LINK = Pattern(r"https?://[^\s<>\"']{1,500}", re.IGNORECASE)
_OTHER_NUMBER = Pattern(r"(?:[BMSRO]-|\d|#)", re.IGNORECASE)
_OWN = Pattern(r"\b(?:my|our|ticket status|open tickets|approvals?|approve|decide|decision|requests?|for me|solved|fixed|repaired|resolved|due)\b")
_CHANGES = Pattern(
    r"(?:please |can you |could you |i want to |i 'd like to )*(?:close|update|escalate|reopen|re ?-?open|comment on|cancel|resolve|withdraw|attach|rate"
    r"|set|change|mark|make|bump"
    r"|raise|lower|approve|authori[sz]e|reject|deny|refuse|(?:add|put|leave) (?:\w+ ){0,2}?(?:note|comment|message)|add me|take|start on|working on)\b"
)
_PRIORITY: Mapping[str, Priority] = {
    "urgent": "urgent", "critical": "urgent", "emergency": "urgent", "high": "high", "important": "high", "normal": "normal", "medium": "normal", "low": "low",
    "minor": "low",
}  # fmt: skip
_WORKED_ON = Pattern(r"\b(?:working on|started|start on|take|picked up|in progress)\b")
_OVER = Pattern(
    r"\b(?:outage (?:is |'s )?over|end the outage|outage has ended"
    r"|(?:fixed|working again|back|back up) for every(?:body|one))\b"
)
_BACK = Pattern(r"the (?P<thing>.+?) (?:is|are) (?:back|up again|fixed|repaired|working again|online again|ok again|fine again)\b(?! for).*")
_ANNOUNCE = Pattern(
    r"^\W*(?:please\W+)?(?:announce|declare|tell every(?:body|one))\s*(?:(?:an |the )?outage\s*(?:of|with|in|that|:|,)?|that|:)?\s*", re.IGNORECASE
)
_RESTORED = Pattern(
    r"(?P<thing>.+?) (?:is|are|has been) (?:(?:all|now|finally) )?(?:back|up|over|fixed|repaired|restored|resolved|working|online|ok|okay|fine)\b"
    r"(?: (?:again|now|up|online|and running|as usual|normally|properly|for every(?:body|one)))*"
    r"|(?P<again>.+?) (?:works?|came back|come back)(?: (?:again|now|fine|up|as usual|for every(?:body|one)))*",
    re.IGNORECASE,
)
"""News that there is no trouble any more."""
_NOT_YET = Pattern(r"\b(?:not|isn't|aren't|until|till|never|will|only|partly|partially|except|but)\b|n't\b", re.IGNORECASE)
_ABOUT = Pattern(
    r"(?:outages?|problems?|issues?|disruptions?) (?:with|of|in|about|on|at) (?P<thing>.+)$"
    r"|^(?:is|are) (?P<asked>.+?) (?:down|broken|out of order|out of service|offline|working)\b"
)
_LESS = Pattern(r"\b(?:not|less|no longer|n't)(?: (?:so|that|very|as|too|an?))* (?:urgent|high|top)\b")
_REVISES = frozenset(
    "'s in no actually rather but and please make it it's its is that's that this set change the priority urgency category to a an as should be problem issue "
    "ticket with i meant mean for say file under more one".split()
)
_RATINGS = {
    "very unhappy": 1,
    "not satisfied": 2,
    "not happy": 2,
    "unhappy": 2,
    "dissatisfied": 2,
    "very happy": 5,
    "very satisfied": 5,
    "happy": 4,
    "satisfied": 4,
}


class Troubles:
    """Reads chores of the help desk; `categories` are ids by what people call them."""

    def __init__(self, reader: SlotReader, categories: Mapping[str, str]) -> None:
        self._reader = reader
        self._categories = categories

    def names_one(self, heard: Heard) -> bool:
        """Whether something is to be done with one ticket, by its number: "close T-1001"; what holds a room or is followed has numbers of its own."""
        named = TICKET.search(heard.text)
        return named is not None and not _OTHER_NUMBER.match(named[1]) and _CHANGES.match(heard.plain) is not None

    def report(self, heard: Heard) -> Reading:
        """What is broken or wanted, where, and how urgent."""
        what = _LEAD.sub("", heard.text).strip(" \t\r\n.!?:,-")
        if " ".join(what.casefold().split()) in ("", "a ticket", "ticket", "problem", "a problem", "an issue", "issue", "something"):
            what = ""
        place = self._reader.rooms.find(heard.words, heard.room)
        assumed: tuple[str, ...] = ()
        room = place.room if place is not None else None
        if room is None and heard.room is not None:
            room, assumed = heard.room, (f"it is in {self._reader.rooms.names.get(heard.room, heard.room)}",)
        own = re.search(r"\b(?:a new|another|new|separate|my own) ticket\b", heard.plain) is not None
        request = RaiseTicket(what=what, room=room, urgency="high" if emergency(heard.text) else _urgency(heard.plain), new=own)
        if not what:
            return Clarify(about="problem", missing="what", partial=request)
        return Understood(request=request, assumed=assumed)

    def status(self, heard: Heard) -> Reading | None:
        """One ticket, or the asker's own."""
        match = TICKET.search(heard.text)
        if match is None and _OWN.search(heard.plain) is None:
            return None
        return Understood(request=TicketStatus(ticket=match[1].lstrip("#") if match else None))

    def known(self, heard: Heard) -> Reading | None:
        """Whether something is known to be out of order."""
        if heard.means_data:
            return None
        match = _ABOUT.search(heard.plain)
        thing = (match["thing"] or match["asked"] or "") if match else ""
        said = re.sub(r"^(?:the|our|my|any|a|an)\b\s*|\b(?:right now|now|today|currently|again|at the moment|here)\b", "", thing).strip()
        return Understood(request=TicketStatus(about=said))

    def outage(self, heard: Heard) -> Reading:
        """An outage for everybody to know, or its end."""
        place = self._reader.rooms.find(heard.words, heard.room)
        named = re.search(r"\bO-\d{1,9}\b", heard.text, re.IGNORECASE)
        if (back := _BACK.fullmatch(heard.plain)) is not None:
            return Understood(request=AnnounceOutage(what=back["thing"], over=True, room=place.room if place else None))
        if _OVER.search(heard.plain):
            return Understood(request=AnnounceOutage(over=True, outage=named[0].upper() if named else None, room=place.room if place else None))
        what = _ANNOUNCE.sub("", heard.text).strip(" \t\r\n.!?:,-")
        over = _RESTORED.fullmatch(what) if not _NOT_YET.search(what) else None
        if over is not None:
            thing = re.sub(r"^(?:that )?(?:the )?", "", over["thing"] or over["again"], flags=re.IGNORECASE)
            return Understood(request=AnnounceOutage(what=thing[:LONGEST], over=True, room=place.room if place is not None else None))
        request = AnnounceOutage(what=what[:LONGEST], room=place.room if place is not None else None)
        return Understood(request=request) if what else Clarify(about="outage", missing="outage", partial=request)

    def change(self, heard: Heard) -> Reading:
        """A ticket that is closed, opened again, added to, corrected, escalated, decided on or rated."""
        named = TICKET.search(heard.text)
        ticket = named[1].lstrip("#") if named else None
        if ticket in ("1", "2", "3", "4", "5") and heard.plain.startswith("rate my ticket"):
            ticket = None  # "rate my ticket four"
        request = UpdateTicket(ticket=ticket)
        plain = heard.plain
        if (link := _LINK.search(heard.text)) is not None:
            return Understood(request=replace(request, link=link[0].rstrip(".,;)")))
        if re.search(r"^(?:\w+ ){0,3}?(?:approve|authori[sz]e)\b", plain):
            return Understood(request=replace(request, decision="approve"))
        if re.search(r"^(?:\w+ ){0,3}?(?:reject|deny|refuse)\b", plain):
            return Understood(request=replace(request, decision="reject", note=_reason(heard.text, named.end() if named else 0)))
        if re.search(r"\b(?:reopen|re open|re-open)\b", plain):
            return Understood(request=replace(request, status="open"))
        if re.search(r"\bescalate\b", plain):
            return Understood(request=replace(request, escalate=True, note=_note(heard.text, named.end() if named else 0)))
        if re.search(r"^(?:me too|(?:add|put) me|i also|i have (?:that|the same))\b", plain):
            return Understood(request=replace(request, join=True))
        if (rating := self._rating(heard, ticket)) is not None:
            return Understood(request=replace(request, rating=rating))
        return self._settled(heard, request, named.end() if named else 0)

    def _settled(self, heard: Heard, request: UpdateTicket, after: int) -> Reading:
        plain = heard.plain
        if re.search(r"^(?:\w+ ){0,4}?(?:close|cancel|withdraw)\b|\b(?:is|are) (?:fixed|solved|resolved|working again|done)\b", plain):
            return Understood(request=replace(request, status="closed", note=_note(heard.text, after)))
        if re.search(r"^(?:\w+ ){0,4}?resolve\b", plain):
            return Understood(request=replace(request, status="closed", note=_note(heard.text, after)))
        if re.search(r"^(?:set|change|mark|bump|make|raise|increase|lower|reduce)\b", plain):
            said = [word for word in plain.split() if word not in ("ticket", (request.ticket or "").casefold())]
            category = next((id_ for name, id_ in self._categories.items() if f" {name} " in f" {' '.join(said)} "), None)
            priority = next((_PRIORITY[word] for word in said if word in _PRIORITY), None)
            priority = "normal" if _LESS.search(plain) else priority
            if priority is not None or category is not None:
                return Understood(request=replace(request, priority=priority, category=category))
            choices = "low, normal, high or urgent" if re.search(r"priority|urgency", plain) else ", ".join(self._categories)
            return Unsupported(reason=f"I didn't catch what to change it to; there is {choices}.")
        if _WORKED_ON.search(plain) and not _NOTE.search(heard.text[after:]):
            return Understood(request=replace(request, status="in_progress"))
        note = _note(heard.text, after)
        request = replace(request, note=note)
        return Understood(request=request) if note else Clarify(about="note", missing="note", partial=request)

    def _rating(self, heard: Heard, ticket: str | None) -> int | None:
        said = next((stars for words, stars in _RATINGS.items() if f" {words} " in f" {heard.plain} "), None)
        if said is not None or not re.search(r"\b(?:rate|stars?|out of five|out of 5)\b", heard.plain):
            return said
        rest = TICKET.sub(" ", heard.text) if ticket else heard.text
        tokens = tokenise(rest)
        found = [number(tokens, place) for place in range(len(tokens))]
        values = [item.value for item in found if item is not None and not item.ordinal and item.value in (1, 2, 3, 4, 5)]
        return int(values[0]) if values else None


def completed(partial: RaiseTicket, missing: str, text: str, rooms: Rooms, categories: Mapping[str, str]) -> Reading:
    """The report with what was asked for: what is broken, where, a field of its form, or a correction of what is read back."""
    if missing == REVISION:
        return revised(partial, text, rooms, categories)
    place = rooms.find(words_of(tokenise(text)), None)
    if missing == "room":
        return Understood(request=replace(partial, room=place.room)) if place else Unsupported(reason="I don't know that room.")
    said = " ".join(text.split()).strip(" .!?")[:LONGEST]
    if missing.startswith(FIELD):
        name = missing.removeprefix(FIELD)
        return Understood(request=replace(partial, fields={**partial.fields, name: said})) if said else Unsupported(reason="I didn't catch that.")
    room = place.room if place is not None else partial.room
    urgency = "high" if emergency(text) else partial.urgency
    if not said:
        return Unsupported(reason="I didn't catch what the problem is.")
    return Understood(request=replace(partial, what=said, room=room, urgency=urgency))


def revised(request: RaiseTicket, text: str, rooms: Rooms, categories: Mapping[str, str]) -> Reading:
    """The report corrected: "make it urgent", "no, it's network", "it's in Oak". Unsupported when the words say anything else."""
    words = words_of(tokenise(text[:200]))
    place = rooms.find(words, None)
    taken = set(range(place.first, place.last)) if place is not None else set()
    left = [word.text for at, word in enumerate(words) if at not in taken and word.text not in _REVISES]
    priority = next((_PRIORITY[word] for word in left if word in _PRIORITY), None)
    rest = " ".join(word for word in left if word not in _PRIORITY)
    category = categories.get(rest) if rest else None
    if (rest and category is None) or (priority is None and category is None and place is None):
        more = " ".join(text.split()).strip(" .!?")
        if _ABOUT_IT.match(text) and is_fault(" ".join(word.text for word in words)) and len(request.what) + len(more) < LONGEST:
            return Understood(request=replace(request, what=f"{request.what}; {more}"))  # "it won't turn on" says more of the same
        return Unsupported(reason="I didn't catch that.")
    changed = replace(request, priority=priority or request.priority, category=category or request.category, group=None if category else request.group)
    return Understood(request=replace(changed, room=place.room) if place is not None else changed)


def _urgency(plain: str) -> Literal["low", "normal", "high"]:
    if any(phrase in plain for phrase in _RELAXED):
        return "low"
    return "high" if _URGENT & set(plain.split()) else "normal"


def _reason(text: str, after: int) -> str:
    """Why something is refused, which whoever asked for it is told."""
    why = _WHY.search(text[after:])
    return why["why"].strip(" .!?")[:LONGEST] if why else _note(text, after)


def _note(text: str, after: int) -> str:
    found = _NOTE.search(text[after:])
    return ((found["note"] or found["after"]) if found else "").strip()[:LONGEST]

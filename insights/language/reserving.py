"""Chores that need a room: one is booked, or one that is free is looked for."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from insights.language.bookings import Booked, moments
from insights.language.colleagues import Colleagues
from insights.language.patterns import Pattern
from insights.language.periods import find
from insights.language.periods.model import Calendar
from insights.language.places import Place, Rooms, people
from insights.language.slots import Heard
from insights.language.titles import called, called_from, purpose_of
from insights.language.vocabulary import FILLERS
from insights.requests import BookRoom, Choice, Clarify, FindRoom, Reading, Understood, Unsupported

_NAMED = Pattern(r"(?:book|reserve)(?: the| a| an| me| us)?(?: meeting)?(?: room)? ([^\W\d]+(?: [^\W\d]+)?)")
_BLOCK = Pattern(r"block\b|(?:take|put) .+ out of (?:service|use|order)\b")
_NEAR = Pattern(r"\bnear (?:to )?(?:the |a |an |my |our )?\w+")
"""Near somebody or something that has no place here; near the device is said before this is looked at."""
_BESIDE = frozenset("near beside behind opposite above below close".split())
_LONGEST_FROM_NOW = 12 * 60
"""Minutes: "until one" without a start is from now, unless that is half a day away."""
_RANKED = Pattern(r"\b(?:most|least|often|popular|busiest|how (?:much|many|long)|usage|utili[sz]ation|average|rate)\b")
"""How rooms are used is asked of the figures, not of what is free."""
_ABOUT_ROOMS = Pattern(r"\b(?:happens?|longest|shortest|policy|policies|rules?|allowed|must|should|my room|our room)\b")
_KIND_OF_ROOM = Pattern(r"^(?:where is|where 's|is there|do we have|have we got|what is) (?:a |an |the |any )?(\w+) rooms?\b")
"""A room for something else than meeting: "the mail room" is none of those that are booked."""
_ROOMY = frozenset(
    "meeting conference free available empty open big small large quiet nice another other spare suitable good nearest closest next near any some four six "
    "eight ten twelve smaller larger bigger team project interview phone board training video".split()
)
_NOT_NAMES = frozenset(
    "every each daily weekly monthly weekdays called titled entitled named "
    "a an the me us room for on at in from until till to tomorrow today now this that next with meeting conference space somewhere something here it one some "
    "any and by of".split()
)
_SAYS_NOTHING = (
    _NOT_NAMES
    | frozenset(word for phrase in FILLERS for word in phrase.split())
    | frozenset("block out service use order take put behalf book reserve hold grab get need want rooms people free available from".split())
    | frozenset("minutes starting start conference".split())
)
_LOOKED_FOR = frozenset(
    "find search look looking show list give is are there do does you have has got what which where who any anything anywhere something somewhere place else "
    "chance can could would will i'm am empty unoccupied unused vacant open big large small enough nearest closest nearby close near seats people person meet "
    "sit talk work long least more than up bigger larger smaller suitable fit fits hold holds accommodate".split()
)


class Reserving:
    """Reads what is wanted of the rooms of one company, when and for whom."""

    def __init__(self, rooms: Rooms, colleagues: Colleagues, calendar: Calendar) -> None:
        self._rooms = rooms
        self._people = colleagues
        self._calendar = calendar

    def book(self, heard: Heard, plain: str) -> Reading | None:
        """The booking, the question for what it lacks, or None where no room is asked for; `plain` is what is left of the words once the manner is out."""
        booked, used = self._slots(heard)
        place = self._rooms.find(heard.words, heard.room)
        here = self._rooms.says_here(heard.words)
        says_room = re.search(r"\b(?:rooms?|here|space|somewhere|office)\b", plain) is not None
        if place is None and not says_room and plain.split(" ", 1)[0] not in ("book", "reserve"):
            return None
        if place is None and not says_room and (heard.names_data() or booked.start is None):
            return None
        if here and place is None:
            return Clarify(about="this room", missing="room", partial=self._booking(booked, heard, used))
        if place is None and (unknown := self._unknown_room(plain)) is not None:
            return self._no_such_room(unknown, self._booking(booked, heard, used))
        person, named = self._for_whom(heard)
        request = replace(self._booking(booked, heard, used), room=place.room if place else None, repeats=self._again(heard), person=person)
        request = replace(request, block=_BLOCK.match(plain) is not None)
        ignored = self._ignored(heard, used | named, place)
        if request.title is None and not request.block and (purpose := purpose_of(heard, ignored)) is not None:
            request = replace(request, title=purpose)
            ignored = tuple(word for word in ignored if word not in purpose.casefold().split())
        assumed: tuple[str, ...] = ()
        if request.start is None and booked.until is not None and not booked.day_only:
            left = round((booked.until - _minute(heard.now)).total_seconds() / 60)
            if 0 < left <= _LONGEST_FROM_NOW:
                request, assumed = replace(request, start=_minute(heard.now), minutes=left), ("it starts now",)
        elif request.start is None and here and request.minutes is not None and not booked.day_only:
            request, assumed = replace(request, start=_minute(heard.now)), ("it starts now",)
        return complete_booking(request, assumed, ignored, day_only=booked.day_only)

    def find(self, heard: Heard, plain: str) -> Reading | None:
        """What is wanted of a room that is free, or None where no such room is asked for."""
        if (
            re.search(r"\brooms?\b|^(?:\w+ ){0,3}?(?:any|some)(?:thing|where| place)\b", plain) is None
            or heard.names_data()
            or _RANKED.search(plain)
            or _ABOUT_ROOMS.search(plain)
        ):
            return None
        other = _KIND_OF_ROOM.search(plain)
        if other is not None and not (other[1] in _ROOMY | self._rooms.equipment or other[1].isdigit() or self._rooms.find(heard.words, None)):
            return None
        booked, used = self._slots(heard)
        count, _ = people(heard.words, heard.tokens, used)
        equipment, _ = self._rooms.equipment_in(heard.words)
        start = booked.start if booked.start is not None and not booked.day_only else None
        if booked.day_only:
            return Clarify(about="start", missing="start", partial=FindRoom(start=booked.start, minutes=booked.minutes, people=count, equipment=equipment))
        near = tuple(match[0] for match in _NEAR.finditer(plain))
        left = self._ignored(heard, used, self._rooms.find(heard.words, heard.room), _LOOKED_FOR)
        ignored = (*near, *(word for word in left if not any(word in said.split() for said in near)))
        return Understood(request=FindRoom(start=start, minutes=booked.minutes, people=count, equipment=equipment), ignored=ignored)

    def _booking(self, booked: Booked, heard: Heard, used: frozenset[int]) -> BookRoom:
        count, _ = people(heard.words, heard.tokens, used)
        equipment, _ = self._rooms.equipment_in(heard.words)
        return BookRoom(start=booked.start, minutes=booked.minutes, people=count, equipment=equipment, title=called(heard.text))

    def _slots(self, heard: Heard) -> tuple[Booked, frozenset[int]]:
        """When and how long, and the words that say so."""
        named = called_from(heard.text)
        tokens = [token for token in heard.tokens if token.start < named]  # a title says nothing about the time
        found = find(tokens, now=heard.now, calendar=self._calendar, lean="future")
        booked = moments(found)
        used = {place for place, word in enumerate(heard.words) for item in found if word.start >= item.first and word.end <= item.last}
        return booked, frozenset(used)

    def _again(self, heard: Heard) -> str | None:
        """The rule of a booking that repeats; not "for the weekly review"."""
        tokens = [token for token in heard.tokens if token.start < called_from(heard.text)]
        end = tokens[-1].end if tokens else 0
        for item in find(tokens, now=heard.now, calendar=self._calendar, lean="future"):
            said = item.words.startswith(("every", "each", "once")) or "BYDAY" in (item.rrule or "") or "BYHOUR" in (item.rrule or "")
            if item.kind == "recurrence" and (said or item.last == end):
                return item.rrule
        return None

    def _for_whom(self, heard: Heard) -> tuple[str | None, frozenset[int]]:
        """Somebody for whom a room is booked, with the words that say so."""
        for named in self._people.find(heard.words):
            before = heard.words[named.first - 1].text if named.first else ""
            if before in ("for", "of") and len(named.ids) == 1 and (before == "for" or heard.words[named.first - 2].text == "behalf"):
                return named.ids[0], frozenset(range(named.first - (1 if before == "for" else 3), named.last))
        return None, frozenset()

    def _unknown_room(self, plain: str) -> str | None:
        """A name behind "book" that is no room here."""
        match = _NAMED.match(plain)
        if match is None:
            return None
        first, _, second = match[1].partition(" ")
        if first in _NOT_NAMES or first in _BESIDE:
            return None
        return f"{first} {second}" if second and second not in _NOT_NAMES else first

    def _no_such_room(self, name: str, request: BookRoom) -> Reading:
        import difflib

        by_name = {label.casefold(): id_ for id_, label in self._rooms.names.items()}
        near = difflib.get_close_matches(name, by_name, n=3, cutoff=0.6)
        if near and request.start is not None and request.minutes is not None:
            choices = tuple(Choice(label=self._rooms.names[by_name[label]], request=replace(request, room=by_name[label])) for label in near)
            return Clarify(about=name, choices=choices, missing="room", partial=request)
        there = ", ".join(list(self._rooms.names.values())[:5])
        return Unsupported(reason=f"There is no room '{name}'." + (f" There is {there}." if there else ""))

    def _ignored(self, heard: Heard, used: frozenset[int], place: Place | None, more: frozenset[str] = frozenset()) -> tuple[str, ...]:
        """The words of a booking that say nothing about it; `more` are words that lead up to it."""
        _, counted = people(heard.words, heard.tokens, used)
        _, fitted = self._rooms.equipment_in(heard.words)
        taken = used | counted | fitted | (frozenset(range(place.first, place.last)) if place is not None else frozenset())
        named = called_from(heard.text)
        left = [word for place, word in enumerate(heard.words) if place not in taken and word.start < named and word.text not in _SAYS_NOTHING | more]
        return tuple(dict.fromkeys(word.text for word in left))


def complete_booking(request: BookRoom, assumed: tuple[str, ...] = (), ignored: tuple[str, ...] = (), *, day_only: bool = False) -> Reading:
    """The booking, or the question for what it lacks. A `start` at midnight in a question for the start is the day alone."""
    if (request.start is None and "BYHOUR" not in (request.repeats or "")) or day_only:
        return Clarify(about="start", missing="start", partial=request, assumed=assumed, ignored=ignored)
    if request.minutes is None:
        return Clarify(about="minutes", missing="minutes", partial=request, assumed=assumed, ignored=ignored)
    return Understood(request=request, assumed=assumed, ignored=ignored)


def _minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)

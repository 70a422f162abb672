"""Chores about meetings with people: schedule, move, call off, answer an invitation, join or start a call."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Literal

from insights.language.chores import Chore
from insights.language.patterns import Pattern
from insights.language.periods.model import Found
from insights.language.rebooking import was_booked
from insights.language.slots import Heard, SlotReader, Slots
from insights.language.timing import period_of
from insights.language.titles import title_of, titled
from insights.requests import (
    CancelMeeting,
    Choice,
    Clarify,
    JoinCall,
    MetricQuestion,
    MoveMeeting,
    Period,
    Reading,
    RespondInvitation,
    RunLate,
    ScheduleMeeting,
    StartCall,
    Understood,
    Unsupported,
)

_WITH = Pattern(r"\b(?:with|invite) (?P<name>(?!a\b|an\b|the\b|my\b|me\b|us\b|our\b|everyone\b|every\b|all\b)[^\W\d_]+(?: [^\W\d_]+)?)")
_TARGET = Pattern(r"\b(?:to|until|till)\b")
_DATED = Pattern(
    r"\b(?:today|tonight|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day|next|this|in|from now|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\b"
    r"|\d(?:st|nd|rd|th)\b|\d[/-]\d"
)
"""A time that has its day."""
_IT = Pattern(r"(?:please )?(?:cancel|delete|call off) (?:it|that|this)(?: again| please)?")
_MOVED_IT = Pattern(r"(?:please )?(?:move|reschedule|postpone|shift|push|bring|delay|put) (?:it|that|this)\b")
_BY_WHAT = Pattern(r"(?:\w+ )?(?:delay|shift|push|move|postpone)s? (?:by|per|for each|for every)\b")
"""How much something is moved, or what a figure is shown by."""
_EARLIER = Pattern(r"\b(?:earlier|forward|ahead|sooner)\b")
_SAID: dict[str, frozenset[str]] = {
    "schedule": frozenset(
        "schedule arrange organize organise plan set up put fix invite find time slot need want would like see meet talk catch sync every some in free common "
        "me us can could shall when propose suggest offer give few couple three times slots possible "
        "i'd let's let together everyone create make new hour half book send invitation invites repeat recurring".split()
    ),
    "move": frozenset("move reschedule postpone shift push bring forward delay back change ahead sooner put hour half instead".split()),
    "cancel": frozenset("cancel delete call off drop scrap remove stop end".split()),
    "respond": frozenset("accept decline reject say yes no maybe tentatively tentative turn down refuse invitation invite invited that's".split()),
    "late": frozenset(
        "tell let know inform warn them they everyone everybody all others other people team that i'm i'll 'm 'll am im be running late will going bit little "
        "about around roughly by few minutes minute min mins hours half might may probably likely unfortunately least so very couple".split()
    ),
    "join": frozenset("join dial into connect me put through get in start joining zoom teams meet how do can would where what link give send dial-in".split()),
    "call": frozenset("start begin make place set up open dial ring phone video call conference link zoom teams meet new audio hang".split()),
}


class Agenda:
    """Reads chores about meetings."""

    def __init__(self, reader: SlotReader) -> None:
        self._reader = reader
        self._kinds: dict[Chore, Callable[[Heard], Reading | None]] = {
            "schedule": self._schedule,
            "move": self._move,
            "cancel": self._cancel,
            "respond": self._respond,
            "late": self._late,
            "join": self._join,
            "call": self._call,
        }

    def read(self, kind: Chore, heard: Heard) -> Reading | None:
        """The chore; None when the words say something else."""
        return self._kinds[kind](heard)

    def _schedule(self, heard: Heard) -> Reading | None:
        title, end = titled(heard.text)
        slots = self._reader.read(heard.before(end), people=True)
        if not slots.people and heard.means_data:
            return None
        meant = (unknown := self._unknown(slots)) is not None
        if (
            not slots.people
            and not slots.found
            and not meant
            and re.search(
                r"\b(?:meeting|call|appointment|stand ?up|sync"
                r"|one on one)\b",
                heard.plain,
            )
            is None
        ):
            return None
        if meant:
            return unknown
        repeats = slots.repeats
        request = ScheduleMeeting(
            start=slots.start, minutes=slots.booked.minutes, period=slots.period, title=title or self._kind_of_meeting(slots), room=slots.room, repeats=repeats
        )
        ignored = slots.ignored(_SAID["schedule"] | frozenset((request.title or "").casefold().split()))
        if not slots.people:
            return Clarify(about="attendees", missing="attendees", partial=request, ignored=ignored)
        return _each(slots, lambda ids: replace(request, people=ids), ignored, self._reader)

    def _kind_of_meeting(self, slots: Slots) -> str | None:
        match = re.search(
            r"\b(?:a|an|the) ((?:[a-z-]+ ){0,2}(?:stand ?up|stand-up|one on one|catch up|sync|review|kick ?off|retro|interview))\b", slots.heard.plain
        )
        return match[1] if match else None

    def _unknown(self, slots: Slots) -> Unsupported | None:
        """Somebody who is not known here."""
        match = _WITH.search(slots.heard.plain)
        if match is None or slots.people:
            return None
        timed = {slots.heard.words[place].text for place in slots.used}
        name = " ".join(
            word for word in match["name"].split() if word not in timed and word not in _SAID["schedule"] | {"at", "on", "for", "in", "about", "and", "to"}
        )
        return Unsupported(reason=f"I don't know anybody called '{name}' here; people are listed in organization.yaml.") if name else None

    def _move(self, heard: Heard) -> Reading | None:
        slots = self._reader.read(heard, people=True)
        if heard.means_data and not slots.clocks:
            return None
        if _BY_WHAT.match(heard.plain) and slots.booked.minutes is None and not slots.clocks:
            return None  # "delay by carrier"
        start, to = _from_to(slots)
        same_day = to is not None and start is None and not _days(slots) and not any(_DATED.search(item.words) for item in slots.clocks)
        minutes = slots.booked.minutes if to is None else None
        if minutes is not None and _EARLIER.search(heard.plain):
            minutes = -minutes
        period = slots.period if to is None and minutes is None else None
        room, to_room = self._rooms(slots)
        named = frozenset(at for place in self._reader.rooms.all_in(heard.words) for at in range(place.first, place.last))
        title = title_of(replace(slots, used=slots.used | named), _SAID["move"])
        on = _on(slots)
        if on is not None:
            period = _goes_to(slots) if to is None and minutes is None else None
            if to is not None and on.first is not None and not _says_day_behind(slots):
                to, same_day = datetime.combine(on.first, to.time()), False
        request = MoveMeeting(title=title, start=start, to=to, same_day=same_day, period=period, minutes=minutes, room=room, to_room=to_room, on=on)
        if title is None and start is None and not slots.people and not _is_named(slots) and not (_MOVED_IT.match(heard.plain) and was_booked(heard.previous)):
            return None
        if to is None and minutes is None and period is None and to_room is None:
            return Clarify(about="to", missing="to", partial=request)
        return _each(slots, lambda ids: replace(request, people=ids), slots.ignored(_SAID["move"] | _words(title), named), self._reader)

    def _rooms(self, slots: Slots) -> tuple[str | None, str | None]:
        """The room of what is moved, and the one it goes to: what stands behind "to"."""
        words, heard = slots.heard.words, slots.heard
        target = next((place for place, word in enumerate(words) if _TARGET.fullmatch(word.text)), len(words))
        there = self._reader.rooms.find(words[target + 1 :], None)
        here = self._reader.rooms.find(words[:target], heard.room)
        return (here.room if here else None), (there.room if there else None)

    def _cancel(self, heard: Heard) -> Reading | None:
        slots = self._reader.read(heard, people=True)
        title = title_of(slots, _SAID["cancel"])
        if heard.means_data or not (_is_named(slots, title) or (_IT.fullmatch(heard.plain) and not isinstance(heard.previous, MetricQuestion))):
            return None
        request = CancelMeeting(title=title, start=slots.start, room=slots.room, period=slots.period)
        return _each(slots, lambda ids: replace(request, people=ids), slots.ignored(_SAID["cancel"] | _words(title)), self._reader)

    def _respond(self, heard: Heard) -> Reading | None:
        slots = self._reader.read(heard, people=True)
        if heard.means_data:
            return None
        response: Literal["accept", "decline", "tentative"] = "accept"
        if re.search(r"\b(?:decline|reject|say no|turn down|refuse)\b", heard.plain):
            response = "decline"
        elif re.search(r"\b(?:maybe|tentative|tentatively)\b", heard.plain):
            response = "tentative"
        title = title_of(slots, _SAID["respond"])
        request = RespondInvitation(response=response, title=title, start=slots.start)
        return _each(slots, lambda ids: replace(request, people=ids), slots.ignored(_SAID["respond"] | _words(title)), self._reader)

    def _late(self, heard: Heard) -> Reading | None:
        slots = self._reader.read(heard, people=True)
        if heard.means_data:
            return None
        title = title_of(slots, _SAID["late"])
        request = RunLate(title=title, start=slots.start if slots.clocks else None, minutes=slots.booked.minutes)
        return _each(slots, lambda ids: replace(request, people=ids), slots.ignored(_SAID["late"] | _words(title)), self._reader)

    def _join(self, heard: Heard) -> Reading | None:
        slots = self._reader.read(heard)
        if heard.means_data and not slots.clocks and re.search(r"\b(?:meeting|call|conference)\b", heard.plain) is None:
            return None
        title = title_of(slots, _SAID["join"])
        return Understood(request=JoinCall(title=title, start=slots.start, period=slots.period), ignored=slots.ignored(_SAID["join"] | _words(title)))

    def _call(self, heard: Heard) -> Reading | None:
        slots = self._reader.read(heard, people=True)
        if slots.start is not None or slots.period is not None or slots.repeats is not None:
            return self._schedule(heard)
        verb = re.match(r"(?:call|dial|ring|phone|video call)\b", heard.plain)
        if not slots.people and (verb or heard.means_data or re.search(r"\b(?:calls?|meeting|conference|zoom|link)\b", heard.plain) is None):
            return None
        if (unknown := self._unknown(slots)) is not None:
            return unknown
        return _each(slots, lambda ids: StartCall(people=ids), slots.ignored(_SAID["call"]), self._reader)


_MEETING = frozenset("meeting booking appointment call session reservation event".split())


def says_day(text: str) -> bool:
    """Whether a time that is said has its day."""
    return _DATED.search(text.casefold()) is not None


def _words(title: str | None) -> frozenset[str]:
    return frozenset(re.findall(r"[\w']+", (title or "").casefold()))


def _is_named(slots: Slots, title: str | None = None) -> bool:
    """Whether the words point at a meeting at all."""
    said = re.search(r"\b(?:meetings?|bookings?|appointments?|calls?|invitations?|reservations?|rooms?|series|o'clock)\b", slots.heard.plain)
    return said is not None or title is not None or bool(slots.people) or bool(slots.clocks) or slots.place is not None


def _days(slots: Slots) -> list[Found]:
    return [item for item in slots.found if item.kind == "interval" and item.grain == "day" and item.start is not None]


def _on(slots: Slots) -> Period | None:
    """The day of what is moved: said before where it goes ("on Friday to four"), or as what it is called ("my Friday meeting")."""
    words = slots.heard.words
    target = next((word.start for word in words if _TARGET.fullmatch(word.text)), None)
    for item in slots.found:
        if item.kind != "interval" or item.start is None:
            continue
        day = Period(first=item.start.date(), last=item.start.date())
        if target is not None and item.first < target < item.last and _DATED.search(item.span.casefold()[: target - item.first]):
            return replace(day, words=item.span[: target - item.first].strip())  # "on June 22 to ten"
        for said, _, last in (((item.span, item.first, item.last),) if item.grain == "day" else ()) + item.also:
            after = next((word.text for word in words if word.start >= last), "")
            if (target is not None and last <= target) or after in _MEETING:
                return replace(day, words=said) if _DATED.search(said.casefold()) else None
    return None


def _goes_to(slots: Slots) -> Period | None:
    """The days behind "to"."""
    target = next((word.start for word in slots.heard.words if _TARGET.fullmatch(word.text)), None)
    days = [item for item in slots.found if item.kind == "interval" and item.start is not None and target is not None and item.last > target]
    return period_of(days[0]) if days else None


def _says_day_behind(slots: Slots) -> bool:
    """Whether a day is said behind "to"."""
    target = next((word.start for word in slots.heard.words if _TARGET.fullmatch(word.text)), None)
    return target is not None and any(word.start > target and _DATED.match(word.text) for word in slots.heard.words)


def _from_to(slots: Slots) -> tuple[datetime | None, datetime | None]:
    """The time of the meeting that is moved, and the new one: what stands behind "to" is where it goes."""
    heard = slots.heard
    target = next((word.start for word in heard.words if _TARGET.fullmatch(word.text)), None)
    starts = [(item.last, item.start or item.end) for item in slots.clocks]
    after = [when for last, when in starts if target is not None and last > target and when is not None]
    before = [when for last, when in starts if (target is None or last <= target) and when is not None]
    to = after[0] if after else None
    days = _days(slots)
    if to is not None:
        moved = next((item.start for item in days if target is not None and item.last > target and item.start is not None), None)
        to = datetime.combine(moved.date(), to.time()) if moved is not None else datetime.combine(before[0].date(), to.time()) if before else to
    return (before[0] if before else None), to


def _each(slots: Slots, make: Callable[[tuple[str, ...]], object], ignored: tuple[str, ...], reader: SlotReader) -> Reading:
    """The request for the people named; one choice for each where a name is that of several."""
    doubtful = next((named for named in slots.people if len(named.ids) > 1), None)
    if doubtful is None:
        return Understood(request=make(tuple(dict.fromkeys(named.ids[0] for named in slots.people))), ignored=ignored)  # type: ignore[arg-type]  # `make` makes requests
    about = " ".join(word.text for word in slots.heard.words[doubtful.first : doubtful.last])

    def choices() -> Iterator[Choice]:
        for id_ in doubtful.ids[:3]:
            people = tuple(dict.fromkeys(id_ if named is doubtful else named.ids[0] for named in slots.people))
            yield Choice(label=reader.people.names[id_], request=make(people))  # type: ignore[arg-type]  # `make` makes requests

    return Clarify(about=about, choices=tuple(choices()), ignored=ignored)

"""Chores about a room that is held: longer, shorter, over, released, free or not, held by whom."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from insights.language.chores import Chore
from insights.language.patterns import Pattern
from insights.language.pieces import words_of
from insights.language.slots import Heard, SlotReader, Slots
from insights.language.timing import period_of
from insights.language.titles import title_of
from insights.language.words import tokenise
from insights.requests import (
    CheckIn,
    Clarify,
    EndMeeting,
    ExtendBooking,
    MyCalendar,
    Period,
    Reading,
    ReleaseRoom,
    RoomStatus,
    Understood,
    Unsupported,
    WhoBooked,
)

_A_DAY = 24 * 60
_IT = Pattern(r"\bnext (?:meeting|booking)\b|^(?:booked|free)\b|^is it (?:free|available|booked|taken|occupied|in use)\b")
"""What is asked of the room in which it is said."""
_SHORTER = Pattern(r"\b(?:shorten|shorter|cut|less|earlier)\b")
_CHANGES = Pattern(r"(?:please |can you |could you )*(?:extend|prolong|lengthen|shorten|cut)\b")
_MORE = Pattern(r"\b(?:more|extra|additional)\s+(?=(?:minutes?|mins?|hours?)\b)", re.IGNORECASE)
"""What stands between a number and its unit: "ten more minutes"."""
_LENGTH = r"(?:\w+ ){0,4}?(?:minutes?|mins?|hours?)\b"
_IN_ALL = Pattern(
    rf"\b(?:to|only|last) (?!the\b|\d+ (?:am|pm)\b){_LENGTH}(?! (?:longer|shorter|more|extra|earlier|later))"
    rf"|^(?:please )?make (?:the|my|this|our|it) (?:\w+ ){{0,2}}?(?:meeting |booking |stay |reservation )?"
    rf"(?!.*\b(?:longer|shorter|more|extra|earlier|later|by)\b){_LENGTH}"
)
"""How long it is to be in all, and not by how much longer: "extend it to ninety minutes", "make my booking an hour"."""
_ABOUT_A_ROOM = Pattern(r"\b(?:rooms?|here|this one)\b")
_OF_A_BOOKING = Pattern(r"\b(?:rooms?|here|booking|meeting|it|stay|reservation|another|more time|longer)\b")
_UNKNOWN = Pattern(r"(?:release|free up|give up|give back|check (?:me |us )?in(?:to)?) ((?!a\b|an\b|the\b|my\b|our\b|this\b|it\b|to\b|for\b|please\b)[a-z]+)$")
_SAID: dict[str, frozenset[str]] = {
    "extend": frozenset(
        "extend prolong lengthen shorten cut short keep make shorter stay hold need more minutes hours time extra additional still add".split()
    ),
    "end": frozenset("end finish wrap close over done session we're hang early now".split()),
    "check_in": frozenset("check in into checked i'm we're am arrived".split()),
    "release": frozenset("release free give back up go off do don't dont not need use anymore any longer held".split()),
    "room_status": frozenset(
        "free available occupied taken vacant use used booked empty when next how long status what happening who which going still open time until".split()
    ),
    "who": frozenset("who whose booked reserved holds using held got".split()),
}

_ONLY_NOW = Unsupported(
    reason="I can do that with the booking that is running or begins soon, not with one of another day.",
    suggestions=("what is on my calendar", "move my meeting tomorrow to four", "cancel my meeting tomorrow at three"),
)


class Office:
    """Reads chores about rooms."""

    def __init__(self, reader: SlotReader) -> None:
        self._reader = reader
        self._kinds: dict[Chore, Callable[[Slots], Reading | None]] = {
            "extend": self._extend,
            "end": self._end,
            "check_in": self._check_in,
            "release": self._release,
            "room_status": self._room_status,
            "who": self._who,
        }

    def read(self, kind: Chore, heard: Heard) -> Reading | None:
        """The chore, with what it was taken to be about; None when the words say something else."""
        if kind == "extend" and _MORE.search(heard.text):
            tokens = tokenise(plain := _MORE.sub("", heard.text))
            heard = replace(heard, text=plain, tokens=tokens, words=words_of(tokens))
        slots = self._reader.read(heard)
        if slots.place is None and (unknown := _UNKNOWN.search(heard.plain)) is not None:
            there = ", ".join(list(self._reader.rooms.names.values())[:5])
            return Unsupported(reason=f"There is no room '{unknown[1]}'." + (f" There is {there}." if there else ""))
        return self._kinds[kind](slots)

    def _said(self, kind: str, slots: Slots, make: Callable[[str | None], object], *, missing: str | None = None, elsewhere: bool = False) -> Reading:
        """The chore in the room that was named, else in the room of the device; `elsewhere`: what it is about may be in any room."""
        room, assumed = slots.room, tuple[str, ...]()
        if room is None and slots.heard.room is not None and not elsewhere:
            room = slots.heard.room
            assumed = (f"it is in {self._reader.rooms.names.get(room, room)}",)
        request = make(room)
        titled = getattr(request, "title", None) or ""
        ignored = slots.ignored(_SAID[kind] | frozenset(titled.casefold().split()))
        if missing is not None:
            return Clarify(about=missing, missing=missing, partial=request, assumed=assumed, ignored=ignored)  # type: ignore[arg-type]  # `make` makes requests
        return Understood(request=request, assumed=assumed, ignored=ignored)  # type: ignore[arg-type]  # `make` makes requests

    def _extend(self, slots: Slots) -> Reading | None:
        minutes = slots.booked.minutes
        short = bool(slots.clocks) if minutes is None else minutes <= _A_DAY
        says_no_more = short and not slots.ignored(_SAID["extend"])  # "extend by fifteen minutes", "extend until eleven"
        title = title_of(slots, _SAID["extend"]) if short and _CHANGES.match(slots.heard.plain) else None
        if not says_no_more and (slots.heard.means_data or (slots.place is None and title is None and _OF_A_BOOKING.search(slots.heard.plain) is None)):
            return None
        if _on_another_day(slots) and title is None:
            return _ONLY_NOW
        start = slots.start if minutes is not None else None
        clock = next(iter(slots.clocks), None)
        until = None if clock is None or minutes is not None else clock.end if clock.start is None else clock.start
        length = minutes if minutes is not None and _IN_ALL.search(slots.heard.plain) else None
        if minutes is not None and _SHORTER.search(slots.heard.plain):
            minutes = -minutes
        minutes = minutes if length is None else None
        lacking = "minutes" if minutes is None and until is None and length is None else None
        return self._said(
            "extend",
            slots,
            lambda room: ExtendBooking(room=room, minutes=minutes, until=until, title=title, start=start, length=length),
            missing=lacking,
            elsewhere=title is not None,
        )

    def _end(self, slots: Slots) -> Reading | None:
        if slots.place is None and slots.heard.means_data:
            return None
        return _ONLY_NOW if _on_another_day(slots) else self._said("end", slots, lambda room: EndMeeting(room=room))

    def _check_in(self, slots: Slots) -> Reading:
        return _ONLY_NOW if _on_another_day(slots) else self._said("check_in", slots, lambda room: CheckIn(room=room))

    def _release(self, slots: Slots) -> Reading | None:
        title = title_of(slots, _SAID["release"]) if slots.place is None and not slots.heard.means_data else None
        if slots.place is None and title is None and re.search(r"\b(?:rooms?|bookings?|reservations?|here|it)\b", slots.heard.plain) is None:
            return None
        start = slots.start
        days = _days_of(slots) if start is None else None
        elsewhere = title is not None or (days is not None and slots.place is None)
        return self._said("release", slots, lambda room: ReleaseRoom(room=room, start=start, period=days, title=title), elsewhere=elsewhere)

    def _room_status(self, slots: Slots) -> Reading | None:
        if slots.place is None and (theirs := self._somebodys(slots)) is not None:
            return theirs
        here = slots.heard.room is not None and _IT.search(slots.heard.plain) is not None
        if slots.place is None and not here and _ABOUT_A_ROOM.search(slots.heard.plain) is None:
            return None
        start, minutes = slots.start, slots.booked.minutes
        if start is None and minutes is None and (stretch := _stretch(slots)) is not None:
            start, minutes = stretch
        lacking = self._lacking(slots, start or _day(slots), start)
        return self._said("room_status", slots, lambda room: RoomStatus(room=room, start=start or _day(slots), minutes=minutes), missing=lacking)

    def _who(self, slots: Slots) -> Reading | None:
        if slots.place is None and re.search(r"\b(?:rooms?|here|meeting|booking)\b", slots.heard.plain) is None:
            return None
        start = slots.start or _day(slots)
        return self._said("who", slots, lambda room: WhoBooked(room=room, start=start), missing=self._lacking(slots, start, slots.start))

    def _somebodys(self, slots: Slots) -> Reading | None:
        """Whether somebody is free is what their calendar tells: of the day that was said, else of today."""
        found = [named for named in self._reader.people.find(slots.heard.words) if len(named.ids) == 1]
        if len(found) != 1 or slots.heard.means_data:
            return None
        today = slots.heard.now.date()
        day = _days_of(slots) or Period(first=today, last=today, words="today")
        said = frozenset(word.text for word in slots.heard.words[found[0].first : found[0].last])
        return Understood(request=MyCalendar(period=day, person=found[0].ids[0]), ignored=slots.ignored(_SAID["room_status"] | said))

    @staticmethod
    def _lacking(slots: Slots, said: datetime | None, start: datetime | None) -> str | None:
        """The room, or the time of a day that was said alone."""
        if slots.room is None and slots.heard.room is None:
            return "room"
        return "start" if said != start else None


def _on_another_day(slots: Slots) -> bool:
    """Whether a day is said that is not today, for what can be done with a booking that is running alone."""
    return slots.period is not None and slots.period.first != slots.heard.now.date()


def _days_of(slots: Slots) -> Period | None:
    """The days that a time falls on, with or without a clock time."""
    said = next((item for item in slots.found if item.kind == "interval" and item.start is not None), None)
    return period_of(said) if said is not None else None


def _day(slots: Slots) -> datetime | None:
    """Midnight of the day that was said without a time; None for today, which is now."""
    return slots.booked.start if slots.booked.day_only and _on_another_day(slots) else None


def _stretch(slots: Slots) -> tuple[datetime, int] | None:
    """A day or a part of one, as its start and length in minutes; what is over of it is left out."""
    said = next((item for item in slots.found if item.kind == "interval" and item.start is not None and item.end is not None), None)
    if said is None or said.start is None or said.end is None or said.end - said.start > timedelta(days=1) or (said.grain == "day" and _day(slots) is None):
        return None
    start = max(said.start, slots.heard.now.replace(second=0, microsecond=0))
    return (start, round((said.end - start).total_seconds() / 60)) if start < said.end else None

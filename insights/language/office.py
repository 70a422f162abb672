"""Chores about a room that is held: longer, shorter, over, released, free or not, held by whom."""

from __future__ import annotations

import re
from collections.abc import Callable

from insights.language.chores import Chore
from insights.language.patterns import Pattern
from insights.language.slots import Heard, SlotReader, Slots
from insights.requests import CheckIn, Clarify, EndMeeting, ExtendBooking, Reading, ReleaseRoom, RoomStatus, Understood, Unsupported, WhoBooked

_SHORTER = Pattern(r"\b(?:shorten|shorter|cut|less|earlier)\b")
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
        slots = self._reader.read(heard)
        if slots.place is None and (unknown := _UNKNOWN.search(heard.plain)) is not None:
            there = ", ".join(list(self._reader.rooms.names.values())[:5])
            return Unsupported(reason=f"There is no room '{unknown[1]}'." + (f" There is {there}." if there else ""))
        return self._kinds[kind](slots)

    def _said(self, kind: str, slots: Slots, make: Callable[[str | None], object], *, missing: str | None = None) -> Reading:
        """The chore in the room that was named, else in the room of the device."""
        room, assumed = slots.room, tuple[str, ...]()
        if room is None and slots.heard.room is not None:
            room = slots.heard.room
            assumed = (f"it is in {self._reader.rooms.names.get(room, room)}",)
        request = make(room)
        ignored = slots.ignored(_SAID[kind])
        if missing is not None:
            return Clarify(about=missing, missing=missing, partial=request, assumed=assumed, ignored=ignored)  # type: ignore[arg-type]  # `make` makes requests
        return Understood(request=request, assumed=assumed, ignored=ignored)  # type: ignore[arg-type]  # `make` makes requests

    def _extend(self, slots: Slots) -> Reading | None:
        if slots.heard.means_data or (slots.place is None and _OF_A_BOOKING.search(slots.heard.plain) is None):
            return None
        minutes = slots.booked.minutes
        clock = next(iter(slots.clocks), None)
        until = None if clock is None or minutes is not None else clock.end if clock.start is None else clock.start
        if minutes is not None and _SHORTER.search(slots.heard.plain):
            minutes = -minutes
        lacking = "minutes" if minutes is None and until is None else None
        return self._said("extend", slots, lambda room: ExtendBooking(room=room, minutes=minutes, until=until), missing=lacking)

    def _end(self, slots: Slots) -> Reading | None:
        return None if slots.heard.means_data else self._said("end", slots, lambda room: EndMeeting(room=room))

    def _check_in(self, slots: Slots) -> Reading:
        return self._said("check_in", slots, lambda room: CheckIn(room=room))

    def _release(self, slots: Slots) -> Reading | None:
        if slots.place is None and re.search(r"\b(?:rooms?|bookings?|reservations?|here|it)\b", slots.heard.plain) is None:
            return None
        return self._said("release", slots, lambda room: ReleaseRoom(room=room, start=slots.start))

    def _room_status(self, slots: Slots) -> Reading | None:
        here = slots.heard.room is not None and re.search(r"\bnext (?:meeting|booking)\b|^(?:booked|free)\b", slots.heard.plain) is not None
        if slots.place is None and not here and _ABOUT_A_ROOM.search(slots.heard.plain) is None:
            return None
        lacking = "room" if slots.room is None and slots.heard.room is None else None
        minutes = slots.booked.minutes
        return self._said("room_status", slots, lambda room: RoomStatus(room=room, start=slots.start, minutes=minutes), missing=lacking)

    def _who(self, slots: Slots) -> Reading | None:
        if slots.place is None and re.search(r"\b(?:rooms?|here|meeting|booking)\b", slots.heard.plain) is None:
            return None
        lacking = "room" if slots.room is None and slots.heard.room is None else None
        return self._said("who", slots, lambda room: WhoBooked(room=room, start=slots.start), missing=lacking)

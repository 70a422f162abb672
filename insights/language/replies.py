"""The reply to a question back for something that was missing: "at three", "an hour", "Fern"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from insights.language.agenda import says_day
from insights.language.bookings import moments
from insights.language.colleagues import Colleagues
from insights.language.numbers import number
from insights.language.patterns import Pattern
from insights.language.periods import find
from insights.language.periods.model import Calendar
from insights.language.pieces import words_of
from insights.language.places import Rooms
from insights.language.rebooking import correction
from insights.language.reminding import completed as reminder
from insights.language.reserving import complete_booking
from insights.language.troubles import completed
from insights.language.words import tokenise
from insights.requests import (
    AnnounceOutage,
    BookRoom,
    CancelMeeting,
    Clarify,
    Errand,
    ExtendBooking,
    FindRoom,
    MoveMeeting,
    Period,
    RaiseTicket,
    Reading,
    ReleaseRoom,
    Remind,
    RoomStatus,
    ScheduleMeeting,
    Understood,
    Unsupported,
    UpdateTicket,
    WhoBooked,
)

_LONGEST = 300
_SHORTEST = 5
"""Minutes that a number alone can mean: "two" may be hours as well."""
_UNTIL = Pattern(r"\b(?:until|till|to|til)\b", re.IGNORECASE)


class Replies:
    """Fills the slot that was asked for."""

    def __init__(self, rooms: Rooms, people: Colleagues, calendar: Calendar, categories: Mapping[str, str]) -> None:
        self._rooms = rooms
        self._people = people
        self._calendar = calendar
        self._categories = categories

    def booking(self, partial: BookRoom, missing: str, text: str, now: datetime) -> Reading:
        """The booking with the slot filled, the next question back, or Unsupported when the reply says nothing of the kind."""
        if missing == "reason":
            reason = " ".join(text.split())[:_LONGEST]
            return Understood(request=replace(partial, reason=reason)) if reason else Unsupported(reason=_MISSED["what"])
        day_only = _is_day(partial.start)
        text = _as_time(text) if missing == "start" else text
        booked = moments(find(text, now=now, calendar=self._calendar, lean="future"))
        minutes = partial.minutes if booked.minutes is None else booked.minutes
        start = partial.start
        if booked.start is not None and not booked.day_only:
            start = _on_day(partial.start, booked.start, text) if day_only else booked.start if missing == "start" or start is None else start
        elif booked.day_only and missing == "start":
            start = booked.start
        changed = replace(partial, start=start, minutes=minutes)
        if missing == "room":
            place = self._rooms.find(words_of(tokenise(text)), None)
            if place is None:
                return Unsupported(reason=f"There is no room '{text.strip()[:60]}'. There is {', '.join(list(self._rooms.names.values())[:5])}.")
            changed = replace(changed, room=place.room)
        if missing == "people":
            changed = replace(changed, people=_bare_number(text))
        if missing == "minutes" and changed.minutes is None:
            changed = replace(changed, minutes=self._length(text, partial.start, booked.start))
        if changed == partial:
            return Unsupported(reason=_MISSED.get(missing, "I didn't catch that."))
        return complete_booking(changed, day_only=_is_day(changed.start))

    def amended(self, errand: Errand, text: str, now: datetime) -> Errand | None:
        """An errand that waits for a yes with its time, length or room as a short correction says; None for whatever is no correction of it."""
        meant = correction(text, now=now, calendar=self._calendar, rooms=self._rooms)
        if meant is None or not isinstance(errand, BookRoom | ScheduleMeeting | MoveMeeting):
            return None
        what, words = meant
        moved = isinstance(errand, MoveMeeting)
        if what == "room":
            place = self._rooms.find(words_of(tokenise(words)), None)
            return replace(errand, **{"to_room" if moved else "room": place.room}) if place is not None else None  # type: ignore[arg-type]  # an id
        booked = moments(find(f"at {words}" if words[0].isdigit() or " " not in words else words, now=now, calendar=self._calendar, lean="future"))
        if what == "length":
            return None if isinstance(errand, MoveMeeting) else replace(errand, minutes=booked.minutes)
        was = errand.to if isinstance(errand, MoveMeeting) else errand.start
        start = booked.start
        repeats = getattr(errand, "repeats", None) is not None
        if start is None or (booked.day_only and was is None) or (repeats and says_day(words)):
            return None  # what repeats has its days in its rule
        if was is not None and (booked.day_only or not says_day(words)):
            start = datetime.combine(start.date(), was.time()) if booked.day_only else datetime.combine(was.date(), start.time())
        if isinstance(errand, MoveMeeting):
            return replace(errand, to=start, same_day=errand.same_day and not says_day(words), period=None, minutes=None)
        return replace(errand, start=start, minutes=booked.minutes or errand.minutes)

    def _length(self, text: str, start: datetime | None, until: datetime | None) -> int | None:
        """A bare number is minutes; "until four" and "four o'clock" end it."""
        if _bare_number(text) is not None and not _UNTIL.search(text):
            return _bare_minutes(text)
        if start is not None and until is not None and until > start:
            return round((until - start).total_seconds() / 60)
        for item in find(text, now=start or datetime.min, calendar=self._calendar, lean="future"):
            if start is not None and item.kind == "interval" and item.start is None and item.end is not None and item.end > start:
                return round((item.end - start).total_seconds() / 60)
        return None

    def finding(self, partial: FindRoom, missing: str, text: str, now: datetime) -> Reading:
        """The search for a room with its start."""
        whole = BookRoom(start=partial.start, minutes=partial.minutes or 1, people=partial.people, equipment=partial.equipment)
        reading = self.booking(whole, missing, text, now)
        match reading:
            case Understood(request=BookRoom(start=start)):
                return Understood(request=replace(partial, start=start))
            case Clarify():
                return Clarify(about="start", missing="start", partial=partial)
            case _:
                return reading

    def ticket(self, partial: RaiseTicket, missing: str, text: str) -> Reading:
        """The report with what is broken, where, or what its form wants to know."""
        return completed(partial, missing, text, self._rooms, self._categories)

    def chore(self, partial: Errand, missing: str, text: str, now: datetime) -> Reading:
        """Another chore with the room, the length, the people, the new time or the note that was asked for."""
        text = _as_time(text) if missing in ("start", "to") else text
        booked = moments(found := find(text, now=now, calendar=self._calendar, lean="future"))
        match partial:
            case ReleaseRoom() | MoveMeeting() | CancelMeeting() if missing == "reason":
                reason = " ".join(text.split())[:_LONGEST]
                return Understood(request=replace(partial, reason=reason)) if reason else Unsupported(reason=_MISSED["what"])
            case Remind():
                return reminder(partial, missing, text, now=now, calendar=self._calendar)
            case RoomStatus() | WhoBooked() if missing == "room":
                place = self._rooms.find(words_of(tokenise(text)), None)
                if place is None:
                    return Unsupported(reason="I don't know that room.")
                named = replace(partial, room=place.room)
                lacking = _is_day(partial.start) and getattr(partial, "minutes", None) is None
                return Clarify(about="start", missing="start", partial=named) if lacking else Understood(request=named)
            case RoomStatus() | WhoBooked() | ReleaseRoom() if missing == "start":
                if booked.start is None or booked.day_only:
                    return Unsupported(reason=_MISSED["start"])
                return Understood(request=replace(partial, start=_on_day(partial.start, booked.start, text)))
            case ExtendBooking():
                until = next((item.end or item.start for item in found if item.kind == "interval" and item.grain in ("hour", "minute")), None)
                minutes = booked.minutes if booked.minutes is not None else _bare_minutes(text) if until is None or not _UNTIL.search(text) else None
                if minutes is not None:
                    return Understood(request=replace(partial, minutes=minutes))
                return Understood(request=replace(partial, until=until)) if until is not None else Unsupported(reason=_MISSED["minutes"])
            case ScheduleMeeting():
                people = tuple(dict.fromkeys(named.ids[0] for named in self._people.find(words_of(tokenise(text))) if len(named.ids) == 1))
                return Understood(request=replace(partial, people=people)) if people else Unsupported(reason=_MISSED["attendees"])
            case MoveMeeting() if booked.start is not None:
                if not booked.day_only:
                    return Understood(request=replace(partial, to=booked.start, same_day=partial.start is None and not says_day(text)))
                return Understood(request=replace(partial, period=Period(first=booked.start.date(), last=booked.start.date(), words=text.strip()[:60])))
            case MoveMeeting():
                return Unsupported(reason=_MISSED["start"])
            case AnnounceOutage():
                what = " ".join(text.split())[:_LONGEST]
                return Understood(request=replace(partial, what=what)) if what else Unsupported(reason=_MISSED["what"])
            case UpdateTicket():
                note = " ".join(text.split())[:_LONGEST]
                return Understood(request=replace(partial, note=note)) if note else Unsupported(reason=_MISSED["what"])
            case _:
                return Unsupported(reason="I didn't catch that.")


_MISSED = {
    "attendees": "I don't know who that is; say a name as it stands in the company's directory.",
    "start": "I didn't catch a time; say for example 'tomorrow at three'.",
    "minutes": "I didn't catch how long; say for example '30 minutes' or '2 hours'.",
    "people": "I didn't catch a number.",
    "what": "I didn't catch what the problem is.",
}


def _is_day(start: datetime | None) -> bool:
    return start is not None and (start.hour, start.minute) == (0, 0)


def _on_day(day: datetime | None, clock: datetime, text: str) -> datetime:
    """The clock time of the reply on the day that was said before, unless the reply names a day of its own."""
    said_day = any(word in text.casefold() for word in ("day", "tomorrow", "today", "week", "morrow"))
    return clock if day is None or said_day else datetime.combine(day.date(), clock.time())


def _as_time(text: str) -> str:
    """A reply that is an hour and nothing else, as a time: "three" to the question when it starts.

    >>> _as_time("three"), _as_time("3."), _as_time("thirty"), _as_time("tomorrow at three")
    ('at three', 'at 3.', 'thirty', 'tomorrow at three')
    """
    tokens = tokenise(text.strip(" .!?"))
    found = number(tokens, 0) if tokens else None
    hour = found is not None and isinstance(found.value, int) and not found.ordinal and found.last == len(tokens) and 0 < found.value < 24
    return f"at {text}" if hour else text


def _bare_number(text: str) -> int | None:
    """The number that a reply says; none where it points at one of several ("the second one", "that one")."""
    tokens = tokenise(text)
    for place in range(len(tokens)):
        found = number(tokens, place)
        if found is None:
            continue
        if found.ordinal or (tokens[place].text == "one" and place and tokens[place - 1].text not in _BEFORE_A_COUNT):
            return None
        if isinstance(found.value, int) and 0 < found.value < 10_000:
            return found.value
    return None


def _bare_minutes(text: str) -> int | None:
    """Minutes that are said as a number alone; none where it may be hours."""
    bare = _bare_number(text)
    return bare if bare is not None and bare >= _SHORTEST else None


_BEFORE_A_COUNT = frozenset("for about around just only say maybe at least um uh of".split())

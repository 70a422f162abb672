"""iCalendar text -> its events, each read on its own: a broken one costs neither its neighbours nor silence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from insights.errors import OutsideFailed
from insights.meetings.calendars.occurrences import Unread

if TYPE_CHECKING:
    from icalendar import Calendar

Component = Any
"""A component of icalendar; its types allow every value in every property."""
LARGEST = 20_000_000
"""Characters of one calendar: more than any person's life has events."""
_TIMES = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SEQUENCE"})
_EVENT = re.compile(r"^BEGIN:VEVENT[ \t]*$.*?^END:VEVENT[ \t]*$", re.DOTALL | re.IGNORECASE | re.MULTILINE)
_BEGIN = re.compile(r"^BEGIN:VEVENT[ \t]*$", re.IGNORECASE | re.MULTILINE)
_NAMES = tuple(re.compile(rf"^{name}(?:;[^:\n]*)?:(.*)$", re.IGNORECASE | re.MULTILINE) for name in ("SUMMARY", "UID"))


@dataclass(frozen=True, slots=True)
class Read:
    """One or several VCALENDARs with the events that can be read, and those that cannot."""

    calendars: tuple[Calendar, ...]
    unread: tuple[Unread, ...]


def read(text: str, *, name: str) -> Read:
    """Read a calendar; `name` is what problems call it. Raises OutsideFailed for what is no calendar at all."""
    from icalendar import Calendar

    if len(text) > LARGEST:
        raise OutsideFailed(f"{name} is larger than a calendar can be.", remedy="Export fewer years of it.")
    if "BEGIN:VCALENDAR" not in text[:100_000].upper():
        raise OutsideFailed(f"{name} is not a calendar.", remedy="Check the address: it must give iCalendar text.", reference=repr(text[:80]))
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    try:
        found = Calendar.from_ical(text, multiple=True)
        calendars = tuple(one for one in found if isinstance(one, Calendar))
    except Exception:  # whatever stands there, icalendar may stumble over it in any way
        return _piecewise(text, name)
    if sum(len(one.walk("VEVENT")) for one in calendars) != len(_EVENT.findall(text)) or len(_BEGIN.findall(text)) != len(_EVENT.findall(text)):
        return _piecewise(text, name)  # something begins and does not end, and took others with it
    return _checked(calendars, name, ())


def _piecewise(text: str, name: str) -> Read:
    """Read what remains when the whole cannot be parsed: the frame without events, then each event within that frame."""
    from icalendar import Calendar

    frame = _EVENT.sub("", text)
    unread: list[Unread] = []
    try:
        calendar = Calendar.from_ical(frame)
    except Exception:
        frame = "BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n"
        calendar = Calendar.from_ical(frame)
        unread.append(Unread(calendar=name, event="the calendar itself", problem="its own properties or time zones are malformed; times may lack their zone"))
    calendar.subcomponents = [one for one in calendar.subcomponents if one.name != "VEVENT"]
    if not _EVENT.search(text) and "BEGIN:VEVENT" in text.upper():
        unread.append(Unread(calendar=name, event=_called(text), problem="it begins and does not end"))
    for block in (found.group(0) for found in _EVENT.finditer(text)):
        last = [place.start() for place in _BEGIN.finditer(block)]
        for cut in last[:-1]:
            unread.append(Unread(calendar=name, event=_called(block[cut:]), problem="it begins and does not end"))
        try:
            calendar.subcomponents += Calendar.from_ical(frame.replace("END:VCALENDAR", block[last[-1] :] + "\nEND:VCALENDAR", 1)).walk("VEVENT")
        except Exception as error:
            unread.append(Unread(calendar=name, event=_called(block[last[-1] :]), problem=_short(error)))
    return _checked((calendar,), name, unread)


def _checked(calendars: tuple[Calendar, ...], name: str, unread: tuple[Unread, ...] | list[Unread]) -> Read:
    """Take out the events whose times could not be parsed (icalendar leaves such properties out, which would make another event of them)."""
    problems = list(unread)
    for calendar in calendars:
        kept = []
        for part in calendar.subcomponents:
            problem = _broken(part) if part.name == "VEVENT" else None
            if problem is None:
                kept.append(part)
            else:
                problems.append(Unread(calendar=name, event=called(part), problem=problem))
        calendar.subcomponents = kept
    return Read(calendars, tuple(problems))


def _broken(event: Component) -> str | None:
    for property_, problem in getattr(event, "errors", ()):
        if str(property_ or "").upper() in _TIMES or property_ is None:
            return f"{property_ or 'a line'}: {problem}"[:200]
    if "DTSTART" not in event:
        return "it has no start"
    return next((f"{key} stands there more than once" for key in ("DTSTART", "DTEND", "DURATION", "UID") if isinstance(event.get(key), list)), None)


def called(event: Component) -> str:
    """What an event is called when something must be said about it."""
    return str(event.get("SUMMARY") or event.get("UID") or "an event without a title")[:80]


def _called(block: str) -> str:
    found = next((match for name in _NAMES if (match := name.search(block))), None)
    return found.group(1).strip()[:80] if found else "an event without a title"


def _short(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def values(event: Component, key: str) -> Iterator[Any]:
    """The values of a property that may stand several times."""
    found = event.get(key)
    yield from found if isinstance(found, list) else () if found is None else (found,)

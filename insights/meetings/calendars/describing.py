"""What an event of iCalendar says besides its times: title, people, place, whether it takes time, and what we noted in it ourselves."""

from __future__ import annotations

from typing import Any

from insights.meetings.calendars import notes
from insights.meetings.calendars.ics import Component, values
from insights.meetings.calendars.occurrences import Ours

PREFIX = "X-INSIGHTS-"
_LINKS = ("CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "X-MICROSOFT-ONLINEMEETINGJOINLINK")


def facts(event: Component) -> dict[str, Any]:
    """The fields of an Occurrence that are the same for every time of the event."""
    status = str(event.get("STATUS", "")).upper()
    people = {_address(one): str(getattr(one, "params", {}).get("PARTSTAT", "")).upper() for one in values(event, "ATTENDEE")}
    shown = str(event.get("TRANSP") or ("TRANSPARENT" if str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() == "FREE" else "")).upper()
    return {
        "uid": str(event.get("UID") or ""),
        "title": _text(event, "SUMMARY"),
        "transparent": shown == "TRANSPARENT",
        "cancelled": status == "CANCELLED",
        "tentative": status == "TENTATIVE",
        "private": str(event.get("CLASS", "")).upper() in ("PRIVATE", "CONFIDENTIAL"),
        "organizer": next((_address(one) for one in values(event, "ORGANIZER")), None),
        "organizer_name": next((name for one in values(event, "ORGANIZER") if (name := str(getattr(one, "params", {}).get("CN", "")))), None),
        "attendees": frozenset(address for address, part in people.items() if part != "DECLINED"),
        "declined": frozenset(address for address, part in people.items() if part == "DECLINED"),
        "accepted": frozenset(address for address, part in people.items() if part == "ACCEPTED"),
        "unsure": frozenset(address for address, part in people.items() if part == "TENTATIVE"),
        "location": _text(event, "LOCATION"),
        "description": _text(event, "DESCRIPTION"),
        "conference": next((str(link) for name in _LINKS for link in values(event, name)), None),
        "ours": _ours(event),
    }


def _text(event: Component, key: str) -> str | None:
    found = next(iter(values(event, key)), None)
    return str(found) if found is not None and str(found) else None


def _address(value: Any) -> str:
    """The address behind `mailto:`, in small letters."""
    text = str(value)
    return (text[7:] if text[:7].casefold() == "mailto:" else text).casefold()


def _ours(event: Component) -> Ours | None:
    return notes.read({name: text for name in notes.FIELDS if (text := _text(event, f"{PREFIX}{name.upper()}"))})

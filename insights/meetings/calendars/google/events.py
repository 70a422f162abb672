"""An event as Google's Calendar API has it <-> ours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from insights.meetings.calendars import notes
from insights.meetings.calendars.altering import Alteration, noted
from insights.meetings.calendars.expanding import instant
from insights.meetings.calendars.occurrences import Occurrence
from insights.meetings.calendars.series import told, zone_of
from insights.meetings.calendars.store import Draft, name_of

_NOTED = "insights_"
_NOT_BUSY = frozenset({"workingLocation", "birthday", "fromGmail"})


def occurrence(found: Mapping[str, Any], zone: ZoneInfo) -> Occurrence:
    """An event of a list or of its own. Raises ValueError for one whose times cannot be read."""
    begins, ends = _time(found.get("start")), _time(found.get("end"))
    people = [one for one in found.get("attendees") or () if isinstance(one, dict) and not one.get("resource")]
    organizer = found.get("organizer") or {}
    said = {str(one.get("email", "")).casefold(): one.get("responseStatus") for one in people}
    private = (found.get("extendedProperties") or {}).get("private") or {}
    original = found.get("originalStartTime") or {}
    return Occurrence(
        uid=str(found.get("iCalUID") or found.get("id") or ""),
        start=instant(begins, zone),
        end=instant(ends, zone),
        title=found.get("summary") or None,
        all_day=not isinstance(begins, datetime),
        transparent=found.get("transparency") == "transparent" or found.get("eventType") in _NOT_BUSY,
        cancelled=found.get("status") == "cancelled",
        tentative=found.get("status") == "tentative",
        private=found.get("visibility") in ("private", "confidential"),
        organizer=str(organizer["email"]).casefold() if organizer.get("email") else None,
        organizer_name=organizer.get("displayName") or None,
        attendees=frozenset(address for address, answer in said.items() if answer != "declined"),
        declined=frozenset(address for address, answer in said.items() if answer == "declined"),
        accepted=frozenset(address for address, answer in said.items() if answer == "accepted"),
        unsure=frozenset(address for address, answer in said.items() if answer == "tentative"),
        location=found.get("location") or None,
        description=found.get("description") or None,
        conference=_link(found),
        series=bool(found.get("recurrence")),
        recurrence=str(original.get("dateTime") or original.get("date") or "") or None if found.get("recurringEventId") else None,
        ref=str(found.get("id") or ""),
        version=str(found.get("etag") or ""),
        ours=notes.read({name: str(private[f"{_NOTED}{name}"]) for name in notes.FIELDS if f"{_NOTED}{name}" in private}),
    )


def body(draft: Draft, zone: ZoneInfo) -> dict[str, Any]:
    """What is written. Every note is named, so that one that no longer holds is emptied."""
    noted = notes.notes(draft.ours)
    return {
        "summary": draft.title or "",
        "location": draft.location or "",
        "description": draft.description or "",
        "start": _written(draft.start, zone_of(draft.start, zone)),
        "end": _written(draft.end, zone_of(draft.start, zone)),
        **({"recurrence": [f"RRULE:{told(draft.rule, draft.start)}"]} if draft.rule else {}),
        "status": "confirmed" if draft.ours.state == "held" else "tentative",
        "visibility": "private" if draft.private else "default",
        "extendedProperties": {"private": {f"{_NOTED}{name}": noted.get(name, "") for name in notes.FIELDS}},
    }


def called_in(draft: Draft) -> dict[str, Any]:
    """The call that Google is to make; asked again under the same id, it makes the same."""
    if not draft.call:
        return {}
    return {"conferenceData": {"createRequest": {"requestId": name_of(draft.ours.key), "conferenceSolutionKey": {"type": "hangoutsMeet"}}}}


def different(old: Occurrence, alteration: Alteration, zone: ZoneInfo) -> dict[str, Any]:
    """What is written to alter an event."""
    document: dict[str, Any] = {}
    if alteration.start is not None and alteration.end is not None:
        document |= {"start": _written(alteration.start, zone_of(alteration.start, zone)), "end": _written(alteration.end, zone_of(alteration.start, zone))}
        if alteration.rule is not None:
            document["recurrence"] = [f"RRULE:{told(alteration.rule, alteration.start)}"]
    if alteration.title is not None:
        document["summary"] = alteration.title
    if alteration.location is not None:
        document["location"] = alteration.location
    if old.ours is not None and alteration.done:
        document["extendedProperties"] = {"private": {f"{_NOTED}{name}": text for name, text in notes.notes(noted(old.ours, alteration.done)).items()}}
    return document


def _written(moment: datetime, zone: ZoneInfo) -> dict[str, str]:
    return {"dateTime": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "timeZone": zone.key}


def _time(found: Any) -> date | datetime:
    if not isinstance(found, dict):
        raise ValueError("it has no time")
    if found.get("dateTime"):
        moment = datetime.fromisoformat(str(found["dateTime"]))
        named = found.get("timeZone")
        return moment if moment.tzinfo is not None or not named else moment.replace(tzinfo=ZoneInfo(str(named)))
    return date.fromisoformat(str(found.get("date")))


def _link(found: Mapping[str, Any]) -> str | None:
    points = (found.get("conferenceData") or {}).get("entryPoints") or ()
    video = next((point.get("uri") for point in points if isinstance(point, dict) and point.get("entryPointType") == "video"), None)
    return video or found.get("hangoutLink") or None

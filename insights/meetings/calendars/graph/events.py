"""An event as Microsoft Graph has it <-> ours."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from insights.meetings.calendars import notes
from insights.meetings.calendars.altering import Alteration, noted
from insights.meetings.calendars.expanding import instant
from insights.meetings.calendars.graph.recurring import recurrence
from insights.meetings.calendars.occurrences import Occurrence, Ours
from insights.meetings.calendars.series import zone_of
from insights.meetings.calendars.store import Draft, name_of

_SPACE = "{6f1f3d5e-52f3-4a53-9a33-8c0e3a0c7d11}"
NAME, NOTES = f"String {_SPACE} Name insightsName", f"String {_SPACE} Name insightsNotes"
"""The extended properties in which we note the name of an event of ours, to find it by, and the rest."""


def occurrence(found: Mapping[str, Any], zone: ZoneInfo) -> Occurrence:
    """An event of a list or of its own; its times are asked for in UTC. Raises ValueError for one whose times cannot be read."""
    whole = found.get("isAllDay") is True
    begins, ends = _time(found.get("start"), whole=whole), _time(found.get("end"), whole=whole)
    organizer = (found.get("organizer") or {}).get("emailAddress") or {}
    said = {
        str((one.get("emailAddress") or {}).get("address", "")).casefold(): (one.get("status") or {}).get("response")
        for one in found.get("attendees") or ()
        if isinstance(one, dict) and one.get("type") != "resource"
    }
    return Occurrence(
        uid=str(found.get("iCalUId") or found.get("id") or ""),
        start=instant(begins, zone),
        end=instant(ends, zone),
        title=found.get("subject") or None,
        all_day=whole,
        transparent=found.get("showAs") in ("free", "workingElsewhere"),
        cancelled=found.get("isCancelled") is True,
        tentative=found.get("showAs") == "tentative",
        private=found.get("sensitivity") in ("private", "confidential"),
        organizer=str(organizer["address"]).casefold() if organizer.get("address") else None,
        organizer_name=organizer.get("name") or None,
        attendees=frozenset(address for address, answer in said.items() if answer != "declined"),
        declined=frozenset(address for address, answer in said.items() if answer == "declined"),
        accepted=frozenset(address for address, answer in said.items() if answer in ("accepted", "organizer")),
        unsure=frozenset(address for address, answer in said.items() if answer == "tentativelyAccepted"),
        location=(found.get("location") or {}).get("displayName") or None,
        description=found.get("bodyPreview") or None,
        conference=(found.get("onlineMeeting") or {}).get("joinUrl") or found.get("onlineMeetingUrl") or None,
        series=found.get("type") == "seriesMaster",
        recurrence=str(found.get("originalStart") or found.get("id")) if found.get("type") in ("occurrence", "exception") else None,
        ref=str(found.get("id") or ""),
        version=str(found.get("@odata.etag") or ""),
        ours=_ours(found),
    )


def body(draft: Draft) -> dict[str, Any]:
    """What is written."""
    return {
        "subject": draft.title or "",
        "location": {"displayName": draft.location or ""},
        **_times(draft.start, draft.end, draft.rule),
        "showAs": "busy" if draft.ours.state == "held" else "tentative",
        "sensitivity": "private" if draft.private else "normal",
        "singleValueExtendedProperties": _noting(draft.ours),
    }


def online(draft: Draft) -> dict[str, Any]:
    """The call that Graph is to make."""
    return {"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"} if draft.call else {}


def different(old: Occurrence, alteration: Alteration) -> dict[str, Any]:
    """What is written to alter an event."""
    document: dict[str, Any] = {}
    if alteration.start is not None and alteration.end is not None:
        document |= _times(alteration.start, alteration.end, alteration.rule)
    if alteration.title is not None:
        document["subject"] = alteration.title
    if alteration.location is not None:
        document["location"] = {"displayName": alteration.location}
    if old.ours is not None and alteration.done:
        document["singleValueExtendedProperties"] = _noting(noted(old.ours, alteration.done))
    return document


def _noting(ours: Ours) -> list[dict[str, str]]:
    return [{"id": NAME, "value": name_of(ours.key)}, {"id": NOTES, "value": json.dumps(notes.notes(ours), sort_keys=True)}]


def invited(draft: Draft) -> dict[str, Any]:
    """Whom Graph is to invite."""
    return {"attendees": [{"emailAddress": {"address": address}, "type": "required"} for address in draft.attendees]}


def _ours(found: Mapping[str, Any]) -> Ours | None:
    kept = {str(one.get("id", "")).casefold(): one.get("value") for one in found.get("singleValueExtendedProperties") or () if isinstance(one, dict)}
    try:
        noted = json.loads(kept.get(NOTES.casefold()) or "{}")
    except (ValueError, TypeError):
        return None
    return notes.read({str(name): str(value) for name, value in noted.items()}) if isinstance(noted, dict) else None


def _times(start: datetime, end: datetime, rule: str | None) -> dict[str, Any]:
    """When it is; what repeats does so by the clock of its zone."""
    if rule is None:
        return {"start": _written(start), "end": _written(end)}
    zone = zone_of(start, ZoneInfo("UTC"))
    clocks = [moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S") for moment in (start, end)]
    begins, ends = ({"dateTime": clock, "timeZone": zone.key} for clock in clocks)
    return {"start": begins, "end": ends, "recurrence": recurrence(rule, start.astimezone(zone), zone.key)}


def _written(moment: datetime) -> dict[str, str]:
    return {"dateTime": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"), "timeZone": "UTC"}


def _time(found: Any, *, whole: bool) -> date | datetime:
    """A whole day is that day wherever it is read; anything else is in the zone that stands beside it."""
    if not isinstance(found, dict) or not found.get("dateTime"):
        raise ValueError("it has no time")
    text = str(found["dateTime"])
    moment = datetime.fromisoformat(text[:26] if "." in text else text)
    if whole:
        return moment.date()
    named = str(found.get("timeZone") or "UTC")
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC if named == "UTC" else ZoneInfo(named))

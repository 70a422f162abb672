"""Calendars of Google Workspace as a CalendarStore.

An event of ours has an id made of its name and its calendar, so writing it twice is refused by Google itself. An id that was used and removed stays taken: the
next of its generations is used then. Changes and removals are conditional (If-Match, answered with 412).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from insights.errors import NotAnswerable, OutsideFailed, UnknownThing
from insights.meetings.calendars.altering import Alteration, Said
from insights.meetings.calendars.google.events import body, called_in, different, occurrence
from insights.meetings.calendars.occurrences import Agenda, Occurrence, Unread
from insights.meetings.calendars.placing import placed
from insights.meetings.calendars.series import stamp
from insights.meetings.calendars.store import Draft, name_of
from insights.web import Answer, Web, refused

BASE = "https://www.googleapis.com/calendar/v3"
_GENERATIONS = 40
_PAGES = 200
_BUSY = (b"rateLimitExceeded", b"userRateLimitExceeded", b"quotaExceeded")


class GoogleCalendars:
    """See CalendarStore. A calendar is named by its address, such as that of a person or of a room resource."""

    def __init__(self, web: Web, *, zone: ZoneInfo, base: str = BASE) -> None:
        self._web = web
        self._zone = zone
        self._base = base.rstrip("/")

    @property
    def name(self) -> str:
        """See the port."""
        return self._web.name

    def read(self, calendar: str, start: datetime, end: datetime, *, until: float) -> Agenda:
        """See the port. Google applies the exceptions of a series; which of it takes time, and when, is judged here."""
        if start.timestamp() >= end.timestamp():
            return Agenda()
        asked = {"singleEvents": "true", "timeMin": _stamp(start), "timeMax": _stamp(end), "maxResults": "2500"}
        found: list[Occurrence] = []
        unread: list[Unread] = []
        for event in self._pages(f"{self._calendar(calendar)}/events", asked, calendar, until):
            try:
                found.append(occurrence(event, self._zone))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                unread.append(Unread(calendar=calendar, event=str(event.get("summary") or event.get("id"))[:80], problem=str(error)[:200]))
        return placed(Agenda(occurrences=tuple(found), unread=tuple(unread)), start, end)

    def find(self, calendar: str, name: str, *, until: float) -> Occurrence | None:
        """See the port."""
        for generation in range(_GENERATIONS):
            answer = self._web.send("GET", self._event(calendar, _id(calendar, name, generation)), until=until)
            if answer.status == 404:
                return None
            if answer.status != 200 and answer.status != 410:
                raise refused(answer, f"read the calendar '{calendar}'")
            if answer.status == 200 and answer.json().get("status") != "cancelled":
                return occurrence(answer.json(), self._zone)
        return None

    def one(self, calendar: str, series: Occurrence, given: datetime, *, until: float) -> Occurrence | None:
        """See the port: the id of an occurrence is made of when its series has it."""
        answer = self._web.send("GET", self._event(calendar, f"{series.ref}_{stamp(given)}"), until=until)
        if answer.status in (404, 410):
            return None
        if answer.status != 200:
            raise refused(answer, f"read the calendar '{calendar}'")
        found = answer.json()  # of one that was called off hardly more is told than that
        return None if found.get("status") == "cancelled" else occurrence(found, self._zone)

    def create(self, calendar: str, draft: Draft, *, until: float) -> Occurrence | None:
        """See the port."""
        name = name_of(draft.ours.key)
        for generation in range(_GENERATIONS):
            document = {"id": _id(calendar, name, generation), **body(draft, self._zone)} | _invited(draft) | called_in(draft)
            params = _told(draft) | ({"conferenceDataVersion": "1"} if draft.call else {})
            answer = self._web.send("POST", f"{self._calendar(calendar)}/events", until=until, params=params, document=document)
            if answer.status in (200, 201):
                return occurrence(answer.json(), self._zone)
            if answer.status != 409:
                raise refused(answer, f"write into the calendar '{calendar}'")
            there = self._web.send("GET", self._event(calendar, document["id"]), until=until)
            if there.status == 200 and there.json().get("status") != "cancelled":
                return None
        raise OutsideFailed(f"{self.name} refuses to write this event anew.", remedy="Ask again.", reference=name)

    def change(self, calendar: str, old: Occurrence, draft: Draft, *, until: float) -> Occurrence | None:
        """See the port."""
        document = body(draft, self._zone) | (_invited(draft) if set(draft.attendees) != old.attendees | old.declined else {})
        answer = self._web.send(
            "PATCH", self._event(calendar, old.ref), until=until, headers={"if-match": old.version}, params=_told(draft), document=document
        )  # fmt: skip
        if answer.status in (404, 410, 412):
            return None
        if answer.status != 200:
            raise refused(answer, f"write into the calendar '{calendar}'")
        found = occurrence(answer.json(), self._zone)
        return None if found.cancelled else found

    def remove(self, calendar: str, old: Occurrence, *, until: float) -> bool:
        """See the port."""
        told = {"sendUpdates": "all"} if old.attendees else {"sendUpdates": "none"}
        answer = self._web.send("DELETE", self._event(calendar, old.ref), until=until, headers={"if-match": old.version}, params=told)
        if answer.status == 412:
            return False
        if answer.status not in (200, 204, 404, 410):
            raise refused(answer, f"remove an event from the calendar '{calendar}'")
        return True

    def alter(self, calendar: str, old: Occurrence, alteration: Alteration, *, until: float) -> Occurrence | None:
        """See the port; an occurrence of a series has an id of its own."""
        return self._patch(calendar, old, different(old, alteration, self._zone), until)

    def respond(self, calendar: str, old: Occurrence, address: str, said: Said, *, until: float) -> bool:
        """See the port. The guests are sent as they stand, with this one's answer, since a patch replaces all of them."""
        answer = self._web.send("GET", self._event(calendar, old.ref), until=until)
        if answer.status in (404, 410):
            return False
        if answer.status != 200:
            raise refused(answer, f"read the calendar '{calendar}'")
        found = answer.json()
        guests = [dict(one) for one in found.get("attendees") or () if isinstance(one, dict)]
        mine = [one for one in guests if str(one.get("email", "")).casefold() == address.casefold()]
        if not mine:
            raise UnknownThing("You are not invited to that meeting.", remedy="Ask whoever arranged it.")
        for one in mine:
            one["responseStatus"] = said
        stands = self._patch(calendar, old, {"attendees": guests}, until)
        if stands is not None and address.casefold() not in {"accepted": stands.accepted, "declined": stands.declined, "tentative": stands.unsure}[said]:
            raise NotAnswerable(f"{self.name} lets only whoever is invited answer, and did not take it from us.", remedy="Answer it there.")
        return stands is not None

    def close(self) -> None:
        """See the port."""
        self._web.close()

    def _patch(self, calendar: str, old: Occurrence, document: Mapping[str, Any], until: float) -> Occurrence | None:
        where, condition = self._event(calendar, old.ref), {"if-match": old.version}
        answer = self._web.send("PATCH", where, until=until, headers=condition, params={"sendUpdates": "all"}, document=document)
        if answer.status in (404, 410, 412):
            return None
        if answer.status != 200:
            raise refused(answer, f"write into the calendar '{calendar}'")
        found = occurrence(answer.json(), self._zone)
        return None if found.cancelled else found

    def _calendar(self, calendar: str) -> str:
        return f"{self._base}/calendars/{quote(calendar, safe='@')}"

    def _event(self, calendar: str, ref: str) -> str:
        return f"{self._calendar(calendar)}/events/{quote(ref, safe='')}"

    def _pages(self, where: str, asked: Mapping[str, str], calendar: str, until: float) -> Iterator[dict[str, Any]]:
        """The events of every page."""
        token = ""
        for _ in range(_PAGES):
            answer = self._web.send("GET", where, until=until, params={**asked, **({"pageToken": token} if token else {})})
            if answer.status != 200:
                raise refused(answer, f"read the calendar '{calendar}'")
            found = answer.json()
            yield from (one for one in found.get("items") or () if isinstance(one, dict))
            token = str(found.get("nextPageToken") or "")
            if not token:
                return
        raise OutsideFailed(f"{self.name} never comes to the end of the calendar '{calendar}'.", remedy="Ask for a shorter time.", reference=where)


def throttled(answer: Answer) -> bool:
    """Whether Google asks for patience with a 403, as it does beside 429."""
    return answer.status == 403 and any(reason in answer.body for reason in _BUSY)


def _id(calendar: str, name: str, generation: int) -> str:
    """An id of Google's alphabet (0-9, a-v): the name, and which of its generations in which calendar."""
    return f"insights{name}{sha256(calendar.casefold().encode()).hexdigest()[:6]}{generation:02d}"


def _invited(draft: Draft) -> dict[str, Any]:
    return {"attendees": [{"email": address} for address in draft.attendees]} if draft.attendees else {}


def _told(draft: Draft) -> dict[str, str]:
    return {"sendUpdates": "all" if draft.attendees and draft.ours.state == "held" else "none"}


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

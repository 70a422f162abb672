"""Calendars of Microsoft 365 as a CalendarStore.

Graph gives events ids of its own; ours are found by a property that holds their name. A POST carries a `transactionId`, so that repeating it makes no second
event; two that are written under one name all the same are reduced to one by whoever books (see contending). Changes and removals carry If-Match.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

from insights.errors import OutcomeUnknown, OutsideFailed, UnknownThing
from insights.meetings.calendars.altering import Alteration, Said
from insights.meetings.calendars.graph.events import NAME, NOTES, body, different, invited, occurrence, online
from insights.meetings.calendars.occurrences import Agenda, Occurrence, Unread
from insights.meetings.calendars.placing import placed
from insights.meetings.calendars.store import Draft, name_of
from insights.web import Web, refused

BASE = "https://graph.microsoft.com/v1.0"
SCOPE = "https://graph.microsoft.com/.default"
_PREFER = {"prefer": 'outlook.timezone="UTC", IdType="ImmutableId"'}
_WITH_NOTES = f"singleValueExtendedProperties($filter=id eq '{NAME}' or id eq '{NOTES}')"
_PAGES = 200
_NEAR, _FAR = timedelta(days=1), timedelta(days=100)
_SAID = {"accepted": "accept", "declined": "decline", "tentative": "tentativelyAccept"}


class GraphCalendars:
    """See CalendarStore. A calendar is named by the address of its person or room."""

    def __init__(self, web: Web, *, zone: ZoneInfo, base: str = BASE) -> None:
        self._web = web
        self._zone = zone
        self._base = base.rstrip("/")

    @property
    def name(self) -> str:
        """See the port."""
        return self._web.name

    def read(self, calendar: str, start: datetime, end: datetime, *, until: float) -> Agenda:
        """See the port. Graph applies the exceptions of a series; which of it takes time, and when, is judged here."""
        if start.timestamp() >= end.timestamp():
            return Agenda()
        asked = {"startDateTime": _stamp(start), "endDateTime": _stamp(end), "$top": "200", "$expand": _WITH_NOTES}
        found: list[Occurrence] = []
        unread: list[Unread] = []
        for event in pages(self._web, f"{self._user(calendar)}/calendarView", asked, until, f"read the calendar '{calendar}'"):
            try:
                found.append(occurrence(event, self._zone))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                unread.append(Unread(calendar=calendar, event=str(event.get("subject") or event.get("id"))[:80], problem=str(error)[:200]))
        return placed(Agenda(occurrences=tuple(found), unread=tuple(unread)), start, end)

    def find(self, calendar: str, name: str, *, until: float) -> Occurrence | None:
        """See the port; of two with one name, that which is held, else the lower."""
        asked = {"$filter": f"singleValueExtendedProperties/Any(ep: ep/id eq '{NAME}' and ep/value eq '{name}')", "$expand": _WITH_NOTES}
        found = [occurrence(event, self._zone) for event in pages(self._web, f"{self._user(calendar)}/events", asked, until, f"read the calendar '{calendar}'")]
        standing = [one for one in found if not one.cancelled and one.ours is not None]
        return min(standing, key=lambda one: (one.ours is not None and one.ours.state != "held", one.ref), default=None)

    def one(self, calendar: str, series: Occurrence, given: datetime, *, until: float) -> Occurrence | None:
        """See the port. Graph finds occurrences by when they take place now, so near its day first, then further away."""
        for reach in (_NEAR, _FAR):
            asked = {"startDateTime": _stamp(given - reach), "endDateTime": _stamp(given + reach), "$top": "200", "$expand": _WITH_NOTES}
            for event in pages(self._web, f"{self._event(calendar, series.ref)}/instances", asked, until, f"read the calendar '{calendar}'"):
                found = occurrence(event, self._zone)
                if found.given is not None and found.given.timestamp() == given.timestamp() and not found.cancelled:
                    return found
        return None

    def create(self, calendar: str, draft: Draft, *, until: float) -> Occurrence | None:
        """See the port."""
        if self.find(calendar, name_of(draft.ours.key), until=until) is not None:
            return None
        document = body(draft) | invited(draft) | online(draft) | {"transactionId": str(uuid4())}
        where = f"{self._user(calendar)}/events"
        try:
            answer = self._web.send("POST", where, until=until, headers=_PREFER, document=document)
        except OutcomeUnknown:  # the same transaction again gives the same event
            answer = self._web.send("POST", where, until=until, headers=_PREFER, document=document)
        if answer.status == 409:
            return None
        if answer.status not in (200, 201):
            raise refused(answer, f"write into the calendar '{calendar}'")
        found = occurrence(answer.json(), self._zone)
        return self._noted(calendar, found.ref, until) if found.ours is None else found

    def change(self, calendar: str, old: Occurrence, draft: Draft, *, until: float) -> Occurrence | None:
        """See the port."""
        document = body(draft) | (invited(draft) if set(draft.attendees) != old.attendees | old.declined else {})
        return self._patch(calendar, old, document, until)

    def alter(self, calendar: str, old: Occurrence, alteration: Alteration, *, until: float) -> Occurrence | None:
        """See the port; an occurrence of a series has an id of its own."""
        return self._patch(calendar, old, different(old, alteration), until)

    def respond(self, calendar: str, old: Occurrence, address: str, said: Said, *, until: float) -> bool:
        """See the port; Graph answers for whose calendar it is, and tells the organizer."""
        if address.casefold() not in old.attendees | old.declined:
            raise UnknownThing("You are not invited to that meeting.", remedy="Ask whoever arranged it.")
        where = f"{self._event(calendar, old.ref)}/{_SAID[said]}"
        answer = self._web.send("POST", where, until=until, harmless=True, headers=_PREFER, document={"sendResponse": True})
        if answer.status in (404, 409, 410, 412):
            return False
        if answer.status not in (200, 202, 204):
            raise refused(answer, f"answer an invitation in the calendar '{calendar}'")
        return True

    def _patch(self, calendar: str, old: Occurrence, document: Mapping[str, Any], until: float) -> Occurrence | None:
        answer = self._web.send("PATCH", self._event(calendar, old.ref), until=until, headers={**_PREFER, "if-match": old.version}, document=document)
        if answer.status in (404, 409, 410, 412):
            return None
        if answer.status != 200:
            raise refused(answer, f"write into the calendar '{calendar}'")
        return self._noted(calendar, old.ref, until)

    def remove(self, calendar: str, old: Occurrence, *, until: float) -> bool:
        """See the port."""
        answer = self._web.send("DELETE", self._event(calendar, old.ref), until=until, headers={**_PREFER, "if-match": old.version})
        if answer.status in (409, 412):
            return False
        if answer.status not in (200, 202, 204, 404, 410):
            raise refused(answer, f"remove an event from the calendar '{calendar}'")
        return True

    def close(self) -> None:
        """See the port."""
        self._web.close()

    def _noted(self, calendar: str, ref: str, until: float) -> Occurrence | None:
        """An event with our notes, which Graph leaves out of its answers to what is written."""
        answer = self._web.send("GET", self._event(calendar, ref), until=until, headers=_PREFER, params={"$expand": _WITH_NOTES})
        if answer.status in (404, 410):
            return None
        if answer.status != 200:
            raise refused(answer, f"read the calendar '{calendar}'")
        return occurrence(answer.json(), self._zone)

    def _user(self, calendar: str) -> str:
        return f"{self._base}/users/{quote(calendar, safe='@')}"

    def _event(self, calendar: str, ref: str) -> str:
        return f"{self._user(calendar)}/events/{quote(ref, safe='')}"


def pages(web: Web, where: str, asked: Mapping[str, str], until: float, what: str) -> Iterator[dict[str, Any]]:
    """What stands in every page; the next one must be where the first was, for our token goes along."""
    params: Mapping[str, str] | None = asked
    host = urlsplit(where).netloc
    for _ in range(_PAGES):
        answer = web.send("GET", where, until=until, headers=_PREFER, params=params)
        if answer.status != 200:
            raise refused(answer, what)
        found = answer.json()
        yield from (one for one in found.get("value") or () if isinstance(one, dict))
        where, params = str(found.get("@odata.nextLink") or ""), None
        if not where:
            return
        if urlsplit(where).netloc != host:
            raise OutsideFailed(f"{web.name} sends us to another host for its next page.", remedy="Check the address in the settings.", reference=where[:120])
    raise OutsideFailed(f"{web.name} never comes to an end.", remedy="Ask for a shorter time.", reference=where[:120])


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") + "Z"

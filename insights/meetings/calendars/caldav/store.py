"""Calendars of a CalDAV server: found by discovery, asked for whole events in a span, written under a condition."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from insights.errors import WrongSettings, nearest
from insights.meetings.calendars import altering, writing
from insights.meetings.calendars.altering import Alteration, Said
from insights.meetings.calendars.caldav import dav
from insights.meetings.calendars.expanding import expand, merged, standing
from insights.meetings.calendars.occurrences import Agenda, Occurrence
from insights.meetings.calendars.placing import placed
from insights.meetings.calendars.series import stamp
from insights.meetings.calendars.store import Draft, name_of, written
from insights.web import Answer, Web, refused

_MARGIN = timedelta(hours=26)  # all-day and floating events are where the server thinks they are; we think for ourselves
_KEPT = 4096
_XML = {"content-type": "application/xml; charset=utf-8"}
_ICS = {"content-type": "text/calendar; charset=utf-8"}


class CalDav:
    """See CalendarStore. `base` is the server's address or that of a principal; calendars are named by address, path, name or last part of the path."""

    def __init__(self, web: Web, base: str, *, zone: ZoneInfo, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._web = web
        self._base = base if base.endswith("/") else f"{base}/"
        self._zone = zone
        self._clock = clock
        self._lock = threading.Lock()
        self._calendars: Mapping[str, str] | None = None
        self._single: OrderedDict[tuple[str, str], Occurrence] = OrderedDict()

    @property
    def name(self) -> str:
        """See the port."""
        return self._web.name

    def read(self, calendar: str, start: datetime, end: datetime, *, until: float) -> Agenda:
        """See the port."""
        where = self._where(calendar, until)
        answer = self._web.send("REPORT", where, until=until, headers={**_XML, "depth": "1"}, content=dav.between(start - _MARGIN, end + _MARGIN))
        if answer.status != 207:
            raise refused(answer, f"read the calendar '{calendar}'")
        agendas = [self._one(calendar, where, item, start, end) for item in dav.items(answer.body, system=self.name)]
        return placed(merged(agendas), start, end)

    def find(self, calendar: str, name: str, *, until: float) -> Occurrence | None:
        """See the port."""
        where = self._event(calendar, name, until)
        answer = self._web.send("GET", where, until=until)
        if answer.status in (404, 410):
            return None
        if answer.status != 200:
            raise refused(answer, f"read the calendar '{calendar}'")
        found = standing(answer.text, zone=self._zone, name=calendar)
        if found is None or found.ours is None or name_of(found.ours.key) != name:
            return None
        return _marked(found, where, answer.headers.get("etag", ""))

    def one(self, calendar: str, series: Occurrence, given: datetime, *, until: float) -> Occurrence | None:
        """See the port."""
        return self._stands(calendar, series.ref, stamp(given), until)

    def create(self, calendar: str, draft: Draft, *, until: float) -> Occurrence | None:
        """See the port."""
        return self._put(calendar, draft, {"if-none-match": "*"}, until)

    def change(self, calendar: str, old: Occurrence, draft: Draft, *, until: float) -> Occurrence | None:
        """See the port."""
        return self._put(calendar, draft, {"if-match": old.version}, until)

    def remove(self, calendar: str, old: Occurrence, *, until: float) -> bool:
        """See the port."""
        if old.recurrence is not None:
            text = self._text(calendar, old, until)
            return text is not None and self._rewrite(calendar, old, altering.without(text, old.recurrence, now=self._clock()), until)
        answer = self._web.send("DELETE", old.ref, until=until, headers={"if-match": old.version})
        if answer.status in (409, 412, 423):
            return False
        if answer.status not in (200, 202, 204, 404, 410):
            raise refused(answer, f"remove an event from the calendar '{calendar}'")
        return True

    def alter(self, calendar: str, old: Occurrence, alteration: Alteration, *, until: float) -> Occurrence | None:
        """See the port."""
        text = self._text(calendar, old, until)
        if text is None or not self._rewrite(calendar, old, altering.altered(text, old, alteration, now=self._clock()), until):
            return None
        return self._stands(calendar, old.ref, old.recurrence, until)

    def respond(self, calendar: str, old: Occurrence, address: str, said: Said, *, until: float) -> bool:
        """See the port: the answer stands in one's own copy, from where a server that does scheduling (RFC 6638) sends it."""
        text = self._text(calendar, old, until)
        return text is not None and self._rewrite(calendar, old, altering.answered(text, old, address, said, now=self._clock()), until)

    def close(self) -> None:
        """See the port."""
        self._web.close()

    def calendars(self, *, until: float) -> Mapping[str, str]:
        """The calendars of whoever we are, address by name: principal, then home, then what stands there (RFC 4791, section 6.2; RFC 6764)."""
        start = self._principal(until)
        home = start.link(f"{dav.C}calendar-home-set")
        if not home and (principal := start.link(f"{dav.D}current-user-principal")):
            found = self._ask(dav.address(self._base, principal), dav.PRINCIPAL, "0", until)
            home = next((link for item in found if (link := item.link(f"{dav.C}calendar-home-set"))), "")
        if not home:
            raise WrongSettings(f"{self.name} names no calendars at {self._base}.", remedy="Give the address of the CalDAV server or of a principal.")
        there = dav.address(self._base, home)
        listed = self._ask(there, dav.CALENDARS, "1", until)
        return {item.text(f"{dav.D}displayname") or _last(item.href): dav.address(there, item.href) for item in listed if item.holds_events()}

    def _principal(self, until: float) -> dav.Item:
        for place in (self._base, dav.address(self._base, "/.well-known/caldav")):
            answer = self._web.send("PROPFIND", place, until=until, headers={**_XML, "depth": "0"}, content=dav.PRINCIPAL)
            if answer.status == 207:
                self._base = answer.url
                for item in dav.items(answer.body, system=self.name):
                    if item.properties:
                        return item
            elif answer.status in (401, 403):
                raise refused(answer, "sign in")
        raise WrongSettings(f"{self.name} does not speak CalDAV at {self._base}.", remedy="Give the address of the CalDAV server or of a principal.")

    def _ask(self, where: str, question: bytes, depth: str, until: float) -> list[dav.Item]:
        answer = self._web.send("PROPFIND", where, until=until, headers={**_XML, "depth": depth}, content=question)
        if answer.status != 207:
            raise refused(answer, "look for calendars")
        return list(dav.items(answer.body, system=self.name))

    def _where(self, calendar: str, until: float) -> str:
        """The address of a calendar, with a slash at its end."""
        if "/" in calendar:
            found = dav.address(self._base, calendar)
        else:
            with self._lock:
                if self._calendars is None:
                    self._calendars = self.calendars(until=until)
            named = {key.casefold(): place for name, place in self._calendars.items() for key in (_last(urlsplit(place).path), name)}
            if calendar.casefold() not in named:
                raise WrongSettings(
                    f"{self.name} has no calendar '{calendar}'.", remedy=nearest(calendar, self._calendars), options=sorted(self._calendars)[:12]
                )
            found = named[calendar.casefold()]
        return found if found.endswith("/") else f"{found}/"

    def _event(self, calendar: str, name: str, until: float) -> str:
        return f"{self._where(calendar, until)}{name}.ics"

    def _text(self, calendar: str, old: Occurrence, until: float) -> str | None:
        """The event as it stands, None when it is no longer in the state `old`."""
        answer = self._web.send("GET", old.ref, until=until)
        if answer.status in (404, 410):
            return None
        if answer.status != 200:
            raise refused(answer, f"read the calendar '{calendar}'")
        return answer.text if answer.headers.get("etag", old.version) == old.version else None

    def _rewrite(self, calendar: str, old: Occurrence, content: bytes, until: float) -> bool:
        answer = self._web.send("PUT", old.ref, until=until, headers={**_ICS, "if-match": old.version}, content=content)
        if answer.status in (404, 409, 410, 412, 423):
            return False
        if answer.status not in (200, 201, 204):
            raise refused(answer, f"write into the calendar '{calendar}'")
        return True

    def _stands(self, calendar: str, where: str, recurrence: str | None, until: float) -> Occurrence | None:
        """What stands there: the event, of a series the one with this `recurrence`."""
        answer = self._web.send("GET", where, until=until)
        if answer.status in (404, 410):
            return None
        if answer.status != 200:
            raise refused(answer, f"read the calendar '{calendar}'")
        found = standing(answer.text, zone=self._zone, name=calendar, recurrence=recurrence)
        return None if found is None else _marked(found, where, answer.headers.get("etag", ""))

    def _one(self, calendar: str, where: str, item: dav.Item, start: datetime, end: datetime) -> Agenda:
        """What one event gives in the span; an event that takes place once is read once for each of its states."""
        ref, version = dav.address(where, item.href), item.text(f"{dav.D}getetag")
        with self._lock:
            known = self._single.get((ref, version))
        if known is not None and version:
            return Agenda(occurrences=(known,))
        data = item.text(f"{dav.C}calendar-data")
        if not data:
            return Agenda()
        found = expand(data, start - _MARGIN, end + _MARGIN, zone=self._zone, name=calendar)
        marked = tuple(_marked(one, ref, version) for one in found.occurrences)
        if len(marked) == 1 and marked[0].recurrence is None and not found.unread and "X-WR-TIMEZONE" not in data:
            with self._lock:
                self._single[ref, version] = marked[0]
                while len(self._single) > _KEPT:
                    self._single.popitem(last=False)
        return Agenda(occurrences=marked, unread=found.unread)

    def _put(self, calendar: str, draft: Draft, condition: Mapping[str, str], until: float) -> Occurrence | None:
        where = self._event(calendar, name_of(draft.ours.key), until)
        answer = self._web.send("PUT", where, until=until, headers={**_ICS, **condition}, content=writing.text(draft, now=self._clock()))
        if answer.status in (409, 412, 423) or _taken(answer):  # somebody wrote meanwhile, or is writing
            return None
        if answer.status == 404 and "if-match" in condition:
            return None
        if answer.status not in (200, 201, 204):
            raise refused(answer, f"write into the calendar '{calendar}'")
        version = answer.headers.get("etag", "")
        if not version or version.startswith("W/"):  # the server may have changed what we wrote, and does not say as what it stands
            return self.find(calendar, name_of(draft.ours.key), until=until)
        return written(draft, where, version)


def _taken(answer: Answer) -> bool:
    """Whether an event with this UID stands there already (RFC 4791, section 5.3.2.1)."""
    return answer.status == 403 and b"no-uid-conflict" in answer.body


def _marked(one: Occurrence, ref: str, version: str) -> Occurrence:
    return replace(one, ref=ref, version=version)


def _last(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]

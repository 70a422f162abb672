"""Calendars that are only published: iCalendar text at an address, read and never written."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from insights.meetings.calendars.expanding import expand
from insights.meetings.calendars.occurrences import Agenda
from insights.web import Web, refused


@dataclass(frozen=True, slots=True)
class _Fetched:
    text: str
    etag: str
    modified: str


class Feed:
    """One published calendar; `web` limits its size. What has not changed is not fetched again (ETag, Last-Modified). Safe to use from many threads."""

    def __init__(self, web: Web, address: str, *, zone: ZoneInfo) -> None:
        self._web = web
        self._address = f"https:{address[7:]}" if address[:7].casefold() == "webcal:" else address
        self._zone = zone
        self._lock = threading.Lock()
        self._known: _Fetched | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        return self._web.name

    def read(self, start: datetime, end: datetime, *, until: float) -> Agenda:
        """Everything at some time between two aware instants. Raises OutsideFailed, WrongSettings for an address without a calendar."""
        return expand(self._text(until), start, end, zone=self._zone, name=self._web.name)

    def _text(self, until: float) -> str:
        with self._lock:
            known = self._known
        conditions = {} if known is None else {name: value for name, value in (("if-none-match", known.etag), ("if-modified-since", known.modified)) if value}
        answer = self._web.send("GET", self._address, until=until, headers={"accept": "text/calendar", **conditions})
        if answer.status == 304 and known is not None:
            return known.text
        if answer.status != 200:
            raise refused(answer, "read the calendar")
        fetched = _Fetched(answer.text, answer.headers.get("etag", ""), answer.headers.get("last-modified", ""))
        with self._lock:
            self._known = fetched
        return fetched.text

    def close(self) -> None:
        """Let go of connections."""
        self._web.close()

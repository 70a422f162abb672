"""Microsoft Graph's calendars as far as its reference describes them: stateful, paged by three, with etags, transactions, extended properties and series."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from threading import RLock
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule

PAGE = 3
TOKEN = "graph-token"
FAR = datetime(2030, 1, 1, tzinfo=UTC)
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
INDEX = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_ANY = re.compile(r"singleValueExtendedProperties/Any\(ep: ep/id eq '([^']+)' and ep/value eq '([^']+)'\)")


@dataclass
class GraphFake:
    """Calendars of everybody at halcyon.example. `url` is where it is reached, for the links to next pages."""

    url: str = ""
    events: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    places: list[dict[str, Any]] = field(default_factory=list)
    tokens: int = 0
    lock: RLock = field(default_factory=RLock)
    numbers: count = field(default_factory=lambda: count(1))

    def __call__(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        """Answer one request."""
        with self.lock:
            status, document = self._answer(method, path, headers, body)
        return status, {"content-type": "application/json"}, b"" if document is None else json.dumps(document).encode()

    def _answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Any]:
        split = urlsplit(path)
        asked = {name: values[-1] for name, values in parse_qs(split.query).items()}
        parts = [unquote(part) for part in split.path.strip("/").split("/")]
        if parts[-1] == "token":
            form = parse_qs(body.decode())
            if form.get("client_secret") != ["the secret"] or form.get("grant_type") != ["client_credentials"]:
                return 401, {"error": "invalid_client"}
            self.tokens += 1
            return 200, {"access_token": TOKEN, "expires_in": 3599, "token_type": "Bearer"}
        if headers.get("authorization") != f"Bearer {TOKEN}":
            return 401, {"error": {"code": "InvalidAuthenticationToken"}}
        if parts[1] == "places":
            return self._page(self.places, split.path, asked)
        address = parts[2].casefold()
        if not address.endswith("@halcyon.example"):
            return 404, {"error": {"code": "ErrorInvalidUser"}}
        events = self.events.setdefault(address, {})
        if parts[3] == "calendarView":
            return self._view(events, split.path, asked)
        if len(parts) == 4:
            return self._create(events, address, json.loads(body)) if method == "POST" else self._filtered(events, split.path, asked)
        if len(parts) == 6 and parts[5] == "instances":
            return self._instances(events.get(parts[4]), split.path, asked)
        if len(parts) == 6 and method == "POST":
            return self._responded(events.get(parts[4]), address, parts[5])
        return self._one(method, events, parts[4], headers, body, asked)

    def _responded(self, event: dict[str, Any] | None, address: str, verb: str) -> tuple[int, Any]:
        """What /accept, /tentativelyAccept and /decline do: the answer of whose mailbox it is stands in the event."""
        said = {"accept": "accepted", "tentativelyAccept": "tentativelyAccepted", "decline": "declined"}.get(verb)
        if event is None or said is None:
            return 404, {"error": {"code": "ErrorItemNotFound"}}
        for guest in event.get("attendees", []):
            if guest["emailAddress"]["address"].casefold() == address:
                guest["status"] = {"response": said}
        self._touched(event)
        return 202, None

    def _view(self, events: dict[str, dict[str, Any]], path: str, asked: dict[str, str]) -> tuple[int, Any]:
        first, last = _time(asked["startDateTime"]), _time(asked["endDateTime"])
        every = [one for event in events.values() for one in (days(event, last) if event["type"] == "seriesMaster" else [event])]
        found = [one for one in every if _time(one["start"]["dateTime"]) < last and first < _time(one["end"]["dateTime"])]
        return self._page([_shown(one, asked) for one in sorted(found, key=lambda one: one["start"]["dateTime"])], path, asked)

    def _instances(self, master: dict[str, Any] | None, path: str, asked: dict[str, str]) -> tuple[int, Any]:
        if master is None or master["type"] != "seriesMaster":
            return 404, {"error": {"code": "ErrorItemNotFound"}}
        first, last = _time(asked["startDateTime"]), _time(asked["endDateTime"])
        found = [one for one in days(master, last) if _time(one["start"]["dateTime"]) < last and first < _time(one["end"]["dateTime"])]
        return self._page([_shown(one, asked) for one in found], path, asked)

    def _filtered(self, events: dict[str, dict[str, Any]], path: str, asked: dict[str, str]) -> tuple[int, Any]:
        wanted = _ANY.fullmatch(asked.get("$filter", ""))
        if wanted is None:
            return 400, {"error": {"code": "ErrorInvalidUrlQueryFilter"}}
        found = [one for one in events.values() if {"id": wanted[1], "value": wanted[2]} in one.get("singleValueExtendedProperties", [])]
        return self._page([_shown(one, asked) for one in found], path, asked)

    def _page(self, found: list[dict[str, Any]], path: str, asked: dict[str, str]) -> tuple[int, Any]:
        skip = int(asked.get("$skip", "0"))
        page: dict[str, Any] = {"value": found[skip : skip + PAGE]}
        if len(found) > skip + PAGE:
            page["@odata.nextLink"] = f"{self.url}{path}?{urlencode({**asked, '$skip': str(skip + PAGE)})}"
        return 200, page

    def _create(self, events: dict[str, dict[str, Any]], address: str, document: dict[str, Any]) -> tuple[int, Any]:
        same = next((one for one in events.values() if document.get("transactionId") and one.get("transactionId") == document["transactionId"]), None)
        if same is not None:
            return 201, _shown(same, {})
        id_ = f"AAMk{next(self.numbers):06d}="
        event = {
            "id": id_,
            "iCalUId": f"040000{id_}",
            "type": "seriesMaster" if document.get("recurrence") else "singleInstance",
            "isAllDay": False,
            "isCancelled": False,
            "organizer": {"emailAddress": {"address": address}},
        }
        events[id_] = event | document
        if document.get("isOnlineMeeting"):
            events[id_]["onlineMeeting"] = {"joinUrl": f"https://teams.microsoft.com/l/meetup-join/{id_}"}
        return 201, _shown(self._touched(events[id_]), {})

    def _one(self, method: str, events: dict[str, dict[str, Any]], id_: str, headers: Mapping[str, str], body: bytes, asked: dict[str, str]) -> tuple[int, Any]:
        event = events.get(id_)
        series = events.get(id_.partition(".")[0])
        if event is None and series is not None and series["type"] == "seriesMaster":
            return self._day(method, series, id_, headers, body, asked)
        if event is None:
            return 404, {"error": {"code": "ErrorItemNotFound"}}
        if method in ("PATCH", "DELETE") and headers.get("if-match", event["@odata.etag"]) != event["@odata.etag"]:
            return 412, {"error": {"code": "ErrorIrresolvableConflict"}}
        if method == "DELETE":
            del events[id_]
            return 204, None
        if method == "PATCH":
            event.update(json.loads(body))
            if "recurrence" in json.loads(body):
                event["exceptions"] = {}
            return 200, _shown(self._touched(event), {})
        return 200, _shown(event, asked)

    def _day(self, method: str, series: dict[str, Any], id_: str, headers: Mapping[str, str], body: bytes, asked: dict[str, str]) -> tuple[int, Any]:
        """One occurrence of a series, which is made an exception when it is changed."""
        given = id_.partition(".")[2]
        event = next((one for one in days(series, FAR) if one["id"] == id_), None)
        if event is None:
            return 404, {"error": {"code": "ErrorItemNotFound"}}
        if method in ("PATCH", "DELETE") and headers.get("if-match", event["@odata.etag"]) != event["@odata.etag"]:
            return 412, {"error": {"code": "ErrorIrresolvableConflict"}}
        kept = series.setdefault("exceptions", {})
        if method == "DELETE":
            kept[given] = None
            return 204, None
        if method == "PATCH":
            kept[given] = self._touched((kept.get(given) or {}) | json.loads(body))
            event = next(one for one in days(series, FAR) if one["id"] == id_)
        return 200, _shown(event, asked)

    def _touched(self, event: dict[str, Any]) -> dict[str, Any]:
        event["@odata.etag"] = f'W/"{next(self.numbers)}"'
        return event


def days(master: dict[str, Any], last: datetime) -> list[dict[str, Any]]:
    """The occurrences of a series until then, exceptions applied; like the real ones they have what their series has."""
    span, pattern = master["recurrence"]["range"], master["recurrence"]["pattern"]
    zone = ZoneInfo(span["recurrenceTimeZone"])
    start, end = (datetime.fromisoformat(master[name]["dateTime"]).replace(tzinfo=ZoneInfo(master[name]["timeZone"])) for name in ("start", "end"))
    until = datetime.fromisoformat(f"{span['endDate']}T23:59:59") if span["type"] == "endDate" else last.astimezone(zone).replace(tzinfo=None)
    count = span["numberOfOccurrences"] if span["type"] == "numbered" else None
    named = [WEEKDAYS.index(day) for day in pattern.get("daysOfWeek", [])]
    kind = {"daily": DAILY, "weekly": WEEKLY, "absoluteMonthly": MONTHLY, "relativeMonthly": MONTHLY}[pattern["type"]]
    more: dict[str, Any] = {"bymonthday": pattern["dayOfMonth"]} if "dayOfMonth" in pattern else {"byweekday": named} if named else {}
    if pattern["type"] == "relativeMonthly":
        more |= {"bysetpos": INDEX[pattern["index"]]}
    local = start.astimezone(zone).replace(tzinfo=None)
    found = []
    for number, wall in enumerate(rrule(kind, dtstart=local, interval=pattern["interval"], until=until, **more)):
        if count is not None and number >= count:
            break
        begins = wall.replace(tzinfo=zone).astimezone(UTC)
        given = begins.strftime("%Y%m%dT%H%M%SZ")
        other = master.get("exceptions", {}).get(given, {})
        if other is None:
            continue
        moments = (("start", begins), ("end", begins + (end - start)))
        times = {name: {"dateTime": f"{moment:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": "UTC"} for name, moment in moments}
        whole = {name: value for name, value in master.items() if name not in ("recurrence", "exceptions")}
        kept = {"id": f"{master['id']}.{given}", "seriesMasterId": master["id"], "originalStart": f"{begins:%Y-%m-%dT%H:%M:%S}Z"}
        found.append(whole | times | kept | {"type": "exception" if other else "occurrence"} | other)
    return found


def _shown(event: dict[str, Any], asked: dict[str, str]) -> dict[str, Any]:
    """Extended properties are only told when they are asked for."""
    return event if "$expand" in asked else {name: value for name, value in event.items() if name != "singleValueExtendedProperties"}


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.rstrip("Z").split(".")[0]).replace(tzinfo=UTC)

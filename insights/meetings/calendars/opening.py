"""What `[meetings]` in the settings says -> the calendars of rooms and people; heavy packages are imported when one is opened."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, cast, get_args
from zoneinfo import ZoneInfo

from insights.errors import WrongSettings, nearest
from insights.ledger.port import DueWork
from insights.meetings.calendars.copying import Copying
from insights.meetings.calendars.store import CalendarStore, Directory
from insights.meetings.port import Calendars, GivenUp, Rooms
from insights.organization import Organization, Room
from insights.web import PATIENCE, Authority, Web

Provider = Literal["embedded", "caldav", "google", "graph"]
_COMMON = ("provider", "patience", "invite", "people", "verify")
_KEYS: Mapping[str, tuple[str, ...]] = {
    "embedded": (),
    "caldav": ("url", "user", "password"),
    "google": ("credentials", "credentials_file", "subject", "client_id", "client_secret", "refresh_token", "url", "token_url", "directory_url"),
    "graph": ("tenant", "client_id", "client_secret", "url", "token_url"),
}
_PACKAGES = ("httpx", "icalendar", "recurring_ical_events", "defusedxml")
_SCOPES = ("https://www.googleapis.com/auth/calendar",)
_DIRECTORY_SCOPES = ("https://www.googleapis.com/auth/admin.directory.resource.calendar.readonly",)


@dataclass(slots=True)
class Systems:
    """The configured calendar system. `secret` resolves a secret of the section by its key. Safe to use from many threads; opened once."""

    options: Mapping[str, object] = field(default_factory=dict)
    secret: Callable[[str], str | None] = lambda _: None
    _lock: Any = field(default_factory=threading.Lock)
    _open: list[Any] = field(default_factory=list)
    _known: dict[str, CalendarStore] = field(default_factory=dict)
    _copying: Copying | None = None

    @property
    def provider(self) -> Provider:
        """Which system keeps the calendars. Raises WrongSettings for one that there is not, and for keys that it does not have."""
        said = str(self.options.get("provider", "embedded"))
        if said not in get_args(Provider):
            raise WrongSettings(f"There is no meetings.provider '{said[:40]}'.", remedy=nearest(said, get_args(Provider)), options=get_args(Provider))
        for key in self.options:
            if key not in (*_COMMON, *_KEYS[said]):
                raise WrongSettings(f"[meetings] has no setting '{key}' for {said}.", remedy=nearest(key, (*_COMMON, *_KEYS[said])), options=_KEYS[said])
        return cast(Provider, said)

    def rooms(self, embedded: Callable[[], Rooms], organization: Organization, timezone: str) -> Rooms:
        """The calendar of rooms: ours, or that of the configured system, in which every room needs an address. Raises WrongSettings."""
        if self.provider == "embedded":
            return embedded()
        missing = [room.name for room in organization.rooms.values() if room.calendar is None]
        if missing:
            raise WrongSettings(f"These rooms have no calendar: {', '.join(missing[:8])}.", remedy="Give each a `calendar` in organization.yaml.")
        calendars = {room.id: room.calendar for room in organization.rooms.values() if room.calendar is not None}
        from insights.meetings.calendars.booking import CalendarRooms

        invite, copied = self._flag("invite"), self._flag("people")
        found = CalendarRooms(self.store(timezone), calendars, organization, patience=self.patience, invite=invite, copied=copied)
        self._open.append(found)
        return found

    def calendars(self, ours: Calendars, organization: Organization, timezone: str, ledger: Callable[[], DueWork] | None = None) -> Calendars:
        """The calendars of people: ours, and beside it what stands in their own, where there are any to read.

        With a `ledger`, meetings are brought into them as well (see `bring`). Raises WrongSettings.
        """
        if not self._flag("people"):
            return ours
        from insights.meetings.calendars.people import SeenCalendars

        provider = self.provider
        store = (lambda: self.store(timezone)) if provider != "embedded" else lambda: None
        found = SeenCalendars(ours, organization, ZoneInfo(timezone), store=store, web=self._web, by_email=provider != "caldav", ledger=ledger)
        self._copying = found.copying
        return found

    def bring(self, now: datetime) -> tuple[int, tuple[GivenUp, ...]]:
        """Bring what is due into people's calendars at an aware instant; how many were brought, and what was given up."""
        return self._copying.work(now) if self._copying is not None else (0, ())

    def store(self, timezone: str) -> CalendarStore:
        """Where the calendars are kept."""
        with self._lock:
            if timezone not in self._known:
                self._known[timezone] = self._store(ZoneInfo(timezone))
            return self._known[timezone]

    def listed(self) -> tuple[Room, ...]:
        """The rooms that the system's directory knows. Raises WrongSettings where it has none."""
        places = self._directory().rooms(until=time.monotonic() + 4 * self.patience)
        taken: set[str] = set()
        rooms = []
        for place in places:
            id_ = _slug(place.name, taken)
            rooms.append(
                Room(
                    id=id_,
                    name=place.name,
                    capacity=place.capacity or 1,
                    equipment=frozenset(place.equipment),
                    floor=place.floor,
                    building=place.building,
                    calendar=place.address,
                )
            )
        return tuple(rooms)

    @property
    def patience(self) -> float:
        """Seconds that one piece of business may take. Raises WrongSettings."""
        said = self.options.get("patience", PATIENCE)
        try:
            seconds = float(str(said))
        except ValueError:
            seconds = 0.0
        if not 1 <= seconds <= 20:
            raise WrongSettings(f"meetings.patience is {said!r}.", remedy="Write a number of seconds from 1 to 20.")
        return seconds

    def close(self) -> None:
        """Let go of every connection."""
        for one in self._open:
            one.close()
        self._open.clear()
        self._known.clear()

    def _store(self, zone: ZoneInfo) -> CalendarStore:
        match self.provider:
            case "caldav":
                from insights.meetings.calendars.authority import Password
                from insights.meetings.calendars.caldav import CalDav

                authority = Password(self._text("user"), lambda: self._secret("password"))
                return CalDav(self._web("The calendar server", authority), self._text("url"), zone=zone)
            case "google":
                from insights.meetings.calendars.google import GoogleCalendars
                from insights.meetings.calendars.google.store import BASE

                return GoogleCalendars(self._google(_SCOPES), zone=zone, base=self._text("url", BASE))
            case "graph":
                from insights.meetings.calendars.graph import GraphCalendars
                from insights.meetings.calendars.graph.store import BASE as GRAPH

                return GraphCalendars(self._graph(), zone=zone, base=self._text("url", GRAPH))
            case "embedded":
                raise WrongSettings("No calendar system is configured.", remedy="Set meetings.provider.")

    def _directory(self) -> Directory:
        match self.provider:
            case "google":
                from insights.meetings.calendars.google import GoogleDirectory
                from insights.meetings.calendars.google.directory import DIRECTORY

                directory: Directory = GoogleDirectory(self._google(_DIRECTORY_SCOPES), base=self._text("directory_url", DIRECTORY))
            case "graph":
                from insights.meetings.calendars.graph import GraphDirectory
                from insights.meetings.calendars.graph.store import BASE

                directory = GraphDirectory(self._graph(), base=self._text("url", BASE))
            case other:
                raise WrongSettings(f"The provider '{other}' has no directory of rooms.", remedy="Import a CSV file, or use google or graph.")
        return directory

    def _google(self, scopes: tuple[str, ...]) -> Web:
        from insights.meetings.calendars.authority import refreshed, service_account
        from insights.meetings.calendars.google import throttled

        tokens = self._web("Google")
        if self.options.get("refresh_token"):
            where = self._text("token_url", "https://oauth2.googleapis.com/token")
            authority = refreshed(
                tokens, where, client=self._text("client_id"), secret=lambda: self._secret("client_secret"), refresh=lambda: self._secret("refresh_token")
            )  # fmt: skip
        else:
            subject = self._text("subject", "") or None
            authority = service_account(tokens, self._credentials, scopes=scopes, subject=subject, address=self._text("token_url", "") or None)
        return self._web("Google", authority, throttled)

    def _graph(self) -> Web:
        from insights.meetings.calendars.authority import client_credentials
        from insights.meetings.calendars.graph.store import SCOPE

        usual = f"https://login.microsoftonline.com/{self._text('tenant')}/oauth2/v2.0/token"
        authority = client_credentials(
            self._web("Microsoft"), self._text("token_url", usual), client=self._text("client_id"), secret=lambda: self._secret("client_secret"), scope=SCOPE
        )  # fmt: skip
        return self._web("Microsoft", authority)

    def _web(self, name: str, authority: Authority | None = None, throttled: Any = None) -> Web:
        missing = [package for package in _PACKAGES if find_spec(package) is None]
        if missing:
            raise WrongSettings(f"Calendars of others need {', '.join(missing)}.", remedy='Install them: pip install "insights-assistant[office]".')
        web = Web(name, authority=authority, patience=self.patience, throttled=throttled, verify=self._flag("verify"))
        self._open.append(web)
        return web

    def _credentials(self) -> Mapping[str, Any]:
        """The key of the service account: the JSON document itself (a secret), or a file that holds it."""
        file = self.options.get("credentials_file")
        try:
            found = json.loads(Path(str(file)).read_text(encoding="utf-8") if file else self._secret("credentials"))
        except (OSError, ValueError) as error:
            raise WrongSettings(f"The key of Google's service account cannot be read: {type(error).__name__}.", remedy="Give its JSON document.") from None
        if not isinstance(found, dict):
            raise WrongSettings("The key of Google's service account is no JSON object.", remedy="Give its JSON document, whole.")
        return found

    def _text(self, key: str, usual: str | None = None) -> str:
        said = self.options.get(key, usual)
        if said is None or (said == "" and usual is None):
            raise WrongSettings(f"meetings.{key} is not set.", remedy=f"The provider '{self.provider}' needs it.")
        return str(said)

    def _secret(self, key: str) -> str:
        found = self.secret(key)
        if not found:
            raise WrongSettings(f"meetings.{key} is not set.", remedy=f"The provider '{self.provider}' needs it; it may be a reference to a secret.")
        return found

    def _flag(self, key: str) -> bool:
        said = self.options.get(key, True)
        if not isinstance(said, bool):
            raise WrongSettings(f"meetings.{key} is {said!r}.", remedy="Write true or false.")
        return said


def _slug(name: str, taken: set[str]) -> str:
    """An id made of a name, another one for each room.

    >>> taken = set()
    >>> _slug("Board Room (5th)", taken), _slug("Board room 5th", taken)
    ('board-room-5th', 'board-room-5th-2')
    """
    plain = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "room"
    found, number = plain, 1
    while found in taken:
        number += 1
        found = f"{plain}-{number}"
    taken.add(found)
    return found

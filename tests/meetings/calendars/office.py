"""Every calendar system that tests book in, started once a process, with rooms that nobody has booked yet for each test."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path
from threading import Lock
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from insights.meetings.calendars.authority import Password, client_credentials, service_account
from insights.meetings.calendars.booking import CalendarRooms
from insights.meetings.calendars.caldav import CalDav
from insights.meetings.calendars.google import GoogleCalendars, throttled
from insights.meetings.calendars.graph import GraphCalendars
from insights.meetings.calendars.store import CalendarStore
from insights.organization import Organization, Person
from insights.web import Web
from tests.meetings.calendars.front import Forwarding, Front
from tests.meetings.calendars.google_front import GoogleFront, world
from tests.meetings.calendars.graph_fake import GraphFake
from tests.meetings.calendars.servers import free_port, make, radicale, running, xandikos

KINDS = ("radicale", "xandikos", "google", "graph")
ZONE = ZoneInfo("America/New_York")
PATIENCE = 60.0
PEOPLE = Organization(people={"ada": Person(id="ada", name="Ada Okafor", email="ada@halcyon.example"), "sam": Person(id="sam", name="Sam Reyes")})
POOL = 120
"""Calendars of one world of Google's, which are made with it."""


class Grown(dict):
    """Rooms whose calendars are made when they are first asked for."""

    def __init__(self, made: Callable[[str], str]) -> None:
        super().__init__()
        self._made = made
        self._lock = Lock()

    def get(self, room, default=None):
        """The address of the room's calendar."""
        with self._lock:
            if room not in self:
                self[room] = self._made(room)
            return self[room]

    def items(self):
        """What there is at this moment, whatever is made meanwhile."""
        with self._lock:
            return list(super().items())


class OfficeServers:
    """Servers, each started when it is first needed; a test's calendars are its own."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._numbers = count()
        self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))

    def close(self) -> None:
        """Stop what was started."""
        self._stack.close()

    @contextmanager
    def rooms(self, kind: str, rooms: Mapping[str, str] | None = None) -> Iterator[CalendarRooms]:
        """Rooms of one kind."""
        store, made = self.store(kind)
        found = CalendarRooms(store, rooms if rooms is not None else Grown(made), PEOPLE, patience=PATIENCE)
        try:
            yield found
        finally:
            found.close()

    def store(self, kind: str, front: str | None = None) -> tuple[CalendarStore, Callable[[str], str]]:
        """The store of a kind, and what makes the calendar of a room; `front` is where it is reached instead."""
        prefix = f"t{next(self._numbers)}"
        match kind:
            case "radicale":
                return self.caldav(kind, front or self.radicale), lambda room: make(f"{self.radicale}office/{prefix}-{room}/", kind)
            case "xandikos":
                return self.caldav(kind, front or self.xandikos), lambda room: make(f"{self.xandikos}office/calendars/{prefix}-{room}/", kind)
            case "google":
                pool = iter(self._world())
                return self.google(front), lambda _: next(pool)
            case _:
                return self.graph(front), lambda room: f"{prefix}-{room}@halcyon.example"

    def caldav(self, kind: str, base: str) -> CalDav:
        """A client of a CalDAV server."""
        return CalDav(Web(kind.title(), authority=Password("office", lambda: "secret"), patience=PATIENCE), base, zone=ZONE)

    def front_of(self, kind: str) -> Front:
        """A front to reach a kind through, of one's own; not started yet."""
        if kind == "graph":
            return Front(self.graph_fake)
        return Front(self.google_answers if kind == "google" else Forwarding(self.radicale if kind == "radicale" else self.xandikos))

    def google(self, front: str | None = None) -> GoogleCalendars:
        """A client of Google's calendars."""
        base = front or self.google_front.url
        document = {"client_email": "office@project.example", "private_key": self.key[0], "token_uri": f"{base}/token"}
        tokens = service_account(Web("Google"), lambda: document, scopes=("calendar",), subject="service@halcyon.example")
        return GoogleCalendars(Web("Google", authority=tokens, patience=PATIENCE, throttled=throttled), zone=ZONE, base=f"{base}/calendar/v3")

    def graph(self, front: str | None = None) -> GraphCalendars:
        """A client of Microsoft Graph."""
        base = front or self.graph_front.url
        tokens = client_credentials(Web("Microsoft"), f"{base}/tenant/oauth2/v2.0/token", client="id", secret=lambda: "the secret", scope="x/.default")
        return GraphCalendars(Web("Microsoft", authority=tokens, patience=PATIENCE), zone=ZONE, base=f"{base}/v1.0")

    @cached_property
    def radicale(self) -> str:
        """The address of Radicale."""
        return self._stack.enter_context(radicale(self._folder))

    @cached_property
    def xandikos(self) -> str:
        """The address of Xandikos."""
        return self._stack.enter_context(xandikos(self._folder))

    @cached_property
    def graph_fake(self) -> GraphFake:
        """What Microsoft Graph holds."""
        return GraphFake()

    @cached_property
    def graph_front(self) -> Front:
        """Where it is reached."""
        front = self._stack.enter_context(Front(self.graph_fake))
        self.graph_fake.url = front.url
        return front

    @cached_property
    def key(self) -> tuple[str, object]:
        """The key of a service account: as text, and its public half."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        text = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
        return text, key.public_key()

    @cached_property
    def myworld(self) -> str:
        """The address of myworld."""
        port = free_port()
        command = [sys.executable, "-m", "myworld.cli", "serve", "--host", "127.0.0.1", "--port", str(port), "--log-level", "error"]
        return self._stack.enter_context(running(command, port, self._folder / "myworld.log"))

    @cached_property
    def google_answers(self) -> GoogleFront:
        """What stands before myworld."""
        front = GoogleFront(self.myworld, "", self.key[1])
        self._stack.callback(front.close)
        return front

    @cached_property
    def google_front(self) -> Front:
        """Where it is reached."""
        return self._stack.enter_context(Front(self.google_answers))

    def _world(self) -> list[str]:
        """A new world with calendars that nobody has booked in; a front serves one at a time."""
        addresses = [f"team-{number}@rooms.halcyon.example" for number in range(POOL)]
        self.google_answers.token = world(self.myworld, tuple(addresses))
        return addresses

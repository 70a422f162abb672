"""What tests of meetings that are copied into calendars hold in their hands."""

import time
from datetime import datetime, timedelta

from insights.events import Draft
from insights.meetings import EmbeddedCalendars
from insights.meetings.calendars.people import SeenCalendars
from insights.organization import Organization, Person, Room
from insights.web import Web
from tests.meetings.calendars.office import ZONE

NOON = datetime(2026, 12, 2, 12, tzinfo=ZONE)
NOW = datetime(2026, 12, 1, 9)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Desk:
    """What a test holds in its hands: calendars of Ada and Sam, the store behind them, and a front that can fail."""

    def __init__(self, servers, kind, front, ledger):
        if kind == "graph":
            servers.graph_fake.url = front.url
        base = {"radicale": servers.radicale, "xandikos": servers.xandikos}.get(kind) if kind in ("radicale", "xandikos") else None
        self.kind, self.front, self.ledger = kind, front, ledger
        self.guest = "service@halcyon.example" if kind == "google" else "sam@halcyon.example"  # Google takes an answer only from who signed in
        self.store, made = servers.store(kind, f"{front.url}/" if base else front.url)
        self.address = made("ada").replace(base, f"{front.url}/") if base else made("ada")
        ada = self.address if kind in ("google", "graph") else "ada@halcyon.example"
        self.people = Organization(
            people={
                "ada": Person(id="ada", name="Ada", email=ada, calendar=self.address),
                "sam": Person(id="sam", name="Sam", email=self.guest, calendar=self.address),
            },
            rooms={"fern": Room(id="fern", name="Fern", capacity=4)},
        )
        ours = EmbeddedCalendars(lambda: ledger, self.people)
        self.calendars = SeenCalendars(ours, self.people, ZONE, store=lambda: self.store, web=Web, ledger=lambda: ledger)

    def make(self, key="k", **more):
        """A meeting of Ada with Sam at noon."""
        whole = {"organizer": "ada", "title": "Budget", "people": ("sam",), "start": NOON, "end": NOON + HOUR, "room": "fern"} | more
        return self.calendars.create(Draft(key=key, **whole), now=NOW)

    def standing(self, days=1):
        """What stands in Ada's calendar around noon, and some days after."""
        self.front.faults.clear()
        return [one for one in self.store.read(self.address, NOON - DAY, NOON + days * DAY, until=time.monotonic() + 30).occurrences if not one.cancelled]

    def times(self):
        """When, in hours after noon, and what."""
        return [((one.start - NOON) / HOUR, one.title) for one in self.standing()]

    def work(self, later=timedelta(hours=2)):
        """What `insights work` does after a while."""
        return self.calendars.copying.work(NOW.replace(tzinfo=ZONE) + later)

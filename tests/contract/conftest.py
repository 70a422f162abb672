"""Every implementation of a port, so that one suite proves the promise for all of them."""

from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from insights.ledger import postgres, sqlite
from insights.meetings import EmbeddedCalendars, EmbeddedRooms
from insights.meetings.calendars.people import SeenCalendars
from insights.organization import Organization, Person
from insights.web import Web
from tests.contract import desks
from tests.meetings.calendars.office import KINDS, OfficeServers


def _opened(kind, request, file):
    """An empty ledger of a kind."""
    if kind == "sqlite":
        return sqlite.open_ledger(file)
    return postgres.open_ledger(request.getfixturevalue("postgres_address"), schema=f"t{uuid4().hex}")


@pytest.fixture(params=["sqlite", "postgres"])
def ledger(request, tmp_path):
    """An empty ledger of each kind."""
    ledger = _opened(request.param, request, tmp_path / "ledger.db")
    yield ledger
    ledger.close()


@pytest.fixture(params=["sqlite", "postgres"])
def another(request, tmp_path):
    """Another empty ledger of each kind."""
    ledger = _opened(request.param, request, tmp_path / "another.db")
    yield ledger
    ledger.close()


@pytest.fixture(scope="session")
def office_servers():
    """Calendar servers, started when they are first needed."""
    servers = OfficeServers()
    yield servers
    servers.close()


@pytest.fixture(params=["sqlite", "postgres", *KINDS])
def rooms(request, tmp_path):
    """An empty calendar of rooms of each kind, in our ledger or on a server."""
    if request.param in KINDS:
        with request.getfixturevalue("office_servers").rooms(request.param) as rooms:
            yield rooms
    else:
        ledger = _opened(request.param, request, tmp_path / "ledger.db")
        yield EmbeddedRooms(lambda: ledger)
        ledger.close()


@pytest.fixture
def crowd(rooms):
    """How many ask at once: fewer where each of them costs a dozen requests to a server."""
    return 50 if isinstance(rooms, EmbeddedRooms) else 10


@pytest.fixture(params=["embedded", "jira", "servicenow", "email"])
def tickets(request, tmp_path):
    """An empty ticket system of each kind, with its server on loopback (`tickets.server`, None for the embedded one) and what it stands on."""
    with desks.opened(request.param, tmp_path / "tickets.db") as opened:
        yield opened


PEOPLE = Organization(people={id_: Person(id=id_, name=name, email=f"{id_}@halcyon.example") for id_, name in (("ada", "Ada"), ("ben", "Ben"), ("cy", "Cy"))})


@pytest.fixture(params=["embedded", "seen"])
def calendars(request, ledger):
    """Empty calendars of Ada, Ben and Cy, of each kind; `seen` has empty ones of another system beside them."""
    ours = EmbeddedCalendars(lambda: ledger, PEOPLE)
    if request.param == "embedded":
        yield ours
    else:
        store = request.getfixturevalue("office_servers").graph()
        yield SeenCalendars(ours, PEOPLE, ZoneInfo("America/New_York"), store=lambda: store, web=Web)
        store.close()

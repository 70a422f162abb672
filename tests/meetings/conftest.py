"""A small company with three rooms."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from insights.meetings import EmbeddedCalendars, EmbeddedRooms, Ground, MeetingsOffice
from insights.organization import Organization, Person, Room, RoomPolicy
from insights.permit import Asker

ROOMS = (
    Room(id="oak", name="Oak", capacity=4),
    Room(id="fern", name="Fern", capacity=6, equipment=frozenset({"screen", "video"}), policy=RoomPolicy(longest=timedelta(hours=4), ahead=timedelta(days=60))),
    Room(id="hall", name="Hall", capacity=20, equipment=frozenset({"Screen"}), floor="1", building="Dock", policy=RoomPolicy(longest=timedelta(days=2))),
)


@pytest.fixture
def organization():
    """Two people, three rooms."""
    people = {"ada": Person(id="ada", name="Ada Okafor"), "sam": Person(id="sam", name="Sam Reyes")}
    return Organization(people=people, rooms={room.id: room for room in ROOMS})


def office_of(ledger, organization, *, zone="America/New_York", **more):
    """Rooms and meetings of a company whose ledger is its calendar."""
    providers = {"rooms": EmbeddedRooms(lambda: ledger), "calendars": EmbeddedCalendars(lambda: ledger, organization)}
    return MeetingsOffice(Ground(**(providers | {"ledger": lambda: ledger, "organization": organization, "zone": ZoneInfo(zone)} | more)))


@pytest.fixture
def desk(ledger, organization):
    """Rooms and meetings of a company in New York."""
    return office_of(ledger, organization)


@pytest.fixture
def ada(organization):
    """Ada, in the room Fern."""
    return Asker(person=organization.people["ada"], audience="private", room="fern")


@pytest.fixture
def sam(organization):
    """Sam, at a desk."""
    return Asker(person=organization.people["sam"], audience="private")


@pytest.fixture
def as_(organization):
    """Somebody, in private unless told otherwise."""
    return lambda person, **more: Asker(person=organization.people[person], **({"audience": "private"} | more))

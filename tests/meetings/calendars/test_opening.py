"""What the settings say about calendars: opened, refused with the setting's name, and shown by the doctor."""

import json
import time
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from insights import Turn, wiring
from insights.checkup import examine
from insights.errors import WrongSettings
from insights.ledger.port import RoomHold
from insights.meetings.calendars.booking import CalendarRooms
from insights.meetings.calendars.opening import Systems
from insights.organization import Organization, Room
from insights.settings import read
from tests.meetings.calendars.office import ZONE

NOON = datetime(2026, 12, 2, 12, tzinfo=ZONE)


def systems(provider, secrets=None, **options):
    """The systems of these settings."""
    return Systems(options={"provider": provider, **options}, secret=(secrets or {}).get)


def office(**rooms):
    """A company with these rooms and calendars."""
    return Organization(rooms={id_: Room(id=id_, name=id_.title(), capacity=4, calendar=calendar) for id_, calendar in rooms.items()})


def configured(servers, kind):
    """Settings, secrets and the calendar of a room for each system."""
    _, made = servers.store(kind)
    calendar = made("fern")
    match kind:
        case "radicale":
            return systems("caldav", {"password": "secret"}, url=servers.radicale, user="office"), calendar
        case "google":
            base = servers.google_front.url
            document = {"client_email": "office@project.example", "private_key": servers.key[0], "token_uri": f"{base}/token"}
            secrets = {"credentials": json.dumps(document)}
            return systems("google", secrets, subject="boss@halcyon.example", url=f"{base}/calendar/v3", directory_url=f"{base}/admin/directory/v1"), calendar
        case _:
            base = servers.graph_front.url
            return systems(
                "graph", {"client_secret": "the secret"}, tenant="t", client_id="id", url=f"{base}/v1.0", token_url=f"{base}/t/oauth2/v2.0/token"
            ), calendar


@pytest.mark.parametrize("kind", ["radicale", "google", "graph"])
def test_each_provider_is_opened_from_settings_and_books(servers, kind):
    """With its secrets looked up when they are needed."""
    opened, calendar = configured(servers, kind)
    with closing(opened):
        rooms = opened.rooms(lambda: None, office(fern=calendar), "America/New_York")
        assert isinstance(rooms, CalendarRooms)
        made = rooms.hold(RoomHold(key="k", room="fern", person=None, start=NOON, end=NOON + timedelta(hours=1)), now=datetime(2026, 12, 1))
        assert rooms.find(made.id) == made


def test_without_a_provider_the_ledger_is_the_calendar():
    """Nothing is opened."""
    mine = object()
    assert Systems().rooms(lambda: mine, office(fern=None), "UTC") is mine


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"provider": "gogle"}, "Did you mean 'google'"),
        ({"provider": "caldav", "url": "http://127.0.0.1:9/", "usr": "x"}, "Did you mean 'user'"),
        ({"provider": "caldav", "user": "x"}, "meetings.url is not set"),
        ({"provider": "caldav", "url": "http://127.0.0.1:9/", "user": "x", "patience": "long"}, "meetings.patience"),
        ({"provider": "caldav", "url": "http://127.0.0.1:9/", "user": "x", "patience": 300}, "meetings.patience"),
        ({"provider": "caldav", "url": "http://127.0.0.1:9/", "user": "x", "invite": "perhaps"}, "meetings.invite"),
        ({"provider": "graph", "tenant": "t"}, "meetings.client_id is not set"),
        ({"provider": "graph"}, "meetings.tenant is not set"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(options, said):
    """Before anything is asked for."""
    with pytest.raises(WrongSettings) as wrong:
        Systems(options=options).rooms(lambda: None, office(fern="fern"), "UTC")
    assert said in str(wrong.value)


@pytest.mark.parametrize(
    ("provider", "options"), [("caldav", {"url": "http://127.0.0.1:9/", "user": "x"}), ("graph", {"tenant": "t", "client_id": "x"}), ("google", {})]
)
def test_a_secret_that_is_missing_is_named_when_it_is_needed(provider, options):
    """Not at start: it may be a reference that only the server may read."""
    opened = systems(provider, **options)
    with closing(opened):
        rooms = opened.rooms(lambda: None, office(fern="fern@halcyon.example"), "UTC")
        with pytest.raises(WrongSettings, match=r"meetings\.(password|client_secret|credentials) is not set"):
            rooms.busy(NOON, NOON + timedelta(hours=1))


def test_packages_that_are_missing_are_named_with_how_to_get_them(monkeypatch):
    """The extra `office` is left out of a function's package that has no calendars."""
    monkeypatch.setattr("insights.meetings.calendars.opening.find_spec", lambda name: None if name == "icalendar" else True)
    with pytest.raises(WrongSettings, match=r"icalendar.*office"):
        systems("caldav", url="http://127.0.0.1:9/", user="x").rooms(lambda: None, office(fern="fern"), "UTC")


def test_a_room_without_a_calendar_is_a_mistake_in_the_organization():
    """By name."""
    with pytest.raises(WrongSettings, match="Fern"):
        systems("caldav", url="http://127.0.0.1:9/", user="x").rooms(lambda: None, office(fern=None, oak="oak"), "UTC")


def test_a_calendar_that_does_not_exist_is_named_with_what_there_is(servers):
    """And nothing is taken to be free."""
    opened, calendar = configured(servers, "radicale")
    name = calendar.rstrip("/").rpartition("/")[2]
    with closing(opened):
        rooms = opened.rooms(lambda: None, office(fern=f"{name}x"), "UTC")
        with pytest.raises(WrongSettings, match=name):
            rooms.busy(NOON, NOON + timedelta(hours=1))
    for kind in ("google", "graph"):
        opened, _ = configured(servers, kind)
        with closing(opened), pytest.raises(WrongSettings, match="nothing where we read the calendar"):
            opened.rooms(lambda: None, office(fern="nobody@elsewhere.example"), "UTC").busy(NOON, NOON + timedelta(hours=1))


def test_rooms_are_listed_by_google_s_directory(servers):
    """Page by page; what is no room is left out, and two rooms of one name get ids of their own."""
    servers.google_answers.rooms = [
        {"resourceEmail": "b@r.example", "resourceName": "Birch", "capacity": 8, "floorName": "2", "buildingId": "Dock", "resourceCategory": "CONFERENCE_ROOM",
         "featureInstances": [{"feature": {"name": "Video"}}, {"feature": {"name": "Whiteboard"}}]},
        {"resourceEmail": "bike@r.example", "resourceName": "Bike", "resourceCategory": "OTHER"},
        {"resourceEmail": "b2@r.example", "resourceName": "birch", "capacity": 2, "resourceCategory": "CONFERENCE_ROOM"},
    ]  # fmt: skip
    opened, _ = configured(servers, "google")
    with closing(opened):
        listed = opened.listed()
    assert [(room.id, room.calendar, room.capacity, sorted(room.equipment), room.floor, room.building) for room in listed] == [
        ("birch", "b@r.example", 8, ["video", "whiteboard"], "2", "Dock"),
        ("birch-2", "b2@r.example", 2, [], None, None),
    ]


def test_rooms_are_listed_by_microsoft_s_places(servers):
    """Page by page; devices become equipment."""
    servers.graph_fake.places = [
        {"emailAddress": f"r{number}@halcyon.example", "displayName": f"Room {number}", "capacity": number}
        | {"floorNumber": 3, "building": "Mill", "videoDeviceName": "X"}
        for number in range(1, 8)
    ]
    opened, _ = configured(servers, "graph")
    with closing(opened):
        listed = opened.listed()
    assert [(room.id, room.calendar, room.capacity) for room in listed] == [(f"room-{number}", f"r{number}@halcyon.example", number) for number in range(1, 8)]
    assert (listed[0].equipment, listed[0].floor, listed[0].building) == (frozenset({"video"}), "3", "Mill")


def test_a_room_is_booked_in_its_calendar_from_a_question(servers, tmp_path):
    """Settings, catalog, desk and calendar together; the doctor reads every room and names an event that cannot be read."""
    store, made = servers.store("radicale")
    fern, oak = made("fern"), made("oak")
    (tmp_path / "sales.csv").write_text("day,amount\n2026-05-01,3\n")
    wiring.scaffold([str(tmp_path / "sales.csv")], tmp_path / "catalog")
    with (tmp_path / "catalog" / "assistant.yaml").open("a") as overlay:
        overlay.write("timezone: America/New_York\ntoday: 2026-06-01\n")
    people = "people:\n  - {id: ada, name: Ada, email: ada@halcyon.example}\n"
    rooms = "".join(f"  - {{id: {id_}, name: {id_.title()}, capacity: 6, calendar: '{calendar}'}}\n" for id_, calendar in (("fern", fern), ("oak", oak)))
    (tmp_path / "catalog" / "organization.yaml").write_text(f"{people}rooms:\n{rooms}")
    meetings = f'[meetings]\nprovider = "caldav"\nurl = "{servers.radicale}"\nuser = "office"\npassword = "secret"\npatience = 20\n'
    (tmp_path / "insights.toml").write_text(f'catalog = "catalog"\n{meetings}')
    settings = read(environ={"INSIGHTS_HOME": str(tmp_path / "home")}, folder=tmp_path)
    with closing(wiring.open_settings(settings)) as assistant:
        told = assistant.reply(Turn(text="book Fern tomorrow at noon for an hour", person="ada", conversation="c", yes=True))
        assert "Booked: Fern" in told.text
    day = datetime(2026, 6, 2, tzinfo=ZONE)
    (booked,) = store.read(fern, day, day + timedelta(days=1), until=time.monotonic() + 60).occurrences
    assert (booked.ours.person, booked.ours.state, booked.start.hour, booked.end.hour) == ("ada", "held", 12, 13)
    store.close()
    assert ("calendars", "ok", "2 rooms on caldav can be read") in [(one.subject, one.state, one.detail) for one in examine(settings)]
    (tmp_path / "catalog" / "organization.yaml").write_text(f"{people}rooms:\n{rooms.replace('-oak/', '-elm/')}")
    assert ("calendar of Oak", "wrong") in [(one.subject, one.state) for one in examine(settings)]

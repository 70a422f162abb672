"""What the CalDAV client makes of servers: real ones, and ones that answer nonsense."""

import time
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest

from insights.errors import OutsideFailed, WrongSettings
from insights.meetings.calendars.occurrences import Ours
from insights.meetings.calendars.store import Draft
from tests.meetings.calendars.front import Forwarding, Front
from tests.meetings.calendars.office import ZONE

NOON = datetime(2026, 12, 2, 12, tzinfo=ZONE)
HOUR = timedelta(hours=1)


def soon():
    """A deadline."""
    return time.monotonic() + 60


@pytest.mark.parametrize("kind", ["radicale", "xandikos"])
def test_a_calendar_is_named_by_its_address_its_path_or_its_name(servers, kind):
    """All three mean the same, letter case of a name aside; the names were found by discovery."""
    store, made = servers.store(kind)
    address = made("fern")
    draft = Draft(ours=Ours(key="k"), start=NOON, end=NOON + HOUR, title="Ünïcode; with, commas\nand lines")
    assert store.create(address, draft, until=soon()) is not None
    path = urlsplit(address).path
    for name in (address, path, path.strip("/").rpartition("/")[2].upper()):
        (found,) = store.read(name, NOON, NOON + HOUR, until=soon()).occurrences
        assert (found.title, found.start, found.end, found.ours) == (draft.title, NOON, NOON + HOUR, draft.ours)
    with pytest.raises(WrongSettings, match="has no calendar 'nowhere'"):
        store.read("nowhere", NOON, NOON + HOUR, until=soon())
    store.close()


def test_the_calendars_are_found_where_the_well_known_address_leads(servers):
    """When the address itself speaks no CalDAV (RFC 6764)."""
    _, made = servers.store("radicale")
    name = urlsplit(made("fern")).path.strip("/").rpartition("/")[2]
    behind = Forwarding(servers.radicale)

    def serve(method, path, headers, body):
        if path == "/shop/":
            return 405, {}, b""
        if path == "/.well-known/caldav":
            return 301, {"location": "/"}, b""
        return behind(method, path, headers, body)

    with Front(serve) as front:
        store = servers.caldav("radicale", f"{front.url}/shop")
        assert store.read(name, NOON, NOON + HOUR, until=soon()).occurrences == ()
        store.close()
    behind.close()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b"<html>hello</html>", WrongSettings),
        (404, b"", WrongSettings),
        (401, b"", WrongSettings),
        (207, b"<html>hello</html>", OutsideFailed),
        (207, b"not xml", OutsideFailed),
        (207, b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><multistatus xmlns="DAV:">&a;</multistatus>', OutsideFailed),
        (207, b'<multistatus xmlns="DAV:"/>', WrongSettings),
    ],
)
def test_what_speaks_no_caldav_is_told_apart_from_an_empty_calendar(servers, status, body, kind):
    """Nothing is taken to be free; entities in XML are refused."""
    with Front(lambda *_: (status, {}, body)) as front:
        store = servers.caldav("radicale", front.url)
        with pytest.raises(kind):
            store.read("fern", NOON, NOON + HOUR, until=soon())
        store.close()


def test_a_broken_event_on_the_server_is_named_and_the_others_are_read(servers):
    """As it stands there; a server may have taken in anything."""
    good = "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:g\nSUMMARY:Good\nDTSTART:20261202T170000Z\nDTEND:20261202T180000Z\nEND:VEVENT\nEND:VCALENDAR\n"
    bad = good.replace("SUMMARY:Good", "SUMMARY:Bad").replace("DTEND:20261202T180000Z", "RRULE:FREQ=SOMETIMES")
    responses = "".join(
        f'<response><href>/fern/{number}.ics</href><propstat><prop><getetag>"{number}"</getetag><C:calendar-data>{text}</C:calendar-data></prop>'
        "<status>HTTP/1.1 200 OK</status></propstat></response>"
        for number, text in enumerate((good, bad, "nonsense BEGIN:VCALENDAR"))
    )
    body = f'<multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">{responses}</multistatus>'.encode()
    with Front(lambda *_: (207, {}, body)) as front:
        store = servers.caldav("radicale", front.url)
        found = store.read("/fern/", NOON, NOON + HOUR, until=soon())
        assert [one.title for one in found.occurrences] == ["Good"]
        assert [one.event for one in found.unread if one.event == "Bad"] == ["Bad"]
        assert len(found.unread) == 2
        store.close()

"""What stands in people's own calendars is seen beside what is kept here, whatever keeps it."""

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from insights.errors import InsightsError, NotAnswerable, OutsideFailed, UnknownThing, WrongSettings
from insights.events import Draft, EventChange
from insights.meetings import EmbeddedCalendars
from insights.meetings.calendars.feeds import Feed
from insights.meetings.calendars.people import SeenCalendars
from insights.organization import Organization, Person, Room
from insights.web import Web
from tests.meetings.calendars.front import Front
from tests.meetings.calendars.office import ZONE

NOON = datetime(2026, 12, 2, 12, tzinfo=ZONE)
NOW = datetime(2026, 12, 1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SERIES = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
BEGIN:VEVENT
UID:weekly
DTSTAMP:20261101T000000Z
SUMMARY:Weekly
DTSTART:20261125T170000Z
DTEND:20261125T180000Z
RRULE:FREQ=WEEKLY
LOCATION:Fern
CLASS:PRIVATE
ORGANIZER;CN=Boss:mailto:boss@elsewhere.example
ATTENDEE;PARTSTAT=DECLINED:mailto:ada@halcyon.example
ATTENDEE;PARTSTAT=ACCEPTED:mailto:sam@halcyon.example
ATTENDEE;PARTSTAT=TENTATIVE:mailto:cy@elsewhere.example
CONFERENCE;VALUE=URI:https://meet.example/x
END:VEVENT
BEGIN:VEVENT
UID:off
DTSTAMP:20261101T000000Z
SUMMARY:Called off
STATUS:CANCELLED
DTSTART:20261202T170000Z
DTEND:20261202T180000Z
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def published():
    """An address at which a calendar is published; `answers` counts the answers by status."""
    answers = []

    def serve(method, path, headers, body):
        status = 304 if headers.get("if-none-match") == '"1"' else 200
        answers.append(status)
        return status, {"etag": '"1"', "content-type": "text/calendar"}, SERIES.replace("\n", "\r\n").encode() if status == 200 else b""

    with Front(serve) as front:
        front.answers = answers
        yield front


def seen(ledger, store=None, calendar=None, **more):
    """Calendars of Ada and Sam; Ada's own is at that address."""
    people = {
        "ada": Person(id="ada", name="Ada", email="ada@halcyon.example", calendar=calendar),
        "sam": Person(id="sam", name="Sam", email="sam@halcyon.example"),
    }
    company = Organization(people=people, rooms={"fern": Room(id="fern", name="Fern", capacity=4)})
    webs = []

    def web(name):
        webs.append(Web(name, patience=5))
        return webs[-1]

    found = SeenCalendars(EmbeddedCalendars(lambda: ledger, company), company, ZONE, store=lambda: store, web=web, **more)
    found.webs = webs
    return found


def test_a_published_calendar_is_read_with_everything_in_it(ledger, published):
    """Series, place, people and their answers, link, privacy; what was called off is left out; unchanged, it is not sent again."""
    calendars = seen(ledger, calendar=f"{published.url}/ada.ics")
    (event,) = calendars.events("ada", NOON, NOON + HOUR)
    assert (event.title, event.start, event.end, event.room, event.place, event.private, event.link) == (
        "Weekly", NOON, NOON + HOUR, "fern", "Fern", True, "https://meet.example/x",
    )  # fmt: skip
    assert (event.organizer.name, event.organizer.person) == ("Boss", None)
    assert {one.email: one.response for one in event.attendees} == {
        "ada@halcyon.example": "declined", "sam@halcyon.example": "accepted", "cy@elsewhere.example": "tentative",
    }  # fmt: skip
    assert event.response_of("ada") == "declined"
    assert calendars.find("ada", event.id) == event
    assert calendars.find("ada", "seen:soon") is None
    assert published.answers == [200, 304]
    assert calendars.events("sam", NOON, NOON + HOUR) == ()
    for one in calendars.webs:
        one.close()


@pytest.mark.parametrize("kind", ["radicale", "google", "graph"])
def test_what_stands_in_the_calendar_of_a_system_is_seen_beside_ours(ledger, servers, kind):
    """In order; ours can be changed, and theirs, of a series one alone."""
    store, made = servers.store(kind)
    address = made("ada")
    put(servers, kind, store, address)
    calendars = seen(ledger, store, address)
    mine = calendars.create(Draft(key="k", organizer="ada", title="Ours", start=NOON - HOUR, end=NOON), now=NOW)
    found = calendars.events("ada", NOON - DAY, NOON + DAY)
    assert [(event.title, event.start, event.end) for event in found] == [("Ours", NOON - HOUR, NOON), ("Theirs", NOON, NOON + HOUR)]
    assert calendars.change(mine, EventChange(title="Still ours"), key="c", now=NOW).title == "Still ours"
    if kind == "radicale":  # one of a series, and only that one
        changed = calendars.change(found[1], EventChange(title="x"), key="d", now=NOW)
        assert calendars.cancel(changed, key="e", now=NOW) == ""
        assert [event.title for event in calendars.events("ada", NOON - 8 * DAY, NOON + DAY)] == ["Theirs", "Still ours"]
    store.close()


def test_a_published_calendar_is_only_read(ledger, published):
    """What stands in it is changed where it comes from."""
    calendars = seen(ledger, calendar=f"{published.url}/ada.ics")
    (event,) = calendars.events("ada", NOON, NOON + HOUR)
    for act in (
        lambda: calendars.change(event, EventChange(title="x"), key="d", now=NOW),
        lambda: calendars.cancel(event, key="e", now=NOW),
        lambda: calendars.respond(event, "accepted", key="f", now=NOW),
    ):
        with pytest.raises(NotAnswerable, match="only read"):
            act()
    for one in calendars.webs:
        one.close()


def put(servers, kind, store, address):
    """An event in a calendar, as its system has it."""
    first, last = (moment.astimezone(UTC) for moment in (NOON, NOON + HOUR))
    web, until = store._web, time.monotonic() + 30
    if kind == "radicale":
        text = SERIES.replace("SUMMARY:Weekly", "SUMMARY:Theirs").replace("RRULE:FREQ=WEEKLY\n", "RRULE:FREQ=WEEKLY;COUNT=2\n")
        text = text[: text.index("BEGIN:VEVENT\nUID:off")] + "END:VCALENDAR\n"
        answer = web.send("PUT", f"{address}weekly.ics", until=until, headers={"content-type": "text/calendar"}, content=text.replace("\n", "\r\n").encode())
    elif kind == "google":
        document = {"summary": "Theirs", "start": {"dateTime": first.isoformat()}, "end": {"dateTime": last.isoformat()}}
        answer = web.send("POST", f"{store._calendar(address)}/events", until=until, document=document)
    else:
        times = {name: {"dateTime": moment.strftime("%Y-%m-%dT%H:%M:%S.0000000"), "timeZone": "UTC"} for name, moment in (("start", first), ("end", last))}
        answer = web.send("POST", f"{store._user(address)}/events", until=until, document={"subject": "Theirs", "showAs": "busy", **times})
    assert answer.status in (200, 201, 204)


def test_nobody_is_taken_to_be_free_because_their_calendar_cannot_be_read(ledger, servers, published):
    """A server that fails, an address that is wrong, a person without an address, a page that is no calendar."""
    published.fail("busy", times=1000)
    calendars = seen(ledger, calendar=f"{published.url}/ada.ics")
    with pytest.raises(OutsideFailed):
        calendars.events("ada", NOON, NOON + HOUR)
    for one in calendars.webs:
        one.close()
    store, _ = servers.store("radicale")
    with pytest.raises(InsightsError):
        seen(ledger, store, "nowhere").events("ada", NOON, NOON + HOUR)
    with pytest.raises(UnknownThing, match="Ada"):
        seen(ledger, store, by_email=False).events("ada", NOON, NOON + HOUR)
    with pytest.raises(UnknownThing):
        seen(ledger, store).events("zoe", NOON, NOON + HOUR)
    store.close()


@pytest.mark.parametrize(("status", "body", "kind"), [(404, b"", WrongSettings), (403, b"", WrongSettings), (200, b"<html>sign in</html>", OutsideFailed)])
def test_an_address_without_a_calendar_says_so(status, body, kind):
    """For whoever runs the service."""
    with Front(lambda *_: (status, {}, body)) as front:
        web = Web("The calendar of Ada", patience=2)
        with pytest.raises(kind, match="calendar of Ada"):
            Feed(web, f"{front.url}/ada.ics", zone=ZoneInfo("UTC")).read(NOON, NOON + HOUR, until=time.monotonic() + 2)
        web.close()


def test_a_webcal_address_is_asked_by_https():
    """That is what the scheme means."""
    assert Feed(Web("x"), "webcal://calendar.example/ada.ics", zone=ZoneInfo("UTC"))._address == "https://calendar.example/ada.ics"

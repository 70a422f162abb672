"""What we ask of Google and Microsoft, and what our stand-ins answer, judged by the OpenAPI documents that those publish."""

import time
from datetime import datetime, timedelta

import pytest

from insights.meetings.calendars.altering import Alteration
from insights.meetings.calendars.authority import client_credentials, service_account
from insights.meetings.calendars.google import GoogleCalendars
from insights.meetings.calendars.graph import GraphCalendars
from insights.meetings.calendars.occurrences import Ours
from insights.meetings.calendars.store import Draft
from insights.web import Web
from tests.meetings.calendars.office import ZONE
from tests.published import MISSING, has, judged

NOON = datetime(2026, 12, 2, 12, tzinfo=ZONE)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GUEST = "service@halcyon.example"
GOOGLE = ("/calendars/{calendarId}/events", "/calendars/{calendarId}/events/{eventId}")
GRAPH = (
    "/users/{user-id}/events",
    "/users/{user-id}/calendarView",
    "/users/{user-id}/events/{event-id}",
    "/users/{user-id}/events/{event-id}/instances",
)


@pytest.fixture(params=["googleapis.com/calendar", "microsoft.com/graph"])
def store(request, servers, tmp_path):
    """A client whose every request and answer is judged on its way, and an empty calendar."""
    name = request.param
    if not has(name):
        pytest.skip(MISSING)
    until = Web("x").until
    if name == "microsoft.com/graph":
        front = servers.graph_front
        with judged(name, GRAPH, f"{front.url}/v1.0", tmp_path) as base:
            tokens = client_credentials(Web("Microsoft"), f"{front.url}/tenant/oauth2/v2.0/token", client="id", secret=lambda: "the secret", scope="x/.default")
            found = GraphCalendars(Web("Microsoft", authority=tokens, patience=20), zone=ZONE, base=base)
            yield found, f"judged-{until():.0f}@halcyon.example"
            found.close()
        return
    _, made = servers.store("google")
    address, front = made("room"), servers.google_front
    document = {"client_email": "office@project.example", "private_key": servers.key[0], "token_uri": f"{front.url}/token"}
    with judged(name, GOOGLE, f"{front.url}/calendar/v3", tmp_path) as base:
        tokens = service_account(Web("Google"), lambda: document, scopes=("calendar",), subject=GUEST)
        found = GoogleCalendars(Web("Google", authority=tokens, patience=20), zone=ZONE, base=base)
        yield found, address
        found.close()


def test_everything_that_is_asked_and_answered_is_as_published(store):
    """A booking written, found, read, made definite, altered and removed; a series with one day moved and one called off."""
    calendars, address = store
    until = time.monotonic() + 60
    draft = Draft(ours=Ours(key="k", person="ada", state="pending"), start=NOON, end=NOON + HOUR, title="Budget", location="Fern", attendees=(GUEST,))
    made = calendars.create(address, draft, until=until)
    assert made is not None
    assert calendars.create(address, draft, until=until) is None
    held = calendars.change(address, made, Draft(ours=Ours(key="k", person="ada"), start=NOON, end=NOON + HOUR, title="Budget", private=True), until=until)
    moved = calendars.alter(address, held, Alteration(start=NOON + HOUR, end=NOON + 2 * HOUR, title="Later", location="Oak", done="d"), until=until)
    assert [(one.title, one.start) for one in calendars.read(address, NOON, NOON + DAY, until=until).occurrences] == [("Later", NOON + HOUR)]
    assert calendars.remove(address, moved, until=until)
    weekly = Draft(ours=Ours(key="s", person="ada"), start=NOON, end=NOON + HOUR, title="Weekly", rule="FREQ=WEEKLY;BYDAY=WE;COUNT=3")
    series = calendars.create(address, weekly, until=until)
    second = calendars.one(address, series, NOON + 7 * DAY, until=until)
    assert calendars.alter(address, second, Alteration(start=second.start + HOUR, end=second.end + HOUR), until=until) is not None
    assert calendars.remove(address, calendars.one(address, series, NOON + 14 * DAY, until=until), until=until)
    assert [one.start for one in calendars.read(address, NOON, NOON + 30 * DAY, until=until).occurrences] == [NOON, NOON + 7 * DAY + HOUR]

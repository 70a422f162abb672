"""A server of its own that books rooms for Slack and ends itself at a step: `served.py LEDGER SLACK PORT STEP`; with a step that never comes it goes on."""

import asyncio
import os
import signal
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import uvicorn

from insights.ledger.sqlite import open_ledger
from insights.meetings import EmbeddedCalendars, EmbeddedRooms, Ground, MeetingsOffice
from insights.organization import Organization, Person, Room
from insights.permit import Asker
from insights.requests import BookRoom
from insights.turns import Reply

sys.path.insert(0, str(Path(__file__).parents[2]))
from slackbot import app, configuration, progress  # a process of its own has no path to the project
from slackbot.post.pen import Pen

NOW = datetime(2026, 12, 1, 10)
ADA = Person(id="ada", name="Ada Okafor", slack="U01")
FERN = Organization(people={"ada": ADA}, rooms={"fern": Room(id="fern", name="Fern", capacity=6)})
BOOKING = BookRoom(room="fern", start=datetime(2026, 12, 2, 15), minutes=60)
LEASE = timedelta(seconds=1)
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


class Bookings:
    """An assistant that books Fern, once for each turn, whatever it is told."""

    def __init__(self, ledger):
        self.ledger, self.organization, self.catalog = ledger, FERN, SimpleNamespace(locale="en-US")
        rooms, calendars = EmbeddedRooms(lambda: ledger), EmbeddedCalendars(lambda: ledger, FERN)
        ground = Ground(rooms=rooms, calendars=calendars, ledger=lambda: ledger, organization=FERN, zone=ZoneInfo("UTC"))
        self.rooms = MeetingsOffice(ground).rooms

    def reply(self, turn):
        """Book it."""
        time.sleep(float(os.environ.get("SLOW", "0")))
        said = self.rooms.book(BOOKING, asker=Asker(person=ADA, audience="private"), now=NOW, key=turn.id)
        return Reply(outcome="understood", utterance=turn.text, speech="", text=f"Booked {said.booking.room} as {said.booking.id}")


async def serve(where, slack, port, fatal):
    """Serve until ended."""

    def passed(step):
        if step == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    found = configuration.Configuration(bot_token="xoxb-1", signing_secret=SECRET, base_url=slack)
    assistant = Bookings(open_ledger(Path(where)))
    desk, installations = app.desk_of(assistant, found), app.installations_of(assistant, found)
    pen = Pen(lambda: assistant.ledger, lease=LEASE)
    office = app.office_of(app.build(desk, found, installations), desk, installations, pen=pen, passed=passed)
    server = uvicorn.Server(uvicorn.Config(app.over_http(office, found), port=int(port), log_level="warning", lifespan="off"))
    keeping = asyncio.create_task(office.keep())
    await server.serve()
    keeping.cancel()


if __name__ == "__main__":
    progress.PATIENT = float(os.environ.get("PATIENT", progress.PATIENT))
    asyncio.run(serve(*sys.argv[1:]))

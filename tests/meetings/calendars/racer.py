"""One of several processes that book the same slots of a server: `racer.py KIND BASE SEED COUNT ROOM=CALENDAR...`; a line for each request, its answer last."""

import random
import sys
from datetime import UTC, datetime, timedelta
from time import sleep
from zoneinfo import ZoneInfo

from insights.errors import OutsideFailed
from insights.ledger.port import RoomHold
from insights.meetings.calendars.authority import Password
from insights.meetings.calendars.booking import CalendarRooms
from insights.meetings.calendars.caldav import CalDav
from insights.organization import Organization
from insights.web import Web

DAY = datetime(2026, 12, 2, tzinfo=UTC)
SLOTS, LENGTHS = 480, (2, 4, 6)
"""Starts are quarters of an hour within five days: of two requests for one room most that are near collide in part."""


def main(kind: str, base: str, seed: int, count: int, calendars: dict[str, str]) -> None:
    """Ask for slots at random."""
    dice = random.Random(seed)
    store = CalDav(Web(kind, authority=Password("office", lambda: "secret"), patience=60), base, zone=ZoneInfo("UTC"))
    rooms = CalendarRooms(store, calendars, Organization(), patience=60)
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(count):
        room, start, length = dice.choice(sorted(calendars)), dice.randrange(SLOTS), dice.choice(LENGTHS)
        begins = DAY + timedelta(minutes=15 * start)
        hold = RoomHold(key=f"{seed}-{number}", room=room, person=f"p{seed}", start=begins, end=begins + timedelta(minutes=15 * length))
        print(room, start, start + length, asked(rooms, hold), flush=True)
    rooms.close()


def asked(rooms: CalendarRooms, hold: RoomHold) -> str:
    """The answer; where the server was too slow to be sure the same is asked again, as a person would."""
    for _ in range(5):
        try:
            return "held" if rooms.hold(hold, now=datetime(2026, 12, 1)) else "taken"
        except OutsideFailed as error:
            print("again", type(error).__name__, error.reference, file=sys.stderr, flush=True)
            sleep(0.5)
    return "unanswered"


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), dict(pair.split("=", 1) for pair in sys.argv[5:]))

"""One of several processes that want the same hours: `racer.py LEDGER NUMBER SLOTS`; prints a line for each request, its answer and its milliseconds last."""

import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from insights.errors import InsightsError
from insights.ledger.port import RoomHold
from tests.ledgers import open_at

DAY = datetime(2026, 12, 2, tzinfo=UTC)
ROOMS = ("fern", "oak", "moss", "birch")


def main(where: str, number: int, slots: int) -> None:
    """Ask for every slot as all the others do at the same time: half an hour to an hour and a half, shifted by quarters, so that most collide in part."""
    ledger = open_at(where)
    print("ready", flush=True)
    sys.stdin.readline()
    for slot in range(slots):
        room, quarter = ROOMS[slot % len(ROOMS)], 4 * (slot // len(ROOMS)) + number % 4
        begins = DAY + timedelta(minutes=15 * quarter)
        length = (4, 2, 6)[(slot + number) % 3]
        hold = RoomHold(key=f"{number}-{slot}", room=room, person=f"p{number}", start=begins, end=begins + timedelta(minutes=15 * length))
        began = time.perf_counter()
        try:
            answer = "held" if ledger.hold_room(hold, now=datetime(2026, 12, 1)) else "taken"
        except InsightsError as error:
            answer = type(error).__name__
        print(room, quarter, quarter + length, answer, round(1000 * (time.perf_counter() - began)))
    ledger.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))

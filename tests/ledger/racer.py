"""One of several processes that book the same slots: `racer.py LEDGER SEED COUNT`; prints a line for each request, its answer last."""

import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from insights.ledger.port import RoomHold
from insights.ledger.sqlite import open_ledger

DAY = datetime(2026, 12, 2, tzinfo=UTC)


def main(path: str, seed: int, count: int) -> None:
    """Ask for slots at random; starts are shifted by quarters of an hour, so that most of them collide in part."""
    dice = random.Random(seed)
    ledger = open_ledger(Path(path))
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(count):
        room, start, length = dice.choice(["fern", "oak"]), dice.randrange(300), dice.choice([2, 4, 6])
        begins = DAY + timedelta(minutes=15 * start)
        hold = RoomHold(key=f"{seed}-{number}", room=room, person=f"p{seed}", start=begins, end=begins + timedelta(minutes=15 * length))
        held = ledger.hold_room(hold, now=datetime(2026, 12, 1))
        print(room, start, start + length, "held" if held else "taken")
    ledger.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))

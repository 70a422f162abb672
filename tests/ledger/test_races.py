"""Eight processes that want the same rooms at the same time; SLOTS=2000 races as many slots as were promised (`make campaign`)."""

import os
import subprocess
import sys
import time
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import pytest

from tests.ledgers import open_at

RACER = Path(__file__).with_name("racer.py")
PROCESSES = 8
SLOTS = int(os.environ.get("SLOTS", "60"))


@pytest.fixture(params=["sqlite", "postgres"])
def where(request, tmp_path):
    """Where the ledger is, in each engine."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.db")
    return f"postgres t{uuid4().hex} {request.getfixturevalue('postgres_address')}"


def race(where):
    """What each process was told, as (room, first quarter, end quarter, answer, milliseconds)."""
    racers = [
        subprocess.Popen([sys.executable, RACER, where, str(number), str(SLOTS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for number in range(PROCESSES)
    ]
    try:
        for racer in racers:
            assert racer.stdout.readline() == "ready\n"
        for racer in racers:
            racer.stdin.write("go\n")
            racer.stdin.flush()
        lines = [line.split() for racer in racers for line in racer.communicate(timeout=60 + SLOTS)[0].splitlines()]
    finally:
        for racer in racers:
            racer.kill()
            racer.wait()
    assert all(racer.returncode == 0 for racer in racers)
    return [(room, int(start), int(end), answer, int(spent)) for room, start, end, answer, spent in lines]


def test_the_same_room_is_never_given_twice(where):
    """Each request is answered, no two that were granted overlap, each that was refused overlaps one that was granted."""
    began = time.perf_counter()
    told = race(where)
    spent = time.perf_counter() - began
    answers = Counter(answer for *_, answer, _ in told)
    slowest = max(milliseconds for *_, milliseconds in told)
    print(f"{len(told)} requests for {SLOTS} slots by {PROCESSES} processes: {dict(answers)}, {spent:.1f} s, slowest {slowest} ms")
    assert len(told) == PROCESSES * SLOTS
    assert set(answers) == {"held", "taken"}
    granted, taken = defaultdict(list), defaultdict(set)
    for room, start, end, answer, _ in told:
        if answer == "held":
            granted[room].append((start, end))
            taken[room].update(range(start, end))
    assert not [pair for hours in granted.values() for pair in pairwise(sorted(hours)) if pair[0][1] > pair[1][0]]
    assert all(taken[room] & set(range(start, end)) for room, start, end, answer, _ in told if answer == "taken")
    ledger = open_at(where)
    assert ledger.first_broken() is None
    assert len(ledger.audit_trail()) == answers["held"]
    ledger.close()


def test_a_room_that_others_book_past_the_ledger_is_not_given_twice_either(where):
    """Whatever program writes into the table: the database itself forbids it, and the ledger says that the room is taken."""
    from datetime import UTC, datetime, timedelta

    from insights.ledger.port import RoomHold

    ledger = open_at(where)
    start = datetime(2026, 12, 2, 9, tzinfo=UTC)
    with ledger._database.writing() as session:
        session.run(
            "INSERT INTO bookings (key, room, start_at, end_at, timezone, local_start, local_end, booked_at) VALUES ('x', 'fern', ?, ?, 'UTC', '', '', 0)",
            int(start.timestamp()), int(start.timestamp()) + 3600,
        )  # fmt: skip
    half = timedelta(minutes=30)
    assert ledger.hold_room(RoomHold(key="a", room="fern", person="ada", start=start + half, end=start + 3 * half), now=start) is None
    assert ledger.hold_room(RoomHold(key="b", room="fern", person="ada", start=start + 2 * half, end=start + 3 * half), now=start)
    ledger.close()

"""Processes that want the same rooms of a calendar server at the same time; RACES is how many requests there are in all (2000 in `make campaign`)."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest

RACER = Path(__file__).with_name("racer.py")
REQUESTS = int(os.environ.get("RACES", "24"))
PROCESSES = 8
ROOMS = ("fern", "oak", "moss", "hall")
DAY = datetime(2026, 12, 2, tzinfo=UTC)


def overlap(one, other):
    """Whether two requests want the same room for a common quarter of an hour."""
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


def race(kind, base, calendars):
    """What each process was told, as (room, first quarter, end quarter, answer)."""
    pairs = [f"{room}={address}" for room, address in calendars.items()]
    command = [sys.executable, str(RACER), kind, base]
    racers = [
        subprocess.Popen([*command, str(seed), str(REQUESTS // PROCESSES), *pairs], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for seed in range(PROCESSES)
    ]
    try:
        for racer in racers:
            assert racer.stdout.readline() == "ready\n"
        for racer in racers:
            racer.stdin.write("go\n")
            racer.stdin.flush()
        lines = [line.split() for racer in racers for line in racer.communicate(timeout=3600)[0].splitlines()]
        assert [racer.returncode for racer in racers] == [0] * PROCESSES
    finally:
        for racer in racers:
            racer.kill()
    return [(room, int(start), int(end), answer) for room, start, end, answer in lines]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["radicale", "xandikos"])
def test_eight_processes_never_book_a_room_twice(servers, kind, record_property, capsys):
    """Every request is answered, no two that were granted overlap, each that was refused overlaps one that was granted, and that is what the calendars hold."""
    store, made = servers.store(kind)
    calendars = {room: made(room) for room in (ROOMS if REQUESTS > 200 else ROOMS[:1])}
    started = time.monotonic()
    told = race(kind, servers.radicale if kind == "radicale" else servers.xandikos, calendars)
    seconds = time.monotonic() - started
    granted, refused = ([one for one in told if one[3] == answer] for answer in ("held", "taken"))
    with capsys.disabled():
        print(
            f"\n{kind}: {len(told)} requests, {len(granted)} held, {len(refused)} taken, {len(told) - len(granted) - len(refused)} unanswered, {seconds:.0f} s"
        )
    assert len(told) == REQUESTS // PROCESSES * PROCESSES
    assert sorted({answer for *_, answer in told}) == ["held", "taken"]
    assert not [pair for pair in combinations(granted, 2) if overlap(*pair)]
    assert all(any(overlap(one, other) for other in granted) for one in refused)
    standing = []
    for room, calendar in calendars.items():
        for one in store.read(calendar, DAY - timedelta(days=1), DAY + timedelta(days=30), until=time.monotonic() + 120).occurrences:
            if one.ours.state == "pending":  # taking it away did not get through; it never counts as booked
                continue
            quarters = [round((moment.timestamp() - DAY.timestamp()) / 900) for moment in (one.start, one.end)]
            standing.append((room, *quarters, one.ours.state))
    store.close()
    assert sorted(standing) == sorted(granted)

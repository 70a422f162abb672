"""Processes that want the same rooms at the same time."""

import subprocess
import sys
from itertools import combinations
from pathlib import Path

from insights.ledger.sqlite import open_ledger

RACER = Path(__file__).with_name("racer.py")
PROCESSES, REQUESTS = 4, 150


def race(path):
    """What each process was told, as (room, first quarter, end quarter, answer)."""
    racers = [
        subprocess.Popen([sys.executable, RACER, path, str(seed), str(REQUESTS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for seed in range(PROCESSES)
    ]
    for racer in racers:
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        racer.stdin.write("go\n")
        racer.stdin.flush()
    lines = [line.split() for racer in racers for line in racer.communicate(timeout=60)[0].splitlines()]
    assert all(racer.returncode == 0 for racer in racers)
    return [(room, int(start), int(end), answer) for room, start, end, answer in lines]


def overlap(one, other):
    """Whether two requests want the same room for a common quarter of an hour."""
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


def test_the_same_room_is_never_given_twice(tmp_path):
    """Four processes and six hundred requests: each is answered, no two that were granted overlap, each that was refused overlaps one that was granted."""
    told = race(tmp_path / "ledger.db")
    granted = [one for one in told if one[3] == "held"]
    refused = [one for one in told if one[3] == "taken"]
    assert len(told) == PROCESSES * REQUESTS
    assert len(granted) > 50
    assert len(refused) > 50
    assert not [pair for pair in combinations(granted, 2) if overlap(*pair)]
    assert all(any(overlap(one, other) for other in granted) for one in refused)
    ledger = open_ledger(tmp_path / "ledger.db")
    assert ledger.first_broken() is None
    assert len(ledger.audit_trail()) == len(granted)
    ledger.close()

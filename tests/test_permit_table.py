"""The table of rights, all of it, against the one that docs/security.md shows."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from insights.permit import verdict
from insights.permit.table import AUDIENCES, CONFIDENCES, PLACES, SUBJECTS

LETTERS = {"here": "h", "privately": "p", "no": "-"}
WRITTEN = {
    row[0]: [cell.strip("`") for cell in row[1:]]
    for row in (
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (Path(__file__).parents[1] / "docs" / "security.md").read_text().splitlines()
        if re.fullmatch(r"\|[^|]+(\| `[hp-]{4}` ){7}\|", line)
    )
}


def column(place, audience):
    """Which column of the written table is about this place and audience."""
    if audience != "private":
        return {"screen": 4, "room": 5}.get(place, 6)
    return {"desk": 0, "chat": 1, "shell": 1, "room": 2, "screen": 3}[place]


def test_every_subject_is_written_down():
    """Nothing is decided that nobody can read."""
    assert set(WRITTEN) == set(SUBJECTS)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_table_is_the_one_that_is_written_by_hand(subject):
    """Every place, confidence and audience."""
    for place, audience in product(PLACES, AUDIENCES):
        letters = "".join(LETTERS[verdict(subject, place=place, confidence=sure, audience=audience)] for sure in CONFIDENCES)
        assert letters == WRITTEN[subject][column(place, audience)], (place, audience)


def test_somebody_unknown_is_told_before_others_what_is_public_or_internal_and_whether_this_room_is_free():
    """A room and a channel are public places."""
    told = {s for s in SUBJECTS for p in PLACES for a in ("room", "channel") if verdict(s, place=p, confidence="unknown", audience=a) != "no"}
    assert told == {"help", "public", "internal", "occupancy"}

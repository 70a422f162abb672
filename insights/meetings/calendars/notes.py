"""What we note in an event of ours, as the short texts that any calendar can keep beside it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

from insights.meetings.calendars.occurrences import Ours

FIELDS = ("key", "person", "state", "until", "moves", "block", "meeting", "done")

MOST_DONE = 20
"""Changes of one booking that are remembered."""


def notes(ours: Ours) -> dict[str, str]:
    """The notes by field; what says nothing is left out.

    >>> notes(Ours(key="k1", person="ada", state="pending", until=12.7))
    {'key': 'k1', 'person': 'ada', 'state': 'pending', 'until': '12'}
    """
    found = {
        "key": ours.key,
        "person": ours.person,
        "state": ours.state,
        "until": str(int(ours.until)) if ours.until else None,
        "moves": str(ours.moves) if ours.moves else None,
        "block": "yes" if ours.block else None,
        "meeting": ours.meeting,
        "done": " ".join(ours.done) or None,
    }
    return {name: value for name, value in found.items() if value is not None}


def read(found: Mapping[str, str]) -> Ours | None:
    """The notes of an event; None for one that is not ours. Anybody may have edited them: what makes no sense is taken for nothing.

    >>> read({"key": "k1", "until": "soon"})
    Ours(key='k1', person=None, state='held', until=0.0, moves=0, block=False, meeting=None, done=())
    """
    if not found.get("key"):
        return None
    until, moves = 0.0, 0
    with contextlib.suppress(ValueError):
        until = float(found.get("until") or 0)
    with contextlib.suppress(ValueError):
        moves = int(found.get("moves") or 0)
    return Ours(
        key=found["key"],
        person=found.get("person") or None,
        state="pending" if found.get("state") == "pending" else "held",
        until=until,
        moves=moves,
        block=found.get("block") == "yes",
        meeting=found.get("meeting") or None,
        done=tuple((found.get("done") or "").split())[-MOST_DONE:],
    )

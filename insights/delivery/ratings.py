"""What people think of answers: a thumb up or down under one, kept as work that is done."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from insights.ledger.port import DueWork

KIND = "rating"
_LEASE = timedelta(minutes=1)


def rate(ledger: DueWork, turn: str, person: str, *, good: bool, now: datetime) -> bool:
    """Keep it, once for each person and answer and verdict; False when it is known."""
    key = f"{KIND}:{turn}:{person}:{'up' if good else 'down'}"
    if not ledger.add_work(key, KIND, json.dumps({"turn": turn, "good": good}), person=person):
        return False
    item = ledger.claim_work(KIND, now=now, lease=_LEASE, key=key)
    if item is not None:
        ledger.finish_work(item, "done", now=now)
    return True


def tally(ledger: DueWork) -> Mapping[bool, int]:
    """How many thumbs went up (True) and down (False)."""
    items = (*ledger.work_in(KIND, "done"), *ledger.work_in(KIND, "waiting"))
    return Counter(bool(json.loads(item.payload)["good"]) for item in items if item.payload not in ("", "{}"))

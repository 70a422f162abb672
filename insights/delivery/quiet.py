"""Who does not want to be told before meetings: kept as work that waits for ever, so that it neither expires nor is done."""

from __future__ import annotations

from datetime import datetime, timedelta

from insights.ledger.port import DueWork

KIND = "no_meeting_messages"
_NEVER = timedelta(days=36500)
_LEASE = timedelta(minutes=2)


def silence(ledger: DueWork, person: str, *, key: str, now: datetime) -> None:
    """From now on nothing is told before this person's meetings; the same key once."""
    if person not in silenced(ledger):
        ledger.add_work(f"{KIND}:{person}:{key}", KIND, "{}", person=person, due=now + _NEVER)


def speak(ledger: DueWork, person: str, *, now: datetime) -> None:
    """From now on this person is told before meetings again."""
    for item in ledger.work_in(KIND, "waiting"):
        claimed = ledger.claim_work(KIND, now=now, lease=_LEASE, key=item.key) if item.person == person else None
        if claimed is not None:
            ledger.finish_work(claimed, "done", now=now)


def silenced(ledger: DueWork) -> frozenset[str]:
    """The ids of those who are told nothing before meetings. Who was about to be told again when a worker ended is told again."""
    return frozenset(item.person for item in ledger.work_in(KIND, "waiting") if item.person is not None)

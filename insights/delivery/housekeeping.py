"""What is put in order once a day or as soon as it shows: people who left lose their access, what was said long ago expires."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from insights.ledger.port import Ledger
from insights.organization import Person

KIND = "retention"
KEEP = timedelta(days=90)
"""How long what was said is kept where no setting says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tidied:
    """How many people lost their access, and how many rows expired."""

    departed: int = 0
    expired: int = 0


def tidy(ledger: Ledger, people: Mapping[str, Person], *, keep: timedelta = KEEP, now: datetime) -> Tidied:
    """One round. Whoever is not active any more loses accounts, PIN, desk and what they follow now; what was said expires once a day, by one of all workers.

    Someone whom the organization does not name at all keeps what they have, which opens nothing: the name may come back with the next reading of the file.
    """
    departed = sum(ledger.withdraw_access(person, now=now) for person in sorted(ledger.people_with_access()) if person in people and not people[person].active)
    return Tidied(departed=departed, expired=_expire(ledger, keep, now))


def _expire(ledger: Ledger, keep: timedelta, now: datetime) -> int:
    key = f"{KIND}:{now.date().isoformat()}"
    if not ledger.add_work(key, KIND, "{}", person=None):
        return 0  # done today, or being done
    expired = ledger.expire(before=now - keep, now=now)
    item = ledger.claim_work(KIND, now=now, lease=timedelta(minutes=2))
    if item is not None:
        ledger.finish_work(item, "done", now=now)
    return sum(expired.values())

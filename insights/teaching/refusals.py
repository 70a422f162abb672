"""What somebody was refused is kept for a while, and they hear once when it can be answered."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from insights.catalog.model import Catalog
from insights.delivery.outbox import enqueue
from insights.organization import Organization
from insights.teaching.judging import spoken
from insights.wording import Wording

if TYPE_CHECKING:
    from insights.ledger.port import Ledger

MOST = 20
"""Refused questions that are kept of one person; older ones make room."""
LONGEST = 300
KEEP = timedelta(days=30)


class RefusalDesk:
    """The refused questions of one catalog. `mark` changes with the lessons that people taught; `keep` is how long they are kept, nothing for not at all."""

    def __init__(
        self,
        *,
        ledger: Callable[[], Ledger],
        standing: Callable[[], bool],
        catalog: Catalog,
        organization: Organization,
        wording: Wording,
        mark: Callable[[], int],
        keep: timedelta = KEEP,
    ) -> None:
        self._ledger = ledger
        self._standing = standing
        self._catalog = catalog
        self._organization = organization
        self._wording = wording
        self._mark = mark
        self._keep = keep

    def keep(self, text: str, person: str, *, now: datetime) -> None:
        """Remember that this person was refused; what is too long for a question is not kept."""
        said = spoken(text)
        if not self._keep or not said or len(text) > LONGEST:
            return
        key = hashlib.sha256(" ".join(said).encode()).hexdigest()[:20]
        self._ledger().add_refusal(self._catalog.name, person, key, " ".join(text.split()), seen=self._seen(person), most=MOST, now=now)

    def tell(self, answerable: Callable[[str, str], bool], *, now: datetime) -> int:
        """Read what was refused again wherever definitions, lessons or roles have changed since, and tell who can be answered now: how many were told.

        `answerable` takes a person's id and what they asked, and tells whether they would get an answer.
        """
        if not self._standing():
            return 0
        told = 0
        for refusal in self._ledger().refusals(self._catalog.name, since=now - self._keep):
            person = self._organization.people.get(refusal.person)
            seen = self._seen(refusal.person)
            if person is None or not person.active or refusal.seen == seen:
                continue
            if not answerable(refusal.person, refusal.text):
                self._ledger().reread_refusal(refusal.number, seen=seen)
                continue
            said = self._wording.told("answerable", question=refusal.text, day=refusal.refused.date())
            # First into the outbox, where its key makes it one message: a crash in between repeats nothing and loses nothing.
            key = f"refusal:{hashlib.sha256(self._catalog.name.encode()).hexdigest()[:8]}:{refusal.number}"
            enqueue(self._ledger(), key=key, person=refusal.person, speech=said.speech, text=said.text, utterance=refusal.text)
            told += self._ledger().tell_refusal(refusal.number, now=now)
        return told

    def _seen(self, person: str) -> str:
        """What decides whether a question can be answered: the definitions, the lessons, the person's roles and attributes."""
        known = self._organization.people.get(person)
        rights = repr((sorted(known.roles), sorted((name, repr(value)) for name, value in known.attributes.items()))) if known else ""
        return hashlib.sha256(f"{self._catalog.version}:{self._mark()}:{rights}".encode()).hexdigest()[:16]

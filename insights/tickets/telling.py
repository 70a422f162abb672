"""Brings the news of a ticket or an outage to those whom it concerns: into the outbox, once each."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from insights.answers import OutageAnswer, TicketAnswer, TicketsAnswer
from insights.delivery.outbox import enqueue
from insights.ledger.port import Ledger
from insights.organization import Organization
from insights.wording import Wording


class Telling:
    """Writes messages to people; the outbox sends them."""

    def __init__(self, *, ledger: Callable[[], Ledger], wording: Wording, organization: Organization) -> None:
        self._ledger = ledger
        self._wording = wording
        self._organization = organization

    def tell(self, people: Iterable[str | None], answer: TicketAnswer | TicketsAnswer | OutageAnswer, *, key: str, but: str | None = None) -> int:
        """Tell each of them, except whoever did it; how many. The same key tells each person once."""
        said = self._wording.answer(answer)
        told = 0
        for id_ in dict.fromkeys(people):
            person = self._organization.people.get(id_ or "")
            if person is None or not person.active or person.id == but:
                continue
            told += enqueue(self._ledger(), key=f"{key}:{person.id}", person=person.id, speech=said.speech, text=said.text)
        return told

"""Questions for the data team: written down, sent to who answers for them, and the reply brought back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from insights.catalog.model import Catalog
from insights.contract import decode_request, encode
from insights.delivery.outbox import enqueue
from insights.errors import InsightsError, NotAnswerable, NotPermitted, UnknownThing
from insights.language.phrasing import Phrasing
from insights.ledger.lessons import Enquiry, KeptEnquiry
from insights.organization import Organization, Person
from insights.permit import Asker, Grant, Permit
from insights.requests import MetricQuestion, Request
from insights.teaching.judging import spoken
from insights.wording import Wording

if TYPE_CHECKING:
    from insights.ledger.port import Ledger

LONGEST = 2000
"""Characters of a question or a reply that are kept."""
_MOST = 5
"""People who are asked at once; the first reply is the one that is told."""
_RECENT = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An enquiry that is on its way to these people; `again` when it had been asked before."""

    enquiry: KeptEnquiry
    to: tuple[Person, ...]
    again: bool


class EnquiryDesk:
    """The enquiries about one catalog. Safe to use from many threads.

    `knows` tells whether a person may hear of a question, `sql` writes the SQL of one as a grant lets it be computed.
    """

    def __init__(
        self,
        *,
        ledger: Callable[[], Ledger],
        catalog: Catalog,
        permit: Permit,
        organization: Organization,
        wording: Wording,
        knows: Callable[[Person | None, MetricQuestion], bool],
        sql: Callable[[MetricQuestion, Grant], str],
    ) -> None:
        self._ledger = ledger
        self._catalog = catalog
        self._permit = permit
        self._organization = organization
        self._wording = wording
        self._knows = knows
        self._sql = sql

    def ask(self, text: str, request: Request | None, *, sure: bool, asker: Asker, now: datetime) -> Sent:
        """Send what was said, how it was read and its SQL to who answers for it: once while it waits for a reply.

        Raises NotPermitted for the unnamed, NotAnswerable when nobody can be asked.
        """
        person = asker.person
        if person is None:
            raise NotPermitted("I need to know who is asking before I ask the data team.", remedy="Say who you are with --as, or link your account.")
        question = request if isinstance(request, MetricQuestion) else None
        answering = self.answering(question)
        to = tuple(one for one in answering if one.id != person.id)
        if answering and not to:
            raise NotAnswerable("I did not ask anybody: you answer for that yourself.", remedy="Name a second person for it in organization.yaml.")
        if not to:
            raise NotAnswerable(
                "I did not ask anybody: there is nobody here who answers for that.",
                remedy="Whoever runs this assistant names an owner in assistant.yaml.",
            )
        reading = json.dumps({"request": None if question is None else encode(question), "sure": sure, "sql": self._written(question, sure, to[0])})
        text = " ".join(text.split())[:LONGEST]
        key = self._key(text, person)
        known = {one.key for one in self._ledger().enquiries(self._catalog.name)}
        kept = self._ledger().add_enquiry(
            Enquiry(key=key, catalog=self._catalog.name, person=person.id, text=text, reading=reading, to=tuple(one.id for one in to)), now=now
        )
        self._send(kept)
        return Sent(enquiry=kept, to=tuple(one for one in map(self._organization.people.get, kept.to) if one is not None), again=key in known)

    def answering(self, question: MetricQuestion | None) -> tuple[Person, ...]:
        """Who can be asked: those who answer for a question and may hear of all that is in it."""
        return tuple(one for one in self._permit.owners_of(question) if question is None or self._knows(one, question))[:_MOST]

    def _key(self, text: str, person: Person) -> str:
        """The same while the same question of the same person waits; another once it was answered."""
        words = hashlib.sha256(" ".join(spoken(text)).encode()).hexdigest()[:20]
        asked = f"enquiry:{hashlib.sha256(self._catalog.name.encode()).hexdigest()[:8]}:{person.id}:{words}"
        answered = sum(one.key.startswith(asked) and one.answer is not None for one in self._ledger().enquiries(self._catalog.name))
        return f"{asked}:{answered}"

    def _written(self, question: MetricQuestion | None, sure: bool, owner: Person) -> str | None:
        """The SQL as the owner may run it; none for what was not understood or cannot be computed."""
        if question is None or not sure:
            return None
        try:
            grant = self._permit.decide(question, Asker(person=owner, audience="private"))
            return self._sql(question, grant)
        except InsightsError:
            return None

    def _send(self, kept: KeptEnquiry) -> None:
        """Put a message to each owner in the outbox; each key arrives once, however often this is done."""
        asker = self._organization.people.get(kept.person)
        said = self._wording.told(
            "enquiry", who=asker.name if asker else kept.person, id=kept.id, question=kept.text, reading=self.read_as(kept), sql=self.sql(kept)
        )
        for owner in kept.to:
            enqueue(self._ledger(), key=f"{kept.key}:to:{owner}", person=owner, speech=said.speech, text=said.text, utterance=kept.text)

    def read_as(self, kept: KeptEnquiry) -> str:
        """How the question was read, in words; empty when it was not."""
        document = json.loads(kept.reading)
        if document["request"] is None:
            return ""
        try:
            request = decode_request(document["request"])
            return Phrasing(self._catalog).request(request) if isinstance(request, MetricQuestion) and document["sure"] else ""
        except (KeyError, ValueError):  # the catalog has changed since
            return ""

    def sql(self, kept: KeptEnquiry) -> str:
        """Its SQL, empty where there is none."""
        return json.loads(kept.reading)["sql"] or ""

    def listed(self, person: Person | None) -> tuple[KeptEnquiry, ...]:
        """The enquiries that this person made or was sent, oldest first."""
        if person is None:
            return ()
        return tuple(one for one in self._ledger().enquiries(self._catalog.name) if person.id in (one.person, *one.to))

    def answer(self, enquiry: str, text: str, person: Person | None, *, now: datetime) -> KeptEnquiry:
        """Bring a reply to who asked. Raises UnknownThing, the same for one that was sent to others and for none; NotAnswerable when it is answered."""
        kept = self._ledger().enquiry(self._catalog.name, enquiry)
        if kept is None or person is None or person.id not in kept.to:
            raise UnknownThing(f"There is no question {enquiry.strip()[:20]} that was sent to you.", remedy="`insights teach list` names them.")
        answer = "".join(char for char in text if char.isprintable() or char == "\n").strip()[:LONGEST]
        if not answer:
            raise NotAnswerable("A reply needs words.", remedy="Write it behind the number of the question.")
        if not self._ledger().answer_enquiry(kept.id, answer, by=person.id, now=now):
            raise NotAnswerable(f"{kept.id} has been answered already.", remedy="`insights teach show` tells what was said.")
        answered = self._ledger().enquiry(self._catalog.name, kept.id)
        assert answered is not None
        self._bring_back(answered)
        return answered

    def _bring_back(self, kept: KeptEnquiry) -> None:
        by = self._organization.people.get(kept.by or "")
        said = self._wording.told("enquiry_answered", who=by.name if by else "The data team", question=kept.text, answer=kept.answer or "")
        enqueue(self._ledger(), key=f"{kept.key}:answer", person=kept.person, speech=said.speech, text=said.text, utterance=kept.text)

    def resume(self, *, now: datetime) -> None:
        """Put into the outbox what a crash kept from it; what is there already is not sent again."""
        for kept in self._ledger().enquiries(self._catalog.name):
            if kept.asked > now - _RECENT:
                self._send(kept)
            if kept.answered is not None and kept.answered > now - _RECENT:
                self._bring_back(kept)

"""Messages on their way to a person: written down here, sent by `work`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from insights.contract import decode_request, encode
from insights.requests import Request
from insights.turns import Reply

if TYPE_CHECKING:
    from insights.ledger.port import DueWork, WorkItem

KIND = "message"
ANSWER = "answer"
"""An answer that is worked out when it is sent, for whoever it is sent to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """What was asked in a place where the answer must not be told."""

    request: Request
    utterance: str
    assumed: tuple[str, ...] = ()


def promise(ledger: DueWork, *, key: str, person: str, request: Request, utterance: str, assumed: tuple[str, ...] = ()) -> bool:
    """Put the answer to a request in the outbox for one person; the same key is sent once. No figure is written down. False when the key is known already."""
    payload = json.dumps({"request": encode(request), "utterance": utterance, "assumed": list(assumed)})
    return ledger.add_work(key, ANSWER, payload, person=person)


def promised(item: WorkItem) -> Promised:
    """What an answer in the outbox answers. Raises ValueError for what nobody can read."""
    facts = json.loads(item.payload)
    return Promised(request=decode_request(facts["request"]), utterance=facts["utterance"], assumed=tuple(facts["assumed"]))


def enqueue(ledger: DueWork, *, key: str, person: str, speech: str, text: str, utterance: str = "", due: datetime | None = None) -> bool:
    """Put a message to a person in the outbox, due at once by default; the same key is sent once. False when the key is known already."""
    payload = json.dumps({"utterance": utterance, "speech": speech, "text": text})
    return ledger.add_work(key, KIND, payload, person=person, due=due)


def message(item: WorkItem) -> Reply:
    """The reply that a message in the outbox carries."""
    facts = json.loads(item.payload)
    return Reply(outcome="understood", utterance=facts["utterance"], speech=facts["speech"], text=facts["text"])

"""Messages on their way to a person: written down here, sent by `work`."""

from __future__ import annotations

import json
from datetime import datetime

from insights.ledger.port import DueWork, WorkItem
from insights.turns import Reply

KIND = "message"


def enqueue(ledger: DueWork, *, key: str, person: str, speech: str, text: str, utterance: str = "", due: datetime | None = None) -> bool:
    """Put a message to a person in the outbox, due at once by default; the same key is sent once. False when the key is known already."""
    payload = json.dumps({"utterance": utterance, "speech": speech, "text": text})
    return ledger.add_work(key, KIND, payload, person=person, due=due)


def message(item: WorkItem) -> Reply:
    """The reply that a message in the outbox carries."""
    facts = json.loads(item.payload)
    return Reply(outcome="understood", utterance=facts["utterance"], speech=facts["speech"], text=facts["text"])

"""Messages on their way to a person: written down here, sent by `work`."""

from __future__ import annotations

import json
from collections.abc import Iterable
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
SHARED = "shared"
"""The same, sent by somebody else, or into a channel."""
DIGEST = "digest"
"""What is new about something that is followed, worked out when it is sent."""
REMINDER = "reminder"
"""A message to oneself."""

MEETING = "meeting"
"""What begins soon, put into words when it is sent."""
TICKET = "ticket"
"""What is new about a ticket, for a channel; put into words when it is sent, for who reads there then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """What was asked in a place where the answer must not be told, or by somebody who could not wait; `origin`: how the answer comes about."""

    request: Request
    utterance: str
    assumed: tuple[str, ...] = ()
    origin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What somebody (`by`, an id) sends on."""

    by: str
    request: Request


def promise(ledger: DueWork, *, key: str, person: str, request: Request, utterance: str, assumed: tuple[str, ...] = (), origin: bool = False) -> bool:
    """Put the answer to a request in the outbox for one person; the same key is sent once. No figure is written down. False when the key is known already."""
    payload = json.dumps({"request": encode(request), "utterance": utterance, "assumed": list(assumed), "origin": origin})
    return ledger.add_work(key, ANSWER, payload, person=person)


def promised(item: WorkItem) -> Promised:
    """What an answer in the outbox answers. Raises ValueError for what nobody can read."""
    facts = json.loads(item.payload)
    return Promised(request=decode_request(facts["request"]), utterance=facts["utterance"], assumed=tuple(facts["assumed"]), origin=bool(facts.get("origin")))


def share(ledger: DueWork, *, key: str, by: str, to: str, request: Request, channel: str | None = None) -> bool:
    """Put an answer that somebody sends on in the outbox: for one person, or a channel by its name; the same key is sent once."""
    payload = json.dumps({"request": encode(request), "by": by, "channel": channel})
    return ledger.add_work(key, SHARED, payload, person=to)


def shared(item: WorkItem) -> Shared:
    """What is sent on, and by whom. Raises ValueError for what nobody can read."""
    facts = json.loads(item.payload)
    return Shared(by=facts["by"], request=decode_request(facts["request"]))


def follow_up(ledger: DueWork, *, key: str, person: str, subscription: str, channel: str | None = None) -> bool:
    """Put in the outbox that what somebody follows is to be told; the same key is told once."""
    payload = json.dumps({"subscription": subscription, "channel": channel})
    return ledger.add_work(key, DIGEST, payload, person=person)


def followed(item: WorkItem) -> str:
    """The id of the subscription that a digest in the outbox is about."""
    return str(json.loads(item.payload)["subscription"])


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What became of a ticket (its key): in sentences, and in those that hold nobody's words; no sentences at all: it was filed."""

    ticket: str
    changes: tuple[str, ...]
    bare: tuple[str, ...]


def tell_channel(ledger: DueWork, *, key: str, person: str, ticket: str, channel: str, changes: Iterable[str] = (), bare: Iterable[str] = ()) -> bool:
    """Put what is new about a ticket of a `person` in the outbox for a channel or thread; the same key is told once."""
    payload = json.dumps({"ticket": ticket, "channel": channel, "changes": list(changes), "bare": list(bare)})
    return ledger.add_work(key, TICKET, payload, person=person)


def channel_news(item: WorkItem) -> News:
    """What is new about which ticket."""
    facts = json.loads(item.payload)
    return News(ticket=facts["ticket"], changes=tuple(facts["changes"]), bare=tuple(facts["bare"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A meeting or a booking (its id) of a person that begins at `start` (aware)."""

    thing: str
    start: datetime


def before(ledger: DueWork, *, key: str, person: str, coming: Coming, due: datetime) -> bool:
    """Put in the outbox that something of a person's begins soon, to be told at `due`; the same key is told once."""
    payload = json.dumps({"thing": coming.thing, "start": coming.start.isoformat()})
    return ledger.add_work(key, MEETING, payload, person=person, due=due)


def coming(item: WorkItem) -> Coming:
    """What begins soon."""
    facts = json.loads(item.payload)
    return Coming(thing=facts["thing"], start=datetime.fromisoformat(facts["start"]))


def channel_of(item: WorkItem) -> str | None:
    """The name of the channel that an item goes to, None where it goes to its person."""
    found = json.loads(item.payload).get("channel")
    return None if found is None else str(found)


def enqueue(ledger: DueWork, *, key: str, person: str, speech: str, text: str, utterance: str = "", due: datetime | None = None) -> bool:
    """Put a message to a person in the outbox, due at once by default; the same key is sent once. False when the key is known already."""
    payload = json.dumps({"utterance": utterance, "speech": speech, "text": text})
    return ledger.add_work(key, KIND, payload, person=person, due=due)


def message(item: WorkItem) -> Reply:
    """The reply that a message in the outbox carries."""
    facts = json.loads(item.payload)
    return Reply(outcome="understood", utterance=facts["utterance"], speech=facts["speech"], text=facts["text"])

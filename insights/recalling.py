"""What was said last at a place, to say it again; and what could not be answered in time, to send it later. Rights are asked for anew each time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from insights.contract import decode_request, encode
from insights.delivery import outbox
from insights.dialogue import Dialogue
from insights.errors import NotPermitted
from insights.exchange import Exchange
from insights.parts import Parts
from insights.permit import Asker
from insights.reactions import react
from insights.requests import MetricQuestion, Request, Understood
from insights.turns import Reply, Turn

LATELY = timedelta(hours=12)
"""How long what was said can be heard again."""


class Recalling:
    """Reads and writes the ledger; `asker` says who asks in a turn. `place` names where it is said: a door's own name of the device."""

    def __init__(self, parts: Parts, asker: Callable[[Turn], Asker]) -> None:
        self._parts = parts
        self._asker = asker

    def keep(self, turn: Turn, reply: Reply, *, place: str) -> None:
        """Remember what was just said to this person at this place."""
        if reply.outcome == "failed":
            return
        document = {
            "utterance": reply.utterance,
            "speech": reply.speech,
            "text": reply.text,
            "outcome": reply.outcome,
            "question": reply.question,
            "conversation": turn.conversation,
            "sight": self._sight(turn),
            "request": None if reply.request is None else encode(reply.request),
        }
        self._parts.office().ledger.keep_answer(self._person(turn), place, json.dumps(document), now=self._now(turn))

    def again(self, turn: Turn, *, place: str) -> Reply:
        """What was last said to this person at this place, as long as they may still hear it there. Raises NotPermitted."""
        now = self._now(turn)
        kept = self._parts.office().ledger.last_answer(self._person(turn), place, since=now - LATELY)
        last, sight = _restored(kept, turn)
        if last is None:
            said = self._parts.wording.aside("nothing_said")
            return Reply(outcome="understood", utterance=turn.text, speech=said.speech, text=said.text)
        if last.request is not None and sight != self._sight(turn):
            raise NotPermitted("What you may see has changed since then.", remedy="Ask anew.")
        if last.request is not None and self._parts.permit.weigh(last.request, self._asker(turn)).instead is not None and last.outcome != "clarify":
            privately = self._parts.wording.aside("privately")
            if last.speech != privately.speech:
                raise NotPermitted("That is not for everybody here, and others can hear it.", remedy="Ask me in private.")
        return last

    def can_wait(self, turn: Turn) -> bool:
        """Whether the answer to what was asked can be sent to the asker later: a question about data, from somebody who has an address and may ask it."""
        return self._awaited(turn) is not None

    def later(self, turn: Turn) -> Reply:
        """Write down that the asker gets the answer; it is worked out, and permitted again, when it is sent."""
        found = self._awaited(turn)
        if found is None:
            said = self._parts.wording.aside("not_later")
            return Reply(outcome="unsupported", utterance=turn.text, speech=said.speech, text=said.text, reason=said.text)
        exchange, request, assumed = found
        assert exchange.speaker is not None
        key = f"turn:{turn.id or self._parts.new_id()}:later"
        outbox.promise(self._parts.office().ledger, key=key, person=exchange.speaker, request=request, utterance=turn.text, assumed=assumed)
        Dialogue(self._parts).remember_promised(exchange, request, assumed)
        said = self._parts.wording.aside("later")
        return Reply(outcome="understood", utterance=turn.text, speech=said.speech, text=said.text, request=request)

    def _awaited(self, turn: Turn) -> tuple[Exchange, Request, tuple[str, ...]] | None:
        dialogue, asker = Dialogue(self._parts), self._asker(turn)
        exchange = Exchange(turn=turn, asker=asker, now=self._now(turn), state=dialogue.recall(turn), timings={})
        if exchange.speaker is None or not self._parts.permit.has_address(asker):
            return None
        waiting = dialogue.waiting(exchange)
        reading = dialogue.read(exchange, waiting, react(turn.text, waiting))
        if not isinstance(reading, Understood) or not isinstance(reading.request, MetricQuestion):
            return None
        try:
            self._parts.permit.weigh(reading.request, asker)
        except NotPermitted:
            return None
        return exchange, reading.request, reading.assumed

    def _person(self, turn: Turn) -> str | None:
        asker = self._asker(turn)
        return asker.person.id if asker.person is not None else None

    def _sight(self, turn: Turn) -> str:
        """A digest of what decides how much the asker sees: rows, how few people, their own roles and attributes, and for whom they act."""
        asker = self._asker(turn)
        me = asker.person
        roles = None if me is None else (sorted(me.roles), sorted((name, repr(value)) for name, value in me.attributes.items()))
        principals = sorted(one.id for one in self._parts.organization.people.values() if me is not None and me.id in one.delegates)
        return hashlib.sha256(repr((self._parts.permit.grant(asker).rows_key, roles, principals)).encode()).hexdigest()

    def _now(self, turn: Turn) -> datetime:
        return turn.now or self._parts.clock()


def _restored(kept: str | None, turn: Turn) -> tuple[Reply | None, str]:
    """A kept answer as a reply, and what could be seen then; a question back only waits where it was asked. None for what nobody can read."""
    if kept is None:
        return None, ""
    try:
        document = json.loads(kept)
        request = None if document["request"] is None else decode_request(document["request"])
        reply = Reply(outcome=document["outcome"], utterance=turn.text, speech=document["speech"], text=document["text"], request=request)
        asked_here = reply.expects_reply and document["conversation"] == turn.conversation
        reply = replace(reply, question=document["question"]) if asked_here else replace(reply, outcome="understood")
        return reply, str(document.get("sight", ""))
    except (KeyError, TypeError, ValueError):
        return None, ""

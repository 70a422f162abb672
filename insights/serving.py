"""What is done about what was understood: permitted, carried out, worded. The only match over requests."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from insights import analysis, charts, offers, things, underway
from insights.analysis.briefings.memory import Memory
from insights.answers import Answer, MetricAnswer, taken_for_granted
from insights.contract import decode_request
from insights.conversation import Pending as Waiting
from insights.conversation import State, named_rows, waiting_for
from insights.delivery import outbox
from insights.dialogue import Dialogue
from insights.errors import AskerCanFix, DeadlinePassed, InsightsError, NotAnswerable, NothingFree, NotPermitted, OutsideFailed
from insights.exchange import Exchange, timed
from insights.language.phrasing import Phrasing
from insights.parts import Parts
from insights.permit import Grant
from insights.query.about import about
from insights.reactions import Reaction
from insights.requests import Clarify, Errand, Help, LookUp, MetricQuestion, MyCalendar, Request, UpdateTicket
from insights.turns import Outcome, Reply, Turn
from insights.warehouse.budgets import metered
from insights.wording import Said

if TYPE_CHECKING:
    from insights import office
    from insights.delivery.port import Channel
    from insights.delivery.worker import Composed
    from insights.helpdesk import Attachment
    from insights.ledger.port import WorkItem

log = logging.getLogger(__name__)


class Service:
    """Carries out requests over one set of parts; keeps nothing itself."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @property
    def _dialogue(self) -> Dialogue:
        return Dialogue(self._parts)

    def serve(self, exchange: Exchange, request: Request, assumed: tuple[str, ...], ignored: tuple[str, ...], *, agreed: bool) -> Reply:
        """Permit and do what was understood, or ask back or propose it where it waits for a yes."""
        key = f"turn:{exchange.turn.id}" if exchange.turn.id else self._parts.new_id()
        request = things.pointed_at(request, exchange.state, exchange.turn.text)
        exchange.errand = isinstance(request, Errand) and not isinstance(request, LookUp)
        if self._is_for_them_alone(exchange, request):
            return self._promised(exchange, request, f"{key}:privately", "privately", assumed, ignored)
        if isinstance(request, Errand):
            from insights import office

            with timed(exchange.timings, "permit"):
                self._parts.permit.decide(request, exchange.asker)
            if exchange.turn.id and office.acts(request) and self._has_acted(key):
                return self.repeat(exchange, key)
            match office.prepare(request, replace(self._task(exchange, key), agreed=agreed, ignored=ignored)):
                case office.Proposal() as proposal:
                    return self._propose(exchange, proposal, key, (*assumed, *proposal.assumed), ignored)
                case office.Settled(errand=settled, assumed=taken):
                    request, assumed = settled, (*assumed, *taken)
                case Clarify() as question:
                    return self.ask_back(exchange, replace(question, assumed=(*assumed, *question.assumed), ignored=(*ignored, *question.ignored)))
        try:
            answer = self.do(exchange, request, key)
        except DeadlinePassed:
            if isinstance(request, MetricQuestion) and self._parts.permit.has_address(exchange.asker):
                return self._promised(exchange, request, f"{key}:later", "later", assumed, ignored)
            raise
        state = things.noted(exchange.state.answered(request, named_rows(answer)), answer)
        acted = isinstance(request, Errand) and office.acts(request)  # imported above, for errands only
        state = state.acted(exchange.turn.id, key) if acted else state
        offer = self._offered(exchange, answer, key) if acted else None
        taken = tuple(dict.fromkeys((*assumed, *taken_for_granted(answer))))
        state = self._dialogue.heard(exchange, state, request, assumed=taken)
        if isinstance(request, Errand) and (listed := office.choices(request, answer)):
            state = replace(state, pending=Waiting(kind="choice", choices=listed, turn=exchange.turn.id))
        self._dialogue.remember(exchange, replace(state, pending=offer[0]) if offer is not None else state, answered=True, assumed=assumed)
        if offer is not None:
            return self._offering(exchange, offer[1], assumed, ignored)
        return self.answered(exchange, request, answer, assumed, ignored)

    def ask_back(self, exchange: Exchange, question: Clarify) -> Reply:
        """Ask what was meant or what is missing; the conversation waits for the reply."""
        meant = (question.partial, *(choice.request for choice in question.choices))
        exchange.errand = exchange.errand or any(isinstance(one, Errand) and not isinstance(one, LookUp) for one in meant)
        likely = question.partial or next((choice.request for choice in question.choices), None)
        self._dialogue.remember_asked(exchange, replace(exchange.state, pending=waiting_for(question, exchange.turn.id)), likely, sure=False)
        said = self._parts.wording.question(question)
        assumed, ignored = question.assumed, question.ignored
        return self.said(exchange, "clarify", said, choices=question.choices, question=said.text, assumed=assumed, ignored=ignored)

    def _is_for_them_alone(self, exchange: Exchange, request: Request) -> bool:
        """Whether the answer must not be told here, and can be sent to the asker. Raises NotPermitted."""
        with timed(exchange.timings, "permit"):
            return self._parts.permit.weigh(request, exchange.asker).instead is not None

    def _promised(
        self,
        exchange: Exchange,
        request: Request,
        key: str,
        why: Literal["later", "privately"],
        assumed: tuple[str, ...],
        ignored: tuple[str, ...],
        *,
        origin: bool = False,
    ) -> Reply:
        """Write down that the asker gets the answer, `later` or `privately`, where nobody else reads along; what is said here tells nothing of it.

        The conversation goes on from what was asked. `origin`: it is to say how the answer comes about.
        """
        assert exchange.speaker is not None
        ledger = self._parts.office().ledger
        outbox.promise(ledger, key=key, person=exchange.speaker, request=request, utterance=exchange.turn.text, assumed=assumed, origin=origin)
        if not origin:
            self._dialogue.remember_promised(exchange, request, assumed)
        return self.said(exchange, "understood", self._parts.wording.aside(why), ignored=ignored, promised=key)

    def origin(self, exchange: Exchange, request: MetricQuestion) -> Reply:
        """How the answer to a question came about: it is asked again, by whoever wants to know, and what it rests on is said; sent, where that takes long."""
        key = f"turn:{exchange.turn.id}" if exchange.turn.id else self._parts.new_id()
        try:
            answer = self.do(exchange, request, key)
        except DeadlinePassed:
            if not self._parts.permit.has_address(exchange.asker):
                raise
            return self._promised(exchange, request, f"{key}:later", "later", (), (), origin=True)
        assert isinstance(answer, MetricAnswer)
        return self.said(exchange, "understood", self._parts.wording.origin(answer), request=request, answer=answer)

    def compose(self, item: WorkItem, channel: Channel | None = None) -> Composed:
        """What was promised, is followed or is sent on, found and permitted now; a refusal where they may not have it any more.

        Raises OutsideFailed where it cannot be found at present.
        """
        from insights.delivery.worker import Composed
        from insights.digesting import Digesting

        if item.kind in (outbox.DIGEST, outbox.SHARED):
            return Digesting(self._parts).compose(item, channel)
        if item.kind == outbox.MEETING:
            return Composed(reply=self._coming(item))
        if item.kind == outbox.TICKET:
            told = self._parts.office().tickets.told(item, channel)
            said = self._parts.wording.answer(told) if told is not None else None
            reply = Reply(outcome="understood", utterance="", speech=said.speech, text=said.text, answer=told) if said is not None else None
            return Composed(reply=reply, channel=channel)
        return Composed(reply=self._kept_promise(item))

    def _coming(self, item: WorkItem) -> Reply | None:
        """What begins soon, as its person may read it in private; None where nothing is left to tell."""
        parts = self._parts
        try:
            asker = parts.permit.asker(person=item.person, device=None, audience="private", place="chat", confidence="account")
            parts.permit.decide(MyCalendar(), asker)
            now = parts.clock()
            found = parts.office().meetings.before.told(item, asker=asker, now=now if now.tzinfo else now.replace(tzinfo=ZoneInfo(parts.catalog.timezone)))
        except NotPermitted:
            return None
        if found is None:
            return None
        said = parts.wording.answer(found)
        return Reply(outcome="understood", utterance="", speech=said.speech, text=said.text, answer=found)

    def _kept_promise(self, item: WorkItem) -> Reply:
        promised = outbox.promised(item)
        turn = Turn(promised.utterance, person=item.person, id=item.key)
        timings: dict[str, float] = {}
        try:
            if not self._dialogue.defined(promised.request):
                raise NotAnswerable("What you asked for is not defined any more.", remedy="Ask me again, in other words.")
            asker = self._parts.permit.asker(person=item.person, device=None, audience="private", place="chat", confidence="account")
            exchange = Exchange(turn=turn, asker=asker, now=self._parts.clock(), state=State(), timings=timings)
            answer = self.do(exchange, promised.request, item.key)
            if promised.origin and isinstance(answer, MetricAnswer):
                return self.said(exchange, "understood", self._parts.wording.origin(answer), request=promised.request, answer=answer)
            return self.answered(exchange, promised.request, answer, promised.assumed, ())
        except AskerCanFix as error:
            return self.refusal(turn, error, timings)

    def _has_acted(self, key: str) -> bool:
        """Whether something was done under this key already: then it is told again, and not looked for in what it changed."""
        action = self._parts.office().ledger.find(key)
        return action is not None and action.result is not None

    def _task(self, exchange: Exchange, key: str) -> office.Task:
        """An errand of this turn, on its way."""
        from insights import office

        parts = self._parts
        return office.Task(office=parts.office(), organization=parts.organization, asker=exchange.asker, now=exchange.now, key=key)

    def _propose(self, exchange: Exchange, proposal: office.Proposal, key: str, assumed: tuple[str, ...], ignored: tuple[str, ...]) -> Reply:
        errand, answer = proposal.errand, proposal.answer
        waiting = Waiting(kind="confirm", action=errand, key=key, turn=exchange.turn.id, person=exchange.speaker)
        self._dialogue.remember(exchange, replace(exchange.state, pending=waiting))
        assumed = (*assumed, *taken_for_granted(answer))
        said = self._parts.wording.answer(answer, assumed=assumed, ignored=ignored)
        question = said.text if exchange.turn.conversation else f"{said.text}\nConfirm with --yes, or ask within a conversation."
        return self.said(exchange, "confirm", said, request=errand, answer=answer, question=question, assumed=assumed, ignored=ignored)

    def agreed(self, exchange: Exchange, waiting: Waiting | None, reaction: Reaction) -> Reply:
        """A yes or a no: to the action that waits for it, else to nothing."""
        if waiting is None:
            return self.said(exchange, "understood", self._parts.wording.aside("nothing_pending"))
        if waiting.action is not None and exchange.speaker not in (waiting.person, None):  # nobody unnamed acts, `permit` tells them why
            return self.said(exchange, "understood", self._parts.wording.aside("not_yours"))
        if reaction == "no" or waiting.action is None:
            self._dialogue.remember(exchange, replace(exchange.state, pending=None))
            return self.said(exchange, "understood", self._parts.wording.aside("declined"))
        answer = self.do(exchange, waiting.action, waiting.key)
        state = things.noted(exchange.state.answered(waiting.action, None).acted(exchange.turn.id, waiting.key), answer)
        offer = self._offered(exchange, answer, waiting.key)
        self._dialogue.remember(exchange, replace(state, pending=offer[0]) if offer is not None else state)
        if offer is not None:
            return self._offering(exchange, offer[1], (), ())
        return self.answered(exchange, waiting.action, answer, (), ())

    def _offered(self, exchange: Exchange, answer: Answer, key: str) -> tuple[Waiting, office.Proposal] | None:
        """What is offered once something was done, waiting for a yes; only where a yes can follow."""
        from insights import office

        proposal = office.afterwards(answer, self._task(exchange, key)) if exchange.turn.conversation else None
        if proposal is None:
            return None
        return Waiting(kind="confirm", action=proposal.errand, key=f"{key}:offer", turn=exchange.turn.id, person=exchange.speaker), proposal

    def _offering(self, exchange: Exchange, proposal: office.Proposal, assumed: tuple[str, ...], ignored: tuple[str, ...]) -> Reply:
        said = self._parts.wording.answer(proposal.answer, assumed=assumed, ignored=ignored)
        return self.said(exchange, "confirm", said, request=proposal.errand, answer=proposal.answer, question=said.text, assumed=assumed, ignored=ignored)

    def repeat(self, exchange: Exchange, key: str) -> Reply:
        """The turn has acted already: say again what came of it."""
        action = self._parts.office().ledger.find(key)
        if action is None:
            raise OutsideFailed("I can't find what became of that.", remedy="Ask for its status.", reference=key)
        request = decode_request(json.loads(action.request))
        return self.answered(exchange, request, self.do(exchange, request, key), (), ())

    def do(self, exchange: Exchange, request: Request, key: str) -> Answer:
        """Permit the request and carry it out; `key` makes an action happen once."""
        parts = self._parts
        with timed(exchange.timings, "permit"):
            grant = parts.permit.decide(request, exchange.asker)
        match request:
            case MetricQuestion(analysis="about", options=options):
                topic = options.get("topic")
                view = parts.hearing.view(grant)
                return about(None if topic is None else str(topic), grant, view.catalog, view.contents)
            case MetricQuestion():
                underway.tell("understood", lambda: Phrasing(parts.catalog).request(request))
                with metered() as meter:
                    found = analysis.answer(request, self._data(exchange, grant))
                return replace(found, bytes_read=meter.read, cost=meter.cost) if meter.engines == {found.engine} else found
            case Help(topic=str() as topic) if topic in offers.TOPICS:
                return offers.about(topic, intents=parts.intents())
            case Help():
                view = parts.hearing.view(grant)
                return offers.offer(grant, view.catalog, view.contents, parts.organization, intents=parts.intents())
            case _:
                from insights import office

                return office.carry_out(request, self._task(exchange, key))

    def attach(self, exchange: Exchange, file: Attachment, ticket: str | None) -> Reply:
        """A file attached to a ticket (None: the asker's only open one) with what was said as its note, once for the turn."""
        turn = exchange.turn
        request = UpdateTicket(ticket=ticket, note=turn.text.strip(), file=file.name)
        with timed(exchange.timings, "permit"):
            self._parts.permit.decide(request, exchange.asker)
        key = f"turn:{turn.id}:file" if turn.id else self._parts.new_id()
        answer = self._parts.office().tickets.attach(file, request, asker=exchange.asker, now=exchange.now, key=key)
        return self.answered(exchange, request, answer, (), ())

    def _data(self, exchange: Exchange, grant: Grant) -> analysis.Data:
        """What the analyses read through, for this turn."""
        parts, view = self._parts, self._parts.hearing.view(grant)
        return analysis.Data(
            questions=parts.questions,
            decide=lambda question: parts.permit.decide(question, exchange.asker),
            catalog=view.catalog,
            contents=view.contents,
            predictions=parts.predictions,
            now=exchange.now,
            deadline=exchange.turn.deadline,
            timings=exchange.timings,
            memory=lambda: Memory(store=parts.office().ledger, person=exchange.speaker, now=exchange.now),
        )

    def answered(self, exchange: Exchange, request: Request, answer: Answer, assumed: tuple[str, ...], ignored: tuple[str, ...]) -> Reply:
        """The facts of an answer in words and as a chart."""
        assumed = (*assumed, *taken_for_granted(answer))
        with timed(exchange.timings, "word"):
            said = self._parts.wording.answer(answer, assumed=assumed, ignored=ignored)
            chart = charts.describe(answer, name=self._parts.wording.name, alt=said.speech)
        return replace(self.said(exchange, "understood", said, request=request, answer=answer, assumed=assumed, ignored=ignored), chart=chart)

    def said(self, exchange: Exchange, outcome: Outcome, said: Said, **facts: object) -> Reply:
        """A reply with these words; `facts` are further fields of `Reply`."""
        reply = Reply(outcome=outcome, utterance=exchange.turn.text, speech=said.speech, text=said.text, timings=exchange.timings)
        return replace(reply, **facts)  # type: ignore[arg-type]  # the callers above name fields of Reply

    def refusal(self, turn: Turn, error: InsightsError, timings: dict[str, float]) -> Reply:
        """An error as a reply: denied, unsupported (the asker can mend it), or failed."""
        outcome: Outcome = "failed"
        if isinstance(error, NotPermitted):
            outcome = "denied"
        elif isinstance(error, AskerCanFix) and not isinstance(error, NothingFree):
            outcome = "unsupported"
        try:
            said = self._parts.wording.error(error)
        except Exception:  # nothing is left to word it with
            log.exception("an error could not be worded")
            said = Said(str(error), str(error))
        return Reply(outcome=outcome, utterance=turn.text, speech=said.speech, text=said.text, reason=str(error), timings=timings)

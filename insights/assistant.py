"""Turn -> Reply: understand, permit, do, word. The only match over requests."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from threading import Lock
from typing import Literal, assert_never

from insights import analysis, charts, offers, office, origins
from insights.answers import Answer, MetricAnswer, taken_for_granted
from insights.catalog.model import Catalog
from insights.catalog.values import Contents
from insights.contract import decode_request
from insights.conversation import Asked, State, named_rows, waiting_for
from insights.conversation import Pending as Waiting
from insights.curating import Curator
from insights.delivery import outbox
from insights.delivery.reconcile import Witness
from insights.dialogue import Dialogue, Exchange, timed
from insights.errors import AskerCanFix, DeadlinePassed, InsightsError, NotAnswerable, NothingFree, NotPermitted, OutsideFailed
from insights.lake.waiting import waiting
from insights.language.emergencies import emergency
from insights.language.refusals import awaited
from insights.language.troubles import REVISION
from insights.ledger.port import Ledger, WorkItem
from insights.organization import Organization
from insights.parts import Parts, Teaching
from insights.permit import Asker, Grant, Permit
from insights.query.about import about
from insights.query.asked import Proposal, worth_keeping
from insights.query.building import Rollups
from insights.reactions import Picked, Reaction, react
from insights.remarks import Remarks, Response
from insights.requests import Clarify, Errand, Help, LookUp, MetricQuestion, RaiseTicket, Reading, Request, Understood, Unsupported
from insights.tickets.port import Tickets
from insights.turns import FIRST_YEAR, LAST_YEAR, Outcome, Reply, Turn
from insights.wording import Said, Wording

log = logging.getLogger(__name__)


class Assistant:
    """Answers turns. Safe to call from many threads; never raises for anything that was said."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._renewing = Lock()

    @property
    def _dialogue(self) -> Dialogue:
        return Dialogue(self._parts)

    @property
    def _remarks(self) -> Remarks:
        return Remarks(self._parts)

    @property
    def curator(self) -> Curator:
        """What those who keep the definitions need."""
        return Curator(self._parts)

    @property
    def teaching(self) -> Teaching:
        """What people taught, what they asked of the data team, and what they were refused."""
        return self._parts.teaching

    @property
    def catalog(self) -> Catalog:
        """The definitions it answers from."""
        return self._parts.catalog

    @property
    def contents(self) -> Contents:
        """The values and days the data holds."""
        return self._parts.contents

    @property
    def organization(self) -> Organization:
        """People, rooms and devices."""
        return self._parts.organization

    @property
    def permit(self) -> Permit:
        """Who may have what."""
        return self._parts.permit

    @property
    def wording(self) -> Wording:
        """Words in the catalog's locale."""
        return self._parts.wording

    @property
    def witnesses(self) -> Mapping[str, Witness]:
        """Who can tell what became of an interrupted action, by its kind."""
        return self._parts.office().witnesses

    @property
    def tickets(self) -> Tickets:
        """What can be done about tickets, for whoever runs the service."""
        return self._parts.office().tickets

    def news(self) -> int:
        """Ask other systems what has become of what was filed there, and tell those whom it concerns; how much there was."""
        return self._parts.office().catch_up(self._parts.clock())

    def keep_rooms(self, now: datetime) -> Mapping[str, int]:
        """Do what is due about rooms by itself; how many of each were done."""
        return self._parts.office().meetings.keeping.work(now)

    def snapshots(self) -> int:
        """Write what the office's figures are read from; how many files changed."""
        return self._parts.office().snapshots()

    @property
    def ledger(self) -> Ledger:
        """The transactional store, opened now if it was not."""
        return self._parts.office().ledger

    def now(self) -> datetime:
        """The assistant's clock: local time of the company, without offset."""
        return self._parts.clock()

    def renew(self) -> bool:
        """Take up what the definitions say and the data holds now, when files have changed; whether they had.

        Definitions that cannot be used are kept as they were. Raises OutsideFailed and WrongCatalog when the data cannot be read; what was known is kept.
        """
        with self._renewing:
            renewed = self._parts.renewed(self._parts)
            if renewed is not None:
                self._parts = renewed
        return renewed is not None

    def close(self) -> None:
        """Let go of engines and files; calling it twice is fine."""
        self._parts.close()

    def reply(self, turn: Turn) -> Reply:
        """Answer one turn. Whatever goes wrong becomes a reply that says so; a turn with an `id` acts once.

        It ends with the definitions and the data it began with, whatever is renewed meanwhile.
        """
        with waiting(turn.deadline):
            return Assistant(self._parts)._reply(turn)

    def _reply(self, turn: Turn) -> Reply:
        timings: dict[str, float] = {}
        exchange: Exchange | None = None
        try:
            if turn.now is not None and not FIRST_YEAR <= turn.now.year <= LAST_YEAR:
                raise NotAnswerable(f"I can't count from the year {turn.now.year}.", remedy=f"The time must lie between {FIRST_YEAR} and {LAST_YEAR}.")
            asker = self._asker(turn)
            exchange = Exchange(turn=turn, asker=asker, now=turn.now or self._parts.clock(), state=self._dialogue.recall(turn), timings=timings)
            return self._safe(turn, self._noted(exchange, self._converse(exchange)))
        except InsightsError as error:
            refused = self._refusal(turn, error, timings)
            return self._safe(turn, refused if exchange is None else self._noted(exchange, refused))
        except Exception:
            reference = self._parts.new_id()[:8]
            log.exception("turn failed, reference %s", reference)
            failure = OutsideFailed(f"Something went wrong on our side (reference {reference}).", remedy="Please try again.", reference=reference)
            return self._safe(turn, self._refusal(turn, failure, timings))

    def _safe(self, turn: Turn, reply: Reply) -> Reply:
        """What to do about fire, leak and injury goes before everything else, whoever says it and whatever becomes of the rest."""
        kind = emergency(turn.text)
        if kind is None or isinstance(reply.request, MetricQuestion):
            return reply
        said = self._parts.organization.help_desk.emergency[kind]
        question = f"{said}\n{reply.question}" if reply.question else reply.question
        return replace(reply, speech=f"{said} {reply.speech}", text=f"{said}\n{reply.text}", question=question)

    def understand(self, turn: Turn, *, previous: Request | None = None) -> tuple[Reading, str | None]:
        """What a turn means, without acting or writing; a question back comes with its wording, and names only what the asker may see.

        Raises UnknownThing and NotPermitted for an asker who does not exist or is not active.
        """
        parts, dialogue = self._parts, self._dialogue
        asker = self._asker(turn)
        now = turn.now or parts.clock()
        grant, taught = parts.permit.grant(asker), dialogue.taught(asker)
        reading = dialogue.granted(parts.hearing.understand(turn.text, grant, now=now, previous=previous, room=asker.room, taught=taught), asker)
        reading = dialogue.permitted(reading, asker)
        return reading, parts.wording.question(reading).text if isinstance(reading, Clarify) else None

    def follow(self, turn: Turn, state: State) -> tuple[Reading, str | None, State]:
        """As `understand`, within a conversation that the caller keeps: it begins with `State()`, and comes back as it is after the turn."""
        asker = self._asker(turn)
        turn = replace(turn, conversation=None)  # nothing is written
        reading, after = self._dialogue.follow(Exchange(turn=turn, asker=asker, now=turn.now or self._parts.clock(), state=state, timings={}))
        reading = self._dialogue.permitted(reading, asker)
        return reading, self._parts.wording.question(reading).text if isinstance(reading, Clarify) else None, after

    def _asker(self, turn: Turn) -> Asker:
        """Who asks, where, before whom. Raises UnknownThing and NotPermitted for somebody who does not exist or is not active."""
        return self._parts.permit.asker(
            person=turn.person,
            device=turn.device,
            audience=turn.audience,
            place=turn.place,
            confidence=turn.confidence,
            listeners=turn.listeners,
            strangers=turn.strangers,
        )

    def _converse(self, exchange: Exchange) -> Reply:
        """What the turn is in this conversation: one that arrived before, the reply to a question, or something new."""
        turn, state = exchange.turn, exchange.state
        key = state.key_of(turn.id)
        if key is not None:
            return self._repeat(exchange, key)
        if turn.about is not None:
            kept, assumed = self._dialogue.come_back(exchange)
            if not turn.text.strip():
                return self._once_more(exchange, kept, assumed)
            state = exchange.state
        if turn.request is not None:
            return self._go_on(exchange, Understood(request=turn.request))
        waiting = self._dialogue.waiting(exchange)
        if turn.answers is not None and (waiting is None or waiting.turn != turn.answers):
            return self._said(exchange, "understood", self._parts.wording.aside("nothing_pending"))
        reaction = react(turn.text, waiting)
        revised = self._revised(exchange, waiting) if reaction is None else None
        if revised is not None:
            return self._go_on(exchange, revised)
        response = self._remarks.hear(exchange, waiting) if reaction is None else None
        if response is not None:
            return self._respond(exchange, response)
        about = origins.about_last(turn.text, state) if reaction is None and waiting is None else None
        if about is not None:
            return self._origin(exchange, about)
        if reaction in ("yes", "no"):
            return self._agreed(exchange, waiting, reaction)
        if reaction == "else":
            exchange.state = replace(state, pending=None)
            return self._go_on(exchange, Unsupported(reason="All right, none of these. Say it in other words."))
        with timed(exchange.timings, "understand"):
            reading = self._dialogue.read(exchange, waiting, reaction)
        if reading is None:
            self._dialogue.remember(exchange, exchange.state)
            return self._said(exchange, "understood", self._parts.wording.aside("started_over"))
        agreed = waiting is not None and waiting.offer and isinstance(reaction, Picked)
        return self._go_on(exchange, reading, agreed=agreed)

    def _sounds_like_trouble(self, exchange: Exchange) -> bool:
        """Whether somebody known says what nobody understood and what sounds like a report; it is read back, so that a no is enough."""
        return exchange.speaker is not None and exchange.state.pending is None and self._parts.office().tickets.suspects(exchange.turn.text)

    def _revised(self, exchange: Exchange, waiting: Waiting | None) -> Reading | None:
        """A report that is read back, corrected in place of a yes; None for everything else."""
        if waiting is None or not isinstance(waiting.action, RaiseTicket) or exchange.speaker != waiting.person:
            return None
        grant = self._parts.permit.grant(exchange.asker)
        reading = self._parts.hearing.complete(waiting.action, REVISION, exchange.turn.text, grant, now=exchange.now)
        return None if isinstance(reading, Unsupported) else reading

    def _origin(self, exchange: Exchange, request: MetricQuestion) -> Reply:
        """How the last answer came about: it is asked again, by whoever wants to know, and what it rests on is said."""
        answer = self._do(exchange, request, self._parts.new_id())
        assert isinstance(answer, MetricAnswer)
        return self._said(exchange, "understood", self._parts.wording.origin(answer), request=request, answer=answer)

    def _once_more(self, exchange: Exchange, request: MetricQuestion, assumed: tuple[str, ...]) -> Reply:
        """An answer again, here and for whoever wants it here. Raises NotPermitted for what is not for everybody here."""
        answer = self._do(exchange, request, self._parts.new_id())
        self._dialogue.remember(exchange, exchange.state)
        self._dialogue.keep(exchange, exchange.state, assumed)
        return self._answered(exchange, request, answer, assumed, ())

    def _respond(self, exchange: Exchange, response: Response) -> Reply:
        """What comes of a remark about what was said."""
        if response.reading is not None:
            reply = self._go_on(exchange, response.reading)
            return replace(reply, suggestions=(*reply.suggestions, *response.suggestions))
        assert response.said is not None
        if response.asks_back:
            question = response.said.text
            return self._said(exchange, "clarify", response.said, question=question, suggestions=response.suggestions)
        return self._said(exchange, "understood", response.said, suggestions=response.suggestions)

    def _go_on(self, exchange: Exchange, reading: Reading, *, agreed: bool = False) -> Reply:
        """What becomes of a reading: it is served, asked back, or refused. `agreed`: nothing of it waits for a yes any more."""
        turn, state = exchange.turn, exchange.state
        match reading:
            case Understood(request=request, assumed=assumed, ignored=ignored):
                return self._serve(exchange, request, assumed, ignored, agreed=agreed or turn.yes)
            case Clarify():
                likely = reading.partial or next((choice.request for choice in reading.choices), None)
                self._dialogue.remember_asked(exchange, replace(state, pending=waiting_for(reading, turn.id)), likely, sure=False)
                said = self._parts.wording.question(reading)
                return self._said(exchange, "clarify", said, choices=reading.choices, question=said.text, assumed=reading.assumed, ignored=reading.ignored)
            case Unsupported() | Clarify() if self._is_about_company(exchange, reading):
                return self._serve(exchange, LookUp(question=turn.text), (), (), agreed=False)
            case Unsupported() if self._sounds_like_trouble(exchange):
                report = RaiseTicket(what=turn.text, room=exchange.asker.room)
                return self._serve(exchange, report, ("it is something to report",), (), agreed=False)
            case Unsupported(reason=reason, suggestions=suggestions):
                offered = suggestions or self._examples(exchange.asker)
                self._dialogue.remember_asked(exchange, state)
                said = self._parts.wording.unsupported(replace(reading, suggestions=offered))
                return self._said(exchange, "unsupported", said, reason=reason, suggestions=offered)
            case _:
                assert_never(reading)

    def _is_about_company(self, exchange: Exchange, reading: Clarify | Unsupported) -> bool:
        """Whether what is not understood as a question about data is one that the handbook answers, or at least has places for."""
        text = exchange.turn.text
        known = self._parts.office().company.knows(text, asker=exchange.asker)
        if known == "unknown" or (known == "sources" and isinstance(reading, Clarify)):
            return False
        return not self._parts.hearing.names_data(text, self._parts.permit.grant(exchange.asker))

    def _noted(self, exchange: Exchange, reply: Reply) -> Reply:
        """The reply with the ways out of a doubt; what was refused to somebody known is kept until it can be answered."""
        if reply.outcome in ("unsupported", "denied") and exchange.speaker is not None:
            self._parts.teaching.refusals.keep(exchange.turn.text, exchange.speaker, now=exchange.now)
        return self._remarks.doubted(exchange, reply)

    @property
    def worth_keeping(self) -> tuple[Proposal, ...]:
        """The rollups that would have answered most of what was asked so far."""
        return worth_keeping(self._parts.asked.shapes(), self.catalog, self.contents) if self._parts.asked is not None else ()

    @property
    def rollups(self) -> Rollups | None:
        """What is kept ready, None where nothing is declared or the engine keeps nothing."""
        return self._parts.rollups

    def catch_up(self) -> int:
        """Tell people what they were refused and can be answered now, and send what a crash kept back; how many were told.

        Raises OutsideFailed and WrongSettings when the ledger cannot be used.
        """
        teaching, now = self._parts.teaching, self._parts.clock()
        teaching.enquiries.resume(now=now)
        return teaching.refusals.tell(self._would_answer, now=now)

    def _would_answer(self, person: str, text: str) -> bool:
        """Whether this person would get an answer to a question, in private; nothing is done for it but reading."""
        turn = Turn(text, person=person)
        reading, _ = self.understand(turn)
        if not isinstance(reading, Understood) or not isinstance(reading.request, MetricQuestion) or reading.ignored:
            return False
        return self.reply(turn).outcome == "understood"

    def _serve(self, exchange: Exchange, request: Request, assumed: tuple[str, ...], ignored: tuple[str, ...], *, agreed: bool) -> Reply:
        """Permit and do what was understood, or ask back or propose it where it waits for a yes."""
        key = f"turn:{exchange.turn.id}" if exchange.turn.id else self._parts.new_id()
        if self._is_for_them_alone(exchange, request):
            return self._promised(exchange, request, f"{key}:privately", "privately", assumed, ignored)
        if isinstance(request, Errand):
            with timed(exchange.timings, "permit"):
                self._parts.permit.decide(request, exchange.asker)
            if exchange.turn.id and office.acts(request) and self._has_acted(key):
                return self._repeat(exchange, key)
            match office.prepare(request, replace(self._task(exchange, key), agreed=agreed, ignored=ignored)):
                case office.Proposal() as proposal:
                    return self._propose(exchange, proposal, key, (*assumed, *proposal.assumed), ignored)
                case office.Settled(errand=settled, assumed=taken):
                    request, assumed = settled, (*assumed, *taken)
                case Clarify() as question:
                    return self._go_on(exchange, replace(question, assumed=(*assumed, *question.assumed), ignored=(*ignored, *question.ignored)))
        if isinstance(request, MetricQuestion) and (later := self._awaited(exchange, request)) is not None:
            self._dialogue.remember_asked(exchange, replace(exchange.state, request=request, pending=None), request)
            said = self._parts.wording.unsupported(later)
            return self._said(
                exchange, "unsupported", said, request=request, reason=later.reason, suggestions=later.suggestions, assumed=assumed, ignored=ignored
            )
        try:
            answer = self._do(exchange, request, key)
        except DeadlinePassed:
            if isinstance(request, MetricQuestion) and self._parts.permit.has_address(exchange.asker):
                return self._promised(exchange, request, f"{key}:later", "later", assumed, ignored)
            raise
        state = exchange.state.answered(request, named_rows(answer))
        acted = isinstance(request, Errand) and office.acts(request)
        state = state.acted(exchange.turn.id, key) if acted else state
        offer = self._offered(exchange, answer, key) if acted else None
        self._dialogue.remember_asked(exchange, replace(state, pending=offer[0]) if offer is not None else state, request)
        self._dialogue.keep(exchange, state.heard(Asked(text=exchange.turn.text, person=exchange.speaker, request=request)), assumed)
        if offer is not None:
            return self._offering(exchange, offer[1], assumed, ignored)
        return self._answered(exchange, request, answer, assumed, ignored)

    def _is_for_them_alone(self, exchange: Exchange, request: Request) -> bool:
        """Whether the answer must not be told here, and can be sent to the asker. Raises NotPermitted."""
        with timed(exchange.timings, "permit"):
            return self._parts.permit.weigh(request, exchange.asker).instead is not None

    def _promised(
        self, exchange: Exchange, request: Request, key: str, why: Literal["later", "privately"], assumed: tuple[str, ...], ignored: tuple[str, ...]
    ) -> Reply:
        """Write down that the asker gets the answer, `later` or `privately`, where nobody else reads along; what is said here tells nothing of it."""
        assert exchange.speaker is not None
        ledger = self._parts.office().ledger
        outbox.promise(ledger, key=key, person=exchange.speaker, request=request, utterance=exchange.turn.text, assumed=assumed)
        self._dialogue.remember(exchange, replace(exchange.state, pending=None))
        return self._said(exchange, "understood", self._parts.wording.aside(why), ignored=ignored)

    def compose(self, item: WorkItem) -> Reply:
        """The answer that was promised to a person, found and permitted now; a refusal where they may not have it any more.

        Raises OutsideFailed where it cannot be found at present.
        """
        promised = outbox.promised(item)
        turn = Turn(promised.utterance, person=item.person, id=item.key)
        timings: dict[str, float] = {}
        try:
            asker = self._parts.permit.asker(person=item.person, device=None, audience="private", place="chat", confidence="account")
            exchange = Exchange(turn=turn, asker=asker, now=self._parts.clock(), state=State(), timings=timings)
            return self._answered(exchange, promised.request, self._do(exchange, promised.request, item.key), promised.assumed, ())
        except AskerCanFix as error:
            return self._refusal(turn, error, timings)

    def _has_acted(self, key: str) -> bool:
        """Whether something was done under this key already: then it is told again, and not looked for in what it changed."""
        action = self._parts.office().ledger.find(key)
        return action is not None and action.result is not None

    def _task(self, exchange: Exchange, key: str) -> office.Task:
        """An errand of this turn, on its way."""
        parts = self._parts
        return office.Task(office=parts.office(), organization=parts.organization, asker=exchange.asker, now=exchange.now, key=key)

    def _awaited(self, exchange: Exchange, request: MetricQuestion) -> Unsupported | None:
        """Why what was understood is not answered yet; first it must be permitted, for a refusal names what it is about. Raises NotPermitted."""
        with timed(exchange.timings, "permit"):
            grant = self._parts.permit.decide(request, exchange.asker)
        return awaited(request, self._parts.hearing.view(grant).catalog)

    def _propose(self, exchange: Exchange, proposal: office.Proposal, key: str, assumed: tuple[str, ...], ignored: tuple[str, ...]) -> Reply:
        errand, answer = proposal.errand, proposal.answer
        waiting = Waiting(kind="confirm", action=errand, key=key, turn=exchange.turn.id, person=exchange.speaker)
        self._dialogue.remember(exchange, replace(exchange.state, pending=waiting))
        assumed = (*assumed, *taken_for_granted(answer))
        said = self._parts.wording.answer(answer, assumed=assumed, ignored=ignored)
        question = said.text if exchange.turn.conversation else f"{said.text}\nConfirm with --yes, or ask within a conversation."
        return self._said(exchange, "confirm", said, request=errand, answer=answer, question=question, assumed=assumed, ignored=ignored)

    def _agreed(self, exchange: Exchange, waiting: Waiting | None, reaction: Reaction) -> Reply:
        """A yes or a no: to the action that waits for it, else to nothing."""
        if waiting is None:
            return self._said(exchange, "understood", self._parts.wording.aside("nothing_pending"))
        if waiting.action is not None and exchange.speaker not in (waiting.person, None):  # nobody unnamed acts, `permit` tells them why
            return self._said(exchange, "understood", self._parts.wording.aside("not_yours"))
        if reaction == "no" or waiting.action is None:
            self._dialogue.remember(exchange, replace(exchange.state, pending=None))
            return self._said(exchange, "understood", self._parts.wording.aside("declined"))
        answer = self._do(exchange, waiting.action, waiting.key)
        state = exchange.state.answered(waiting.action, None).acted(exchange.turn.id, waiting.key)
        offer = self._offered(exchange, answer, waiting.key)
        self._dialogue.remember(exchange, replace(state, pending=offer[0]) if offer is not None else state)
        if offer is not None:
            return self._offering(exchange, offer[1], (), ())
        return self._answered(exchange, waiting.action, answer, (), ())

    def _offered(self, exchange: Exchange, answer: Answer, key: str) -> tuple[Waiting, office.Proposal] | None:
        """What is offered once something was done, waiting for a yes; only where a yes can follow."""
        proposal = office.afterwards(answer, self._task(exchange, key)) if exchange.turn.conversation else None
        if proposal is None:
            return None
        return Waiting(kind="confirm", action=proposal.errand, key=f"{key}:offer", turn=exchange.turn.id, person=exchange.speaker), proposal

    def _offering(self, exchange: Exchange, proposal: office.Proposal, assumed: tuple[str, ...], ignored: tuple[str, ...]) -> Reply:
        said = self._parts.wording.answer(proposal.answer, assumed=assumed, ignored=ignored)
        return self._said(exchange, "confirm", said, request=proposal.errand, answer=proposal.answer, question=said.text, assumed=assumed, ignored=ignored)

    def _repeat(self, exchange: Exchange, key: str) -> Reply:
        """The turn has acted already: say again what came of it."""
        action = self._parts.office().ledger.find(key)
        if action is None:
            raise OutsideFailed("I can't find what became of that.", remedy="Ask for its status.", reference=key)
        request = decode_request(json.loads(action.request))
        return self._answered(exchange, request, self._do(exchange, request, key), (), ())

    def _do(self, exchange: Exchange, request: Request, key: str) -> Answer:
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
                return analysis.answer(request, self._data(exchange, grant))
            case Help(topic=str() as topic) if topic in offers.TOPICS:
                return offers.about(topic, intents=parts.intents)
            case Help():
                view = parts.hearing.view(grant)
                return offers.offer(grant, view.catalog, view.contents, parts.organization, intents=parts.intents)
            case _:
                return office.carry_out(request, self._task(exchange, key))

    def _data(self, exchange: Exchange, grant: Grant) -> analysis.Data:
        """What the analyses read through, for this turn."""
        parts, view = self._parts, self._parts.hearing.view(grant)
        return analysis.Data(
            questions=parts.questions,
            decide=lambda question: parts.permit.decide(question, exchange.asker),
            catalog=view.catalog,
            contents=view.contents,
            now=exchange.now,
            deadline=exchange.turn.deadline,
            timings=exchange.timings,
        )

    def _answered(self, exchange: Exchange, request: Request, answer: Answer, assumed: tuple[str, ...], ignored: tuple[str, ...]) -> Reply:
        assumed = (*assumed, *taken_for_granted(answer))
        with timed(exchange.timings, "word"):
            said = self._parts.wording.answer(answer, assumed=assumed, ignored=ignored)
            chart = charts.describe(answer, name=self._parts.wording.name, alt=said.speech)
        return replace(self._said(exchange, "understood", said, request=request, answer=answer, assumed=assumed, ignored=ignored), chart=chart)

    def _said(self, exchange: Exchange, outcome: Outcome, said: Said, **facts: object) -> Reply:
        reply = Reply(outcome=outcome, utterance=exchange.turn.text, speech=said.speech, text=said.text, timings=exchange.timings)
        return replace(reply, **facts)  # type: ignore[arg-type]  # the callers above name fields of Reply

    def _refusal(self, turn: Turn, error: InsightsError, timings: dict[str, float]) -> Reply:
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

    def _examples(self, asker: Asker) -> tuple[str, ...]:
        grant = self._parts.permit.grant(asker)
        view = self._parts.hearing.view(grant)
        return offers.examples(grant, view.catalog, view.contents, most=3)

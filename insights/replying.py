"""Turn -> Reply: what a turn is in its conversation, and what becomes of what it means."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from insights import handing, offers, origins
from insights.administering import Administration
from insights.conversation import Pending as Waiting
from insights.conversation import State
from insights.courtesy import courtesy
from insights.dialogue import Dialogue
from insights.errors import InsightsError, NotAnswerable, OutsideFailed
from insights.exchange import Exchange, timed
from insights.language import usage
from insights.language.emergencies import emergency
from insights.language.handbook import is_asked, is_of_ours
from insights.language.troubles import REVISION
from insights.parts import Parts
from insights.permit import Asker
from insights.reactions import Picked, react
from insights.remarks import Remarks, Response
from insights.requests import Clarify, Errand, LookUp, MetricQuestion, RaiseTicket, Reading, Request, Understood, Unsupported
from insights.serving import Service
from insights.turns import FIRST_YEAR, LAST_YEAR, Reply, Turn

if TYPE_CHECKING:
    from insights.helpdesk import Attachment

log = logging.getLogger(__name__)


class Replying:
    """Made for one turn: the definitions and the data are those it begins with, whatever is renewed meanwhile."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @property
    def _dialogue(self) -> Dialogue:
        return Dialogue(self._parts)

    @property
    def _remarks(self) -> Remarks:
        return Remarks(self._parts)

    @property
    def _service(self) -> Service:
        return Service(self._parts)

    def reply(self, turn: Turn) -> Reply:
        """Answer one turn; whatever goes wrong becomes a reply that says so."""
        timings: dict[str, float] = {}
        exchange: Exchange | None = None
        try:
            self._parts = replace(self._parts, wording=self._parts.wording.speaking(turn.locale))
            if turn.now is not None and not FIRST_YEAR <= turn.now.year <= LAST_YEAR:
                raise NotAnswerable(f"I can't count from the year {turn.now.year}.", remedy=f"The time must lie between {FIRST_YEAR} and {LAST_YEAR}.")
            asker = self.asker(turn)
            exchange = Exchange(turn=turn, asker=asker, now=turn.now or self._parts.clock(), state=self._dialogue.recall(turn), timings=timings)
            return self._safe(turn, self._noted(exchange, self._converse(exchange)))
        except InsightsError as error:
            refused = self._service.refusal(turn, error, timings)
            if exchange is None:
                return self._safe(turn, refused)
            self._dialogue.let_go(exchange)
            return self._safe(turn, self._noted(exchange, refused))
        except Exception:
            reference = self._parts.new_id()[:8]
            log.exception("turn failed, reference %s", reference)
            failure = OutsideFailed(f"Something went wrong on our side (reference {reference}).", remedy="Please try again.", reference=reference)
            return self._safe(turn, self._service.refusal(turn, failure, timings))

    def attach(self, turn: Turn, file: Attachment, ticket: str | None) -> Reply:
        """See `Assistant.attach`."""
        timings: dict[str, float] = {}
        try:
            exchange = Exchange(turn=turn, asker=self.asker(turn), now=turn.now or self._parts.clock(), state=State(), timings=timings)
            return self._safe(turn, self._service.attach(exchange, file, ticket))
        except InsightsError as error:
            return self._safe(turn, self._service.refusal(turn, error, timings))

    def understand(self, turn: Turn, previous: Request | None) -> tuple[Reading, str | None]:
        """See `Assistant.understand`."""
        parts, dialogue = self._parts, self._dialogue
        asker = self.asker(turn)
        now = turn.now or parts.clock()
        grant, taught = parts.permit.grant(asker), dialogue.taught(asker)
        reading = dialogue.granted(parts.hearing.understand(turn.text, grant, now=now, previous=previous, room=asker.room, taught=taught), asker)
        reading = dialogue.permitted(reading, asker)
        return reading, parts.wording.question(reading).text if isinstance(reading, Clarify) else None

    def follow(self, turn: Turn, state: State) -> tuple[Reading, str | None, State]:
        """See `Assistant.follow`."""
        asker = self.asker(turn)
        turn = replace(turn, conversation=None)  # nothing is written
        reading, after = self._dialogue.follow(Exchange(turn=turn, asker=asker, now=turn.now or self._parts.clock(), state=state, timings={}))
        reading = self._dialogue.permitted(reading, asker)
        return reading, self._parts.wording.question(reading).text if isinstance(reading, Clarify) else None, after

    def asker(self, turn: Turn) -> Asker:
        """Who asks, where, before whom. Raises UnknownThing and NotPermitted for somebody not known or not active, and where nothing is answered."""
        if turn.channel is not None and turn.audience == "channel":
            Administration(self._parts).places().decide(turn.channel)
        device = turn.device
        placed = self._parts.introductions.device((device,)) if device is not None and device not in self._parts.organization.devices else None
        return self._parts.permit.asker(
            person=turn.person,
            device=placed or device,
            audience=turn.audience,
            place=turn.place,
            confidence=turn.confidence,
            listeners=turn.listeners,
            strangers=turn.strangers,
        )

    def _safe(self, turn: Turn, reply: Reply) -> Reply:
        """What to do about fire, leak and injury goes before everything else, whoever says it and whatever becomes of the rest."""
        kind = emergency(turn.text)
        if kind is None or isinstance(reply.request, MetricQuestion):
            return reply
        said = self._parts.organization.help_desk.emergency[kind]
        question = f"{said}\n{reply.question}" if reply.question else reply.question
        return replace(reply, speech=f"{said} {reply.speech}", text=f"{said}\n{reply.text}", question=question)

    def _noted(self, exchange: Exchange, reply: Reply) -> Reply:
        """The reply with the ways out of a doubt; what was refused to somebody known is kept until it can be answered."""
        if reply.outcome in ("unsupported", "denied") and exchange.speaker is not None:
            self._parts.teaching.refusals.keep(exchange.turn.text, exchange.speaker, now=exchange.now)
        return self._remarks.doubted(exchange, reply)

    def _converse(self, exchange: Exchange) -> Reply:
        """What the turn is in this conversation: one that arrived before, the reply to a question, or something new."""
        turn, state = exchange.turn, exchange.state
        key = state.key_of(turn.id)
        if key is not None:
            return self._service.repeat(exchange, key)
        if turn.about is not None:
            kept, assumed = self._dialogue.come_back(exchange)
            if not turn.text.strip():
                return self._once_more(exchange, kept, assumed)
            state = exchange.state
        if turn.request is not None:
            return self._go_on(exchange, Understood(request=turn.request))
        if turn.files:
            attached = handing.handed_over(self._service, exchange)
            exchange.turn = replace(turn, files=())
            return attached or handing.left_alone(self._converse(exchange))
        waiting = self._dialogue.waiting(exchange)
        if waiting is None and turn.answers is None and turn.about is None and turn.topic is None:
            waiting = self._dialogue.asked_elsewhere(exchange)
            state = exchange.state
        if turn.answers is not None and (waiting is None or waiting.turn != turn.answers):
            return self._service.said(exchange, "understood", self._parts.wording.aside("nothing_pending"))
        reaction = react(turn.text, waiting)
        revised = self._revised(exchange, waiting) if reaction is None else None
        if revised is not None:
            return self._go_on(exchange, revised)
        response = self._remarks.hear(exchange, waiting) if reaction is None else None
        if response is not None:
            return self._respond(exchange, response)
        about = origins.about_last(turn.text, state) if reaction is None and waiting is None else None
        if about is not None:
            return self._service.origin(exchange, about)
        if reaction is None and waiting is None and origins.asks_assumed(turn.text):
            return self._service.said(exchange, "understood", self._remarks.assumed(exchange))
        if reaction in ("yes", "no"):
            return self._service.agreed(exchange, waiting, reaction)
        if reaction == "else":
            exchange.state = replace(state, pending=None)
            return self._go_on(exchange, Unsupported(reason="All right, none of these. Say it in other words."))
        polite = courtesy(turn.text) if reaction is None else None
        if polite is not None:
            return self._service.said(exchange, "understood", self._parts.wording.aside(polite))
        with timed(exchange.timings, "understand"):
            reading = self._dialogue.read(exchange, waiting, reaction)
        if reading is None:
            self._dialogue.remember(exchange, exchange.state)
            return self._service.said(exchange, "understood", self._parts.wording.aside("started_over"))
        agreed = waiting is not None and waiting.offer and isinstance(reaction, Picked)
        return self._go_on(exchange, reading, agreed=agreed)

    def _revised(self, exchange: Exchange, waiting: Waiting | None) -> Reading | None:
        """A report that is read back, corrected in place of a yes; None for everything else."""
        if waiting is None or not isinstance(waiting.action, RaiseTicket) or exchange.speaker != waiting.person:
            return None
        grant = self._parts.permit.grant(exchange.asker)
        reading = self._parts.hearing.complete(waiting.action, REVISION, exchange.turn.text, grant, now=exchange.now)
        return None if isinstance(reading, Unsupported) else reading

    def _once_more(self, exchange: Exchange, request: MetricQuestion, assumed: tuple[str, ...]) -> Reply:
        """An answer again, here and for whoever wants it here. Raises NotPermitted for what is not for everybody here."""
        answer = self._service.do(exchange, request, self._parts.new_id())
        self._dialogue.remember(exchange, exchange.state, answered=True, assumed=assumed)
        return self._service.answered(exchange, request, answer, assumed, ())

    def _respond(self, exchange: Exchange, response: Response) -> Reply:
        """What comes of a remark about what was said."""
        if response.reading is not None:
            reply = self._go_on(exchange, response.reading)
            return replace(reply, suggestions=(*reply.suggestions, *response.suggestions))
        assert response.said is not None
        if response.asks_back:
            question = response.said.text
            return self._service.said(exchange, "clarify", response.said, question=question, suggestions=response.suggestions)
        return self._service.said(exchange, "understood", response.said, suggestions=response.suggestions)

    def _go_on(self, exchange: Exchange, reading: Reading, *, agreed: bool = False) -> Reply:
        """What becomes of a reading: it is served, asked back, or refused. `agreed`: nothing of it waits for a yes any more."""
        turn, state = exchange.turn, exchange.state
        if self._parts.organization.people:
            reading = usage.uncounted(turn.text, reading, self._parts.catalog, [room.name for room in self._parts.organization.rooms.values()])
        match reading:
            case Understood(request=request, assumed=assumed, ignored=ignored):
                return self._service.serve(exchange, request, assumed, ignored, agreed=agreed or turn.yes)
            case Clarify(partial=partial):
                if isinstance(partial, Errand):
                    self._parts.permit.weigh(partial, exchange.asker)  # nobody is asked for more of what they may not have
                return self._service.ask_back(exchange, reading)
            case Unsupported(firm=False) if self._is_about_company(exchange, reading):
                return self._service.serve(exchange, LookUp(question=turn.text), (), (), agreed=False)
            case Unsupported(firm=False) if self._sounds_like_trouble(exchange):
                report = self._parts.hearing.complete(
                    RaiseTicket(room=exchange.asker.room), "what", turn.text, self._parts.permit.grant(exchange.asker), now=exchange.now
                )
                assert isinstance(report, Understood)
                return self._service.serve(exchange, report.request, ("it is something to report",), (), agreed=False)
            case Unsupported(firm=False) if self._is_for_the_office(exchange):
                return self._service.serve(exchange, LookUp(question=turn.text), (), (), agreed=False)
            case Unsupported(reason=reason, suggestions=suggestions):
                offered = suggestions or self._examples(exchange.asker)
                self._dialogue.remember_asked(exchange, state)
                said = self._parts.wording.unsupported(replace(reading, suggestions=offered))
                return self._service.said(exchange, "unsupported", said, reason=reason, suggestions=offered)
            case _:
                assert_never(reading)

    def _is_about_company(self, exchange: Exchange, reading: Clarify | Unsupported) -> bool:
        """Whether what is not understood as a question about data is one that the handbook answers, or at least has places for."""
        text = exchange.turn.text
        if isinstance(exchange.state.request, MetricQuestion) and not is_asked(text):
            return False  # "only the first ten", after a list of orders, is about that list
        named = self._parts.hearing.names_data(text, self._parts.permit.grant(exchange.asker))
        known = self._parts.office().company.knows(text, asker=exchange.asker, beside_data=named)
        return known == "answered" or (known == "sources" and not isinstance(reading, Clarify))

    def _sounds_like_trouble(self, exchange: Exchange) -> bool:
        """Whether somebody known says what nobody understood and what sounds like a report; it is read back, so that a no is enough."""
        if exchange.speaker is None or exchange.state.pending is not None or not self._parts.office().tickets.suspects(exchange.turn.text):
            return False
        return not self._parts.hearing.names_data(exchange.turn.text, self._parts.permit.grant(exchange.asker))

    def _is_for_the_office(self, exchange: Exchange) -> bool:
        """Whether somebody known asks what they may or what the company does, and names no data: then a person can tell what nobody wrote down."""
        if exchange.speaker is None or exchange.state.pending is not None or not is_of_ours(exchange.turn.text):
            return False
        return not self._parts.hearing.names_data(exchange.turn.text, self._parts.permit.grant(exchange.asker))

    def _examples(self, asker: Asker) -> tuple[str, ...]:
        grant = self._parts.permit.grant(asker)
        view = self._parts.hearing.view(grant)
        return offers.examples(grant, view.catalog, view.contents, most=3)

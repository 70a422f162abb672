"""Turn -> Reply: what a turn is in its conversation, and what becomes of what it means."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, assert_never

from insights import handing, offers, origins
from insights.administering import Administration
from insights.answers import MetricAnswer
from insights.catalog.model import Catalog
from insights.catalog.values import Contents
from insights.conversation import Pending as Waiting
from insights.conversation import State
from insights.courtesy import courtesy
from insights.curating import Curator
from insights.delivery import ratings
from insights.dialogue import Dialogue, Exchange, timed
from insights.errors import InsightsError, NotAnswerable, OutsideFailed
from insights.introductions import Introductions
from insights.lake.waiting import waiting
from insights.language import usage
from insights.language.emergencies import emergency
from insights.language.handbook import is_asked, is_of_ours
from insights.language.troubles import REVISION
from insights.parts import Parts, Teaching
from insights.permit import Asker, Permit
from insights.query.asked import Proposal, worth_keeping
from insights.reactions import Picked, react
from insights.recalling import Recalling
from insights.remarks import Remarks, Response
from insights.requests import Clarify, Errand, LookUp, MetricQuestion, RaiseTicket, Reading, Request, Understood, Unsupported
from insights.serving import Service
from insights.turns import FIRST_YEAR, LAST_YEAR, Reply, Turn
from insights.wording import Wording
from insights.wording.formats import speaking_to

if TYPE_CHECKING:
    from insights.delivery.port import Channel
    from insights.delivery.reconcile import Witness
    from insights.delivery.worker import Composed
    from insights.helpdesk import Attachment
    from insights.ledger.port import Ledger, WorkItem
    from insights.organization import Organization
    from insights.query.building import Rollups
    from insights.tickets.port import Tickets

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
    def _service(self) -> Service:
        return Service(self._parts)

    @property
    def curator(self) -> Curator:
        """What those who keep the definitions need."""
        return Curator(self._parts)

    @property
    def administration(self) -> Administration:
        """What administrators see and decide."""
        return Administration(self._parts)

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

    def acted(self, turn: str) -> bool:
        """Whether the turn of this id did something already."""
        action = self._parts.office().ledger.find(f"turn:{turn}")
        return action is not None and action.result is not None

    def news(self) -> int:
        """Ask other systems what has become of what was filed there, and tell those whom it concerns; how much there was."""
        return self._parts.office().catch_up(self._parts.clock())

    def keep_rooms(self, now: datetime) -> Mapping[str, int]:
        """Do what is due about rooms by itself; how many of each were done."""
        return self._parts.office().meetings.keeping.work(now)

    def announce_meetings(self, people: Iterable[str], now: datetime) -> int:
        """Plan what these people (ids) are told before their meetings; how many messages are new. `now` is aware."""
        return self._parts.office().meetings.before.plan(people, now)

    def snapshots(self) -> int:
        """Write what the office's figures are read from; how many files changed."""
        return self._parts.office().snapshots()

    def _count_office(self) -> None:
        """Bring the figures of the office up to date for somebody who asks for them, whether `insights work` runs or not."""
        try:
            if self.snapshots():
                self.renew()
        except InsightsError as error:  # then they are as they were counted last, and say so
            log.warning("the figures of the office cannot be counted now: %s", error)

    @property
    def ledger(self) -> Ledger:
        """The transactional store, opened now if it was not."""
        return self._parts.office().ledger

    @property
    def introductions(self) -> Introductions:
        """Who speaks at a door, and where, as far as the ledger knows."""
        return Introductions(self.organization, lambda: self.ledger, self._parts.clock)

    @property
    def recalling(self) -> Recalling:
        """What was said last, and answers that can be sent later."""
        return Recalling(self._parts, self._asker)

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
        with waiting(turn.deadline), speaking_to(turn.locale):
            if self.organization.people and usage.subject(turn.text) is not None:
                self._count_office()
            return Assistant(self._parts)._reply(turn)

    def _reply(self, turn: Turn) -> Reply:
        timings: dict[str, float] = {}
        exchange: Exchange | None = None
        try:
            self._parts = replace(self._parts, wording=self._parts.wording.speaking(turn.locale))
            if turn.now is not None and not FIRST_YEAR <= turn.now.year <= LAST_YEAR:
                raise NotAnswerable(f"I can't count from the year {turn.now.year}.", remedy=f"The time must lie between {FIRST_YEAR} and {LAST_YEAR}.")
            asker = self._asker(turn)
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

    def attach(self, turn: Turn, file: Attachment, *, ticket: str | None = None) -> Reply:
        """Attach a file to a ticket of the asker's (None: their only open one); what was said with it is its note. A turn with an `id` attaches once."""
        timings: dict[str, float] = {}
        try:
            exchange = Exchange(turn=turn, asker=self._asker(turn), now=turn.now or self._parts.clock(), state=State(), timings=timings)
            return self._safe(turn, self._service.attach(exchange, file, ticket))
        except InsightsError as error:
            return self._safe(turn, self._service.refusal(turn, error, timings))

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
        """Who asks, where, before whom. Raises UnknownThing and NotPermitted for somebody not known or not active, and where nothing is answered."""
        if turn.channel is not None and turn.audience == "channel":
            self.administration.places().decide(turn.channel)
        device = turn.device
        placed = self.introductions.device((device,)) if device is not None and device not in self.organization.devices else None
        return self._parts.permit.asker(
            person=turn.person,
            device=placed or device,
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
            return self._origin(exchange, about)
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

    def _sounds_like_trouble(self, exchange: Exchange) -> bool:
        """Whether somebody known says what nobody understood and what sounds like a report; it is read back, so that a no is enough."""
        if exchange.speaker is None or exchange.state.pending is not None or not self._parts.office().tickets.suspects(exchange.turn.text):
            return False
        return not self._parts.hearing.names_data(exchange.turn.text, self._parts.permit.grant(exchange.asker))

    def _revised(self, exchange: Exchange, waiting: Waiting | None) -> Reading | None:
        """A report that is read back, corrected in place of a yes; None for everything else."""
        if waiting is None or not isinstance(waiting.action, RaiseTicket) or exchange.speaker != waiting.person:
            return None
        grant = self._parts.permit.grant(exchange.asker)
        reading = self._parts.hearing.complete(waiting.action, REVISION, exchange.turn.text, grant, now=exchange.now)
        return None if isinstance(reading, Unsupported) else reading

    def _origin(self, exchange: Exchange, request: MetricQuestion) -> Reply:
        """How the last answer came about: it is asked again, by whoever wants to know, and what it rests on is said."""
        answer = self._service.do(exchange, request, self._parts.new_id())
        assert isinstance(answer, MetricAnswer)
        return self._service.said(exchange, "understood", self._parts.wording.origin(answer), request=request, answer=answer)

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
        if self.organization.people:
            reading = usage.uncounted(turn.text, reading, self.catalog, [room.name for room in self.organization.rooms.values()])
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

    def _is_for_the_office(self, exchange: Exchange) -> bool:
        """Whether somebody known asks what they may or what the company does, and names no data: then a person can tell what nobody wrote down."""
        if exchange.speaker is None or exchange.state.pending is not None or not is_of_ours(exchange.turn.text):
            return False
        return not self._parts.hearing.names_data(exchange.turn.text, self._parts.permit.grant(exchange.asker))

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

    def rate(self, turn: str, person: str, *, good: bool) -> bool:
        """Keep what somebody thinks of the answer to a turn; False when they had said so already."""
        return ratings.rate(self.ledger, turn, person, good=good, now=self.now())

    def look(self, now: datetime) -> Mapping[str, int]:
        """Look at what people follow and is due (`now` aware), and put what is to be told into the outbox."""
        from insights.digesting import Digesting

        return Digesting(self._parts).look(now)

    def compose(self, item: WorkItem, channel: Channel | None = None) -> Composed:
        """What was promised, is followed or is sent on, found and permitted now; a refusal where they may not have it any more.

        Raises OutsideFailed where it cannot be found at present.
        """
        if channel is not None and not channel.closed and not self.administration.places().allow(channel.id):
            channel = replace(channel, closed="I am not to write in this channel.")
        return self._service.compose(item, channel)

    def _would_answer(self, person: str, text: str) -> bool:
        """Whether this person would get an answer to a question, in private; nothing is done for it but reading."""
        turn = Turn(text, person=person)
        reading, _ = self.understand(turn)
        if not isinstance(reading, Understood) or not isinstance(reading.request, MetricQuestion) or reading.ignored:
            return False
        return self.reply(turn).outcome == "understood"

    def _examples(self, asker: Asker) -> tuple[str, ...]:
        grant = self._parts.permit.grant(asker)
        view = self._parts.hearing.view(grant)
        return offers.examples(grant, view.catalog, view.contents, most=3)

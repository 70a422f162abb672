"""The assistant as doors and `insights work` see it: replies to turns, and what is done without one."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING

from insights.administering import Administration
from insights.catalog.model import Catalog
from insights.catalog.values import Contents
from insights.conversation import State
from insights.curating import Curator
from insights.delivery import ratings
from insights.errors import InsightsError
from insights.introductions import Introductions
from insights.lake.waiting import waiting
from insights.language import usage
from insights.parts import Parts, Teaching
from insights.permit import Permit
from insights.query.asked import Proposal, worth_keeping
from insights.recalling import Recalling
from insights.replying import Replying
from insights.requests import MetricQuestion, Reading, Request, Understood
from insights.serving import Service
from insights.turns import Reply, Turn
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
        return self._parts.introductions

    @property
    def recalling(self) -> Recalling:
        """What was said last, and answers that can be sent later."""
        return Recalling(self._parts, Replying(self._parts).asker)

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
            return Replying(self._parts).reply(turn)

    def attach(self, turn: Turn, file: Attachment, *, ticket: str | None = None) -> Reply:
        """Attach a file to a ticket of the asker's (None: their only open one); what was said with it is its note. A turn with an `id` attaches once."""
        return Replying(self._parts).attach(turn, file, ticket)

    def understand(self, turn: Turn, *, previous: Request | None = None) -> tuple[Reading, str | None]:
        """What a turn means, without acting or writing; a question back comes with its wording, and names only what the asker may see.

        Raises UnknownThing and NotPermitted for an asker who does not exist or is not active.
        """
        return Replying(self._parts).understand(turn, previous)

    def follow(self, turn: Turn, state: State) -> tuple[Reading, str | None, State]:
        """As `understand`, within a conversation that the caller keeps: it begins with `State()`, and comes back as it is after the turn."""
        return Replying(self._parts).follow(turn, state)

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
        return Service(self._parts).compose(item, channel)

    def _would_answer(self, person: str, text: str) -> bool:
        """Whether this person would get an answer to a question, in private; nothing is done for it but reading."""
        turn = Turn(text, person=person)
        reading, _ = self.understand(turn)
        if not isinstance(reading, Understood) or not isinstance(reading.request, MetricQuestion) or reading.ignored:
            return False
        return self.reply(turn).outcome == "understood"

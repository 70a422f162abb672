"""Propose and raise a ticket, tell how it stands, change it, and tell everybody of an outage."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from insights.answers import KnownFix, Outage, OutageAnswer, TicketAnswer, TicketsAnswer
from insights.contract import decode_request, encode
from insights.delivery.port import Channel
from insights.errors import InsightsError, NotAnswerable
from insights.helpdesk import PRIORITIES, Attachment
from insights.language.emergencies import emergency
from insights.ledger.helpdesk import StoredOutage
from insights.ledger.once import Step, once, silent
from insights.ledger.port import FiledTicket, Ledger, WorkItem
from insights.organization import Organization, Person
from insights.permit import Asker
from insights.requests import AnnounceOutage, Clarify, RaiseTicket, TicketStatus, UpdateTicket
from insights.tickets import known
from insights.tickets.announcing import Outages
from insights.tickets.changing import Changing
from insights.tickets.forms import missing
from insights.tickets.port import TicketSystem
from insights.tickets.register import Register, ticket_of
from insights.tickets.settling import Settled, Settling
from insights.tickets.standing import Standing
from insights.tickets.telling import Telling
from insights.tickets.threads import Threads
from insights.tickets.triage import Example, Judgement, Triage, triage
from insights.wording import Wording

KIND = "raise_ticket"
RECENT = timedelta(days=14)
"""How long a report counts as the same trouble as another."""


class TicketDesk:
    """Tickets of one organization over one provider. Safe to use from many threads."""

    def __init__(
        self,
        *,
        provider: TicketSystem,
        ledger: Callable[[], Ledger],
        organization: Organization,
        wording: Wording | None = None,
        judge: Callable[[], Triage] | None = None,
        holidays: Collection[date] = (),
    ) -> None:
        self._provider = provider
        self._ledger = ledger
        self._organization = organization
        self._desk = organization.help_desk
        self._judge = judge or (lambda: triage(organization.help_desk, None))
        self._register = Register(ledger=ledger, organization=organization, system=provider.name)
        self._standing = Standing(provider, self._register)
        self._settling = Settling(provider=provider, organization=organization, register=self._register, judge=self._judge, holidays=holidays)
        telling = Telling(ledger=ledger, wording=wording or Wording(), organization=organization)
        self._threads = Threads(ledger=ledger, organization=organization, register=self._register)
        self._changing = Changing(provider=provider, ledger=ledger, organization=organization, register=self._register, telling=telling, threads=self._threads)
        self._outages = Outages(ledger=ledger, organization=organization, telling=telling, category=lambda what: self._judge().judge(what).category)

    @property
    def changing(self) -> Changing:
        """What changes tickets, and can tell what became of an interrupted change."""
        return self._changing

    @property
    def outages(self) -> Outages:
        """What announces outages."""
        return self._outages

    @property
    def register(self) -> Register:
        """Every ticket that was filed through us."""
        return self._register

    def ask(self, request: RaiseTicket, *, asker: Asker, now: datetime) -> Clarify | None:
        """See the port."""
        if emergency(request.what) is not None:
            return None  # nothing is asked while it burns
        settled = self._settling.settle(request, asker)
        whole = settled.request
        if request.new is False and self._known_outage(settled) is None:
            again = known.same(whole.what, whole.room, settled.judged.category, self._register.open_since(now - RECENT))
            if again is not None:
                return known.is_it_this(request, again, asker, self._organization)
        return missing(whole, settled.form) if settled.form is not None else None

    def propose(self, request: RaiseTicket, *, asker: Asker, now: datetime) -> TicketAnswer:
        """See the port."""
        settled = self._settling.settle(request, asker)
        ticket = self._settling.proposed(settled, now)
        out = self._known_outage(settled)
        if out is not None:
            return TicketAnswer(status="known", ticket=ticket, outage=self._outages.told(out))
        what = settled.request.what
        assumed = () if request.room or ticket.room is None else (f"it is in {ticket.room_name}, because that is where you are",)
        helps = known.fix(what, self._desk) if emergency(what) is None else None
        fix = KnownFix(title=helps.title, steps=helps.steps) if helps is not None else None
        return TicketAnswer(status="proposed", ticket=ticket, assumed=assumed, fix=fix)

    def _known_outage(self, settled: Settled) -> StoredOutage | None:
        """The outage that it tells of; None where the person has said that it is something new."""
        request = settled.request
        return None if request.new else self._outages.met(request.what, request.room, settled.judged.category)

    def settled(self, request: RaiseTicket, proposed: TicketAnswer) -> RaiseTicket:
        """See the port."""
        return replace(request, room=proposed.ticket.room)

    def raise_ticket(self, request: RaiseTicket, *, asker: Asker, now: datetime, key: str, step: Step = silent) -> TicketAnswer:
        """See the port; `step` hears the steps of the action."""
        result = once(
            self._ledger(),
            key=key,
            kind=KIND,
            request=json.dumps(encode(request)),
            person=asker.person.id if asker.person else None,
            now=now,
            attempt=lambda: self._file(request, asker, key, now),
            found=lambda: self.found(key),
            step=step,
        )
        return self.answer(result)

    def _file(self, request: RaiseTicket, asker: Asker, key: str, now: datetime) -> str:
        settled = self._settling.settle(request, asker)
        out = self._known_outage(settled)
        if out is not None:
            if asker.person is not None:
                self._ledger().watch(out.id, asker.person.id)  # told when it is over
            known_one = TicketAnswer(status="known", ticket=self._settling.proposed(settled, now), outage=self._outages.told(out))
            return json.dumps(encode(known_one))
        person = self._concerned(settled.request, asker.person)
        filed = self._provider.file(self._settling.filing(settled, person, key), now=now)
        return self._registered(settled, person, filed)

    def _concerned(self, settled: RaiseTicket, asker: Person | None) -> Person | None:
        """Whose ticket it is: theirs whose words they are, in a thread that others made one of."""
        said = self._organization.people.get(settled.person or "") if settled.thread is not None else None
        return said if said is not None and said.active else asker

    def _registered(self, settled: Settled, person: Person | None, filed: FiledTicket) -> str:
        """Write the ticket down as ours, ask its approver, and give the result of the action."""
        ticket = self._settling.registered(settled, person, filed)
        self._ledger().register(ticket)
        self._threads.filed(ticket, settled.request.thread)
        if ticket.approver is not None:
            self._changing.ask_approvers(ticket)
        return json.dumps(encode(self._register.shown(ticket)))

    def status(self, request: TicketStatus, *, asker: Asker) -> TicketsAnswer:
        """See the port."""
        return self._outages.asked(request.about, asker=asker) if request.about is not None else self._standing.of(request, asker=asker)

    def update(self, request: UpdateTicket, *, asker: Asker, now: datetime, key: str, step: Step = silent) -> TicketAnswer:
        """See the port."""
        return self._changing.update(request, asker=asker, now=now, key=key, step=step)

    def attach(self, file: Attachment, request: UpdateTicket, *, asker: Asker, now: datetime, key: str) -> TicketAnswer:
        """See the port."""
        return self._changing.attach(file, request, asker=asker, now=now, key=key)

    def propose_outage(self, request: AnnounceOutage, *, asker: Asker, now: datetime) -> OutageAnswer:
        """See the port."""
        return self._outages.propose(request, asker=asker, now=now)

    def announce(self, request: AnnounceOutage, *, asker: Asker, now: datetime, key: str) -> OutageAnswer:
        """See the port."""
        return self._outages.announce(request, asker=asker, now=now, key=key)

    def faulty_rooms(self, *, now: datetime) -> Mapping[str, str]:
        """See the port."""
        return self._register.faulty_rooms(now - RECENT)

    def suspects(self, said: str) -> bool:
        """See the port."""
        return self._judge().suspects(said)

    def judge(self, what: str) -> Judgement:
        """See the port."""
        return self._judge().judge(what)

    def solved_reports(self) -> tuple[Example, ...]:
        """See the port."""
        solved = (one for one in self._ledger().registered_since(None) if not one.is_open and one.approval != "rejected")
        return tuple(
            Example(text=one.what, category=one.category, priority=level)
            for one in solved
            for level in PRIORITIES
            if level == one.priority and one.category in self._desk.categories
        )

    def catch_up(self, *, now: datetime) -> int:
        """Ask the system how the open tickets stand and bring what is new to those whom it concerns; how many had news. Each piece is told once."""
        return self._changing.catch_up(now=now)

    def found(self, key: str) -> str | None:
        """The result of the ticket filed under this key, or None: for reconciliation."""
        ours = self._ledger().registered(key)
        if ours is not None:
            return json.dumps(encode(self._register.shown(ours)))
        filed = self._provider.filed(key)
        if filed is None:
            return None
        action = self._ledger().find(key)
        asked = decode_request(json.loads(action.request)) if action is not None else None
        if not isinstance(asked, RaiseTicket):
            return json.dumps(encode(self._register.plain(filed, url=self._provider.url(filed.id))))
        person = self._organization.people.get(action.person or "") if action is not None else None
        settled = self._settling.settle(asked, Asker(person=person, audience="private"))
        return self._registered(settled, self._concerned(settled.request, person), filed)

    def told(self, item: WorkItem, channel: Channel | None) -> TicketAnswer | None:
        """See the port."""
        return self._threads.told(item, channel)

    def answer(self, result: str) -> TicketAnswer:
        """The answer that a recorded result stands for."""
        facts = json.loads(result)
        if facts["status"] == "known":
            outage = facts["outage"]
            since = datetime.fromisoformat(outage["since"])
            return TicketAnswer(status="known", ticket=ticket_of(facts["ticket"]), outage=Outage(**{**outage, "since": since}))
        return TicketAnswer(status="raised", ticket=ticket_of(facts))

    def undone(self, request: str) -> InsightsError:
        """What to tell the person whose ticket was interrupted and not filed."""
        asked = decode_request(json.loads(request))
        what = asked.what if isinstance(asked, RaiseTicket) else ""
        return NotAnswerable(f'I was interrupted, and no ticket was filed for "{what[:100]}".', remedy="Report it again if it is still so.")

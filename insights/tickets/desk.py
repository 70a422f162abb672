"""Propose and raise a ticket, tell how it stands, change it, and tell everybody of an outage."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from insights.answers import KnownFix, Outage, OutageAnswer, Ticket, TicketAnswer, TicketsAnswer
from insights.contract import decode_request, encode
from insights.delivery.port import Channel
from insights.errors import InsightsError, NotAnswerable, UnknownThing
from insights.helpdesk import PRIORITIES, Attachment, Emergency, RequestType
from insights.language.emergencies import emergency
from insights.ledger.helpdesk import Registered
from insights.ledger.once import Step, once, silent
from insights.ledger.port import FiledTicket, Ledger, WorkItem
from insights.organization import Organization, Person
from insights.permit import Asker
from insights.requests import AnnounceOutage, Clarify, RaiseTicket, TicketStatus, UpdateTicket
from insights.tickets import known
from insights.tickets.announcing import Outages
from insights.tickets.changing import Changing
from insights.tickets.due import due
from insights.tickets.forms import filled, form_of, missing
from insights.tickets.port import Filing, TicketSystem
from insights.tickets.register import Register, ticket_of
from insights.tickets.telling import Telling
from insights.tickets.threads import Threads
from insights.tickets.triage import Example, Judgement, Triage, triage
from insights.wording import Wording

KIND = "raise_ticket"
_DANGERS: Mapping[Emergency, tuple[str, ...]] = {"fire": ("building", "security"), "leak": ("building",), "injury": ("security", "building")}
LONGEST = 2000
"""Characters of a report that are kept."""
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
        self._holidays = holidays
        self._register = Register(ledger=ledger, organization=organization, system=provider.name)
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
        settled, form, judged = self._settled(request, asker)
        if request.new is False and self._outages.met(settled.what, settled.room, judged.category) is None:
            again = known.same(settled.what, settled.room, judged.category, self._register.open_since(now - RECENT))
            if again is not None:
                return known.is_it_this(request, again, asker, self._organization)
        return missing(settled, form) if form is not None else None

    def propose(self, request: RaiseTicket, *, asker: Asker, now: datetime) -> TicketAnswer:
        """See the port."""
        settled, form, judged = self._settled(request, asker)
        ticket = self._proposed(settled, form, judged, now)
        out = None if request.new else self._outages.met(settled.what, settled.room, judged.category)
        if out is not None:
            return TicketAnswer(status="known", ticket=ticket, outage=self._outages.told(out))
        assumed = () if request.room or ticket.room is None else (f"it is in {ticket.room_name}, because that is where you are",)
        helps = known.fix(settled.what, self._desk) if emergency(settled.what) is None else None
        fix = KnownFix(title=helps.title, steps=helps.steps) if helps is not None else None
        return TicketAnswer(status="proposed", ticket=ticket, assumed=assumed, fix=fix)

    def _proposed(self, settled: RaiseTicket, form: RequestType | None, judged: Judgement, now: datetime) -> Ticket:
        approver = self._approver(form)
        return Ticket(
            id="",
            status="proposed",
            what=settled.what,
            room=settled.room,
            room_name=self._register.room_name(settled.room),
            urgency=settled.urgency,
            raised=now,
            priority=judged.priority,
            category=self._desk.label_of(judged.category),
            group=judged.group,
            judged=judged.judged,
            type=form.label if form is not None else None,
            fields=settled.fields,
            due=due(now, self._desk.due[judged.priority], self._desk.hours, self._holidays),
            approver=self._register.approver_name(approver) if approver is not None else None,
        )

    def settled(self, request: RaiseTicket, proposed: TicketAnswer) -> RaiseTicket:
        """See the port."""
        return replace(request, room=proposed.ticket.room)

    def _settled(self, request: RaiseTicket, asker: Asker) -> tuple[RaiseTicket, RequestType | None, Judgement]:
        """The request made definite: the room's id, by default that of the device, a tidy report, its form and what it was judged to be."""
        what = " ".join("".join(char if char.isprintable() else " " for char in request.what).split())[:LONGEST]
        if not what:
            raise NotAnswerable("A ticket needs to say what is wrong.", remedy="Say what is broken and where.")
        room = self._organization.room_called(request.room, here=asker.room).id if request.room else asker.room
        form = self._form(request.type, what)
        whole = replace(request, what=what, room=room)
        if form is not None:
            whole = filled(replace(whole, type=form.id), form)
        category = request.category or (form.category if form is not None else None)
        danger = emergency(what)
        urgency = "high" if danger is not None else request.urgency
        if danger is not None and category is None:
            category = next((id_ for id_ in _DANGERS[danger] if id_ in self._desk.categories), None)
        judged = self._judge().judge(what, urgency=urgency, category=category, priority=request.priority, group=request.group)
        if request.category is None and category is not None and request.priority is None:
            judged = replace(judged, judged="rules")
        return whole, form, judged

    def _form(self, named: str | None, what: str) -> RequestType | None:
        types = self._provider.types()
        if named is not None:
            return next((one for one in types if one.id == named), None)
        return form_of(what, types)

    def _approver(self, form: RequestType | None) -> str | None:
        return form.approver if form is not None else None

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
        settled, form, judged = self._settled(request, asker)
        out = None if request.new else self._outages.met(settled.what, settled.room, judged.category)
        if out is not None:
            if asker.person is not None:
                self._ledger().watch(out.id, asker.person.id)  # told when it is over
            known_one = TicketAnswer(status="known", ticket=self._proposed(settled, form, judged, now), outage=self._outages.told(out))
            return json.dumps(encode(known_one))
        person = self._concerned(settled, asker.person)
        filed = self._provider.file(self._filing(settled, form, judged, person, key), now=now)
        return self._registered(settled, form, judged, person, filed)

    def _concerned(self, settled: RaiseTicket, asker: Person | None) -> Person | None:
        """Whose ticket it is: theirs whose words they are, in a thread that others made one of."""
        said = self._organization.people.get(settled.person or "") if settled.thread is not None else None
        return said if said is not None and said.active else asker

    def _filing(self, settled: RaiseTicket, form: RequestType | None, judged: Judgement, person: Person | None, key: str) -> Filing:
        return Filing(
            key=key,
            person=person.id if person else None,
            what=settled.what,
            room=settled.room,
            urgency=settled.urgency,
            priority=judged.priority,
            category=judged.category,
            category_label=self._desk.label_of(judged.category),
            team=judged.group,
            type=form.id if form is not None else None,
            fields=tuple(settled.fields.items()),
            name=person.name if person else None,
            email=person.email if person else None,
            room_name=self._register.room_name(settled.room),
        )

    def _registered(self, settled: RaiseTicket, form: RequestType | None, judged: Judgement, person: Person | None, filed: FiledTicket) -> str:
        """Write the ticket down as ours, ask its approver, and give the result of the action."""
        approver = self._approver(form)
        ticket = Registered(
            key=filed.key,
            system=self._provider.name,
            id=filed.id.upper(),
            person=person.id if person else None,
            what=settled.what,
            room=settled.room,
            urgency=settled.urgency,
            priority=judged.priority,
            category=judged.category,
            team=judged.group,
            judged=judged.judged,
            type=form.label if form is not None else None,
            fields=json.dumps(dict(settled.fields)),
            status=filed.status,
            raised=filed.raised,
            updated=filed.updated,
            due=due(filed.raised, self._desk.due[judged.priority], self._desk.hours, self._holidays),
            url=self._provider.url(filed.id),
            approver=approver,
            approval="waiting" if approver is not None else None,
        )
        self._ledger().register(ticket)
        self._threads.filed(ticket, settled.thread)
        if approver is not None:
            self._changing.ask_approvers(ticket)
        return json.dumps(encode(self._register.shown(ticket)))

    def status(self, request: TicketStatus, *, asker: Asker, now: datetime) -> TicketsAnswer:
        """See the port."""
        if request.about is not None:
            return self._outages.asked(request.about, asker=asker, now=now)
        person = asker.person.id if asker.person else None
        if request.ticket is None:
            return TicketsAnswer(tickets=self._open_of(asker.person), approvals=self._register.to_decide(asker.person))
        filed = self._provider.ticket(person, request.ticket)
        if filed is not None:
            return TicketsAnswer(tickets=(self._as_known(filed),))
        other = self._register.visible(request.ticket, asker.person)
        if other is not None:
            shown = (
                self._register.shown(other) if other.person == person or self._register.knows_words(other, asker.person) else self._register.for_others(other)
            )
            return TicketsAnswer(tickets=(self._now(shown, other),))
        mine = [ticket.id for ticket in self._open_of(asker.person)][:5]
        remedy = "" if mine else "You have no open ticket."
        raise UnknownThing(f"You have no ticket {request.ticket.strip()[:40]}.", remedy=remedy, options=mine)

    def _open_of(self, person: Person | None) -> tuple[Ticket, ...]:
        """What the system has of this person, and what we filed for them that it does not know to be theirs; newest first."""
        theirs = {filed.id.upper(): self._as_known(filed) for filed in self._provider.open_of(person.id if person else None)}
        for ours in self._register.open_of(person):
            if ours.id not in theirs:
                shown = self._now(self._register.shown(ours), ours)
                theirs |= {ours.id: shown} if shown.status in ("open", "in_progress") else {}
        return tuple(sorted(theirs.values(), key=lambda ticket: (ticket.raised or datetime.min, ticket.id), reverse=True))

    def _now(self, shown: Ticket, ours: Registered) -> Ticket:
        """The ticket with the state that its system tells."""
        seen = self._provider.look(ours.id, person=ours.person)
        return shown if seen is None else replace(shown, status=seen.status)

    def _as_known(self, filed: FiledTicket) -> Ticket:
        """A ticket of the asker as its system has it now, with what we know of it besides."""
        ours = self._register.called(filed.id)
        if ours is None:
            return self._register.plain(filed, url=self._provider.url(filed.id))
        return replace(self._register.shown(ours), status=filed.status, updated=filed.updated)

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
        settled, form, judged = self._settled(asked, Asker(person=person, audience="private"))
        return self._registered(settled, form, judged, self._concerned(settled, person), filed)

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

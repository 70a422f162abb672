"""What a report comes to before anything is filed: its room, its form, what it was judged to be, and the ticket that would be made of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from insights.answers import Ticket
from insights.errors import NotAnswerable
from insights.helpdesk import Emergency, RequestType
from insights.language.emergencies import emergency
from insights.ledger.helpdesk import Registered
from insights.ledger.port import FiledTicket
from insights.organization import Organization, Person
from insights.permit import Asker
from insights.requests import RaiseTicket
from insights.tickets.due import due
from insights.tickets.forms import filled, form_of
from insights.tickets.port import Filing, TicketSystem
from insights.tickets.register import Register
from insights.tickets.triage import Judgement, Triage

_DANGERS: Mapping[Emergency, tuple[str, ...]] = {"fire": ("building", "security"), "leak": ("building",), "injury": ("security", "building")}
LONGEST = 2000
"""Characters of a report that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A request made definite: the room's id, by default that of the device, a tidy report, its form and what it was judged to be."""

    request: RaiseTicket
    form: RequestType | None
    judged: Judgement

    @property
    def approver(self) -> str | None:
        """Who has to agree first, as the form says."""
        return self.form.approver if self.form is not None else None


class Settling:
    """Settles reports for one help desk."""

    def __init__(
        self, *, provider: TicketSystem, organization: Organization, register: Register, judge: Callable[[], Triage], holidays: Collection[date]
    ) -> None:
        self._provider = provider
        self._organization = organization
        self._desk = organization.help_desk
        self._register = register
        self._judge = judge
        self._holidays = holidays

    def settle(self, request: RaiseTicket, asker: Asker) -> Settled:
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
        return Settled(request=whole, form=form, judged=judged)

    def _form(self, named: str | None, what: str) -> RequestType | None:
        types = self._provider.types()
        if named is not None:
            return next((one for one in types if one.id == named), None)
        return form_of(what, types)

    def proposed(self, settled: Settled, now: datetime) -> Ticket:
        """The ticket that would be filed."""
        request, form, judged = settled.request, settled.form, settled.judged
        return Ticket(
            id="",
            status="proposed",
            what=request.what,
            room=request.room,
            room_name=self._register.room_name(request.room),
            urgency=request.urgency,
            raised=now,
            priority=judged.priority,
            category=self._desk.label_of(judged.category),
            group=judged.group,
            judged=judged.judged,
            type=form.label if form is not None else None,
            fields=request.fields,
            due=self._due(judged, now),
            approver=self._register.approver_name(settled.approver) if settled.approver is not None else None,
        )

    def filing(self, settled: Settled, person: Person | None, key: str) -> Filing:
        """What the system is given of it, in whose name."""
        request, form, judged = settled.request, settled.form, settled.judged
        return Filing(
            key=key,
            person=person.id if person else None,
            what=request.what,
            room=request.room,
            urgency=request.urgency,
            priority=judged.priority,
            category=judged.category,
            category_label=self._desk.label_of(judged.category),
            team=judged.group,
            type=form.id if form is not None else None,
            fields=tuple(request.fields.items()),
            name=person.name if person else None,
            email=person.email if person else None,
            room_name=self._register.room_name(request.room),
        )

    def registered(self, settled: Settled, person: Person | None, filed: FiledTicket) -> Registered:
        """What is written down as ours of the ticket that the system made of it."""
        request, form, judged = settled.request, settled.form, settled.judged
        return Registered(
            key=filed.key,
            system=self._provider.name,
            id=filed.id.upper(),
            person=person.id if person else None,
            what=request.what,
            room=request.room,
            urgency=request.urgency,
            priority=judged.priority,
            category=judged.category,
            team=judged.group,
            judged=judged.judged,
            type=form.label if form is not None else None,
            fields=json.dumps(dict(request.fields)),
            status=filed.status,
            raised=filed.raised,
            updated=filed.updated,
            due=self._due(judged, filed.raised),
            url=self._provider.url(filed.id),
            approver=settled.approver,
            approval="waiting" if settled.approver is not None else None,
        )

    def _due(self, judged: Judgement, since: datetime) -> datetime:
        """By when it is to be solved."""
        return due(since, self._desk.due[judged.priority], self._desk.hours, self._holidays)

"""Every ticket that was filed through us, and who may know of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from insights.answers import Ticket
from insights.delivery.port import Channel
from insights.ledger.helpdesk import Registered
from insights.ledger.port import FiledTicket, Ledger
from insights.organization import Organization, Person


class Register:
    """Reads the ledger's register for one system. Nothing here asks the ticket system."""

    def __init__(self, *, ledger: Callable[[], Ledger], organization: Organization, system: str) -> None:
        self._ledger = ledger
        self._organization = organization
        self.system = system

    def called(self, ticket: str) -> Registered | None:
        """The ticket of this id, whoever's it is; a bare number will do where the embedded system is used."""
        said = ticket.strip().upper()
        found = self._ledger().registered_as(self.system, said)
        return found if found is not None or not said.isdigit() else self._ledger().registered_as(self.system, f"T-{said}")

    def visible(self, ticket: str, person: Person | None) -> Registered | None:
        """The ticket where this person may know of it: theirs, one they watch, decide on or work on. None for every other, as for none."""
        found = self.called(ticket)
        return found if found is not None and self.may_see(found, person) else None

    def may_see(self, ticket: Registered, person: Person | None) -> bool:
        """Whether this person raised it, asked to hear of it, decides on it, or works at the help desk."""
        if person is None:
            return ticket.person is None and not self._organization.people
        mine = ticket.person == person.id or self.is_agent(person) or self.decides(ticket, person)
        return mine or person.id in self._ledger().watchers(ticket.key)

    def knows_words(self, ticket: Registered, person: Person | None) -> bool:
        """Whether this person may read what was reported: watching somebody else's ticket is not enough."""
        return person is not None and (ticket.person == person.id or self.is_agent(person) or self.decides(ticket, person))

    def may_be_read(self, channel: Channel, *, by_agents_alone: bool) -> bool:
        """Whether the words of a ticket may be told in a channel: to people of the company where it is talked about, else to nobody but agents."""
        if channel.members is None or channel.strangers:
            return False
        people = [self._organization.people.get(id_) for id_ in channel.members]
        return all(person is not None and person.active and (self.is_agent(person) or not by_agents_alone) for person in people)

    def is_agent(self, person: Person | None) -> bool:
        """Whether this person works at the help desk."""
        return person is not None and bool(person.roles & self._organization.help_desk.agents)

    def decides(self, ticket: Registered, person: Person | None) -> bool:
        """Whether this person is to approve it; nobody decides on what they asked for themselves."""
        if person is None or ticket.approver is None or ticket.person == person.id:
            return False
        return ticket.approver == person.id or ticket.approver in person.roles

    def to_decide(self, person: Person | None) -> tuple[Ticket, ...]:
        """The open requests that wait for this person."""
        if person is None:
            return ()
        waiting = (one for one in self._ledger().registered_since(None, only_open=True) if one.approval == "waiting")
        return tuple(self.shown(one) for one in waiting if self.decides(one, person))

    def open_of(self, person: Person | None) -> tuple[Registered, ...]:
        """This person's open tickets, newest first."""
        id_ = person.id if person is not None else None
        return tuple(one for one in self._ledger().registered_since(None, only_open=True) if one.person == id_ and one.system == self.system)

    def open_since(self, since: datetime) -> tuple[Registered, ...]:
        """Everybody's open tickets raised from then on."""
        return tuple(one for one in self._ledger().registered_since(since, only_open=True) if one.system == self.system)

    def faulty_rooms(self, since: datetime) -> dict[str, str]:
        """Rooms with an open ticket about something in them, with the kind of trouble."""
        label = self._organization.help_desk.label_of
        return {one.room: label(one.category) for one in self.open_since(since) if one.room is not None and one.approver is None}

    def shown(self, ticket: Registered) -> Ticket:
        """The ticket as an answer tells it."""
        desk = self._organization.help_desk
        return Ticket(
            id=ticket.id,
            status=_literal(ticket.status),
            what=ticket.what,
            room=ticket.room,
            room_name=self.room_name(ticket.room),
            urgency=ticket.urgency,
            url=ticket.url,
            raised=ticket.raised,
            updated=ticket.updated,
            priority=ticket.priority,
            category=desk.label_of(ticket.category),
            group=ticket.team,
            judged=_literal(ticket.judged),
            type=ticket.type,
            fields=json.loads(ticket.fields),
            due=ticket.due,
            approval=_literal(ticket.approval),
            approver=self.approver_name(ticket.approver) if ticket.approver is not None else None,
        )

    def for_others(self, ticket: Registered) -> Ticket:
        """The ticket as somebody hears of it who did not raise it: without the words."""
        return replace(self.shown(ticket), what="", fields={}, mine=False)

    def plain(self, filed: FiledTicket, *, url: str | None) -> Ticket:
        """A ticket that was not filed through us."""
        return Ticket(
            id=filed.id,
            status=filed.status,
            what=filed.what,
            room=filed.room,
            room_name=self.room_name(filed.room),
            urgency=filed.urgency,
            url=url,
            raised=filed.raised,
            updated=filed.updated,
        )

    def room_name(self, room: str | None) -> str | None:
        """What people call a room."""
        known = self._organization.rooms.get(room) if room else None
        return known.name if known else room

    def approver_name(self, approver: str) -> str:
        """The name of a person, or the role with its holders."""
        person = self._organization.people.get(approver)
        return person.name if person is not None else approver.replace("_", " ")

    def approvers(self, ticket: Registered) -> tuple[Person, ...]:
        """Everybody active who may decide on it."""
        return tuple(person for person in self._organization.people.values() if person.active and self.decides(ticket, person))


def ticket_of(facts: Mapping[str, Any]) -> Ticket:
    """The ticket from its JSON data."""
    times = {name: datetime.fromisoformat(facts[name]) if facts.get(name) else None for name in ("raised", "updated", "due")}
    return Ticket(**{**facts, **times})


def _literal(value: str | None) -> Any:
    """A word of a closed set that the tables and we alone write."""
    return value

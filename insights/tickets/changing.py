"""Changes to a ticket: notes, links, another state, escalation, corrections, approval, who else hears of it, and how satisfied people are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from insights.answers import TicketAnswer, TicketsAnswer
from insights.contract import decode_request, encode
from insights.errors import InsightsError, NotAnswerable, NotPermitted, OutsideFailed, UnknownThing
from insights.helpdesk import Attachment
from insights.ledger.helpdesk import Registered, StoredFile, TicketState
from insights.ledger.once import Step, once, silent
from insights.ledger.port import Ledger
from insights.organization import Organization
from insights.permit import Asker
from insights.requests import UpdateTicket
from insights.tickets.embedded import EmbeddedTickets
from insights.tickets.planning import by_whom, named, planned, typed, without_words
from insights.tickets.port import Change, Seen, TicketSystem
from insights.tickets.register import Register, ticket_of
from insights.tickets.telling import Telling
from insights.tickets.threads import Threads

KIND = "update_ticket"


class Changing:
    """Changes tickets that were filed through us, at the system that keeps them."""

    def __init__(
        self, *, provider: TicketSystem, ledger: Callable[[], Ledger], organization: Organization, register: Register, telling: Telling,
        threads: Threads,
    ) -> None:  # fmt: skip
        self._provider = provider
        self._ledger = ledger
        self._organization = organization
        self._register = register
        self._telling = telling
        self._threads = threads

    def update(self, request: UpdateTicket, *, asker: Asker, now: datetime, key: str, step: Step = silent) -> TicketAnswer:
        """See the port of tickets."""
        done = self._ledger().find(key)
        if done is not None and done.result is not None and done.kind == KIND:
            return self.answer(done.result)
        ticket = self._meant(request, asker)
        request = replace(request, ticket=ticket.id)
        self._check(request, ticket, asker)
        result = once(
            self._ledger(),
            key=key,
            kind=KIND,
            request=json.dumps(encode(request)),
            person=asker.person.id if asker.person else None,
            now=now,
            attempt=lambda: self._do(request, ticket, asker, now, key),
            found=lambda: self.found(key),
            step=step,
        )
        return self.answer(result)

    def attach(self, file: Attachment, request: UpdateTicket, *, asker: Asker, now: datetime, key: str) -> TicketAnswer:
        """See the port of tickets: who may add a note may attach; nothing of anybody else's is written down."""
        name = named(file)
        ticket = self._meant(request, asker)
        self._check(request, ticket, asker)
        stored = StoredFile(
            key=key, system=ticket.system, ticket=ticket.id, person=asker.person.id if asker.person else None, name=name, type=typed(file.type),
            data=file.data, size=len(file.data),
        )  # fmt: skip
        self._ledger().keep_file(stored, now=now)
        return self.update(replace(request, ticket=ticket.id, file=name), asker=asker, now=now, key=key)

    def _meant(self, request: UpdateTicket, asker: Asker) -> Registered:
        """The ticket: the one that is named or talked about there, else the asker's only open one."""
        if request.thread is not None and request.ticket is None:
            return self._there(request.thread)
        if request.ticket is not None:
            found = self._register.called(request.ticket)
            if found is not None and (request.join or self._register.may_see(found, asker.person)):
                return found
            mine = [one.id for one in self._register.open_of(asker.person)][:5]
            raise UnknownThing(f"You have no ticket {request.ticket.strip()[:40]}.", remedy="" if mine else "You have no open ticket.", options=mine)
        own = self._own(request, asker)
        if not own:
            raise UnknownThing("You have no open ticket." if request.status != "open" else "You have no ticket that was closed.")
        if len(own) > 1:
            raise NotAnswerable("You have several tickets.", remedy="Say which one.", options=[one.id for one in own][:5])
        return own[0]

    def _there(self, thread: str) -> Registered:
        """The ticket that is talked about in a thread: whoever reads along there may add to it."""
        key = self._ledger().ticket_in(thread)
        found = self._ledger().registered(key) if key is not None else None
        if found is None:
            raise UnknownThing("No ticket is talked about in this thread.", remedy="Say which one.")
        return found

    def _own(self, request: UpdateTicket, asker: Asker) -> list[Registered]:
        person = asker.person.id if asker.person else None
        own = [one for one in self._ledger().registered_since(None) if one.person == person and one.system == self._register.system]
        if request.status == "open":
            return [one for one in own if not one.is_open][:1]  # the latest that was closed
        if request.rating is not None:
            return [one for one in own if not one.is_open][:1] or own[:1]
        if request.decision is not None:
            return [
                one for one in self._ledger().registered_since(None, only_open=True) if one.approval == "waiting" and self._register.decides(one, asker.person)
            ]
        return [one for one in own if one.is_open]

    def _check(self, request: UpdateTicket, ticket: Registered, asker: Asker) -> None:
        """Who may do what. Raises NotPermitted and NotAnswerable."""
        agent, mine = self._register.is_agent(asker.person), ticket.person == (asker.person.id if asker.person else None)
        if request.decision is not None and ticket.approval != "waiting":
            raise NotAnswerable(f"Nothing waits for an approval of {ticket.id}.")
        if request.decision is not None and not self._register.decides(ticket, asker.person):
            who = self._register.approver_name(ticket.approver or "")
            raise NotPermitted(f"{ticket.id} is for {who} to decide.", remedy="Nobody approves what they asked for themselves." if mine else "Ask them.")
        if request.status in ("in_progress", "resolved") and not agent:
            raise NotPermitted("Only the help desk says that.", remedy="You can close your ticket, or add a note.")
        if request.rating is not None and not mine:
            raise NotPermitted("Only whoever raised a ticket says how satisfied they are.")
        if (request.status is not None or request.escalate or request.priority or request.category) and not (mine or agent):
            raise NotPermitted(f"{ticket.id} is somebody else's.", remedy="You can add a note to it.")
        if request.link is not None and urlsplit(request.link).scheme.lower() not in ("http", "https"):
            raise NotAnswerable("Only addresses that begin with https can be attached.")
        if request.category is not None and request.category not in self._organization.help_desk.categories:
            raise UnknownThing(f"There is no category '{request.category[:40]}'.", options=list(self._organization.help_desk.categories)[:8])

    def _do(self, request: UpdateTicket, ticket: Registered, asker: Asker, now: datetime, key: str) -> str:
        after, changes, change = planned(request, ticket, self._organization, asker, key)
        if change is not None:
            status = self._change(request, ticket, change, now)
            after = replace(after, status=request.status or status)
        after = self._dated(after, ticket, asker, now)
        person = asker.person.id if asker.person else None
        ledger = self._ledger()
        ledger.amend(after, event=f"ticket {changes[0]}"[:80] if changes else "ticket seen", person=person, now=now)
        if request.join and person is not None:
            ledger.watch(ticket.key, person)
        answer = TicketAnswer(status="updated", ticket=self._register.shown(after), changes=tuple(changes))
        self._spread(request, answer, after, person, key)
        if ticket.person != person and not self._register.knows_words(ticket, asker.person):
            answer = replace(answer, ticket=self._register.for_others(after))
        return json.dumps(encode(answer))

    def _change(self, request: UpdateTicket, ticket: Registered, change: Change, now: datetime) -> TicketState:
        """Do it where the ticket is kept. Raises NotAnswerable for a file that nobody handed over."""
        if request.file is None:
            return self._provider.change(ticket.id, change, now=now)
        file = self._ledger().file_with_key(change.key)
        if file is None or not (file.data or file.attached):
            raise NotAnswerable("I have no file to attach.", remedy="Attach it with `insights tickets attach`, or in the chat.")
        status = self._provider.change(ticket.id, replace(change, file=None if file.attached else file), now=now)
        self._ledger().file_attached(change.key, keep=isinstance(self._provider, EmbeddedTickets))
        return status

    def _dated(self, after: Registered, before: Registered, asker: Asker, now: datetime) -> Registered:
        """The first time that somebody who works on it acted, and when it was solved or opened again."""
        theirs = asker.person is not None and asker.person.id == before.person
        acted = not theirs and (self._register.is_agent(asker.person) or after.approval != before.approval)
        answered = before.answered or (now if acted else None)
        resolved = before.resolved
        if not after.is_open and before.is_open:
            resolved = now
        if after.is_open and not before.is_open:
            return replace(after, updated=now, answered=answered, resolved=None, reopened=before.reopened + 1)
        return replace(after, updated=now, answered=answered, resolved=resolved)

    def _spread(self, request: UpdateTicket, answer: TicketAnswer, ticket: Registered, by: str | None, key: str) -> None:
        """Tell whoever raised it, and those who asked to hear of it what became of it without its words."""
        if request.join or request.rating is not None:
            return
        self._telling.tell([ticket.person], answer, key=f"{key}:changed", but=by)
        others = replace(answer, ticket=self._register.for_others(ticket), changes=tuple(without_words(request, answer.changes)))
        if others.changes:
            self._telling.tell(self._ledger().watchers(ticket.key), others, key=f"{key}:watched", but=by)
        self._threads.changed(ticket, by_whom(answer.changes, self._name(by)), by_whom(others.changes, self._name(by)), key=f"{key}:thread", but=request.thread)
        if request.escalate:
            agents = [one.id for one in self._organization.people.values() if self._register.is_agent(one)]
            self._telling.tell(agents, answer, key=f"{key}:escalated", but=by)

    def _name(self, id_: str | None) -> str | None:
        known = self._organization.people.get(id_ or "")
        return known.name if known is not None else None

    def ask_approvers(self, ticket: Registered) -> None:
        """Bring a request to those who decide on it."""
        people = [person.id for person in self._register.approvers(ticket)]
        self._telling.tell(people, TicketsAnswer(tickets=(), approvals=(self._register.shown(ticket),)), key=f"{ticket.key}:approve")

    def catch_up(self, *, now: datetime) -> int:
        """See the desk."""
        found = 0
        for ticket in self._ledger().registered_since(None, only_open=True):
            if ticket.system != self._register.system:
                continue
            try:
                seen = self._provider.look(ticket.id, person=ticket.person)
            except OutsideFailed:
                break  # the system is not there now: the next round asks again
            if seen is not None:
                found += self._news(ticket, seen, now)
        return found

    def _news(self, ticket: Registered, seen: Seen, now: datetime) -> bool:
        """Tell whoever raised it of another state or of what somebody said; those who watch hear of the state alone."""
        changes = [] if seen.status == ticket.status else [f"it is {seen.status.replace('_', ' ')} now"]
        said = [] if seen.said is None else [f'{seen.by or "the help desk"} says: "{" ".join(seen.said.split())[:200]}"']
        mark = hashlib.sha256("\n".join((seen.status, seen.said or "")).encode("utf-8", "replace")).hexdigest()[:16]
        if not changes and not said:
            return False
        ended = seen.status in ("resolved", "closed")
        after = replace(ticket, status=seen.status, updated=now, answered=ticket.answered or now, resolved=now if ended else None)
        told = self._telling.tell(
            [ticket.person], TicketAnswer(status="updated", ticket=self._register.shown(after), changes=(*changes, *said)), key=f"{ticket.key}:{mark}"
        )
        if changes:
            others = TicketAnswer(status="updated", ticket=self._register.for_others(after), changes=tuple(changes))
            self._telling.tell(self._ledger().watchers(ticket.key), others, key=f"{ticket.key}:{seen.status}")
        self._threads.changed(after, (*changes, *said), changes, key=f"{ticket.key}:{mark}:thread")
        if changes or told:
            self._ledger().amend(after, event=f"ticket seen {seen.status}", person=None, now=now)
        return bool(changes or told)

    def found(self, key: str) -> str | None:
        """The result of the change made under this key, or None: for reconciliation."""
        action = self._ledger().find(key)
        asked = decode_request(json.loads(action.request)) if action is not None else None
        if action is None or not isinstance(asked, UpdateTicket) or asked.ticket is None:
            return None
        ticket = self._register.called(asked.ticket)
        if ticket is None or not (self._provider.changed(ticket.id, key) or self._has_file(asked, ticket, key)):
            return None
        person = self._organization.people.get(action.person or "")
        after, changes, change = planned(asked, ticket, self._organization, Asker(person=person, audience="private"), key)
        if change is not None:  # what was made in part is made whole: a status behind a note, what is kept here of what was written elsewhere
            with suppress(NotAnswerable, UnknownThing):
                self._change(asked, ticket, change, ticket.updated)
        seen = self._provider.look(ticket.id, person=ticket.person)
        after = replace(after, status=asked.status or (seen.status if seen is not None else ticket.status))
        self._ledger().register(after)
        answer = TicketAnswer(status="updated", ticket=self._register.shown(after), changes=tuple(changes))
        self._spread(asked, answer, after, action.person, key)
        return json.dumps(encode(answer))

    def _has_file(self, asked: UpdateTicket, ticket: Registered, key: str) -> bool:
        file = self._ledger().file_with_key(key) if asked.file is not None else None
        return file is not None and self._provider.has_file(ticket.id, file)

    def answer(self, result: str) -> TicketAnswer:
        """The answer that a recorded result stands for."""
        facts: dict[str, Any] = json.loads(result)
        return TicketAnswer(status="updated", ticket=ticket_of(facts["ticket"]), changes=tuple(facts["changes"]))

    def undone(self, request: str) -> InsightsError:
        """What to tell the person whose change was interrupted."""
        asked = decode_request(json.loads(request))
        named = f" {asked.ticket}" if isinstance(asked, UpdateTicket) and asked.ticket else ""
        return NotAnswerable(f"I was interrupted, and ticket{named} was not changed.", remedy="Ask again if you still want it.")

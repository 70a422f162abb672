"""Where a ticket is talked about: the thread it came from, and the channel of those who work on it. What is told there is decided when it is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from insights.answers import TicketAnswer
from insights.delivery import outbox
from insights.delivery.port import Channel
from insights.ledger.helpdesk import Registered
from insights.ledger.port import Ledger, WorkItem
from insights.organization import Organization
from insights.tickets.register import Register


class Threads:
    """Puts what is new about tickets in the outbox for the places where they are talked about, and puts it into words when it is sent."""

    def __init__(self, *, ledger: Callable[[], Ledger], organization: Organization, register: Register) -> None:
        self._ledger = ledger
        self._organization = organization
        self._register = register

    def filed(self, ticket: Registered, thread: str | None) -> None:
        """A ticket was filed, in a `thread` or in none: those who work on it are told in their channel, where they have one."""
        if thread is not None:
            self._ledger().join_thread(thread, ticket.key)
        channel = self._organization.help_desk.channel
        if channel is not None and ticket.person is not None:
            outbox.tell_channel(self._ledger(), key=f"{ticket.key}:reported", person=ticket.person, ticket=ticket.key, channel=channel)

    def changed(self, ticket: Registered, changes: Iterable[str], bare: Iterable[str], *, key: str, but: str | None = None) -> None:
        """Something became of it: every thread but the one where it was said hears of it; `bare` is what is told without anybody's words."""
        for thread in self._ledger().threads_of(ticket.key) if ticket.person is not None else ():
            if thread != but:
                outbox.tell_channel(
                    self._ledger(), key=f"{key}:{thread}", person=ticket.person or "", ticket=ticket.key, channel=thread, changes=changes, bare=bare
                )

    def told(self, item: WorkItem, channel: Channel | None) -> TicketAnswer | None:
        """What is told there now, as far as who reads along may know it; None where nothing is."""
        news = outbox.channel_news(item)
        ticket = self._ledger().registered(news.ticket)
        if ticket is None or channel is None or channel.closed:
            return None
        reported = not news.changes
        words = self._register.may_be_read(channel, by_agents_alone=reported)
        shown = self._register.shown(ticket) if words else self._register.for_others(ticket)
        if reported:
            by = self._organization.people.get(ticket.person or "")
            return TicketAnswer(status="reported", ticket=shown, reported_by=by.name if by is not None and words else None)
        changes = news.changes if words else news.bare
        return TicketAnswer(status="updated", ticket=replace(shown, mine=True), changes=changes) if changes else None

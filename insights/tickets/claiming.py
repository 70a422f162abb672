"""Filing once at a ticket system that cannot tell two reports under one key apart: one process at a time, and a look before each further try."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from insights.errors import OutcomeUnknown
from insights.helpdesk import Attachment, RequestType
from insights.ledger.helpdesk import Claim
from insights.ledger.once import Step, silent
from insights.ledger.port import FiledTicket, Ledger, TicketState
from insights.ledger.topics.actions import given_up
from insights.tickets.port import Change, Filing, Seen, TicketSystem

LEASE = timedelta(seconds=90)
"""How long somebody who files is left alone: longer than any request may take, shorter than the grace after which an action counts as interrupted."""
PATIENCE = 3.0
_PAUSE = 0.1


class OneAtATime:
    """The ticket system with the promise of `file` kept across threads, processes and crashes. `step` hears "claimed" and "answered"."""

    def __init__(
        self,
        system: TicketSystem,
        ledger: Callable[[], Ledger],
        *,
        lease: timedelta = LEASE,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.time,
        step: Step = silent,
    ) -> None:
        self._system = system
        self._ledger = ledger
        self._lease = lease
        self._patience = patience
        self._clock = clock
        self._step = step

    @property
    def name(self) -> str:
        """See the port."""
        return self._system.name

    def types(self) -> tuple[RequestType, ...]:
        """See the port."""
        return self._system.types()

    def file(self, filing: Filing, *, now: datetime) -> FiledTicket:
        """See the port. Raises OutsideFailed when the action was given up meanwhile."""
        ledger, key = self._ledger(), filing.key
        claim = self._claimed(ledger, key, "That is being filed already. I'm not sure yet, I'm checking.")
        if claim == "given up":
            raise given_up(key)
        earlier = self._system.filed(key) if claim == "again" else None
        if earlier is None:
            self._step("claimed")
            earlier = self._filed(ledger, filing, now)
            self._step("answered")
        ledger.release_filing(key, sent=True)
        return earlier

    def _filed(self, ledger: Ledger, filing: Filing, now: datetime) -> FiledTicket:
        try:
            return self._system.file(filing, now=now)
        except OutcomeUnknown:
            raise  # the lease stands: what is still on its way has until its end to arrive
        except BaseException:
            ledger.release_filing(filing.key)
            raise

    def filed(self, key: str) -> FiledTicket | None:
        """See the port."""
        return self._system.filed(key)

    def ticket(self, person: str | None, ticket: str) -> FiledTicket | None:
        """See the port."""
        return self._system.ticket(person, ticket)

    def open_of(self, person: str | None) -> tuple[FiledTicket, ...]:
        """See the port."""
        return self._system.open_of(person)

    def change(self, ticket: str, change: Change, *, now: datetime) -> TicketState:
        """See the port. What was begun is finished, whoever began it; raises OutsideFailed when the action was given up before that."""
        ledger = self._ledger()
        claim = ledger.claim_filing(change.key, now=self._clock(), lease=self._lease)
        if claim != "first" and (self._system.changed(ticket, change.key) or (change.file is not None and self._system.has_file(ticket, change.file))):
            return self._system.change(ticket, change, now=now)
        if claim == "taken":
            claim = self._claimed(ledger, change.key, "That is being changed already. I'm not sure yet, I'm checking.")
        if claim == "given up":
            raise given_up(change.key)
        try:
            state = self._system.change(ticket, change, now=now)
        except OutcomeUnknown:
            raise  # the lease stands, as with a report
        except BaseException:
            ledger.release_filing(change.key)
            raise
        ledger.release_filing(change.key, sent=True)
        return state

    def _claimed(self, ledger: Ledger, key: str, busy: str) -> Claim:
        """Be the only one who acts under a key, or hear that it was given up. Raises OutcomeUnknown while somebody else acts."""
        until = self._clock() + self._patience
        while (claim := ledger.claim_filing(key, now=self._clock(), lease=self._lease)) == "taken":
            if self._clock() >= until:
                raise OutcomeUnknown(busy, remedy="I'll tell you.", reference=key)
            time.sleep(_PAUSE)
        return claim

    def changed(self, ticket: str, key: str) -> bool:
        """See the port."""
        return self._system.changed(ticket, key)

    def has_file(self, ticket: str, file: Attachment) -> bool:
        """See the port."""
        return self._system.has_file(ticket, file)

    def look(self, ticket: str, *, person: str | None) -> Seen | None:
        """See the port."""
        return self._system.look(ticket, person=person)

    def examine(self) -> str:
        """See the port."""
        return self._system.examine()

    def close(self) -> None:
        """See the port."""
        self._system.close()

    def url(self, ticket: str) -> str | None:
        """See the port."""
        return self._system.url(ticket)

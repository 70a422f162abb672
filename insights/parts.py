"""What an assistant stands on: made by `wiring`, used by `assistant`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from insights.catalog.model import Catalog
from insights.catalog.values import Contents
from insights.hearing import Hearing
from insights.introductions import Introductions
from insights.organization import Organization
from insights.permit import Permit
from insights.query.answering import Questions
from insights.query.asked import AskedLog
from insights.teaching import EnquiryDesk, LessonDesk, RefusalDesk
from insights.wording import Wording

if TYPE_CHECKING:  # who only looks something up need not wait for what acts
    from insights.analysis.predictions import Predictions
    from insights.calls.port import Calls
    from insights.company.port import Knowledge
    from insights.delivery.reconcile import Witness
    from insights.following import FollowDesk, ReminderDesk, ShareDesk
    from insights.ledger.port import Ledger
    from insights.meetings.office import MeetingsOffice
    from insights.query.building import Rollups
    from insights.tickets.port import Tickets


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What acts: the ledger and the capabilities that stand on it. `snapshots` writes what their figures are read from; how many files changed.

    `catch_up` asks other systems for news and brings them to people; how many there were.
    """

    ledger: Ledger
    meetings: MeetingsOffice
    tickets: Tickets
    calls: Calls
    company: Knowledge
    follows: FollowDesk
    reminders: ReminderDesk
    shares: ShareDesk
    witnesses: Mapping[str, Witness]
    snapshots: Callable[[], int]
    catch_up: Callable[[datetime], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaching:
    """What is learned from people: their corrections, what they ask of the data team, what they were refused."""

    lessons: LessonDesk
    enquiries: EnquiryDesk
    refusals: RefusalDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Everything an assistant stands on; made by `wiring`.

    `office` opens the ledger when it is first needed, `intents` are the examples of each kind of request, `new_id` makes keys that never repeat.
    `renewed` gives these parts with what the data holds now, None when it is the same. `predictions` asks the company's own models.
    """

    catalog: Catalog
    contents: Contents
    organization: Organization
    permit: Permit
    hearing: Hearing
    questions: Questions
    wording: Wording
    teaching: Teaching
    office: Callable[[], Office]
    intents: Callable[[], Mapping[str, tuple[str, ...]]]
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    close: Callable[[], None]
    renewed: Callable[[Parts], Parts | None]
    rollups: Rollups | None = None
    asked: AskedLog | None = None
    predictions: Predictions | None = None

    @property
    def introductions(self) -> Introductions:
        """Who speaks at a door, and where, as far as the ledger knows; it is opened when somebody has to be looked up."""
        return Introductions(self.organization, lambda: self.office().ledger, self.clock)

"""Every kind of request, as one closed union."""

from __future__ import annotations

from dataclasses import dataclass

from insights.requests.calls import AboutCalls
from insights.requests.meetings import AboutMeetings
from insights.requests.onward import Onward
from insights.requests.questions import MetricQuestion
from insights.requests.rooms import AboutRooms
from insights.requests.tickets import AboutTickets


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """A question about the company that its handbook answers, in the asker's words."""

    question: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """What can be said here; `topic` narrows it."""

    topic: str | None = None


AboutCompany = LookUp
Errand = AboutRooms | AboutMeetings | AboutCalls | AboutTickets | AboutCompany | Onward
"""Everything that is no question about data: one union for each capability that carries it out."""
Request = MetricQuestion | Errand | Help

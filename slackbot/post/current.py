"""The job that is being done, for whoever sends on its behalf."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from insights.ledger.post import Job

if TYPE_CHECKING:
    from slackbot.post.outbox import Outbox


@dataclass(slots=True, kw_only=True)
class AtWork:
    """A job on its way: its messages are counted, so that a second attempt finds those of the first."""

    job: Job
    outbox: Outbox
    parts: int = 0
    listeners: list[asyncio.Future[None]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def next_key(self, part: str = "") -> str:
        """The key of its next message, or of the one that is this `part` of it, which is not counted."""
        if part:
            return f"{self.job.key}#{part}"
        self.parts += 1
        return f"{self.job.key}#{self.parts}"


class StaleMessage(Exception):
    """What was composed waited too long; the listener is run again."""


CURRENT: ContextVar[AtWork | None] = ContextVar("slack_job", default=None)

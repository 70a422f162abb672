"""What can be asked about conferences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from insights.requests.questions import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCall:
    """Begin a call, with people (their ids) when they are named."""

    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinCall:
    """Join the call of a meeting; nothing that names it means the one that is running or next, `period` the first on these days."""

    title: str | None = None
    start: datetime | None = None
    period: Period | None = None


AboutCalls = StartCall | JoinCall

"""Looks through an utterance for time expressions, from left to right, the longest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from insights.language.periods.model import Calendar, Found, Lean
from insights.language.words import Token


def find(text: str | Sequence[Token], *, now: datetime, calendar: Calendar | None = None, lean: Lean = "past") -> tuple[Found, ...]:
    """Return the time expressions of an utterance in order, none overlapping another.

    A period without a year is its latest occurrence that the calendar's coverage reaches, else the latest that has begun by `now` (lean
    past), or the next that has not ended (lean future). Any text is accepted, in time linear in its length.
    """
    return ()


def when_json(text: str, now: datetime, calendar: Calendar | None = None, *, lean: Lean = "past") -> dict[str, object]:
    """Return what `insights when` writes for one utterance: `{"text": ..., "found": [{"span", "kind", "start", "end", "grain"}, ...]}`."""
    return {"text": text, "found": []}

"""The periods of one utterance, and what they are once it is known what they are periods of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from insights.catalog.values import Coverage
from insights.language.periods import find
from insights.language.periods.model import Calendar, Found
from insights.language.timing import weekdays
from insights.language.words import Token


class Times:
    """What was said about time. A period without a year is the latest that the data covers, and each time field covers days of its own."""

    def __init__(self, tokens: Sequence[Token], *, now: datetime, calendar: Calendar) -> None:
        self._tokens = tokens
        self._now = now
        self._calendar = calendar
        self._read: dict[tuple[object, ...] | None, tuple[Found, ...]] = {}
        self.found = self._under(calendar)

    def under(self, found: Found, coverage: Coverage | None) -> Found:
        """The same words where the data covers these days; what follows the clock stays as it is."""
        if coverage is None or found.relative:
            return found
        again = self._under(replace(self._calendar, coverage=(coverage.first, coverage.last)))
        return next((other for other in again if (other.first, other.last) == (found.first, found.last)), found)

    def ahead(self, found: Found) -> Found:
        """The same words, where they are said of what is to come."""
        later = find(self._tokens, now=self._now, calendar=self._calendar, lean="future")
        return next((other for other in later if (other.first, other.last) == (found.first, found.last) and other.kind == "interval"), found)

    def reread(self, text: str) -> Found | None:
        """What other words of the same utterance would have meant: a part of a span, a period with the year that was said beside it."""
        found = [item for item in find(text, now=self._now, calendar=self._calendar, lean="past") if item.kind == "interval"]
        return found[0] if len(found) == 1 else None

    def _under(self, calendar: Calendar) -> tuple[Found, ...]:
        known = self._read.get(calendar.coverage)
        if known is None:
            known = tuple(found for found in find(self._tokens, now=self._now, calendar=calendar, lean="past") if found.kind == "interval" or weekdays(found))
            self._read[calendar.coverage] = known
        return known

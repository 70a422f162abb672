"""Which of the occurrences found are at some time within a span."""

from __future__ import annotations

from datetime import datetime

from insights.meetings.calendars.occurrences import Agenda, Occurrence, agenda


def within(one: Occurrence, start: datetime, end: datetime) -> bool:
    """Whether an occurrence shares an instant with the span, whose end is not a part of it; what takes no time counts where it starts."""
    first, last = one.start.timestamp(), one.end.timestamp()
    return first < end.timestamp() and (start.timestamp() < last or first == last >= start.timestamp())


def placed(found: Agenda, start: datetime, end: datetime) -> Agenda:
    """An agenda cut to a span."""
    return agenda((one for one in found.occurrences if within(one, start, end)), found.unread)

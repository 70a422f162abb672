"""When all of some people have time, and who has something else at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta

from insights.events import Event
from insights.meetings.ground import Ground
from insights.meetings.times import after, overlap
from insights.meetings.working import common, starts, without, working
from insights.requests import Period

USUALLY = timedelta(days=7)
"""How far a time is looked for when no days are said."""


class FreeTime:
    """Looks into calendars, which are fetched and expanded; nobody is told what anybody has, only that they have something."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def window(self, period: Period | None, now: datetime) -> tuple[datetime, datetime]:
        """The span of aware instants in which a time is looked for: not before the present."""
        here = self._ground.now(now)
        if period is None or (period.first is None and period.last is None):
            return here, after(here, USUALLY)
        first = datetime.combine(period.first, time(), self._ground.zone) if period.first else here
        last = datetime.combine(period.last + timedelta(days=1), time(), self._ground.zone) if period.last else after(first, USUALLY)
        return max(first, here, key=lambda one: one.timestamp()), last

    def slots(self, people: Iterable[str], length: timedelta, start: datetime, end: datetime, *, but: Event | None = None) -> list[datetime]:
        """Where a meeting of that length can begin so that everybody works and has nothing else; `but` does not count, as it is what is moved."""
        ground = self._ground
        if end.timestamp() <= start.timestamp():
            return []
        hours = []
        for person in dict.fromkeys(people):
            spans = working(ground.hours_of(person), ground.zone_of(person), start, end, ground.holidays)
            hours.append(without(spans, [(one.start, one.end) for one in self._taken(person, start, end, but)], ground.organization.buffer))
        return starts(common(hours), length, ground.zone)

    def busy(self, people: Iterable[str], start: datetime, end: datetime, *, but: Event | None = None) -> tuple[str, ...]:
        """The names of those who have something else at that time."""
        found = []
        for person in dict.fromkeys(people):
            if any(overlap(start, end, one.start, one.end) for one in self._taken(person, start, end, but)):
                found.append(self._ground.name(person))
        return tuple(found)

    def first(
        self, people: Iterable[str], length: timedelta, start: datetime, fits: Callable[[datetime], bool], *, but: Event | None = None
    ) -> datetime | None:
        """The first time within three weeks from then."""
        return next((one for one in self.slots(people, length, start, after(start, timedelta(days=21)), but=but) if fits(one)), None)

    def _taken(self, person: str, start: datetime, end: datetime, but: Event | None) -> list[Event]:
        """What somebody has that takes their time: not what they declined, nor what is marked free."""
        margin = self._ground.organization.buffer
        found = self._ground.calendars.events(person, after(start, -margin), after(end, margin))
        same = (but.id, but.occurrence) if but is not None else None
        kept = [event for event in found if event.busy and event.response_of(person) != "declined"]
        if but is None:
            return kept
        return [
            event for event in kept if (event.id, event.occurrence) != same and (not event.key or event.key != but.key or event.occurrence != but.occurrence)
        ]

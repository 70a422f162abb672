"""Whether the calendar of every room can be read, and what in it cannot: for whoever runs the service."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from insights.errors import InsightsError
from insights.meetings.calendars.opening import Systems
from insights.organization import Organization

AHEAD = timedelta(days=60)


def problems(systems: Systems, organization: Organization, timezone: str, *, now: datetime) -> Iterator[tuple[str, str, str]]:
    """What is wrong, each with its subject and remedy: one entry for each room's calendar that cannot be read, and for each event in it. `now` is aware."""
    store = systems.store(timezone)
    for room in organization.rooms.values():
        subject = f"calendar of {room.name}"
        if room.calendar is None:
            yield subject, "it has none", "Give the room a `calendar` in organization.yaml."
            continue
        try:
            found = store.read(room.calendar, now.astimezone(UTC), now.astimezone(UTC) + AHEAD, until=time.monotonic() + systems.patience)
        except InsightsError as error:
            yield subject, error.problem, error.remedy
            continue
        for one in found.unread:
            yield subject, f"'{one.event}' cannot be read: {one.problem}", "It does not count as taking the room; mend it in the calendar."

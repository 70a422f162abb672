"""Shortly before a meeting its people are told, each once: planned in the ledger, and put into words when it is sent."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from insights.answers import Meeting, MeetingAnswer
from insights.delivery import outbox
from insights.delivery.quiet import silenced
from insights.errors import InsightsError
from insights.events import Event
from insights.ledger.port import HeldRoom, WorkItem
from insights.meetings.ground import Ground, Thing
from insights.meetings.naming import Named, lasting, things
from insights.meetings.times import after
from insights.permit import Asker

LEAD = timedelta(minutes=10)
"""So long before it begins people are told."""
PAUSE = timedelta(minutes=5)
"""Between two looks into calendars."""
_LATE = timedelta(minutes=5)
"""So long after it began it may still be told."""
_LOOK = "before_meetings"
_LEASE = timedelta(minutes=10)
log = logging.getLogger(__name__)


class Before:
    """One look at a time, whoever of several workers takes it; every message has a key of its own, so that a look may be repeated."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def plan(self, people: Iterable[str], now: datetime) -> int:
        """Put in the outbox what begins soon for these people (ids); how many messages are new. `now` is aware."""
        ledger = self._ground.ledger()
        ledger.add_work(_LOOK, _LOOK, "{}", person=None, due=now)
        for lapsed in ledger.lapsed_work(_LOOK, now=now):
            ledger.postpone_work(lapsed, due=now, problem="interrupted")
        item = ledger.claim_work(_LOOK, now=now, lease=_LEASE)
        if item is None:
            return 0
        quiet = silenced(ledger)
        planned = sum(self._planned(person, now) for person in people if person not in quiet)
        ledger.postpone_work(item, due=now + PAUSE, problem="")
        return planned

    def told(self, item: WorkItem, *, asker: Asker, now: datetime) -> MeetingAnswer | None:
        """What there is to tell at an aware instant; None where it has begun, was moved, called off or declined, or its person wants no such messages."""
        ground, coming = self._ground, outbox.coming(item)
        start = coming.start.astimezone(ground.zone)
        if item.person is None or now.timestamp() > start.timestamp() + _LATE.total_seconds() or item.person in silenced(ground.ledger()):
            return None
        named = Named(thing=coming.thing, start=ground.here(start))
        found = [one for one in things(ground, item.person, named, ground.here(now)) if one.start.timestamp() == start.timestamp()]
        thing = next((one for one in found if isinstance(one, HeldRoom) or one.response_of(item.person) != "declined"), None)
        if thing is None:
            return None
        held = thing if isinstance(thing, HeldRoom) else self._room_of(thing)
        return MeetingAnswer(
            status="soon",
            meeting=self._meeting(thing, asker),
            minutes=max(0, round((start.timestamp() - now.timestamp()) / 60)),
            booking=ground.booking(held, asker) if held is not None else None,
        )

    def _planned(self, person: str, now: datetime) -> int:
        """A calendar that cannot be read now is looked into again at the next look."""
        ground, start = self._ground, now.astimezone(self._ground.zone)
        end = after(start, LEAD + PAUSE)
        try:
            found: list[Thing] = [one for one in ground.calendars.events(person, start, end) if _matters(one, person)]
            found += [one for one in ground.rooms.held_by(person, start=start, end=end) if one.meeting is None and not one.block]
        except InsightsError as error:
            log.warning("Nothing can be told before the meetings of %s: %s", person, error)
            return 0
        return sum(self._put(person, one) for one in found if one.start.timestamp() > now.timestamp())

    def _put(self, person: str, thing: Thing) -> int:
        coming = outbox.Coming(thing=thing.id, start=thing.start)
        key = f"before:{person}:{lasting(thing.id)}:{round(thing.start.timestamp())}"
        return outbox.before(self._ground.ledger(), key=key, person=person, coming=coming, due=after(thing.start, -LEAD))

    def _room_of(self, event: Event) -> HeldRoom | None:
        """What is held for a meeting of ours."""
        holder = event.organizer.person if event.organizer is not None else None
        if holder is None or not event.key:
            return None
        return next((one for one in self._ground.rooms.held_by(holder, start=event.start, end=event.end) if one.meeting == event.key), None)

    def _meeting(self, thing: Thing, asker: Asker) -> Meeting:
        if isinstance(thing, Event):
            return self._ground.meeting(thing, asker)
        shown = self._ground.booking(thing, asker)
        return Meeting(id=shown.id, title=shown.title or "", start=shown.start, end=shown.end, organizer=shown.person_name, room=shown.room,
                       room_name=shown.room_name, private=thing.private, hidden=shown.hidden)  # fmt: skip


def _matters(event: Event, person: str) -> bool:
    """Whether there is somebody to meet or somewhere to be: a note to oneself is neither."""
    if event.whole_day or not event.busy or event.response_of(person) == "declined":
        return False
    return bool(event.attendees or event.room or event.link or event.place)

"""How a room is booked in a calendar that others write into as well: write, look again, back off when anyone else is there.

No calendar can be asked to write only if nothing else is there, so two who look first and write then both find the room free (measured elsewhere: 12 of
12 times). Here a booking is first written as pending, then looked at again, and only made definite when nobody else was to be seen:

- whoever writes second sees the first, for each looks after writing; so at most one of two can find itself alone;
- what is definite, ours or anybody's, wins over what is pending; among pending ones the one whose key has the lower name stays and waits, the others
  take theirs away and wait: so one of them gets the room, and a refusal always means that somebody has it for good;
- making it definite and taking it away are conditional on the state that was seen, where the calendar can do that, so an answer that got lost can be
  settled: either it was made definite, or it is taken away and can no longer be;
- what somebody left pending and never settled (a crash) holds nobody up for longer than `LEFT` after its time, and never counts as booked.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import SystemRandom

from insights.errors import InsightsError, OutcomeUnknown, OutsideFailed
from insights.meetings.calendars.occurrences import Occurrence
from insights.meetings.calendars.store import CalendarStore, Draft, name_of
from insights.meetings.times import overlap

SETTLED_WITHIN = 30.0
"""Seconds that a pending booking may take to be settled; whoever wrote it has given up long before."""
LEFT = 30.0
"""Seconds after that in which clocks of different machines may disagree, before anyone takes it away."""
LAST_WORDS = 1.5
"""Seconds past the deadline for finding out what became of what was sent."""
Outcome = tuple[bool, Occurrence | None]
_CHANCE = SystemRandom()


@dataclass(slots=True)
class Contest:
    """One wish for one room. Not shared between threads.

    `sure` is what is to be done once our pending event was found alone; by default the event is made definite, with those in `attend` invited. It returns
    whether that was the last, and the booking. `ignore` holds keys whose events do not count.
    """

    store: CalendarStore
    calendar: str
    draft: Draft
    until: float
    attend: tuple[str, ...] = ()
    sure: Callable[[Occurrence], Outcome] | None = None
    ignore: frozenset[str] = frozenset()
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    wrote: bool = False

    @property
    def name(self) -> str:
        """What our event is called."""
        return name_of(self.draft.ours.key)

    def run(self) -> Occurrence | None:
        """The booking, or None when somebody else has the room for good. Raises OutcomeUnknown when nobody can tell, OutsideFailed when it is not booked."""
        try:
            for attempt in range(10_000):
                done, found = self._round()
                if done:
                    return found
                self._wait(attempt)
        except OutcomeUnknown:
            raise
        except InsightsError:
            self.give_up()
            raise
        raise AssertionError("the deadline ends this")

    def _round(self) -> Outcome:
        """Look, and do the one thing that is to be done next; whether that was the last, and the booking."""
        mine, others = self._look()
        if mine is not None and is_held(mine):
            return True, mine
        if any(is_held(one) for one in others if _key(one) != self.draft.ours.key):
            if not self._leave(mine):
                self.give_up()
            return True, None
        if self._swept(others):
            return False, None
        if any(_rank(one) < self.name for one in others):
            self._leave(mine)
            return False, None
        if mine is None:
            return self._write()
        if others:
            return False, None
        return self.sure(mine) if self.sure is not None else self._confirm(mine)

    def _look(self) -> tuple[Occurrence | None, Sequence[Occurrence]]:
        """Our own event, and those of others at some of the time. Where a calendar let two be made under one key, the spare ones are taken away."""
        found = self.store.read(self.calendar, self.draft.start, self.draft.end, until=self.until).busy
        mine = sorted((one for one in found if _key(one) == self.draft.ours.key), key=lambda one: (not is_held(one), one.ref))
        for spare in mine[1:]:
            self._leave(spare)
        others = [one for one in found if _key(one) not in (self.draft.ours.key, *self.ignore)]
        return (mine[0] if mine else None), [one for one in (*others, *mine[1:]) if overlap(self.draft.start, self.draft.end, one.start, one.end)]

    def _write(self) -> Outcome:
        self.wrote = True
        pending = replace(self.draft, ours=replace(self.draft.ours, state="pending", until=self.wall() + SETTLED_WITHIN))
        try:
            if self.store.create(self.calendar, pending, until=self.until) is None:
                return self._known()
        except OutcomeUnknown:
            pass  # a pending one that stands there or not: the next look tells, and it never counts as booked
        return False, None

    def _known(self) -> Outcome:
        """Something stands under our key: a booking that was moved since is still what this key gave."""
        found = self.store.find(self.calendar, self.name, until=self.until)
        if found is not None and is_held(found):
            return True, found
        if found is not None and not overlap(self.draft.start, self.draft.end, found.start, found.end):
            self._leave(found)
        return False, None

    def _confirm(self, mine: Occurrence) -> Outcome:
        """Make it definite: nobody else was there when we looked after writing."""
        held = replace(self.draft, ours=replace(self.draft.ours, state="held", until=0.0), attendees=self.attend)
        try:
            found = self.store.change(self.calendar, mine, held, until=self.until)
        except OutcomeUnknown:
            return self._settled()
        return found is not None, found

    def _settled(self) -> Outcome:
        """What became of making it definite: it is, or it is taken away for good. Raises OutcomeUnknown when neither can be had."""
        unknown = OutcomeUnknown(
            f"{self.store.name} did not say whether it was booked.", remedy="I'll look before trying again.", reference=self.draft.ours.key
        )
        latest = max(self.until, time.monotonic() + LAST_WORDS)
        try:
            found = self.store.find(self.calendar, self.name, until=latest)
            if found is not None and is_held(found):
                return True, found
            if found is None or self.store.remove(self.calendar, found, until=latest):
                return False, None
            found = self.store.find(self.calendar, self.name, until=latest)
        except OutsideFailed:
            raise unknown from None
        if found is None or not is_held(found):
            raise unknown
        return True, found

    def _swept(self, others: Sequence[Occurrence]) -> bool:
        """Take away what was left pending by somebody who never came back; whether there was any."""
        left = [one for one in others if one.ours is not None and one.ours.until + LEFT < self.wall()]
        for one in left:
            self._leave(one)
        return bool(left)

    def _leave(self, one: Occurrence | None) -> bool:
        """Take a pending booking away; whether it is gone for certain. When that cannot be told, it is looked at again by whoever meets it."""
        if one is None:
            return True
        try:
            return self.store.remove(self.calendar, one, until=self.until)
        except OutcomeUnknown:
            return False

    def give_up(self) -> None:
        """Leave nothing pending behind, as far as that can be had: it would hold others up for a minute, and never counts as booked."""
        if not self.wrote:
            return
        latest = time.monotonic() + LAST_WORDS
        with contextlib.suppress(InsightsError):
            found = self.store.find(self.calendar, self.name, until=latest)
            if found is not None and not is_held(found):
                self.store.remove(self.calendar, found, until=latest)

    def _wait(self, attempt: int) -> None:
        """A short pause, longer each time and by chance, within the time there is."""
        if self.wrote and attempt == 0:
            return
        pause = min(0.4, 0.02 * 1.5 ** min(attempt, 12)) * (0.5 + _CHANCE.random())
        if time.monotonic() + pause >= self.until:
            raise OutsideFailed(
                "Somebody else is booking the same room at this moment; nothing was booked.", remedy="Ask again in a minute.", reference=self.draft.ours.key
            )
        self.sleep(pause)


def is_held(one: Occurrence) -> bool:
    """Whether an event has the room for good: one of ours that was settled, or anybody else's."""
    return one.ours is None or one.ours.state == "held"


def _key(one: Occurrence) -> str | None:
    return None if one.ours is None else one.ours.key


def _rank(one: Occurrence) -> str:
    """The lower one stays."""
    return name_of(one.ours.key) if one.ours is not None else ""

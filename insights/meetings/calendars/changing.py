"""Giving a booking another time or room: nobody else gets the old or the new in between, and taking it away for certain."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from insights.errors import OutcomeUnknown, OutsideFailed, UnknownThing
from insights.ledger.port import RoomChange
from insights.meetings.calendars.contending import LAST_WORDS, Contest, Outcome
from insights.meetings.calendars.notes import MOST_DONE
from insights.meetings.calendars.occurrences import Occurrence, Ours
from insights.meetings.calendars.store import CalendarStore, Draft, drafted, name_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A booking, and the room in whose calendar it stands."""

    room: str
    calendar: str
    one: Occurrence

    @property
    def ours(self) -> Ours:
        """Our notes in it."""
        assert self.one.ours is not None
        return self.one.ours


@dataclass(slots=True)
class Move:
    """One booking on its way from `old` to where and when `change` says.

    Within a room the new time is claimed by a pending event first, then the booking is moved, then the claim is taken away: at each moment one of them is to
    be seen. Into another room it is booked there as anew, with one more move in its notes, and the old one is taken away by the caller.
    """

    store: CalendarStore
    old: Kept
    there: Kept
    change: RoomChange
    until: float
    attend: tuple[str, ...] = ()

    def run(self) -> Occurrence | None:
        """The booking as it is now; None when somebody has that room at that time."""
        if self.there.room != self.old.room:
            draft = replace(drafted(self.old.one, self._noted(self.old.ours, 1)), start=self.change.start, end=self.change.end)
            return Contest(self.store, self.there.calendar, draft, self.until, self.attend).run()
        claim = Draft(ours=Ours(key=self.change.key, state="pending"), start=self.change.start, end=self.change.end, title=self.old.one.title, private=True)
        contest = Contest(self.store, self.old.calendar, claim, self.until, sure=lambda _: self._moved(), ignore=frozenset({self.old.ours.key}))
        try:
            return contest.run()
        finally:
            contest.give_up()

    @property
    def mark(self) -> str:
        """What is noted once it has been changed."""
        return name_of(self.change.key)

    def _noted(self, ours: Ours, moves: int = 0) -> Ours:
        return replace(ours, moves=ours.moves + moves, done=(*ours.done, self.mark)[-MOST_DONE:])

    def _there(self, one: Occurrence) -> bool:
        return one.ours is not None and self.mark in one.ours.done

    def _moved(self) -> Outcome:
        """Move it, as it stands now."""
        now = self._now(self.until)
        if self._there(now):
            return True, now
        assert now.ours is not None
        draft = replace(drafted(now, self._noted(now.ours)), start=self.change.start, end=self.change.end)
        try:
            found = self.store.change(self.old.calendar, now, draft, until=self.until)
        except OutcomeUnknown:
            return self._settled()
        return found is not None, found

    def _settled(self) -> Outcome:
        """What became of a move that nobody confirmed: it happened, or writing the booking as it was makes sure that it will not."""
        latest = max(self.until, time.monotonic() + LAST_WORDS)
        unknown = OutcomeUnknown(f"{self.store.name} did not say whether it was moved.", remedy="I'll look before trying again.", reference=self.change.key)
        try:
            now = self._now(latest)
            if not self._there(now):
                assert now.ours is not None
                if self.store.change(self.old.calendar, now, drafted(now, now.ours), until=latest) is not None:
                    return False, None
                now = self._now(latest)
        except OutsideFailed:
            raise unknown from None
        if self._there(now):
            return True, now
        raise unknown

    def _now(self, until: float) -> Occurrence:
        found = self.store.find(self.old.calendar, name_of(self.old.ours.key), until=until)
        if found is None or found.ours is None:
            raise UnknownThing("That booking is gone.", remedy="Ask for a new one.")
        return found


def removed(store: CalendarStore, kept: Kept, until: float) -> None:
    """Take a booking away in whatever state it is. Raises OutcomeUnknown when nobody can tell whether it is gone."""
    one: Occurrence | None = kept.one
    while one is not None:
        try:
            if store.remove(kept.calendar, one, until=until):
                return
        except OutcomeUnknown as unknown:
            try:
                one = store.find(kept.calendar, name_of(kept.ours.key), until=max(until, time.monotonic() + LAST_WORDS))
            except OutsideFailed:
                raise unknown from None
            continue
        one = store.find(kept.calendar, name_of(kept.ours.key), until=until)

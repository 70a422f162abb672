"""Meetings made here, brought into the calendars of their organizers: noted in the ledger first, brought at once, and by `insights work` where that failed.

What is brought is not what was done but how the meeting stands in the ledger then, so that it may be done again, late, and in any order.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from insights.errors import InsightsError, NotAnswerable, OutcomeUnknown, OutsideFailed
from insights.events import Event
from insights.ledger.port import DueWork, WorkItem
from insights.meetings.calendars.altering import Alteration
from insights.meetings.calendars.elsewhere import is_copy
from insights.meetings.calendars.occurrences import Occurrence, Ours
from insights.meetings.calendars.store import CalendarStore, Draft, name_of
from insights.meetings.port import Calendars, GivenUp
from insights.meetings.recurring import occurrences
from insights.meetings.times import after
from insights.organization import Organization
from insights.web import PATIENCE, by

KIND = "calendar"
LEASE = timedelta(minutes=1)
MOST = 40
"""Attempts until it is given up, about a day."""
_AGAIN = ":again"
_FIRST, _LONGEST = timedelta(seconds=30), timedelta(hours=1)
_AHEAD = timedelta(days=400)


class Copying:
    """`address` gives the calendar of a person in the store, None where there is none to write into."""

    def __init__(
        self, ledger: Callable[[], DueWork], ours: Calendars, organization: Organization, store: Callable[[], CalendarStore | None],
        address: Callable[[str], str | None], zone: ZoneInfo,
    ) -> None:  # fmt: skip
        self._ledger = ledger
        self._ours = ours
        self._organization = organization
        self._store = store
        self._address = address
        self._zone = zone

    def note(
        self, act: str, *, meeting: str, organizer: str, now: datetime, call: bool = False, guest: str | None = None, occurrence: datetime | None = None
    ) -> bool:  # fmt: skip
        """Write down that the meeting of this key is to be brought because of an act; False where there is no calendar to bring it into.

        Of a series only the one `occurrence`, where there is one. With a `guest` it is what they answered to it that is to be brought into their own copy.
        """
        if self._store() is None or self._address(guest or organizer) is None:
            return False
        said = {"meeting": meeting, "organizer": organizer, "call": call, "mark": name_of(act), "guest": guest}
        payload = json.dumps(said | {"occurrence": occurrence.isoformat() if occurrence is not None else None})
        self._ledger().add_work(f"{KIND}:{act}", KIND, payload, person=organizer, due=self._aware(now) + LEASE)
        return True

    def bring(self, act: str, *, now: datetime) -> tuple[Occurrence | None, str]:
        """Bring it now: the event as it stands there, and the name of the calendar that has not got it yet, empty when it has."""
        item = self._ledger().claim_work(KIND, now=self._aware(now), lease=LEASE, key=f"{KIND}:{act}")
        if item is None:
            if self.waits(act) or act.endswith(_AGAIN):
                return None, self._name if self.waits(act) else ""
            return self._again(act, now)
        try:
            found = self._brought(item, self._aware(now))
        except InsightsError as error:
            self._later(item, error, self._aware(now))
            return None, self._name
        self._ledger().finish_work(item, "done", now=self._aware(now))
        return found, ""

    def work(self, now: datetime) -> tuple[int, tuple[GivenUp, ...]]:
        """Bring what is due at an aware instant; how many were brought, and what was given up."""
        ledger, done, lost = self._ledger(), 0, []
        for left in ledger.lapsed_work(KIND, now=now):
            ledger.postpone_work(left, due=now, problem="interrupted")
        while (item := ledger.claim_work(KIND, now=now, lease=LEASE)) is not None:
            try:
                self._brought(item, now)
            except InsightsError as error:
                if item.attempts < MOST and not isinstance(error, NotAnswerable):  # what cannot be written there never can
                    self._later(item, error, now)
                else:
                    ledger.finish_work(item, "failed", problem=str(error)[:200], now=now)
                    lost.append(self._lost(item, error))
                continue
            done += ledger.finish_work(item, "done", now=now)
        return done, tuple(lost)

    def waits(self, act: str) -> bool:
        """Whether what was noted for this act is still to be brought."""
        item = self._ledger().work_with(f"{KIND}:{act}")
        return item is not None and item.state in ("waiting", "doing")

    def settled(self, meeting: str) -> bool:
        """Whether the meeting of this key was brought, and nothing about it is still to be: then its calendar knows better than we do."""
        item = self._ledger().work_with(f"{KIND}:{meeting}")
        if item is None or item.state != "done":
            return False
        return not self.pending(meeting)

    def pending(self, meeting: str) -> bool:
        """Whether anything about the meeting of this key is still to be brought."""
        ledger = self._ledger()
        return any(json.loads(one.payload)["meeting"] == meeting for one in (*ledger.work_in(KIND, "waiting"), *ledger.work_in(KIND, "doing")))

    def _again(self, act: str, now: datetime) -> tuple[Occurrence | None, str]:
        """An act that is done again, such as after a crash: what was noted for it may have been looked at before there was anything to bring."""
        known = self._ledger().work_with(f"{KIND}:{act}")
        if known is None:
            return None, ""
        said = json.loads(known.payload)
        self.note(f"{act}{_AGAIN}", meeting=said["meeting"], organizer=said["organizer"], now=now, call=said["call"], guest=said.get("guest"))
        return self.bring(f"{act}{_AGAIN}", now=now)

    @property
    def _name(self) -> str:
        store = self._store()
        return store.name if store is not None else ""

    def _aware(self, now: datetime) -> datetime:
        return now if now.tzinfo is not None else now.replace(tzinfo=self._zone)

    def _later(self, item: WorkItem, error: InsightsError, now: datetime) -> None:
        pause = min(_LONGEST, _FIRST * 2 ** min(item.attempts - 1, 10))
        self._ledger().postpone_work(item, due=now + pause, problem=str(error)[:200])

    def _lost(self, item: WorkItem, error: InsightsError) -> GivenUp:
        said = json.loads(item.payload)
        event = self._ours.made(said["organizer"], said["meeting"])
        return GivenUp(key=item.key, person=said["organizer"], title=event.title if event else "", problem=str(error)[:200])

    def _brought(self, item: WorkItem, now: datetime) -> Occurrence | None:
        """The event as it stands there after it was brought; a lost answer is looked for once, at once."""
        with suppress(OutcomeUnknown):
            return self._once(item, now)
        return self._once(item, now)

    def _once(self, item: WorkItem, now: datetime) -> Occurrence | None:
        said, until = json.loads(item.payload), by(PATIENCE)
        store, calendar = self._store(), self._address(said.get("guest") or said["organizer"])
        if store is None or calendar is None:
            return None
        event = self._ours.made(said["organizer"], said["meeting"])
        day = datetime.fromisoformat(said["occurrence"]) if said.get("occurrence") else None
        if said.get("guest"):
            event = event if event is None or day is None else self._ours.find(said["guest"], event.id, day)
            return None if event is None else self._answer(store, calendar, event, said["guest"], until)
        found = store.find(calendar, name_of(said["meeting"]), until=until)
        if event is None:
            if found is not None and not store.remove(calendar, found, until=until):
                raise _busy(store.name)
            return None
        anew = found is None
        if found is None:
            made = store.create(calendar, self._draft(event, said), until=until)
            found = made or store.find(calendar, name_of(said["meeting"]), until=until)
        elif day is None and (found.ours is None or said["mark"] not in found.ours.done):
            different = _difference(event, found, self._room(event), said["mark"])
            found, anew = (found, False) if different is None else (store.alter(calendar, found, different, until=until), different.start is not None)
        if found is None:
            raise _busy(store.name)
        if event.rule is not None:
            only = () if anew or day is None else ((day, self._ours.find(event.calendar, event.id, day)),)
            self._days(store, calendar, found, only or self._different(event, now), until)
        return found

    def _days(self, store: CalendarStore, calendar: str, series: Occurrence, days: Iterable[tuple[datetime, Event | None]], until: float) -> None:
        """Make days of a series like ours; what was called off there stays so."""
        for given, ours in days:
            there = store.one(calendar, series, given, until=until)
            if there is None:
                continue
            different = _difference(ours, there, self._room(ours), "") if ours is not None else None
            if ours is None:
                done = store.remove(calendar, there, until=until)
            else:
                done = different is None or store.alter(calendar, there, different, until=until) is not None
            if not done:
                raise _busy(store.name)

    def _different(self, event: Event, now: datetime) -> Iterator[tuple[datetime, Event | None]]:
        """The days on which a series is not as its rule has it, from yesterday on: how it is then, None where it was called off."""
        length = timedelta(seconds=event.end.timestamp() - event.start.timestamp())
        for given in occurrences(event.rule or "", event.start, max(event.start, now - timedelta(days=1), key=datetime.timestamp), now + _AHEAD):
            one = self._ours.find(event.calendar, event.id, given)
            if one is None or (one.title, one.room) != (event.title, event.room) or (one.start, one.end) != (given, after(given, length)):
                yield given, one

    def _answer(self, store: CalendarStore, calendar: str, event: Event, guest: str, until: float) -> Occurrence | None:
        """Answer in the guest's own copy as they answered here; where there is none, or their answer is taken from nobody else, it stays here."""
        response, email = event.response_of(guest), (self._organization.people[guest].email or "").casefold()
        copy = next((one for one in store.read(calendar, event.start, event.end, until=until).occurrences if is_copy(event, one)), None)
        if copy is None or response == "waiting" or email not in copy.attendees | copy.declined:
            return copy
        if email in {"accepted": copy.accepted, "declined": copy.declined, "tentative": copy.unsure}[response]:
            return copy
        with suppress(NotAnswerable):
            if not store.respond(calendar, copy, email, response, until=until):
                raise _busy(store.name)
        return copy

    def _room(self, event: Event) -> str:
        room = self._organization.rooms.get(event.room or "")
        return room.name if room is not None else event.place

    def _draft(self, event: Event, said: dict[str, str]) -> Draft:
        organizer = self._organization.people[said["organizer"]]
        link = f"Join: {event.link}" if event.link else ""
        return Draft(
            ours=Ours(key=said["meeting"], person=said["organizer"], done=(said["mark"],)),
            start=event.start,
            end=event.end,
            title=event.title,
            location=self._room(event) or None,
            description="\n".join(part for part in (event.description, link) if part) or None,
            attendees=tuple(sorted({one.email.casefold() for one in event.attendees if one.email})),
            private=event.private,
            organizer=organizer.email,
            call=bool(said.get("call")) and event.link is None,
            link=event.link,
            rule=event.rule,
        )


def _difference(event: Event, found: Occurrence, room: str, mark: str) -> Alteration | None:
    """What is to be otherwise about the event that stands there, None when nothing is; answers are kept where the time stays."""
    moved = (event.start.timestamp(), event.end.timestamp()) != (found.start.timestamp(), found.end.timestamp())
    title = event.title if event.title != (found.title or "") else None
    place = room if room != (found.location or "") else None
    if not moved and title is None and place is None:
        return None
    rule = event.rule if moved and found.series else None
    return Alteration(start=event.start if moved else None, end=event.end if moved else None, title=title, location=place, rule=rule, done=mark)


def _busy(system: str) -> OutsideFailed:
    return OutsideFailed(f"The event is being changed in {system} at this moment.", remedy="Ask again in a minute.")

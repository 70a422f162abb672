"""Reminders: messages to oneself that are due later."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from insights.answers import Reminder, ReminderAnswer
from insights.delivery.quiet import silence, speak
from insights.delivery.repeating import due_at, first_of
from insights.errors import NotAnswerable, UnknownThing
from insights.following.acting import Act, Doing
from insights.ledger.port import Ledger, WorkItem
from insights.organization import Organization
from insights.permit import Asker
from insights.requests import BeforeMeetings, Remind, Reminders

KIND = "reminder"
_LEASE = timedelta(minutes=2)
_FURTHEST = timedelta(days=366)
MOST = 100
_FILLING = frozenset("the a an my to of about for".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderDesk:
    """Keeps reminders as due work; `timezone` is that of people who have none of their own."""

    ledger: Callable[[], Ledger]
    organization: Organization
    timezone: str

    @property
    def reminding(self) -> Doing[ReminderAnswer]:
        """Setting one."""
        return Doing(answer_type=ReminderAnswer, ledger=self.ledger, attempt=self._set, found=self._found, undone_words="no reminder was set")

    @property
    def ending(self) -> Doing[ReminderAnswer]:
        """Taking some back."""
        return Doing(answer_type=ReminderAnswer, ledger=self.ledger, attempt=self._end, found=lambda _: None, undone_words="your reminders are as they were")

    @property
    def telling(self) -> Doing[ReminderAnswer]:
        """Whether meetings are told of beforehand."""
        return Doing(
            answer_type=ReminderAnswer, ledger=self.ledger, attempt=self._tell, found=lambda _: None, undone_words="that is as it was"
        )  # fmt: skip

    def before_meetings(self, request: BeforeMeetings, *, asker: Asker, key: str, now: datetime) -> ReminderAnswer:
        """From now on somebody is told before each of their meetings, or is not."""
        return self.telling.once(Act(request=request, person=_who(asker), key=key, now=now))

    def remind(self, request: Remind, *, asker: Asker, key: str, now: datetime) -> ReminderAnswer:
        """Set one. Raises NotAnswerable for a time that has passed."""
        return self.reminding.once(Act(request=request, person=_who(asker), key=key, now=now))

    def end(self, request: Reminders, *, asker: Asker, key: str, now: datetime) -> ReminderAnswer:
        """Take back what is meant."""
        return self.ending.once(Act(request=request, person=_who(asker), key=key, now=now))

    def mine(self, *, asker: Asker) -> ReminderAnswer:
        """Those that are to come, the next first."""
        return ReminderAnswer(status="listed", reminders=tuple(shown(one) for one in self._waiting(_who(asker))))

    def _tell(self, act: Act) -> ReminderAnswer:
        assert isinstance(act.request, BeforeMeetings)
        if not act.request.off:
            speak(self.ledger(), act.person, now=act.now)
            return ReminderAnswer(status="meetings_on", reminders=())
        silence(self.ledger(), act.person, key=act.key, now=act.now)
        return ReminderAnswer(status="meetings_off", reminders=())

    def _set(self, act: Act) -> ReminderAnswer:
        request = act.request
        assert isinstance(request, Remind)
        if len(self._waiting(act.person)) >= MOST:
            raise NotAnswerable(f"{MOST} reminders wait already.", remedy="Take some back first.")
        zone = ZoneInfo(self.organization.people[act.person].timezone or self.timezone)
        repeated: dict[str, object] = {}
        if request.repeats is not None:
            here = act.now.astimezone(zone).replace(tzinfo=None, fold=0)
            begin = request.at or here
            due = self._due(first_of(request.repeats, begin, here), act, zone)
            repeated = {"rule": request.repeats, "begin": begin.isoformat(timespec="minutes"), "zone": zone.key, "series": f"{act.key}:reminder", "number": 1}
        else:
            assert request.at is not None
            due = self._due(request.at, act, zone)
        payload = json.dumps({"utterance": "", "speech": f"Here is your reminder: {request.what}", "text": f"Reminder: {request.what}", "what": request.what,
                              "at": due.replace(tzinfo=None).isoformat(timespec="minutes"), **repeated})  # fmt: skip
        self.ledger().add_work(f"{act.key}:reminder", KIND, payload, person=act.person, due=due)
        item = self.ledger().work_with(f"{act.key}:reminder")
        assert item is not None
        return ReminderAnswer(status="set", reminders=(shown(item),))

    @staticmethod
    def _due(at: datetime, act: Act, zone: ZoneInfo) -> datetime:
        """The time on the clock of the person; one of today that has passed there is tomorrow's."""
        due = due_at(at, zone)
        if due <= act.now and at.date() <= act.now.date() and at.date() >= act.now.date() - timedelta(days=1):
            due = due_at(at + timedelta(days=1), zone)
        if due <= act.now:
            raise NotAnswerable("That has passed.", remedy="Say a time that is to come.")
        if due - act.now > _FURTHEST:
            raise NotAnswerable("I can remind you within a year.", remedy="Say an earlier day, or put it into your calendar.")
        return due

    def _found(self, act: Act) -> ReminderAnswer | None:
        item = self.ledger().work_with(f"{act.key}:reminder")
        return None if item is None else ReminderAnswer(status="set", reminders=(shown(item),))

    def _end(self, act: Act) -> ReminderAnswer:
        request = act.request
        assert isinstance(request, Reminders)
        waiting = self._waiting(act.person)
        if not waiting:
            raise NotAnswerable("No reminder of yours waits.", remedy="Say 'remind me', when and of what.")
        found = waiting if request.every or (len(waiting) == 1 and request.reminder is None and not request.what) else ()
        if request.what:
            found = tuple(one for one in waiting if _words(request.what) <= _words(shown(one).what))[:1]
        if request.reminder is not None:
            found = tuple(one for one in waiting if shown(one).id.casefold() == request.reminder.casefold())
        if not found:
            raise UnknownThing(
                "I don't know which reminder is meant.", remedy="Say its number.", options=[f"{one.id} ({one.what})" for one in map(shown, waiting)]
            )
        ended = [one for one in found if self._take_back(one, act.now)]
        return ReminderAnswer(status="ended", reminders=tuple(shown(one) for one in ended))

    def _take_back(self, item: WorkItem, now: datetime) -> bool:
        claimed = self.ledger().claim_work(KIND, now=now, lease=_LEASE, key=item.key)
        return claimed is not None and self.ledger().finish_work(claimed, "failed", problem="taken back by the person", now=now)

    def _waiting(self, person: str) -> tuple[WorkItem, ...]:
        return tuple(sorted((one for one in self.ledger().work_in(KIND, "waiting") if one.person == person), key=lambda one: shown(one).at))


def shown(item: WorkItem) -> Reminder:
    """A reminder as its person is told of it."""
    facts = json.loads(item.payload)
    key = facts.get("series", item.key)
    number = 1000 + int(sha256(key.encode()).hexdigest()[:8], 16) % 9000
    return Reminder(id=f"R-{number}", what=facts["what"], at=datetime.fromisoformat(facts["at"]), repeats=facts.get("rule"))


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold())) - _FILLING


def _who(asker: Asker) -> str:
    if asker.person is None:
        raise NotAnswerable("I need to know who you are to remind you.", remedy="Say who you are with --as, or link your account.")
    return asker.person.id

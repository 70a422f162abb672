"""Join the call of a meeting, or start one: the link goes to people and to the room's system, and what was done is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from insights.answers import Call, CallAnswer
from insights.calls.links import Conference, Hosts, Texts, conference
from insights.calls.port import Conferences, RoomSystem
from insights.contract import decode_request, encode
from insights.delivery.outbox import enqueue
from insights.errors import InsightsError, NotAnswerable
from insights.events import Event
from insights.ledger.once import Step, once, silent
from insights.ledger.port import Ledger
from insights.organization import Organization, Person
from insights.permit import Asker
from insights.requests import JoinCall, Period, StartCall
from insights.wording import Wording

EARLY = timedelta(minutes=15)
"""How long before its start a meeting counts as the current one."""
AHEAD = timedelta(hours=12)
Events = Callable[[str, datetime, datetime], Sequence[Event]]


class CallDesk:
    """Calls of one organization. Safe to use from many threads."""

    def __init__(
        self,
        *,
        events: Events,
        conferences: Conferences,
        room_systems: Mapping[str, RoomSystem],
        ledger: Callable[[], Ledger],
        organization: Organization,
        wording: Wording,
        timezone: str,
        hosts: Hosts | None = None,
    ) -> None:
        self._events = events
        self._conferences = conferences
        self._rooms = room_systems
        self._ledger = ledger
        self._organization = organization
        self._wording = wording
        self._zone = ZoneInfo(timezone)
        self._hosts = hosts or Hosts()

    def join(self, request: JoinCall, *, asker: Asker, now: datetime, key: str, step: Step = silent) -> CallAnswer:
        """See the port."""
        return self._once("join_call", request, asker, now, key, lambda: self._join(request, asker, now, key), step)

    def start(self, request: StartCall, *, asker: Asker, now: datetime, key: str, step: Step = silent) -> CallAnswer:
        """See the port."""
        return self._once("start_call", request, asker, now, key, lambda: self._start(request, asker, now, key), step)

    def _once(self, kind: str, request: JoinCall | StartCall, asker: Asker, now: datetime, key: str, attempt: Callable[[], str], step: Step) -> CallAnswer:
        result = once(
            self._ledger(),
            key=key,
            kind=kind,
            request=json.dumps(encode(request)),
            person=asker.person.id if asker.person else None,
            now=now,
            attempt=attempt,
            found=lambda: None,  # an attempt is safe to repeat: messages, room systems and conferences know the key
            step=step,
        )
        return self._heard(self.answer(result), asker)

    def _join(self, request: JoinCall, asker: Asker, now: datetime, key: str) -> str:
        event = self._meant(request, asker, now)
        found = conference(_texts(event), self._hosts)
        if found is None:
            raise NotAnswerable(f"There is no call in {_named(event, asker)}.", remedy="Say 'start a call' to make one.")
        return self._bring(_call(found, event, self._zone), "joined", (), asker, now, key)

    def _start(self, request: StartCall, asker: Asker, now: datetime, key: str) -> str:
        people = [self._organization.people[id_] for id_ in request.people if id_ in self._organization.people and self._organization.people[id_].active]
        title = f"Call of {asker.person.name}" if asker.person else "Call"
        made = self._conferences.make(title, key=key, now=now)
        return self._bring(Call(service=made.service, link=made.link, dial_in=made.dial_in), "started", people, asker, now, key)

    def _meant(self, request: JoinCall, asker: Asker, now: datetime) -> Event:
        """The meeting that is named, else the one that is running, else the next that begins soon."""
        here = now.replace(tzinfo=self._zone)
        person = asker.person.id if asker.person else ""
        until = max(here + AHEAD, request.start.replace(tzinfo=self._zone) + timedelta(hours=1)) if request.start else here + AHEAD
        first, last = self._days(request.period)
        until = max(until, last) if last is not None else until
        events = [
            one
            for one in self._events(person, here - timedelta(hours=12), until)
            if one.end > here and not one.whole_day and one.response_of(person) != "declined"
        ]
        if request.title is not None:
            wanted = request.title.casefold()
            events = [one for one in events if wanted in one.title.casefold()]
        if first is not None and last is not None:
            events = [one for one in events if one.end > first and one.start < last]
        if request.start is not None:
            at = request.start.replace(tzinfo=self._zone)
            events = [one for one in events if one.start <= at < one.end]
        events.sort(key=lambda one: one.start)
        running = [one for one in events if one.start - EARLY <= here]
        in_room = [one for one in running if asker.room is not None and one.room == asker.room]
        chosen = in_room or running[-1:] or events[:1]
        if not chosen:
            which = f" called '{request.title[:60]}'" if request.title else ""
            when = "then" if request.period is not None or request.start is not None else "now or in the next twelve hours"
            raise NotAnswerable(f"You have no meeting{which} {when}.", remedy="Say 'start a call' to make a new one.")
        return chosen[-1]

    def _days(self, period: Period | None) -> tuple[datetime | None, datetime | None]:
        """Where these days begin and end; (None, None) without days."""
        if period is None or period.first is None:
            return None, None
        last = period.last if period.last is not None else period.first
        return datetime.combine(period.first, time(), self._zone), datetime.combine(last + timedelta(days=1), time(), self._zone)

    def _bring(self, call: Call, status: Literal["started", "joined"], people: Sequence[Person], asker: Asker, now: datetime, key: str) -> str:
        """To the room's system, to those named and to the asker where others hear the reply."""
        system, failed = self._rooms.get(asker.room or ""), None
        room = self._organization.rooms.get(asker.room or "")
        name = room.name if room is not None else None
        if system is not None:
            try:
                system.join(link=call.link, dial_in=call.dial_in, title=call.title, key=key, now=now)
            except InsightsError as error:
                failed = error.problem
        sent = [f"{person.name}" for person in people if self._invite(person, call, asker, key)]
        public = asker.audience != "private"
        if public and asker.person is not None and asker.person.slack is not None:
            said = self._wording.answer(CallAnswer(status=status, call=call, here=True))
            enqueue(self._ledger(), key=f"{key}:link", person=asker.person.id, speech=said.speech, text=said.text)
            sent.insert(0, "your Slack")
        answer = CallAnswer(status=status, call=call, sent_to=tuple(sent), room_system=name if system is not None and failed is None else None, failed=failed)
        return json.dumps(encode(answer))

    def _invite(self, person: Person, call: Call, asker: Asker, key: str) -> bool:
        """Whether somebody can be sent the link; those who cannot be reached are not said to be."""
        if person.slack is None or (asker.person is not None and person.id == asker.person.id):
            return False
        by = asker.person.name if asker.person else None
        said = self._wording.answer(CallAnswer(status="invited", call=call, here=True, by=by))
        enqueue(self._ledger(), key=f"{key}:{person.id}", person=person.id, speech=said.speech, text=said.text)
        return True

    def _heard(self, answer: CallAnswer, asker: Asker) -> CallAnswer:
        """The answer as it may be heard where the asker is: an address is for those who are in the call, and a private meeting has no name in public."""
        if asker.audience == "private":
            return replace(answer, here=True)
        return replace(answer, call=replace(answer.call, link=None, dial_in=None, title=None))

    def found(self, key: str) -> str | None:
        """The result of a call that was interrupted, or None: for reconciliation. What was begun with its key is what is brought."""
        action = self._ledger().find(key)
        if action is None or action.kind != "start_call":
            return None
        made = self._conferences.made(key)
        request = decode_request(json.loads(action.request))
        person = self._organization.people.get(action.person or "")
        if made is None or person is None or not isinstance(request, StartCall):
            return None
        call = Call(service=made.service, link=made.link, dial_in=made.dial_in)
        return json.dumps(encode(CallAnswer(status="started", call=call, here=True)))

    def answer(self, result: str) -> CallAnswer:
        """The answer that a recorded result stands for."""
        facts: dict[str, Any] = json.loads(result)
        call = facts.pop("call")
        start = datetime.fromisoformat(call["start"]) if call.get("start") else None
        lists = {name: tuple(facts.pop(name)) for name in ("sent_to", "assumed")}
        return CallAnswer(call=Call(**{**call, "start": start}), **{**facts, **lists})

    def undone(self, request: str) -> InsightsError:  # noqa: ARG002 # what it was about says nothing about why
        """What to tell the person whose call was interrupted."""
        return NotAnswerable("I was interrupted, and the call was not brought to you.", remedy="Ask again.")


def _texts(event: Event) -> Texts:
    return Texts(structured=(event.link,) if event.link else (), location=event.place, description=event.description)


def _call(found: Conference, event: Event, zone: ZoneInfo) -> Call:
    return Call(
        service=found.service,
        link=found.link,
        dial_in=found.dial_in,
        title=None if event.private else event.title,
        meeting=event.id,
        start=event.start.astimezone(zone).replace(tzinfo=None),
        found_in=found.found_in,
    )


def _named(event: Event, asker: Asker) -> str:
    return f"'{event.title[:80]}'" if asker.audience == "private" else "your meeting"

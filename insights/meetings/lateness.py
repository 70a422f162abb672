"""Who comes late lets the others in a meeting know, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from insights.answers import MeetingAnswer
from insights.errors import NotAnswerable
from insights.events import Event
from insights.meetings.acting import Act, Doing
from insights.meetings.ground import Ground, Thing
from insights.meetings.naming import Named, label, lasting, none_found, one_of_each, running_or_next, things
from insights.meetings.notices import tell
from insights.permit import Asker
from insights.requests import Choice, Clarify, RunLate
from insights.wording import formats

SOON = timedelta(hours=4)
"""Nobody is late for what begins later than this, unless they name it."""
_MOST = 240
"""Minutes: whoever comes later than that does not come."""


class LateDesk:
    """Finds out which meeting is meant, and who is in it."""

    def __init__(self, ground: Ground, asker: Callable[[str | None], Asker]) -> None:
        self._ground = ground
        self.telling: Doing[MeetingAnswer] = Doing(
            kind="running_late", answer=MeetingAnswer, ledger=ground.ledger, attempt=self._tell, found=self._told,
            undone=lambda _: "nobody was told that you come late", asker=asker,
        )  # fmt: skip

    def settle(self, request: RunLate, *, asker: Asker, now: datetime) -> RunLate | Clarify:
        """The request naming exactly one meeting, or the question which. Raises NotAnswerable where none is meant, or nobody else is in it."""
        if asker.person is None:
            raise NotAnswerable("I need to know whose meeting that is.", remedy="Say who you are with --as, or link your account.")
        if request.minutes is not None and not 0 < request.minutes <= _MOST:
            raise NotAnswerable("That is no time to be late by.", remedy="Say up to four hours, move the meeting, or decline it.")
        named = Named(title=request.title, start=request.start, people=request.people, thing=request.meeting)
        found: list[Thing] = [one for one in things(self._ground, asker.person.id, named, now) if isinstance(one, Event) and not one.whole_day]
        if not found:
            raise none_found(self._ground, named)
        each = one_of_each(running_or_next(found, self._ground, now) if named.title is None and not named.people else found)
        if named.says_nothing and each[0].start.timestamp() > self._ground.now(now).timestamp() + SOON.total_seconds():
            raise NotAnswerable("Nothing of yours begins soon.", remedy="Say which meeting you come late to.")
        if len(each) > 1:
            choices = tuple(Choice(label=label(self._ground, one, asker), request=self._naming(request, one)) for one in each[:3])
            return Clarify(about="meeting", missing="meeting", choices=choices, partial=request)
        settled = self._naming(request, each[0])
        self._others(settled, asker)
        return settled

    def propose(self, request: RunLate, *, asker: Asker) -> MeetingAnswer:
        """Who would be told, of a settled request."""
        return replace(self._answer(request, asker, told=tuple(self._ground.name(one) for one in self._others(request, asker))), status="proposed", act="late")

    def _naming(self, request: RunLate, thing: Thing) -> RunLate:
        return replace(request, meeting=thing.id, start=self._ground.here(thing.start), title=None, people=())

    def _event(self, request: RunLate, asker: Asker) -> Event:
        named = Named(start=request.start, thing=request.meeting)
        found = things(self._ground, asker.person.id, named, request.start or datetime.min) if asker.person and request.start else []
        event = next((one for one in found if isinstance(one, Event) and asker.person and one.response_of(asker.person.id) != "declined"), None)
        if event is None:
            raise none_found(self._ground, named)
        return event

    def _others(self, request: RunLate, asker: Asker) -> list[str]:
        """The ids of those who are told: whoever else of the company is in it and has not declined. Raises NotAnswerable where that is nobody."""
        event = self._event(request, asker)
        me = asker.person.id if asker.person else None
        found = [one for one in sorted(event.people) if one != me and event.response_of(one) != "declined"]
        reached = [one for one in found if (person := self._ground.person(one)) is not None and person.active]
        if not reached:
            raise NotAnswerable("There is nobody in that meeting whom I can tell.", remedy="Tell them yourself, or move the meeting.")
        return reached

    def _tell(self, act: Act[MeetingAnswer]) -> MeetingAnswer:
        told = tell(self._ground, self._others(act.request, act.asker), self._said(act), replace(act, key=self._key(act)))
        return self._answer(act.request, act.asker, told=told)

    def _told(self, act: Act[MeetingAnswer]) -> MeetingAnswer | None:
        """Where one of them was told, the rest are, too."""
        try:
            others = self._others(act.request, act.asker)
        except NotAnswerable:
            return None
        key = self._key(act)
        begun = any(self._ground.ledger().work_with(f"{key}:told:{one}") is not None for one in others)
        return self._tell(act) if begun else None

    def _key(self, act: Act[MeetingAnswer]) -> str:
        """Whoever says the same again, or presses twice, tells nobody twice."""
        request: RunLate = act.request
        assert act.asker.person is not None
        begins = round(self._event(request, act.asker).start.timestamp())
        return f"late:{act.asker.person.id}:{lasting(request.meeting or '')}:{begins}:{request.minutes or ''}"

    def _said(self, act: Act[MeetingAnswer]) -> str:
        ground, event = self._ground, self._event(act.request, act.asker)
        start = ground.here(event.start)
        name = act.asker.person.name if act.asker.person else "Somebody"
        by = f"about {act.request.minutes} minutes late" if act.request.minutes else "late"
        when = f"on {formats.weekday(start.date(), ground.said_in)} at {formats.clock(start, ground.said_in)}"
        return f'{name} is running {by} for "{formats.line(event.title)}" {when}'

    def _answer(self, request: RunLate, asker: Asker, *, told: tuple[str, ...]) -> MeetingAnswer:
        event = self._event(request, asker)
        shown = self._ground.meeting(event, asker)
        outside = [one for one in (event.organizer, *event.attendees) if one is not None and one.person is None and one.response != "declined"]
        untold = tuple(one.name or one.email or "somebody" for one in outside) if not shown.hidden else ()
        return MeetingAnswer(status="late", meeting=shown, minutes=request.minutes, told=() if shown.hidden else told, untold=untold)

"""Which meeting or booking is to be moved, called off or answered: one of the asker's own, of those they act for, or what the office has to clear."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from insights.errors import NotAnswerable, NotPermitted
from insights.events import Event
from insights.ledger.port import HeldRoom
from insights.meetings.ground import Ground, Thing
from insights.meetings.moving import Moving
from insights.meetings.naming import Named, label, none_found, one_of_each, running_or_next, things, window
from insights.meetings.whose import is_others, may_change, meant
from insights.permit import Asker, keeps_rooms
from insights.requests import CancelMeeting, Choice, Clarify, MoveMeeting, RespondInvitation
from insights.wording import formats

Changing = MoveMeeting | CancelMeeting | RespondInvitation
C = TypeVar("C", bound=MoveMeeting | CancelMeeting | RespondInvitation)


class SettlingDesk:
    """Makes a request definite before anything is proposed or done."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._moving = Moving(ground)

    def settle(self, request: Changing, *, asker: Asker, now: datetime) -> tuple[Changing, tuple[str, ...]] | Clarify:
        """The request made definite, with what was taken for granted; or the question which one is meant.

        Raises NotAnswerable when nothing is meant by it, NotPermitted when it is not the asker's to change.
        """
        if asker.person is None:
            raise NotAnswerable("I need to know whose calendar that is.", remedy="Say who you are with --as, or link your account.")
        if not isinstance(request, RespondInvitation) and (office := self._of_the_office(request, asker, now)) is not None:
            return office
        found = self._candidates(request, asker, now)
        each = one_of_each(found)
        if len(each) > 1:
            choices = tuple(Choice(label=label(self._ground, one, asker), request=self._naming(request, one)) for one in each[:3])
            return Clarify(about="meeting", missing="meeting", choices=choices, partial=request)
        thing = each[0]
        if isinstance(thing, Event) and thing.rule is not None and thing.occurrence is not None and not request.series:
            if isinstance(request, RespondInvitation) and request.start is None:
                request = replace(request, series=True)
            elif request.start is None and not _says_day(request) and not isinstance(request, RespondInvitation):
                return self._this_or_all(request, thing, asker, now)
        if isinstance(request, MoveMeeting) and request.to is not None and request.start is not None:
            later = self._ground.here(thing.start).date() - request.start.date()
            if later and request.to.date() == request.start.date():  # "to four" is four on the day that it is on
                request = replace(request, to=request.to + later)
        return self._definite(request, thing, asker, now)

    def _candidates(self, request: Changing, asker: Asker, now: datetime) -> list[Thing]:
        assert asker.person is not None
        period = request.on if isinstance(request, MoveMeeting) else getattr(request, "period", None)  # a move's period is where it goes
        room = getattr(request, "room", None)
        named = Named(title=request.title, start=request.start, people=request.people, room=room, period=period, thing=request.meeting)
        if named.room is not None:
            named = replace(named, room=self._ground.organization.room_called(named.room, here=asker.room).id)
        found = self._own(request, asker.person.id, named, now)
        for person in self._ground.organization.people.values() if not found else ():
            if asker.person.id in person.delegates:
                found = found or self._own(request, person.id, named, now)
        if isinstance(request, RespondInvitation):
            return self._invitations(found, named)
        if not found:
            raise none_found(self._ground, named)
        theirs = [one for one in found if not may_change(self._ground, asker, one)]
        mine = [one for one in found if may_change(self._ground, asker, one)]
        if not mine:
            event = theirs[0]
            assert isinstance(event, Event)
            who = event.organizer.name if event.organizer else "Somebody else"
            raise NotPermitted(f"{who} has arranged that meeting.", remedy="You can decline it, or ask them.")
        return running_or_next(mine, self._ground, now) if named.says_nothing or (named.title is None and not named.people) else mine

    def _own(self, request: Changing, person: str, named: Named, now: datetime) -> list[Thing]:
        found = things(self._ground, person, named, now)
        if not found and named.start is not None and named.start.date() == now.date() and named.thing is None:
            at, later = named.start.time(), things(self._ground, person, replace(named, start=None), now)
            found = [one for one in later if self._ground.here(one.start).time() == at][:1]  # "my three o'clock" is the next that begins at three
        if not isinstance(request, RespondInvitation):
            return found
        return [one for one in found if isinstance(one, Event) and one.organizer is not None and one.organizer.person != person and person in one.people]

    def _invitations(self, found: list[Thing], named: Named) -> list[Thing]:
        """Without a name, those that wait for an answer; where none waits that is said."""
        if not named.says_nothing:
            if not found:
                raise none_found(self._ground, named)
            return found
        waiting: list[Thing] = [one for one in found if isinstance(one, Event) and one.response_of(one.calendar) == "waiting"]
        if not waiting:
            raise NotAnswerable("No invitation waits for your answer.", remedy="Say which meeting you mean.")
        return waiting

    def _of_the_office(
        self, request: MoveMeeting | CancelMeeting, asker: Asker, now: datetime
    ) -> tuple[MoveMeeting | CancelMeeting, tuple[str, ...]] | Clarify | None:
        """What the office moves out of a room or calls off there, whoever has it; None for whatever is its own."""
        if not keeps_rooms(asker) or request.title or request.room is None or asker.person is None:
            return None
        if request.meeting is not None:  # one that was found before
            known = self._ground.rooms.find(request.meeting)
            return self._definite(request, known, asker, now) if known is not None and is_others(asker, known) else None
        room = self._ground.organization.room_called(request.room, here=asker.room)
        days = request.on if isinstance(request, MoveMeeting) else request.period
        named = Named(start=request.start, people=request.people, room=room.id, period=days)
        if isinstance(request, CancelMeeting) and not request.people and things(self._ground, asker.person.id, named, now):
            return None
        there = self._there(room.id, named, asker, now)
        if len(there) > 1:
            choices = tuple(Choice(label=label(self._ground, one, asker), request=self._naming(request, one)) for one in there[:3])
            return Clarify(about="booking", missing="booking", choices=choices, partial=request)
        return self._definite(request, there[0], asker, now)

    def _definite(self, request: C, thing: Thing, asker: Asker, now: datetime) -> tuple[Any, tuple[str, ...]] | Clarify:
        """The request for exactly that one, with the time and room that it goes to."""
        definite = self._naming(request, thing)
        return self._moving.settle(definite, thing, asker=asker, now=now) if isinstance(definite, MoveMeeting) else (definite, ())

    def _there(self, room: str, named: Named, asker: Asker, now: datetime) -> list[HeldRoom]:
        """What a room is held for at the time or on the days that were said, for those who were named."""
        if named.start is not None or (named.period is None and not named.people):
            return [meant(self._ground, asker, "move", now=now, room=room, start=named.start)[0]]
        first, last = window(self._ground, named, now)
        held = [one for one in self._ground.rooms.busy(first, last) if one.room == room and (not named.people or one.person in named.people)]
        if not held:
            raise none_found(self._ground, named)
        return held

    def _naming(self, request: C, thing: Thing) -> C:
        """The request, naming exactly that one."""
        definite = replace(request, meeting=thing.id, start=self._ground.here(thing.start), title=None, people=())
        if isinstance(definite, CancelMeeting):
            return replace(definite, room=thing.room, period=None)
        return replace(definite, room=thing.room, on=None) if isinstance(definite, MoveMeeting) else definite

    def _this_or_all(self, request: Changing, event: Event, asker: Asker, now: datetime) -> Clarify:
        """Of a series: the next one, or all of them. Whoever picks has agreed."""
        start = self._ground.here(event.start)
        said = (f"only the one on {formats.weekday(start.date(), self._ground.said_in)}", "the whole series")
        choices = []
        for words, each in zip(said, (self._naming(request, event), replace(self._naming(request, event), series=True)), strict=True):
            definite: Changing = each
            if isinstance(each, MoveMeeting):
                settled = self._moving.settle(each, event, asker=asker, now=now)
                if isinstance(settled, Clarify):
                    return settled
                definite = settled[0]
            choices.append(Choice(label=words, request=definite))
        return Clarify(
            about="series", missing="series", choices=tuple(choices), partial=request, offer=True, said=f"{label(self._ground, event, asker)} repeats."
        )


def _says_day(request: Changing) -> bool:
    """Whether it was said on which day the meeting is that is meant; the period of a move is where it goes."""
    return request.on is not None if isinstance(request, MoveMeeting) else getattr(request, "period", None) is not None

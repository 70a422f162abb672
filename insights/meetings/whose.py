"""Which booking is meant, and whether the asker may do that with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Literal

from insights.errors import InsightsError, NotAnswerable, NotPermitted, UnknownThing
from insights.ledger.port import HeldRoom
from insights.meetings.ground import Ground, Thing
from insights.meetings.naming import is_called
from insights.organization import Room
from insights.permit import Asker, acts_for, keeps_rooms
from insights.requests import Period
from insights.wording import formats

Doing = Literal["extend", "end", "check_in", "release", "move"]
_BY_ANYBODY_IN_IT: frozenset[Doing] = frozenset({"extend", "end", "check_in"})
_BY_THE_OFFICE: frozenset[Doing] = frozenset({"release", "move", "end"})
_A_MOMENT = timedelta(minutes=1)


def meant(
    ground: Ground,
    asker: Asker,
    doing: Doing,
    *,
    now: datetime,
    booking: str | None = None,
    room: str | None = None,
    start: datetime | None = None,
    title: str | None = None,
    period: Period | None = None,
) -> tuple[HeldRoom, ...]:
    """The bookings that the words can mean, one as a rule; several where they fit equally, such as all of the days of a `period`. `now` and `start` are local.

    The asker's own come first, then what they may do something with. Raises UnknownThing or NotAnswerable when there is none, NotPermitted when it is others'.
    """
    if booking is not None:
        held = ground.rooms.find(booking)
        if held is None:
            raise UnknownThing(f"There is no booking {booking[:20]} any more.", remedy="Ask what you have booked.")
        check(ground, asker, held, doing)
        return (held,)
    named = ground.organization.room_called(room, here=asker.room) if room else None
    me = asker.person.id if asker.person else None
    mine = _at(ground, ground.rooms.held_by(me, start=ground.now(now), end=None), named, now, start, title, period)
    if mine:
        return mine
    theirs = [held for person in acted_for(ground, asker) if person != me for held in ground.rooms.held_by(person, start=ground.now(now), end=None)]
    found = _at(ground, theirs, named, now, start, title, period)
    if found:
        return found
    if title is not None:
        raise NotAnswerable(f'You have no booking called "{formats.line(title)}".', remedy="Ask what you have booked.")
    there = _there(ground, named, now, start, period)
    for held in there:
        check(ground, asker, held, doing)
    if there:
        return tuple(there)
    raise _none(ground, named, start, period)


def check(ground: Ground, asker: Asker, held: HeldRoom, doing: Doing) -> None:
    """Raise NotPermitted when the booking is another's and nothing gives the asker a right to it; who has it is told only to those who may know."""
    if acts_for(asker, held.person, ground.organization):
        return
    if asker.person is not None and doing in _BY_ANYBODY_IN_IT and asker.person.id in ground.people_in(held):
        return
    if doing in _BY_THE_OFFICE and keeps_rooms(asker):
        return
    shown = ground.booking(held, asker)
    who = shown.person_name or "somebody else"
    raise NotPermitted(
        f"{shown.room_name} is booked by {who} from {formats.clock(shown.start, ground.said_in)} to {formats.clock(shown.end, ground.said_in)}.",
        remedy="Only they, and those who act for them, can change that.",
    )


def may_change(ground: Ground, asker: Asker, thing: Thing) -> bool:
    """Whether it is the asker's own, or of somebody for whom they act."""
    return acts_for(asker, _holder(thing), ground.organization)


def is_others(asker: Asker, thing: Thing) -> bool:
    """Whether it is somebody else's than the asker's."""
    return _holder(thing) != (asker.person.id if asker.person else None)


def acted_for(ground: Ground, asker: Asker) -> list[str]:
    """The ids of those whose things the asker may change: their own first, then those of whoever they act for."""
    if asker.person is None:
        return []
    return [asker.person.id, *(person.id for person in ground.organization.people.values() if asker.person.id in person.delegates)]


def _holder(thing: Thing) -> str | None:
    """Who has booked the room or arranged the meeting."""
    return thing.person if isinstance(thing, HeldRoom) else thing.organizer.person if thing.organizer else None


def _at(
    ground: Ground, held: Iterable[HeldRoom], room: Room | None, now: datetime, start: datetime | None, title: str | None = None, period: Period | None = None
) -> tuple[HeldRoom, ...]:  # fmt: skip
    """Those in the room (None: any) that are running at the time said, else those that begin next; several only when they begin at once."""
    inside = [one for one in held if (room is None or one.room == room.id) and (title is None or is_called(ground, one, title))]
    if start is not None:
        when = ground.at(start)
        return tuple(one for one in inside if one.start.timestamp() <= when.timestamp() < one.end.timestamp())
    if period is not None:
        return tuple(one for one in inside if _within(ground, one, period))
    running = [one for one in inside if one.start.timestamp() <= ground.now(now).timestamp()]
    if running:
        return tuple(running)
    first = min((one.start.timestamp() for one in inside), default=None)
    return tuple(one for one in inside if one.start.timestamp() == first)


def _within(ground: Ground, held: HeldRoom, period: Period) -> bool:
    """Whether it is on one of the days."""
    first, last = ground.here(held.start).date(), ground.here(held.end).date()
    return (period.last is None or first <= period.last) and (period.first is None or period.first <= last)


def _there(ground: Ground, room: Room | None, now: datetime, start: datetime | None, period: Period | None) -> list[HeldRoom]:
    """Whatever is in a named room at that time, or on those days."""
    if room is None:
        return []
    if start is None and period is not None and period.first is not None and period.last is not None:
        begin, end = (datetime.combine(day, time(), ground.zone) for day in (period.first, period.last + timedelta(days=1)))
        begin = max(begin, ground.now(now), key=datetime.timestamp)
        return [held for held in ground.rooms.busy(begin, end) if held.room == room.id] if begin.timestamp() < end.timestamp() else []
    when = ground.at(start) if start is not None else ground.now(now)
    return [held for held in ground.rooms.busy(when, when + _A_MOMENT) if held.room == room.id]


def _none(ground: Ground, room: Room | None, start: datetime | None, period: Period | None = None) -> InsightsError:
    when = f" at {formats.clock(start, ground.said_in)} on {formats.weekday(start.date(), ground.said_in)}" if start else ""
    if period is not None and period.first is not None and not when:
        when = f" on {formats.weekday(period.first, ground.said_in)}" if period.first == period.last else f" in {formats.dates(period, ground.said_in)}"
    if room is not None:
        return NotAnswerable(f"You have no booking of {room.name}{when}.", remedy="Ask what you have booked.")
    return NotAnswerable(f"You have no booking{when}.", remedy="Ask what you have booked, or book a room.")

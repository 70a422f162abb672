"""Whether a room is free, until when, and who has it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Literal

from insights.answers import RoomStatusAnswer
from insights.errors import NotAnswerable
from insights.ledger.port import HeldRoom
from insights.meetings.ground import Ground
from insights.meetings.times import after, overlap
from insights.organization import Room
from insights.permit import Asker
from insights.requests import RoomStatus, WhoBooked

_DAY = timedelta(days=1)
_A_MOMENT = timedelta(minutes=1)


def status(ground: Ground, request: RoomStatus | WhoBooked, *, asker: Asker, now: datetime) -> RoomStatusAnswer:
    """How a room stands at a time, and what comes until the end of that day. Raises UnknownThing for a room that does not exist."""
    said = request.room or asker.room
    if said is None:
        raise NotAnswerable("I don't know which room you mean.", remedy="Say its name.")
    room = ground.organization.room_called(said, here=asker.room)
    at = now.replace(second=0, microsecond=0) if request.start is None else request.start
    when = ground.at(at) if request.start is not None else ground.now(at)
    midnight = ground.now(datetime.combine(at.date() + _DAY, time()))
    minutes = request.minutes if isinstance(request, RoomStatus) else None
    wanted = after(when, timedelta(minutes=minutes)) if minutes is not None else when
    last = max(midnight, wanted, key=lambda one: one.timestamp())
    busy = [held for held in ground.rooms.busy(when, last) if held.room == room.id]
    return _answer(ground, room, when, busy, asker, minutes=minutes, now=request.start is None, asks="who" if isinstance(request, WhoBooked) else "status")


def _answer(
    ground: Ground, room: Room, when: datetime, busy: list[HeldRoom], asker: Asker, *, minutes: int | None, now: bool, asks: Literal["status", "who"]
) -> RoomStatusAnswer:
    current = next((held for held in busy if overlap(when, after(when, _A_MOMENT), held.start, held.end)), None)
    later = [held for held in busy if held.start.timestamp() > when.timestamp()]
    until = _free_again(current, later) if current else later[0].start if later else None
    following = next((held for held in later if current is None or held.id != current.id), None)
    fits = None
    if minutes is not None and current is None:
        fits = not later or later[0].start.timestamp() >= after(when, timedelta(minutes=minutes)).timestamp()
    return RoomStatusAnswer(
        room=room.id,
        room_name=room.name,
        at=ground.here(when),
        free=current is None,
        asks=asks,
        until=ground.here(until) if until else None,
        booking=ground.booking(current, asker) if current else None,
        next=ground.booking(following, asker) if following else None,
        minutes=minutes,
        fits=False if minutes is not None and current else fits,
        now=now,
        checked_in=current is not None and ground.ledger().checked_in(current.id) is not None,
    )


def _free_again(current: HeldRoom, later: list[HeldRoom]) -> datetime:
    """When nobody has it any more: bookings that follow one another without a gap are one."""
    end = current.end
    for held in later:
        if held.start.timestamp() > end.timestamp():
            break
        end = max(end, held.end, key=lambda one: one.timestamp())
    return end

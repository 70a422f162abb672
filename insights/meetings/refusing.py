"""What to say when nothing is free: the nearest room and time that are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from insights.errors import NothingFree
from insights.ledger.port import HeldRoom
from insights.meetings.choosing import Wish, free, next_free, suits
from insights.meetings.times import wall
from insights.organization import Room
from insights.wording import formats

AHEAD = timedelta(days=7)  # how far a next time is looked for; a later one is of no use to somebody who wanted it now


def nothing_free(rooms: Sequence[Room], wish: Wish, busy: Sequence[HeldRoom], *, named: Room | None, locale: str) -> NothingFree:
    """The refusal with its way out. `rooms` suit the wish, best first; `named` is the room that was asked for; `busy` reaches AHEAD of the wish."""
    said = f"from {formats.clock(wall(wish.start), locale)} to {formats.clock(wall(wish.end), locale)}"
    if named is None:
        who = f"room for {wish.people}" if wish.people else "room"
        problem = f"Every {who} is taken {said}." if len(rooms) > 1 else f"{rooms[0].name}, the only {who} that fits, is taken {said}."
    elif not suits(named, wish):
        problem = _unsuited(named, wish)
    else:
        problem = f"{named.name} is taken {said}."
    return NothingFree(problem, remedy=_way_out(rooms, wish, busy, named, locale))


def _way_out(rooms: Sequence[Room], wish: Wish, busy: Sequence[HeldRoom], named: Room | None, locale: str) -> str:
    ways = []
    then = [room for room in free(rooms, wish, busy) if room != named]
    if then:
        ways.append(f"{then[0].name} (seats {then[0].capacity}) is free then")
    later = [named] if named is not None and named in rooms else [] if then else rooms
    soonest = min(((next_free(room, wish, busy), place, room) for place, room in enumerate(later)), default=None, key=lambda one: (one[0].timestamp(), one[1]))
    if soonest is not None and soonest[0].timestamp() - wish.start.timestamp() < AHEAD.total_seconds():
        who = "it" if soonest[2] == named else soonest[2].name
        ways.append(f"{who} is free {_when(soonest[0], wish.start, locale)}")
    said = "; ".join(ways)
    return f"{said[0].upper()}{said[1:]}." if ways else "Nothing that fits is free in the seven days after that."


def _when(start: datetime, wished: datetime, locale: str) -> str:
    clock = formats.clock(wall(start), locale)
    return f"from {clock}" if start.date() == wished.date() else f"on {formats.weekday(start.date(), locale)} from {clock}"


def _unsuited(room: Room, wish: Wish) -> str:
    if room.capacity < (wish.people or 1):
        return f"{room.name} seats {room.capacity}, not {wish.people}."
    missing = sorted(wish.equipment - {item.casefold() for item in room.equipment})
    return f"{room.name} has no {formats.listed(missing, 'or')}."

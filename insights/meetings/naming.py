"""Which meeting or booking is meant by a title, a time, people, days or a room."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from insights.errors import InsightsError, NotAnswerable
from insights.events import Event
from insights.ledger.port import HeldRoom
from insights.meetings.ground import Ground, Thing
from insights.meetings.times import after, overlap
from insights.permit import Asker
from insights.requests import Period
from insights.wording import formats

AHEAD = timedelta(days=90)
"""How far a meeting is looked for when no time is said."""
_FILLING = frozenset("the a an my our meeting booking appointment call session with for of".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What was said of it; local times."""

    title: str | None = None
    start: datetime | None = None
    people: tuple[str, ...] = ()
    room: str | None = None
    period: Period | None = None
    thing: str | None = None

    @property
    def says_nothing(self) -> bool:
        """Whether nothing was said: then the one that is running or next is meant."""
        return not (self.title or self.start or self.people or self.room or self.period or self.thing)


def things(ground: Ground, person: str, named: Named, now: datetime) -> list[Thing]:
    """What of somebody's own it can be, earliest first."""
    start, end = window(ground, named, now)
    events = [event for event in ground.calendars.events(person, start, end) if event.response_of(person) != "declined" or named.thing]
    rooms = [held for held in ground.rooms.held_by(person, start=start, end=end) if held.meeting is None and not held.block]
    room = ground.organization.room_called(named.room).id if named.room else None
    found: list[Thing] = [*events, *rooms]
    kept = [one for one in found if _fits(ground, one, named, room)]
    return sorted(kept, key=lambda one: (one.start.timestamp(), one.id))


def one_of_each(found: Iterable[Thing]) -> list[Thing]:
    """The first of each series, and everything that is none."""
    kept: dict[str, Thing] = {}
    for one in found:
        kept.setdefault(one.id, one)
    return list(kept.values())


def running_or_next(found: list[Thing], ground: Ground, now: datetime) -> list[Thing]:
    """Those that are running, else those that begin next."""
    here = ground.now(now).timestamp()
    running = [one for one in found if one.start.timestamp() <= here < one.end.timestamp()]
    first = min((one.start.timestamp() for one in found), default=None)
    return running or [one for one in found if one.start.timestamp() == first]


def label(ground: Ground, thing: Thing, asker: Asker) -> str:
    """What to call it in a question back."""
    start = ground.here(thing.start)
    when = f"{formats.weekday(start.date(), ground.said_in)} at {formats.clock(start, ground.said_in)}"
    if isinstance(thing, HeldRoom):
        return f"{ground.room_name(thing.room)} on {when}"
    shown = ground.meeting(thing, asker)
    return f'"{shown.title}" on {when}' if not shown.hidden else f"what you have on {when}"


def none_found(ground: Ground, named: Named) -> InsightsError:
    """Nothing of the asker's is meant by that."""
    if named.thing:
        return NotAnswerable("That is not in your calendar any more.", remedy="Ask what is on your calendar.")
    what = f' called "{formats.line(named.title)}"' if named.title else ""
    if named.people:
        what += f" with {formats.listed([ground.name(one) for one in named.people])}"
    if named.start:
        what += f" on {formats.weekday(named.start.date(), ground.said_in)} at {formats.clock(named.start, ground.said_in)}"
    elif named.period and named.period.words:
        what += f" for {named.period.words.removeprefix('on ').removeprefix('in ')}"
    return NotAnswerable(f"I find nothing{what} in your calendar.", remedy="Ask what is on your calendar.")


def window(ground: Ground, named: Named, now: datetime) -> tuple[datetime, datetime]:
    """The time in which it is looked for: the moment or the days that were said, else from now on."""
    here = ground.now(now)
    if named.start is not None:
        return ground.at(named.start), after(ground.at(named.start), timedelta(minutes=1))
    if named.period is not None and (named.period.first or named.period.last):
        first = datetime.combine(named.period.first, time(), ground.zone) if named.period.first else here
        last = datetime.combine(named.period.last + timedelta(days=1), time(), ground.zone) if named.period.last else after(first, AHEAD)
        return first, last
    return here, after(here, AHEAD)


def _fits(ground: Ground, thing: Thing, named: Named, room: str | None) -> bool:
    if named.thing is not None and lasting(thing.id) != lasting(named.thing):
        return False
    if room is not None and thing.room != room:
        return False
    if named.start is not None:
        at = ground.at(named.start)
        if not overlap(at, after(at, timedelta(minutes=1)), thing.start, thing.end):
            return False
    if named.people and not (isinstance(thing, Event) and set(named.people) <= thing.people):
        return False
    if named.title is not None:
        return is_called(ground, thing, named.title)
    return True


def is_called(ground: Ground, thing: Thing, title: str) -> bool:
    """Whether all of these words are those of its title or of its room."""
    wanted = _words(title)
    has = _words(thing.title or "") | (_words(ground.room_name(thing.room)) if thing.room else frozenset())
    return bool(wanted) and wanted <= has


def lasting(id_: str) -> str:
    """The part of an id that stays when a meeting of another calendar is moved; when it starts is said beside it.

    >>> lasting("seen:1780000000:abc@x"), lasting("M-1001")
    ('seen:abc@x', 'm-1001')
    """
    return re.sub(r"^seen:\d+:", "seen:", id_.casefold())


def _words(title: str) -> frozenset[str]:
    """The words that a title is known by; "stand-up" and "standup" are one."""
    plain = title.casefold().replace("stand up", "standup").replace("stand-up", "standup")
    return frozenset(re.findall(r"\w+", plain)) - _FILLING

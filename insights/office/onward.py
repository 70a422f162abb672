"""What is heard of again or passed on: followed, reminded of, shared."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from insights.answers import Answer
from insights.errors import NotAnswerable
from insights.office.task import Prepared, Settled, Task
from insights.requests import BeforeMeetings, Follow, Following, Onward, Remind, Reminders, Share


def prepare(errand: Onward, task: Task) -> Prepared:
    """Nothing waits; what can't be told to anybody later is refused before it is written down."""
    match errand:
        case Follow(stop=True, what=what):
            return Settled(errand=Following(act="end", what=what))
        case Follow():
            _reachable(task)
            settled, assumed = task.office.follows.settle(errand, now=task.now)
            return Settled(errand=settled, assumed=assumed)
        case Share():
            _reachable(task)
            return Settled(errand=task.office.shares.settle(errand))
        case Remind():
            _reachable(task)
            return None
        case BeforeMeetings(off=False):
            _reachable(task)
            return None
        case Following() | Reminders() | BeforeMeetings():
            return None
        case _:
            assert_never(errand)


def carry_out(errand: Onward, task: Task) -> Answer:
    """Write it down, or list what was."""
    follows, reminders, now = task.office.follows, task.office.reminders, _instant(task)
    match errand:
        case Follow():
            return follows.take_up(errand, asker=task.asker, key=task.key, now=now)
        case Following(act="list"):
            return follows.mine(asker=task.asker)
        case Following():
            return follows.change(errand, asker=task.asker, key=task.key, now=now)
        case Remind():
            return reminders.remind(errand, asker=task.asker, key=task.key, now=now)
        case Reminders(act="list"):
            return reminders.mine(asker=task.asker)
        case Reminders():
            return reminders.end(errand, asker=task.asker, key=task.key, now=now)
        case BeforeMeetings():
            return reminders.before_meetings(errand, asker=task.asker, key=task.key, now=now)
        case Share():
            return task.office.shares.send(errand, asker=task.asker, key=task.key, now=now)
        case _:
            assert_never(errand)


def _instant(task: Task) -> datetime:
    """The moment of the turn, whatever the clock of this machine."""
    return task.now if task.now.tzinfo is not None else task.now.replace(tzinfo=ZoneInfo(task.office.follows.catalog.timezone))


def _reachable(task: Task) -> None:
    person = task.asker.person
    if person is not None and not (person.slack or person.email):
        raise NotAnswerable("I have nowhere to send it to you.", remedy="Link your Slack account first.")

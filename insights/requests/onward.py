"""What is told later or to others: what is followed, reminders, answers that are sent on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from insights.requests.questions import Filter, MetricQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """Hear about an answer again: `repeats` is an RRULE of RFC 5545; `what` None means what was talked of. `stop` ends it.

    With a condition on the figure it is told when that holds: `alert` a limit, `change` a fraction of 1 by which it went `direction`, `unusual` when it is out
    of the ordinary. `channel` is where it is told, by its name; None the asker alone.
    """

    what: MetricQuestion | None = None
    repeats: str | None = None
    alert: Filter | None = None
    stop: bool = False
    change: float | None = None
    direction: Literal["up", "down", "either"] = "either"
    unusual: bool = False
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """What the asker follows: a `list` of it, or one of it paused, resumed, muted `until` a time, heard again or ended.

    `subscription` is its id; else `what` is the question that is followed; neither means the only one, `every` all of them.
    """

    act: Literal["list", "pause", "resume", "mute", "unmute", "end"] = "list"
    subscription: str | None = None
    what: MetricQuestion | None = None
    every: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind:
    """Tell the asker `what` at a time on their own clock; `repeats` is an RRULE of RFC 5545, then `at` is when it begins (None: now)."""

    what: str = ""
    at: datetime | None = None
    repeats: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminders:
    """The reminders that are still to come: a `list`, or one of them ended (`reminder` its id, `what` words of it; None the only one, `every` all of them)."""

    act: Literal["list", "end"] = "list"
    reminder: str | None = None
    every: bool = False
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeMeetings:
    """The asker is told shortly before each of their meetings from now on, or, `off`, not any more."""

    off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Send an answer on: to people (their ids; none means the asker), or to a channel by its name. `what` None means the last answer."""

    people: tuple[str, ...] = ()
    channel: str | None = None
    through: Literal["slack", "email"] | None = None
    what: MetricQuestion | None = None


Onward = Follow | Following | Remind | Reminders | BeforeMeetings | Share

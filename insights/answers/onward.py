"""What is followed, told again, reminded of or sent on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from insights.answers.figures import MetricAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """Something that somebody follows; `id` is what they call it, such as S-1001, `about` what it is in words. Times are on the clock of the person.

    A `digest` is told `every` so often and `next` then; an `alert` is looked at then, and told when a condition holds: the figure is `op` than `limit` (in
    `unit`), it changed by `change` (a fraction of 1) in a `direction`, or it is `unusual`. `channel` is where it is told, None the person alone. `forever`:
    it is muted until it is heard again.
    """

    id: str
    kind: Literal["digest", "alert"]
    about: str
    every: Literal["hourly", "daily", "weekdays", "weekly", "monthly"]
    state: Literal["active", "paused", "ended"]
    next: datetime
    muted_until: datetime | None = None
    op: Literal[">", ">=", "<", "<="] | None = None
    limit: float | None = None
    unit: str | None = None
    change: float | None = None
    direction: Literal["up", "down", "either"] | None = None
    unusual: bool = False
    channel: str | None = None
    forever: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowAnswer:
    """What somebody follows, and what was done about it; `changed`: it was followed already, in another way."""

    status: Literal["followed", "changed", "listed", "paused", "resumed", "muted", "unmuted", "ended"]
    followed: tuple[Followed, ...]
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestAnswer:
    """What is new about something that is followed: `answer` is what was asked for, found now. `why` is what carries its change since the period before.

    `usual` tells whether the figure lies where level and season let expect it (`regular`: it does not, and did not a year or months before either), None
    where nobody can tell; `expected` is what they do. `shared_by` is the name of whoever sent it, where it was sent and is not followed.
    """

    answer: MetricAnswer
    followed: Followed | None = None
    why: MetricAnswer | None = None
    usual: Literal["usual", "regular", "unusual"] | None = None
    expected: float | None = None
    shared_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """Something to be reminded of, `at` a time on the clock of the person; `id` is what they call it, such as R-1001.

    One that `repeats` (an RRULE) comes next then.
    """

    id: str
    what: str
    at: datetime
    repeats: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderAnswer:
    """Reminders, and what was done about them. `meetings_on` and `meetings_off`: whether their person is told before each meeting from now on."""

    status: Literal["set", "listed", "ended", "meetings_on", "meetings_off"]
    reminders: tuple[Reminder, ...]
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareAnswer:
    """An answer (`about` something) that is on its way to `people` (names) or into a `channel`; `own`: to the asker alone.

    Whether everybody there may have it is decided when it is sent.
    """

    about: str
    people: tuple[str, ...] = ()
    channel: str | None = None
    own: bool = False

"""What the store promises about what people follow, and when a schedule is next due."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

SubscriptionKind = Literal["digest", "alert"]
SubscriptionState = Literal["active", "paused", "ended"]
Frequency = Literal["hourly", "daily", "weekdays", "weekly", "monthly"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When to look, on the clock of the person: `at` of each day that `every` names; `weekday` (Monday is 0) of a week, `day` of a month.

    A month without that day has it on its last day. `hourly` is at the minute of `at`.
    """

    every: Frequency
    at: time = time(9)
    weekday: int = 0
    day: int = 1

    def after(self, moment: datetime, timezone: str) -> datetime:
        """The first time later than `moment` (aware), in UTC. A time that clocks skip is as much later; one that they show twice is the first.

        >>> Schedule(every="weekdays").after(datetime(2026, 5, 29, 14, tzinfo=UTC), "America/New_York").isoformat()
        '2026-06-01T13:00:00+00:00'
        """
        zone = ZoneInfo(timezone)
        if self.every == "hourly":
            due = moment.astimezone(UTC).replace(minute=self.at.minute, second=0, microsecond=0)
            return due if due > moment else due + timedelta(hours=1)
        day = moment.astimezone(zone).date()
        while True:
            due = datetime.combine(day, self.at, zone).astimezone(UTC)
            if due > moment and self._names(day):
                return due
            day += timedelta(days=1)

    def _names(self, day: date) -> bool:
        match self.every:
            case "weekdays":
                return day.weekday() < 5
            case "weekly":
                return day.weekday() == self.weekday
            case "monthly":
                return day.day == min(self.day, monthrange(day.year, day.month)[1])
            case _:
                return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """Tell when the figure is over or under a value."""

    op: Literal[">", ">=", "<", "<="]
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Tell when the figure changed by this much (a fraction of 1) or more against the period before: up, down or either."""

    by: float
    direction: Literal["up", "down", "either"] = "either"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusual:
    """Tell when the figure is unusual for its history."""


Condition = Threshold | Change | Unusual


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Somebody follows a question: told on a schedule (`digest`), or when a condition holds at a look (`alert`, which has a `condition`).

    The same `key` is one subscription. `words` is how it was asked for, `request` (JSON) what is asked.
    """

    key: str
    catalog: str
    person: str
    kind: SubscriptionKind
    words: str
    request: str
    schedule: Schedule
    timezone: str
    condition: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSubscription(Subscription):
    """A subscription with its state; `id` is what people call it, such as S-1001. `seen` (JSON) is what the last look found, `next` when the next is due."""

    id: str
    state: SubscriptionState
    muted_until: datetime | None
    next: datetime
    seen: str
    created: datetime


class Subscriptions(Protocol):
    """Who follows what. All instants that come back are in UTC. Each change is in the audit log."""

    def follow(self, subscription: Subscription, *, now: datetime) -> KeptSubscription:
        """Write it down, first due at the next time of its schedule; the same key gives the one that is there."""

    def subscription_of(self, person: str, subscription: str) -> KeptSubscription | None:
        """This person's subscription with this id, letter case aside; None when there is none or it is another's."""

    def subscriptions_of(self, person: str) -> tuple[KeptSubscription, ...]:
        """What this person follows, paused or not, oldest first; not what has ended."""

    def due_subscriptions(self, catalog: str, *, now: datetime) -> tuple[KeptSubscription, ...]:
        """What is active and due, the longest due first. A muted one is due as well: it is looked at and not told."""

    def looked(self, subscription: KeptSubscription, *, seen: str, now: datetime) -> bool:
        """It was looked at: due again at the next time of its schedule after `now`. False when another worker was first, who has told it then."""

    def set_subscription(self, person: str, subscription: str, state: SubscriptionState, *, now: datetime) -> bool:
        """Pause it, resume it (due at the next time of its schedule) or end it; False when there is none or it has ended."""

    def mute_subscription(self, person: str, subscription: str, *, until: datetime, now: datetime) -> bool:
        """Tell nothing of it until then; a time that has passed tells again. False when there is none or it has ended."""

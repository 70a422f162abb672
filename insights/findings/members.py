"""What those who began together did since, how many came through steps, and who is alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from insights.requests import Grain


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """Those who began in the bucket that starts on `began`: how many, and what there was of them in each bucket since (None: not known yet, or not told)."""

    began: date
    size: int
    kept: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is left at an age, over all cohorts that have reached it: a share of those who began, or an amount for each; `members` is of how many."""

    age: int
    share: float
    members: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Different:
    """A cohort that kept another share at `age` than all others together."""

    began: date
    age: int
    share: float
    others: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohorts:
    """Those who began in the same bucket, followed from it on.

    `active`: the share that counts in `what` in each bucket; `staying`: the share that has not ended; `amount`: how much of `what` there was for each who
    began. Age 0 is the bucket in which they began. `members` is what people call them, `began` what they are told apart by. `early` are cohorts left out
    because the data may not hold all of them, `hidden` those left out because too few people are in them. `differing` lists cohorts that stand out.
    """

    kind: Literal["active", "staying", "amount"]
    members: str
    began: str
    what: str
    grain: Grain
    unit: str | None
    cohorts: tuple[Cohort, ...]
    curve: tuple[Kept, ...]
    differing: tuple[Different, ...] = ()
    compared: int = 0
    early: int = 0
    hidden: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelStep:
    """How many came to a step: of those who came to the one before (`rate`), and of all who began (`share`). None where too few people would be told about."""

    name: str
    members: int | None
    rate: float | None
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """How many came through the steps of a funnel, each at or after the one before; `leak` is the number of the step before which most were lost.

    `through` is the last day that was looked at: those who began late have had little time.
    """

    name: str
    members: str
    steps: tuple[FunnelStep, ...]
    leak: int | None
    lost: int | None
    through: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """What sets a group apart: its mean of a figure beside that of all, and how many standard deviations (of ranks or logarithms) that is."""

    name: str
    label: str
    unit: str | None
    mean: float
    everyone: float
    apart: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A group of members that are alike; `traits` are what sets it apart, the furthest first."""

    name: str
    members: int
    share: float
    traits: tuple[Trait, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """Few groups that cover all `total` members who are told of. `method` says how they were found, `fit` how well they are apart (from -1 to 1).

    Who had nothing of any of the figures is in none. `apart`: they fit better than groups of one even cloud would. `tried` are the numbers of groups with
    their fit. `hidden` is how many groups are not told, because too few are in them.
    """

    members: str
    method: Literal["alike", "rfm"]
    figures: tuple[str, ...]
    segments: tuple[Segment, ...]
    total: int
    fit: float | None
    apart: bool
    tried: tuple[tuple[int, float], ...] = ()
    hidden: int = 0

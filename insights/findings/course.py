"""What a figure's course shows: where it goes, where it changed, how it swings with the season, and what was out of the ordinary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from insights.requests import Grain, Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One bucket by its first day, with the range in which it was expected, where that is known."""

    start: date
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turning:
    """From `start` on the figure is `jump` higher than the line before had it, and changes by `after` in place of `before` a bucket."""

    start: date
    jump: float
    before: float
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """The season: `strength` from 0 to 1, the buckets in which it was highest and lowest last, and how far apart these are."""

    strength: float
    peak: date
    trough: date
    swing: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """`slope` by bucket with its 95 % interval, without the season; `per_bucket` the same as a fraction of the mean. `swing` None: none can be told."""

    grain: Grain
    direction: Literal["up", "down", "flat"]
    slope: float
    low: float
    high: float
    per_bucket: float | None
    turnings: tuple[Turning, ...]
    swing: Swing | None
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Something out of the ordinary from `first` through `last`, in these groups (none: the whole), `apart` in all from what was expected.

    `score` is how many standard deviations the worst bucket, `worst`, was off. A shift stays; `ongoing` reaches the end of the data. `regular`: the
    same was seen at that time a year before, or on that day of the months before.
    """

    kind: Literal["spike", "drop", "shift up", "shift down"]
    first: date
    last: date
    worst: date
    value: float
    expected: float
    score: float
    apart: float
    groups: tuple[tuple[Scalar, ...], ...]
    ongoing: bool
    regular: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusual:
    """`stories` within the period that was asked about, the strangest first; `known` are those that come again and again.

    `watched` is how many series were looked at and `alarms` how many false alarms are to be expected of them in that time.
    """

    grain: Grain
    first: date
    last: date
    stories: tuple[Story, ...]
    known: tuple[Story, ...]
    watched: int
    alarms: float
    points: tuple[Point, ...]

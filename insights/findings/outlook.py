"""What is to come: a forecast with its intervals, and how a figure stands against a target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from insights.requests import Grain, Period, Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What is expected, with the intervals that hold it four times in five and nineteen times in twenty."""

    value: float
    low80: float
    high80: float
    low95: float
    high95: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is expected of one bucket, by its first day."""

    start: date
    expected: Expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What one bucket was."""

    start: date
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Where a forecast comes from and how good it would have been: `models` with their shares, weightiest first, and mean absolute errors of back-tests.

    `error` and `naive_error` (that of what came a season before) are fractions of the size of what was foretold; None where there were too few values to try.
    `values` is how many it stands on.
    """

    models: Mapping[str, float]
    tests: int
    error: float | None
    naive_error: float | None
    values: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """`total` is that of the whole period, of which `known` has come already (None where figures do not add up over time).

    `by` are the same for groups. `chance` is that of reaching `target`. `weekly` says that only the season of the week could be told, for want of years.
    """

    grain: Grain
    past: tuple[Past, ...]
    steps: tuple[Step, ...]
    total: Expected | None
    known: float | None
    known_through: date | None
    quality: Quality
    by: tuple[tuple[Scalar, Expected], ...] = ()
    target: float | None = None
    chance: float | None = None
    weekly: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """A figure against what was planned for `period`: `known` through `through`, `run_rate` if it went on as so far, `expected` by the forecast.

    `chance` is that of reaching the target, None where no forecast can be made; then `why_not` says why. `elapsed` is the share of days that are known.
    """

    period: Period
    target: float
    known: float
    through: date
    elapsed: float
    run_rate: float
    expected: Expected | None
    chance: float | None
    quality: Quality | None
    grain: Grain
    steps: tuple[Step, ...] = ()
    past: tuple[Past, ...] = ()
    why_not: str | None = None

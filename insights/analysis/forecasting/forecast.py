"""One series, foretold: the path with its intervals, the models it comes from, and how good it would have been before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from insights.analysis.forecasting.choosing import origins, tried
from insights.analysis.forecasting.fitted import Array, Lengths
from insights.analysis.forecasting.intervals import Reach, chance_above, reach
from insights.analysis.forecasting.pool import Budget, Candidate, candidates, naive

MOST = 420
"""The latest values that are looked at: beyond them the past says little, and takes time."""
LEAST = 7
"""Values that are needed where there is no season."""
_SECONDS = 0.0035
"""What a value costs at most with the full budget, on a slow core; half with some of it."""


class Models(Protocol):
    """What models there are to choose from."""

    def __call__(self, values: Array, lengths: Lengths, period: int, horizon: int, budget: Budget = "full") -> list[Candidate]:
        """Every model, fitted to each beginning of the values and foretelling `horizon` steps after it. At least one is there, and one is `Theta`."""
        ...


class TooShort(ValueError):
    """There are fewer values than a forecast needs; `needed` says how many it does."""

    def __init__(self, needed: int) -> None:
        super().__init__(f"a forecast needs {needed} values")
        self.needed = needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """`path` by step with its `reach`; `shares` of each model, the weightiest first. Errors are means of absolute ones over all back-tests.

    `tests` is how many beginnings were tried; with 0 nothing is known of the errors but those of fitting. `level` is the mean size of the values that were
    foretold in back-tests, by which errors may be told as fractions.
    """

    path: Array
    reach: Reach
    shares: Mapping[str, float]
    tests: int
    error: float | None
    naive_error: float | None
    level: float
    floor: float | None

    def interval(self, *, sure: bool) -> tuple[Array, Array]:
        """The ends of the interval of 95 % (`sure`) or 80 %; nothing lies under the floor."""
        half = self.reach.sure if sure else self.reach.likely
        low = self.path - half
        return (low if self.floor is None else np.maximum(low, self.floor)), self.path + half

    def chance(self, target: float) -> float:
        """The chance that the sum of the path reaches a number."""
        return chance_above(target - float(self.path.sum()), *self.reach.of_sum())


def needed(period: int) -> int:
    """How many values a forecast needs: two seasons."""
    return max(2 * period, LEAST)


def budget(seconds: float, length: int) -> Budget:
    """How much may be tried within this time."""
    cost = _SECONDS * min(length, MOST)
    return "full" if seconds > cost else "some" if seconds > cost / 2 else "least"


def foretell(values: Array, period: int, horizon: int, *, seconds: float = 60.0, models: Models = candidates) -> Foretold:
    """Foretell `horizon` values. `period` is the length of the season in values, 1 for none. Raises TooShort under two seasons."""
    if len(values) < needed(period):
        raise TooShort(needed(period))
    floor = 0.0 if values.min() >= 0 else None
    values = np.asarray(values[-max(MOST, 2 * period) :], dtype=float)
    scale = float(np.abs(values).max()) or 1.0
    values = values / scale
    lengths = np.array([len(values), *origins(len(values), period, horizon)])
    fitted = models(values, lengths, period, horizon, budget(seconds, len(values)))
    plain = naive(values, lengths, period, horizon)
    found = tried(values, lengths, fitted, plain)
    path = sum((weight * one.ahead[0] for weight, one in zip(found.weights, fitted, strict=True) if weight > 0), np.zeros(horizon))
    along = sum((weight * one.fitted[0] for weight, one in zip(found.weights, fitted, strict=True) if weight > 0), np.zeros(len(values)))
    settled = max(3, period if len(values) > 3 * period else 0)
    halves = reach(found.errors, (values - along)[settled:], period, horizon)
    tests = len(lengths) - 1
    came = np.concatenate([np.abs(values[length : length + horizon]) for length in lengths[1:]]) if tests else np.abs(values)
    order = sorted(zip(found.weights, (one.name for one in fitted), strict=True), reverse=True)
    return Foretold(
        path=(path if floor is None else np.maximum(path, floor)) * scale,
        reach=Reach(likely=halves.likely * scale, sure=halves.sure * scale),
        shares={name: float(weight) for weight, name in order if weight > 0},
        tests=tests,
        error=float(np.nanmean(np.abs(found.errors))) * scale if tests else None,
        naive_error=float(np.nanmean(np.abs(found.naive))) * scale if tests else None,
        level=float(came.mean()) * scale,
        floor=floor,
    )

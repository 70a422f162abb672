"""Spearman's rank correlation with an interval, and what a plot would show that the number does not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from insights.analysis.distributions import normal_quantile, student_above
from insights.analysis.forecasting.fitted import Array

Shape = Literal["curved", "one record decides", "one value decides"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """The correlation, its 95 % interval, and how many independent pairs the `pairs` are worth."""

    correlation: float
    low: float
    high: float
    p: float
    pairs: int
    worth: float


def spearman(one: Array, other: Array, *, worth: float | None = None, level: float = 0.95) -> Ranked:
    """The correlation of ranks (ties at their mean), with the interval of Bonett and Wright (Psychometrika 65, 2000). Needs five pairs."""
    n = len(one)
    independent = min(worth or float(n), float(n))
    left, right = ranks(one), ranks(other)
    correlation = pearson(left, right)
    free = max(independent - 3, 1.0)
    reach = normal_quantile((1 + level) / 2) * math.sqrt((1 + correlation**2 / 2) / free)
    middle = math.atanh(min(max(correlation, -0.999999), 0.999999))
    freedom = max(independent - 2, 1.0)
    p = 0.0 if abs(correlation) >= 1 else 2 * student_above(abs(correlation) * math.sqrt(freedom / (1 - correlation**2)), freedom)
    return Ranked(correlation=correlation, low=math.tanh(middle - reach), high=math.tanh(middle + reach), p=min(p, 1.0), pairs=n, worth=independent)


def ranks(values: Array) -> Array:
    """Ranks from 1, ties at their mean.

    >>> ranks(np.array([10.0, 30.0, 10.0])).tolist()
    [1.5, 3.0, 1.5]
    """
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts - 1) / 2)[place], float)


def pearson(one: Array, other: Array) -> float:
    """The correlation of the values, 0 where either never changes."""
    left, right = one - one.mean(), other - other.mean()
    size = math.sqrt(float(left @ left) * float(right @ right))
    return float(left @ right) / size if size > 0 else 0.0


def shape(one: Array, other: Array) -> Shape | None:
    """What makes a correlation misleading, as in the quartet of Anscombe (The American Statistician 27, 1973); None where nothing stands out.

    One value decides where all else has the same; one record decides where the line without it explains nearly all and it lies far off, or the correlation
    is gone without it; curved where a parabola explains most of what the line leaves.
    """
    n = len(one)
    if n < 8:
        return None
    _, counts = np.unique(one, return_counts=True)
    _, counts_other = np.unique(other, return_counts=True)
    if max(counts.max(), counts_other.max()) >= n - 1:
        return "one value decides"
    whole = pearson(one, other)
    left = _left(one, other, 1)
    far = int(np.argmax(np.abs(left)))
    kept = np.arange(n) != far
    without = pearson(one[kept], other[kept])
    if abs(whole - without) > 0.15 and (abs(without) > 0.95 or abs(without) < 0.2):
        return "one record decides"
    line, parabola = float(left @ left), float((curve := _left(one, other, 2)) @ curve)
    if line > 0 and 1 - parabola / line > 0.6 and n >= 10:
        return "curved"
    return None


def _left(one: Array, other: Array, degree: int) -> Array:
    scale = one.std() or 1.0
    at = (one - one.mean()) / scale
    table = np.vander(at, degree + 1)
    return np.asarray(other - table @ np.linalg.lstsq(table, other, rcond=None)[0])

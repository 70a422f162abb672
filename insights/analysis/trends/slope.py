"""A slope that no outlier moves, with an interval that knows that one month resembles the next."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from insights.analysis.distributions import normal_quantile
from insights.analysis.forecasting.fitted import Array

_MOST_CARRIED = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    """The change per step, its interval at `level`, and where the line starts. `carried` is how much one deviation resembles the one before."""

    slope: float
    low: float
    high: float
    start: float
    carried: float
    level: float

    @property
    def direction(self) -> Literal["up", "down", "flat"]:
        """Up or down where the interval leaves no doubt."""
        return "up" if self.low > 0 else "down" if self.high < 0 else "flat"


def theil_sen(values: Array, *, level: float = 0.95) -> Slope:
    """The median of the slopes between all pairs, with the interval of Sen (JASA 63, 1968).

    The variance behind the interval is widened by (1 + r) / (1 - r), where r is the autocorrelation of what the line leaves (Bayley and Hammersley, 1946):
    without that a random walk would have a sure trend nearly every time. Needs four values.
    """
    n = len(values)
    later, earlier = np.triu_indices(n, 1)[::-1]
    slopes = np.sort((values[later] - values[earlier]) / (later - earlier))
    slope = float(np.median(slopes))
    start = float(np.median(values - slope * np.arange(n)))
    carried = _carried(values - start - slope * np.arange(n))
    spread = math.sqrt(n * (n - 1) * (2 * n + 5) / 18 * (1 + carried) / (1 - carried))
    reach = normal_quantile((1 + level) / 2) * spread
    below, above = (len(slopes) - reach) / 2, (len(slopes) + reach) / 2
    low = float(slopes[math.floor(below)]) if below >= 0 else -math.inf
    high = float(slopes[math.ceil(above)]) if math.ceil(above) < len(slopes) else math.inf
    return Slope(slope=slope, low=low, high=high, start=start, carried=carried, level=level)


def _carried(left: Array) -> float:
    """The autocorrelation from one to the next, with its downward bias in short series mended; never under 0."""
    apart = left - left.mean()
    scale = float(apart @ apart)
    if scale <= 0:
        return 0.0
    found = float(apart[1:] @ apart[:-1]) / scale
    return min(max(found + (1 + 4 * found) / len(left), 0.0), _MOST_CARRIED)

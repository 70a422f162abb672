"""Two figures over time without what they share anyway: season and trend taken out, and one moved against the other."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from insights.analysis.distributions import normal_above
from insights.analysis.forecasting.fitted import Array
from insights.analysis.related.ranks import Ranked, pearson, spearman

_SURE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Lagged:
    """`together` as the values are, `apart` without season and trend, both at the same time; the strongest `lag` (the second follows the first by so many
    buckets), its correlation and the chance of one as strong at any of the `tried` lags by luck.
    """

    together: Ranked
    apart: Ranked
    lag: int
    at_lag: float
    p: float
    tried: int


def lagged(one: Array, other: Array, period: int, furthest: int) -> Lagged:
    """Correlate, and move the second against the first by up to `furthest` buckets either way.

    Independent pairs are counted as Bartlett has it: n / (1 + 2 sum r1 r2) over the autocorrelations of both.
    """
    together = spearman(one, other, worth=_worth(one, other))
    left, right = rest(one, period), rest(other, period)
    apart = spearman(left, right, worth=_worth(left, right))
    found = {lag: _moved(left, right, lag) for lag in range(-furthest, furthest + 1) if len(one) - abs(lag) >= 12}
    lag = max(found, key=lambda each: (abs(found[each]), -abs(each)))
    independent = max(_worth(left, right) - abs(lag), 4.0)
    z = abs(math.atanh(min(abs(found[lag]), 0.999999))) * math.sqrt(independent - 3)
    return Lagged(together=together, apart=apart, lag=lag, at_lag=found[lag], p=min(1.0, 2 * normal_above(z) * len(found)), tried=len(found))


def rest(values: Array, period: int) -> Array:
    """What is left without the mean of each phase of the season and without a slowly moving level."""
    n = len(values)
    level = _level(values, max(2 * period + 1, 9)) if n >= 4 * period else _line(values)
    apart = np.asarray(values - level, float)
    if period > 1 and n >= 2 * period:
        phase = np.arange(n) % period
        for place in range(period):
            apart[phase == place] -= apart[phase == place].mean()
    return apart


def _level(values: Array, width: int) -> Array:
    """A moving mean that narrows towards the ends."""
    reach, sums, n = width // 2, np.concatenate([[0.0], np.cumsum(values)]), len(values)
    at = np.arange(n)
    low, high = np.maximum(at - reach, 0), np.minimum(at + reach + 1, n)
    return np.asarray((sums[high] - sums[low]) / (high - low))


def _line(values: Array) -> Array:
    at = np.arange(len(values)) - (len(values) - 1) / 2
    slope = float(at @ values) / float(at @ at)
    return np.asarray(values.mean() + slope * at)


def _moved(one: Array, other: Array, lag: int) -> float:
    """The correlation of the first with the second `lag` buckets later."""
    n = len(one) - abs(lag)
    return pearson(one[max(-lag, 0) : max(-lag, 0) + n], other[max(lag, 0) : max(lag, 0) + n])


def _worth(one: Array, other: Array) -> float:
    n = len(one)
    total = 1.0
    for lag in range(1, min(n // 4, 60)):
        product = _auto(one, lag) * _auto(other, lag)
        if product < 2 / n:
            break
        total += 2 * product
    return max(n / total, 4.0)


def _auto(values: Array, lag: int) -> float:
    apart = values - values.mean()
    scale = float(apart @ apart)
    return float(apart[lag:] @ apart[:-lag]) / scale if scale > 0 else 0.0

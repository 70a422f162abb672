"""How far off a forecast may be, from how far off it would have been: intervals by step, for sums of steps, and the chance of reaching a number.

The typical error, its growth with the step and the multiples for 80 and 95 % were fixed on the errors that the same procedure makes on the test parts of the M1
and Tourism competitions (split conformal: multiples are quantiles of errors by typical errors), before those of M3 were looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from insights.analysis.distributions import normal_above
from insights.analysis.forecasting.fitted import Array

_GROWTH = (0.9, 0.4, 0.3)
"""How errors usually grow, as power of the step: without a season, with up to four phases, with more."""
_BELIEVED = 0.4
"""The share of a series' own growth against the usual one."""
_TRIED = 0.7
"""The share of the errors of back-tests against those of fitting, in the geometric mean that is the typical error."""
_MULTIPLES = ((2.62, 5.0), (2.12, 4.15), (1.88, 3.85))
"""How many typical errors hold 80 and 95 % of all errors, by the same three kinds."""
_TOGETHER = 0.5
"""How much the error of one step resembles that of another: with this the intervals of sums hold on M1 and Tourism."""
_Z80, _Z95 = 1.2815515655446004, 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Half the width of the intervals of 80 and of 95 %, by step."""

    likely: Array
    sure: Array

    def of_sum(self) -> tuple[float, float]:
        """The same two for the sum of all steps."""
        likely, sure = (float(np.sqrt((1 - _TOGETHER) * (half**2).sum() + _TOGETHER * half.sum() ** 2)) for half in (self.likely, self.sure))
        return likely, sure


def reach(errors: Array, left: Array, period: int, horizon: int) -> Reach:
    """`errors` are those of back-tests (origins, steps; NaN unknown), `left` those of fitting, without the beginning in which the models settle."""
    kind = 0 if period < 2 else 1 if period <= 4 else 2
    sizes = np.abs(errors)
    growth = _growth(sizes, _GROWTH[kind])
    steps = np.arange(1, horizon + 1) ** growth
    fitting = float(np.mean(np.abs(left)))
    typical = fitting
    if sizes.size and not np.isnan(sizes).all():
        typical = float(np.nanmean(sizes / steps)) ** _TRIED * max(fitting, 1e-12) ** (1 - _TRIED)
    likely, sure = _MULTIPLES[kind]
    return Reach(likely=np.asarray(likely * typical * steps, float), sure=np.asarray(sure * typical * steps, float))


def _growth(sizes: Array, usual: float) -> float:
    """The power of the step that errors grow by: the slope of their logarithms, shrunk towards what is usual."""
    if not sizes.size:
        return usual
    counts = (~np.isnan(sizes)).sum(0)
    there = counts > 0
    if there.sum() < 3:
        return usual
    weights = counts[there].astype(float)
    mean = np.where(np.isnan(sizes), 0.0, sizes).sum(0)[there] / weights
    if mean.mean() <= 0:
        return usual
    at, size = np.log(np.arange(1, sizes.shape[1] + 1)[there]), np.log(np.maximum(mean, 1e-3 * mean.mean()))
    apart = at - np.average(at, weights=weights)
    slope = float((weights * apart * (size - np.average(size, weights=weights))).sum() / (weights * apart**2).sum())
    return float(np.clip(_BELIEVED * slope + (1 - _BELIEVED) * usual, 0.0, 1.2))


def chance_above(gap: float, likely: float, sure: float) -> float:
    """The chance that what comes is above a number `gap` over what is foreseen, given half the intervals of 80 and 95 %.

    >>> round(chance_above(0.0, 10, 20), 3), round(chance_above(10.0, 10, 20), 3), round(chance_above(-20.0, 10, 20), 3)
    (0.5, 0.1, 0.975)
    """
    if sure <= 0:
        return float(gap <= 0)
    size = abs(gap)
    z = _Z80 * size / likely if size <= likely else _Z80 + (_Z95 - _Z80) * (size - likely) / max(sure - likely, 1e-12)
    above = normal_above(z)
    return above if gap >= 0 else 1 - above

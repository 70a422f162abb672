"""Intervals that hold however often an experiment is looked at, and the chance that goes with them."""

from __future__ import annotations

import math
from dataclasses import dataclass

PLANNED = 10_000
"""Units of both arms at which the interval is tightest. It is fixed beforehand: one that moved with the data would not be valid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlwaysValid:
    """An interval at `level` and a chance that hold at every look at once."""

    low: float
    high: float
    p: float
    level: float


def always_valid(difference: float, error: float, units: int, *, level: float = 0.95, planned: int = PLANNED) -> AlwaysValid:
    """The normal mixture of Robbins (1970) as confidence sequence.

    Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences", Annals of Statistics 52
    (2024), equation 14 with the tuning of equation 27; the chance is that of the mixture sequential probability ratio test (Johari, Pekelis and Walsh,
    "Always valid inference", Operations Research 70 (2022)). `error` is the standard error of the difference, `units` how many both arms have.
    """
    if error <= 0:
        return AlwaysValid(low=difference, high=difference, p=1.0 if difference == 0 else 0.0, level=level)
    weight = units * _mixing(1 - level, planned)
    reach = error * math.sqrt((weight + 1) / weight * (math.log(weight + 1) - 2 * math.log(1 - level)))
    z = difference / error
    log_ratio = weight / (weight + 1) * z * z / 2 - math.log(weight + 1) / 2
    return AlwaysValid(low=difference - reach, high=difference + reach, p=math.exp(-max(log_ratio, 0.0)), level=level)


def _mixing(alpha: float, planned: int) -> float:
    """The variance of the mixture, in variances of one unit, with which the interval is tightest at `planned` units."""
    least = -2 * math.log(alpha)
    return (least + math.log(least) + 1) / planned

"""How much a test can see: its power, the smallest difference it would find, and how many units that takes."""

from __future__ import annotations

import math

from insights.analysis.distributions import normal_above, normal_quantile


def power(difference: float, error: float, *, level: float = 0.95) -> float:
    """The chance that a two-sided test at `level` finds a true difference, given the standard error of its estimate.

    >>> round(power(2.8, 1.0), 3)
    0.8
    """
    reach = normal_quantile((1 + level) / 2)
    z = abs(difference) / error
    return normal_above(reach - z) + normal_above(reach + z)


def smallest(error: float, *, level: float = 0.95, found: float = 0.8) -> float:
    """The smallest true difference that would be found with the chance `found`."""
    return (normal_quantile((1 + level) / 2) + normal_quantile(found)) * error


def units_needed(difference: float, variance: float, *, level: float = 0.95, found: float = 0.8) -> int:
    """How many units each arm needs to find this difference with the chance `found`, where a unit has this variance.

    >>> units_needed(0.5, 1.0)
    63
    """
    return math.ceil(2 * variance * ((normal_quantile((1 + level) / 2) + normal_quantile(found)) / difference) ** 2)

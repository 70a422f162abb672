"""The difference between two arms, with its interval and its chance: Welch's test, the test of two shares, and what CUPED makes of a time before."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from insights.analysis.distributions import normal_above, normal_quantile, student_above, student_quantile
from insights.analysis.experiments.arms import Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Treated less control: the difference of the means, its standard error, its interval at `level` and the two-sided chance of one as large by luck.

    `reduced` is the share of the variance that the time before explained away (CUPED), None where it was not used.
    """

    control: float
    treated: float
    difference: float
    error: float
    low: float
    high: float
    p: float
    method: Literal["welch", "two shares"]
    level: float = 0.95
    reduced: float | None = None

    @property
    def lift(self) -> float | None:
        """The difference as a fraction of the control's mean."""
        return self.difference / abs(self.control) if self.control else None


def welch(control: Sums, treated: Sums, *, level: float = 0.95) -> Effect:
    """Welch's t-test for means of unequal variances (Biometrika 34, 1947). Needs two units an arm."""
    left, right = control.variance / control.units, treated.variance / treated.units
    error = math.sqrt(left + right)
    difference = treated.mean - control.mean
    if error == 0:
        return _certain(control, treated, "welch", level)
    freedom = (left + right) ** 2 / (left**2 / (control.units - 1) + right**2 / (treated.units - 1))
    reach = student_quantile((1 + level) / 2, freedom) * error
    p = min(2 * student_above(abs(difference) / error, freedom), 1.0)
    return Effect(
        control=control.mean,
        treated=treated.mean,
        difference=difference,
        error=error,
        low=difference - reach,
        high=difference + reach,
        p=p,
        method="welch",
        level=level,
    )


def two_shares(control: Sums, treated: Sums, *, level: float = 0.95) -> Effect:
    """The z-test of two shares: pooled for the chance, apart for the interval (Wald), as textbooks have it."""
    left, right = control.mean, treated.mean
    difference = right - left
    pooled = (control.y + treated.y) / (control.units + treated.units)
    under = math.sqrt(pooled * (1 - pooled) * (1 / control.units + 1 / treated.units))
    error = math.sqrt(left * (1 - left) / control.units + right * (1 - right) / treated.units)
    if under == 0 or error == 0:
        return replace(_certain(control, treated, "two shares", level), p=1.0 if under == 0 else min(2 * normal_above(abs(difference) / under), 1.0))
    reach = normal_quantile((1 + level) / 2) * error
    p = min(2 * normal_above(abs(difference) / under), 1.0)
    return Effect(
        control=left,
        treated=right,
        difference=difference,
        error=error,
        low=difference - reach,
        high=difference + reach,
        p=p,
        method="two shares",
        level=level,
    )


def effect(control: Sums, treated: Sums, *, level: float = 0.95) -> Effect:
    """The difference by the test that fits what was measured, with CUPED where the time before is known and helps."""
    if control.x is not None and treated.x is not None:
        adjusted = cuped(control, treated)
        if adjusted is not None:
            before, after, reduced = adjusted
            found = welch(before, after, level=level)
            return replace(found, control=control.mean, treated=control.mean + found.difference, reduced=reduced)
    if control.is_share and treated.is_share:
        return two_shares(control, treated, level=level)
    return welch(control, treated, level=level)


def cuped(control: Sums, treated: Sums) -> tuple[Sums, Sums, float] | None:
    """Both arms with what each unit did before taken out, and the share of variance that went (Deng, Xu, Kohavi and Walker, WSDM 2013).

    y - slope * (x - mean of x over both arms), with the slope within the arms. None where the time before says nothing.
    """
    arms = (control, treated)
    within_xx = sum((a.xx or 0.0) - (a.x or 0.0) ** 2 / a.units for a in arms)
    within_xy = sum((a.xy or 0.0) - (a.x or 0.0) * a.y / a.units for a in arms)
    within_yy = sum(a.yy - a.y**2 / a.units for a in arms)
    if within_xx <= 0 or within_yy <= 0:
        return None
    slope = within_xy / within_xx
    middle = sum(a.x or 0.0 for a in arms) / sum(a.units for a in arms)
    before, after = (_shifted(a, slope, middle) for a in arms)
    return before, after, within_xy**2 / within_xx / within_yy


def _shifted(arm: Sums, slope: float, middle: float) -> Sums:
    """The sums of y - slope * (x - middle)."""
    x, xx, xy, n = arm.x or 0.0, arm.xx or 0.0, arm.xy or 0.0, arm.units
    apart, squares, crossed = x - n * middle, xx - 2 * middle * x + n * middle**2, xy - middle * arm.y
    return Sums(units=n, y=arm.y - slope * apart, yy=arm.yy - 2 * slope * crossed + slope**2 * squares)


def _certain(control: Sums, treated: Sums, method: Literal["welch", "two shares"], level: float) -> Effect:
    """Every unit did the same: there is nothing to be unsure of, and nothing that luck could have done."""
    difference = treated.mean - control.mean
    return Effect(
        control=control.mean,
        treated=treated.mean,
        difference=difference,
        error=0.0,
        low=difference,
        high=difference,
        p=0.0 if difference else 1.0,
        method=method,
        level=level,
    )

"""Experiments: false alarms in A/A tests that are looked at every day, power beside the power that was computed, and equality with scipy and statsmodels."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from benchmarks.measures import Figure
from insights.analysis.experiments.arms import Arm, Sums
from insights.analysis.experiments.effects import effect, two_shares, welch
from insights.analysis.experiments.power import power
from insights.analysis.experiments.verdict import judge, uneven

DAYS, A_DAY = 28, 300
"""Of an A/A test, and how many units each arm gets a day."""
RUNS = 10_000


def figures(*, sample: bool) -> list[Figure]:
    """Every figure about experiments."""
    runs = RUNS // 20 if sample else RUNS
    return [_false_alarms(runs, kind) for kind in ("share", "amount")] + [_naive(runs), _power(runs), _mismatch(runs), _equal()]


def _looks(rng: np.random.Generator, kind: str, difference: float = 0.0) -> Iterator[tuple[Sums, Sums]]:
    """The sums of both arms as they stand at the end of each day."""
    units = np.cumsum(rng.poisson(A_DAY, (2, DAYS)), axis=1)
    if kind == "share":
        parts = np.diff(units, axis=1, prepend=0)
        converted = np.cumsum(rng.binomial(parts, np.array([[0.08], [0.08 + difference]])), axis=1)
        for day in range(DAYS):
            yield tuple(Sums(units=int(units[arm, day]), y=float(converted[arm, day]), yy=float(converted[arm, day])) for arm in (0, 1))  # type: ignore[misc]
        return
    drawn = [np.where(rng.random(units[arm, -1]) < 0.3, rng.lognormal(3.5, 0.8, units[arm, -1]), 0.0) for arm in (0, 1)]
    sums = [(np.cumsum(values), np.cumsum(values**2)) for values in drawn]
    for day in range(DAYS):
        ends = units[:, day] - 1
        yield tuple(Sums(units=int(ends[arm]) + 1, y=float(sums[arm][0][ends[arm]]), yy=float(sums[arm][1][ends[arm]])) for arm in (0, 1))  # type: ignore[misc]


def _judged(control: Sums, treated: Sums) -> bool:
    arms = [Arm(name="A", units=control.units, sums={"m": control}), Arm(name="B", units=treated.units, sums={"m": treated})]
    return judge(arms, "A", {"m": "up"}).findings[0].found in ("better", "worse")


def _false_alarms(runs: int, kind: str) -> Figure:
    rng = np.random.default_rng(51)
    wrong = sum(any(_judged(*look) for look in _looks(rng, kind)) for _ in range(runs))
    low, high = _share_interval(wrong, runs)
    said = "conversion of 8 %" if kind == "share" else "amounts, skewed, 70 % nothing"
    return Figure(
        what=f"A/A tests that were ever called different, {said}",
        measured=f"{wrong / runs:.2%} ({low:.2%} to {high:.2%})",
        aim="at most 5 %",
        met=low <= 0.05,
        how=f"{runs:,} tests of {DAYS} days, about {A_DAY} units an arm a day, looked at every day",
    )


def _naive(runs: int) -> Figure:
    rng = np.random.default_rng(51)
    wrong = sum(any(two_shares(*look).p < 0.05 for look in _looks(rng, "share")) for _ in range(runs))
    return Figure(what="the same tests with the textbook test at every look", measured=f"{wrong / runs:.1%}", how="why the always-valid interval is used")


def _power(runs: int) -> Figure:
    rng = np.random.default_rng(52)
    difference, found = 0.012, 0
    for _ in range(runs):
        *_, (control, treated) = _looks(rng, "share", difference)
        found += effect(control, treated).p < 0.05
    n = DAYS * A_DAY
    error = math.sqrt(0.08 * 0.92 / n + (0.08 + difference) * (1 - 0.08 - difference) / n)
    computed = power(difference, error)
    return Figure(
        what="share of true lifts from 8 % to 9.2 % found at the end",
        measured=f"{found / runs:.1%}",
        aim=f"{computed:.1%} as computed",
        met=abs(found / runs - computed) < 0.01 + 2 * math.sqrt(computed * (1 - computed) / runs),
        how=f"{runs:,} tests of {n:,} units an arm, looked at once",
    )


def _mismatch(runs: int) -> Figure:
    rng = np.random.default_rng(53)
    wrong = sum(uneven([int(n), 10_000 - int(n)]) < 0.001 for n in rng.binomial(10_000, 0.5, runs))
    right = sum(uneven([int(n), 10_000 - int(n)]) < 0.001 for n in rng.binomial(10_000, 0.52, runs))
    return Figure(
        what="sample-ratio mismatch: even arms flagged, arms of 52 to 48 flagged",
        measured=f"{wrong / runs:.2%}, {right / runs:.1%}",
        aim="0.1 %, most",
        met=wrong / runs <= 0.003 and right / runs > 0.7,
        how="10,000 units in each test",
    )


def _equal() -> Figure:
    """The largest difference from scipy and statsmodels over seeded cases."""
    import scipy.stats
    from statsmodels.stats.power import NormalIndPower
    from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

    rng = np.random.default_rng(54)
    apart: list[float] = []
    for _ in range(200):
        one, other = rng.normal(5, 2, rng.integers(5, 200)), rng.normal(5.3, 3, rng.integers(5, 200))
        found, theirs = welch(_sums(one), _sums(other)), scipy.stats.ttest_ind(other, one, equal_var=False)
        interval: Any = theirs.confidence_interval(0.95)
        apart += [abs(found.p - theirs.pvalue), abs(found.low - interval.low), abs(found.high - interval.high)]
        n, m = rng.integers(50, 5000, 2)
        a, b = int(rng.binomial(n, 0.1)), int(rng.binomial(m, 0.12))
        shares = two_shares(Sums(units=int(n), y=a, yy=a), Sums(units=int(m), y=b, yy=b))
        if a and b:
            low, high = confint_proportions_2indep(b, m, a, n, method="wald", compare="diff")
            apart += [abs(shares.p - proportions_ztest([b, a], [m, n])[1]), abs(shares.low - low), abs(shares.high - high)]
        apart.append(abs(uneven([int(n), int(m)]) - scipy.stats.chisquare([n, m]).pvalue))
        apart.append(abs(power(0.2, math.sqrt(2 / n)) - NormalIndPower().power(0.2, n, 0.05)))
    return Figure(
        what="largest difference from scipy and statsmodels",
        measured=f"{max(apart):.1e}",
        aim="1e-6",
        met=max(apart) < 1e-6,
        how="200 seeded cases: Welch's chance and interval, two shares, chi-squared, power",
    )


def _sums(values: Any) -> Sums:
    return Sums(units=len(values), y=float(values.sum()), yy=float((values**2).sum()))


def _share_interval(found: int, of: int) -> Sequence[float]:
    """Wilson's 95 % interval of a share."""
    share, z = found / of, 1.959964
    middle, reach = share + z * z / 2 / of, z * math.sqrt(share * (1 - share) / of + z * z / 4 / of / of)
    return (middle - reach) / (1 + z * z / of), (middle + reach) / (1 + z * z / of)

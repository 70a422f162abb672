"""What an experiment found: every metric of every arm against the control, corrected for how many there are, and whether the arms may be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from insights.analysis.distributions import chi_squared_above, normal_above
from insights.analysis.experiments.arms import Arm
from insights.analysis.experiments.effects import Effect, effect
from insights.analysis.experiments.looking import AlwaysValid, always_valid
from insights.analysis.experiments.power import smallest, units_needed
from insights.analysis.experiments.several import holm

MISMATCHED = 0.001
"""Under this chance the arms are too uneven for luck (Fabijan et al., KDD 2019)."""
LEAST_UNITS, LEAST_EVENTS = 100, 10
"""Fewer units an arm, or fewer of either outcome of a share, are too few to speak of."""
WORTH = 0.05
"""The lift whose detection is used to say how many units a test needs."""

Found = Literal["better", "worse", "undecided", "too little data"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One metric of one arm against the control. `p` holds at every look, `adjusted` also for all metrics and arms; `harm` is the chance of being worse.

    `smallest` is the smallest difference that would be found four times in five; `needed` how many units an arm that takes for a lift of a twentieth.
    """

    metric: str
    arm: str
    effect: Effect
    lasting: AlwaysValid
    adjusted: float
    harm: float
    found: Found
    smallest: float
    needed: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Everything about one experiment. `mismatch` is the chance of arms as uneven as these, `trusted` whether they may be compared at all."""

    control: str
    units: Mapping[str, int]
    mismatch: float
    trusted: bool
    findings: tuple[Finding, ...]
    tests: int


def judge(arms: Sequence[Arm], control: str, good: Mapping[str, str], *, level: float = 0.95) -> Verdict:
    """Compare each arm with the control. `good` says for each metric which way is better ("up", "down", "neither"); the arms are meant to be of one size."""
    base = next(arm for arm in arms if arm.name == control)
    pairs = [(arm, metric) for arm in arms if arm is not base for metric in arm.sums if metric in base.sums]
    told = [(arm, metric, effect(base.sums[metric], arm.sums[metric], level=level)) for arm, metric in pairs if min(arm.units, base.units) > 1]
    lasting = [always_valid(e.difference, e.error, base.units + arm.units, level=level) for arm, _, e in told]
    adjusted = holm([held.p for held in lasting])
    mismatch = uneven([arm.units for arm in arms])
    findings = tuple(
        _finding(base, arm, metric, found, held, chance, good.get(metric, "up"), level)
        for (arm, metric, found), held, chance in zip(told, lasting, adjusted, strict=True)
    )
    units = {arm.name: arm.units for arm in arms}
    return Verdict(control=control, units=units, mismatch=mismatch, trusted=mismatch >= MISMATCHED, findings=findings, tests=len(told))


def uneven(units: Sequence[int]) -> float:
    """The chance of arms as uneven as these, when each unit goes to each arm alike (Pearson's chi-squared test)."""
    expected = sum(units) / len(units)
    if expected <= 0 or len(units) < 2:
        return 1.0
    return chi_squared_above(sum((n - expected) ** 2 for n in units) / expected, len(units) - 1)


def _finding(base: Arm, arm: Arm, metric: str, found: Effect, held: AlwaysValid, adjusted: float, good: str, level: float) -> Finding:
    left, right = base.sums[metric], arm.sums[metric]
    enough = min(base.units, arm.units) >= LEAST_UNITS
    if left.is_share and right.is_share:
        enough = enough and all(min(s.y, s.units - s.y) >= LEAST_EVENTS for s in (left, right))
    gain = -found.difference if good == "down" else found.difference
    verdict: Found = "too little data"
    if enough:
        verdict = "undecided" if adjusted > 1 - level else "better" if gain > 0 else "worse"
    worth = abs(found.control) * WORTH
    variance = found.error**2 / (1 / base.units + 1 / arm.units)
    return Finding(
        metric=metric,
        arm=arm.name,
        effect=found,
        lasting=held,
        adjusted=adjusted,
        harm=normal_above(gain / found.error) if found.error > 0 else float(gain < 0),
        found=verdict,
        smallest=smallest(found.error, level=level),
        needed=units_needed(worth, variance, level=level) if worth > 0 and variance > 0 else None,
    )

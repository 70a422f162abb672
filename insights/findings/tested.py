"""What an experiment found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One measure of one arm against the control. `low` and `high` hold however often the test is looked at; `p` too, and `adjusted` for all tests together.

    `lift` is the difference as a fraction of the control's mean, `harm` the chance of being worse than the control, `reduced` the share of the variance that
    the time before explained (CUPED). `smallest` is what the test would find four times in five, `needed` the units an arm for a lift of a twentieth.
    """

    measure: str
    unit: str | None
    arm: str
    control: float
    treated: float
    difference: float
    low: float
    high: float
    lift: float | None
    p: float
    adjusted: float
    once: float
    harm: float
    found: Literal["better", "worse", "undecided", "too little data"]
    smallest: float
    needed: int | None
    reduced: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """`units` by arm; `mismatch` is the chance of arms as uneven as these, `trusted` whether they may be compared. `mixed` units saw several arms."""

    name: str
    control: str
    units: Mapping[str, int]
    outcomes: tuple[Outcome, ...]
    mismatch: float
    trusted: bool
    mixed: int

"""How surprising it is that a figure moved between two stretches of days, beside how it usually moves between such stretches. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEAST = 8
"""Changes in the past that tell what is usual."""
_YEAR = 364
"""Days to the same weekday a year before."""
_SCALE = 1.4826
"""From the median deviation to the standard deviation of a normal curve."""


def surprise(values: Floats, length: int) -> float | None:
    """How many standard deviations the last stretch of `length` days went further from the one before than such stretches do; None with too little past.

    Means of days are compared, as logarithms where all are above zero; what is usual is the median of the changes before and their median deviation. What
    went the same way at the same time a year before is no surprise: the smaller of both scores counts.
    """
    stretches = len(values) // length
    if stretches < LEAST + 2:
        return None
    work = values[len(values) - stretches * length :].reshape(stretches, length).mean(axis=1)
    logarithms = bool((work > 0).all())
    work = np.log(work) if logarithms else work
    changes = np.diff(work)
    now, past = float(changes[-1]), changes[:-1]
    usual = float(np.median(past))
    spread = _SCALE * float(np.median(np.abs(past - usual)))
    if spread <= 1e-12:
        spread = float(past.std())
    if spread <= 1e-12:
        return 0.0 if abs(now - usual) <= 1e-12 else None
    score = (now - usual) / spread
    then = _a_year_before(values, length, logarithms=logarithms)
    if then is not None:
        beside = (now - then) / (spread * 2**0.5)
        score = 0.0 if beside * score <= 0 else min(score, beside, key=abs)
    return score


def _a_year_before(values: Floats, length: int, *, logarithms: bool) -> float | None:
    end = len(values) - _YEAR
    if end < 2 * length or 2 * length > _YEAR:
        return None
    now, before = float(values[end - length : end].mean()), float(values[end - 2 * length : end - length].mean())
    if not logarithms:
        return now - before
    return float(np.log(now) - np.log(before)) if now > 0 and before > 0 else None

"""Where a series changed: the cut into straight pieces that explains most for its number of pieces."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from insights.analysis.forecasting.fitted import Array

_SHORTEST = 4
_MOST_CARRIED = 0.95
_OF_NORMAL = 0.623
"""The variance of normal values without the largest tenth by size."""
_PENALTY = 3.5
"""How many logarithms of the length, times the variance, a change must save: a line has two parameters, its place is a third. Set so that a series
without a change shows one in about one case of twenty (benchmarks/measured_trends.py)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """At step `at` (the first of the new piece) the line jumped by `jump` and its slope went from `before` to `after`."""

    at: int
    jump: float
    before: float
    after: float


def changes(values: Array) -> tuple[Change, ...]:
    """The changes of level or slope, in order.

    Optimal partitioning with the pruning of PELT (Killick, Fearnhead and Eckley, JASA 107, 2012), where the cost of a piece is what a least-squares line
    leaves. The penalty is in long-run variances of the noise, which hold that one deviation resembles the one before; both come from differences over one
    and over two steps without the largest tenth, so that jumps do not count as noise.
    """
    n = len(values)
    if n < 2 * _SHORTEST:
        return ()
    variance = _long_run_variance(values)
    if variance <= 0:
        return ()
    costs = _Costs(values)
    cuts = _partition(costs, n, _PENALTY * math.log(n) * variance)
    ends = (0, *cuts, n)
    lines = [costs.line(a, b) for a, b in pairwise(ends)]
    found = []
    for at, (start, slope), (start_after, slope_after) in zip(cuts, lines, lines[1:], strict=False):
        found.append(Change(at=at, jump=start_after + slope_after * at - start - slope * at, before=slope, after=slope_after))
    return tuple(found)


def _long_run_variance(values: Array) -> float:
    """Of noise that is carried on with one factor r: differences over k steps have the variance 2 v (1 - r^k); the long run has v (1 + r) / (1 - r)."""
    one, two = (_trimmed_variance(values[k:] - values[:-k]) for k in (1, 2))
    if one <= 0:
        return 0.0
    carried = min(max(two / one - 1, 0.0), _MOST_CARRIED)
    return one / (2 * (1 - carried)) * (1 + carried) / (1 - carried)


def _trimmed_variance(differences: Array) -> float:
    """Around the median, without the largest tenth; scaled so that it is the variance of normal values."""
    squares = np.sort((differences - np.median(differences)) ** 2)
    kept = squares[: max(math.ceil(0.9 * len(squares)), 2)]
    return float(kept.mean()) / _OF_NORMAL if kept.any() else float(squares.mean())


class _Costs:
    """What a least-squares line leaves of any piece, from running sums."""

    def __init__(self, values: Array) -> None:
        self._values = values - values.mean()
        self._mean = float(values.mean())
        time = np.arange(len(values), dtype=float)
        self._sums = np.zeros((3, len(values) + 1))
        self._sums[:, 1:] = np.cumsum([self._values, self._values * time, self._values**2], axis=1)

    def of(self, starts: Array, end: int) -> Array:
        """The squared errors of the pieces [start, end)."""
        y, ty, yy = self._sums[:, end, None] - self._sums[:, starts]
        n = end - starts
        middle, spread = (starts + end - 1) / 2, n * (n**2 - 1) / 12
        return np.asarray(np.maximum(yy - y**2 / n - (ty - middle * y) ** 2 / spread, 0.0))

    def line(self, start: int, end: int) -> tuple[float, float]:
        """The line of a piece: its value at step 0, and its slope."""
        time = np.arange(start, end)
        apart = time - time.mean()
        slope = float(apart @ self._values[start:end]) / float(apart @ apart)
        return self._mean + float(self._values[start:end].mean()) - slope * float(time.mean()), slope

    def left(self, start: int, end: int) -> Array:
        """What the line leaves of a piece."""
        at, slope = self.line(start, end)
        return np.asarray(self._values[start:end] + self._mean - at - slope * np.arange(start, end))


def _partition(costs: _Costs, n: int, penalty: float) -> tuple[int, ...]:
    best = np.full(n + 1, np.inf)
    best[0] = -penalty
    before = np.zeros(n + 1, dtype=int)
    starts = np.array([0])
    for end in range(_SHORTEST, n + 1):
        whole = best[starts] + costs.of(starts, end)
        chosen = int(np.argmin(whole))
        best[end], before[end] = whole[chosen] + penalty, starts[chosen]
        starts = starts[whole <= best[end]]
        if end + 1 - _SHORTEST >= _SHORTEST:
            starts = np.append(starts, end + 1 - _SHORTEST)
    cuts: list[int] = []
    at = n
    while before[at] > 0:
        at = int(before[at])
        cuts.append(at)
    return tuple(reversed(cuts))

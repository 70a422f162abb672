"""The hours of the day in which a change lies: the run of hours that goes its own way the furthest."""

from __future__ import annotations

import numpy as np

from insights.analysis.driving.cubes import ABOVE, ROWS, Figures
from insights.analysis.driving.search import FALSE, LEAST_ROWS
from insights.analysis.driving.testing import Numbers, probability
from insights.findings import Hours

_MOST_OF_DAY = 20


def hours(table: Figures, whole: Figures) -> Hours | None:
    """None where no run of hours stands out from the others by more than chance among all runs, or has too few rows on both sides."""
    runs = [(first, last) for first in range(24) for last in range(first, 24) if last - first < _MOST_OF_DAY]
    sums = np.stack([table[first : last + 1].sum(axis=0) for first, last in runs])
    statistic = _likelihood(sums[:, :, ROWS], whole[:, ROWS])
    ways, rest = np.abs(_way(sums)), np.abs(_way(whole - sums))
    fits = (sums[:, :, ROWS].max(axis=1) >= LEAST_ROWS) & (ways > rest)
    at = int(np.argmax(np.where(fits, statistic, 0.0)))
    chance = min(1.0, probability(float(statistic[at])) * len(runs))
    if not fits[at] or chance > FALSE:
        return None
    first, last = runs[at]
    before, now = (float(side) for side in sums[at, :, ABOVE])
    return Hours(first=first, last=last, before=before, now=now, chance=chance)


def _likelihood(runs: Numbers, whole: Numbers) -> Numbers:
    """Twice the logarithm of how much likelier the counts of rows are with a growth of their own for each run and for the rest (G of a table of four)."""
    rest = whole - runs
    found = np.zeros(len(runs))
    for part, other in ((runs, rest), (rest, runs)):
        for side in (0, 1):
            expected = part.sum(axis=1) * (part[:, side] + other[:, side]) / (part.sum(axis=1) + other.sum(axis=1))
            with np.errstate(divide="ignore", invalid="ignore"):
                found += np.where(part[:, side] > 0, 2 * part[:, side] * np.log(part[:, side] / expected), 0.0)
    return found


def _way(figures: Figures) -> Numbers:
    """The logarithm of the growth of the rows."""
    return np.asarray(np.log(np.maximum(figures[:, 1, ROWS], 0.5) / np.maximum(figures[:, 0, ROWS], 0.5)))

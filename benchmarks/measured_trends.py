"""Trends: how often chance is called a trend or a change, and how often a planted change is found where it is."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.measures import Figure
from insights.analysis.trends.changes import changes
from insights.analysis.trends.slope import theil_sen

SERIES = 1000


def figures(*, sample: bool) -> list[Figure]:
    """Every figure about trends."""
    count = SERIES // 10 if sample else SERIES
    rng = np.random.default_rng(58)
    told = []
    for carried in (0.0, 0.3, 0.6):
        noise = [_noise(rng, 48, carried) for _ in range(count)]
        sloped = sum(theil_sen(values).direction != "flat" for values in noise) / count
        changed = sum(bool(changes(values)) for values in noise) / count
        told.append(f"{carried:g}: {sloped:.1%} / {changed:.1%}")
    found = 0
    for _ in range(count):
        at = int(rng.integers(12, 48))
        values = rng.normal(0, 1, 60) + 0.05 * np.arange(60)
        values[at:] += 4
        found += any(abs(one.at - at) <= 1 for one in changes(values))
    return [
        Figure(
            what="noise of 48 values called a trend / a change, by how much of it is carried on",
            measured="; ".join(told),
            aim="about 5 %",
            met=None,
            how=f"{count} each",
        ),
        Figure(what="shifts of four deviations found to the step", measured=f"{found / count:.1%}", how=f"{count} series of 60 with a trend"),
    ]


def _noise(rng: np.random.Generator, length: int, carried: float) -> Any:
    values = rng.normal(0, 1, length)
    for at in range(1, length):
        values[at] += carried * values[at - 1]
    return values

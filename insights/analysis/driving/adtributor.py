"""Explanatory power and surprise, and the plain algorithm that they come from, to measure ours beside it.

Bhagwan et al., Adtributor: Revenue Debugging in Advertising Systems, NSDI 2014. Expected is what was before.
"""

from __future__ import annotations

import numpy as np

from insights.analysis.driving.testing import Numbers

_PER_ELEMENT, _IN_ALL, _MOST = 0.10, 0.67, 3
"""T_EEP and T_EP of the paper, and how many dimensions are given."""


def explanatory_power(before: Numbers, now: Numbers) -> Numbers:
    """The share of the change that each value accounts for; zero where nothing changed."""
    change = float(now.sum() - before.sum())
    return np.asarray((now - before) / change if change else np.zeros(len(now)))


def surprise(before: Numbers, now: Numbers) -> Numbers:
    """How unexpected each value's share is: its part of the Jensen-Shannon divergence between the shares before and now, in nats.

    Zero where the share is what it was. Figures below zero have no share.
    """
    p, q = (np.maximum(side, 0.0) for side in (before, now))
    p, q = (side / total if (total := side.sum()) else side for side in (p, q))
    middle = (p + q) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        first = np.where(p > 0, p * np.log(p / middle), 0.0)
        second = np.where(q > 0, q * np.log(q / middle), 0.0)
    return np.asarray((first + second) / 2)


def adtributor(tables: list[tuple[Numbers, Numbers]]) -> list[tuple[int, list[int]]]:
    """The dimensions that explain the change most surprisingly, each with its values: Algorithm 1 of the paper over (before, now) of each dimension."""
    found: list[tuple[float, int, list[int]]] = []
    for d, (before, now) in enumerate(tables):
        power, strange = explanatory_power(before, now), surprise(before, now)
        chosen: list[int] = []
        explained, total = 0.0, 0.0
        for v in (int(n) for n in np.argsort(-strange)):
            if power[v] > _PER_ELEMENT:
                chosen.append(v)
                total += float(strange[v])
                explained += float(power[v])
            if explained > _IN_ALL:
                found.append((total, d, chosen))
                break
    return [(d, chosen) for _, d, chosen in sorted(found, key=lambda one: -one[0])[:_MOST]]

"""Chances of several tests at once, adjusted so that they may be read one by one."""

from __future__ import annotations

from collections.abc import Sequence


def holm(chances: Sequence[float]) -> tuple[float, ...]:
    """Adjusted chances by which at least one false finding among all stays under the level (Holm, 1979).

    >>> holm((0.01, 0.04, 0.03))
    (0.03, 0.06, 0.06)
    """
    order = sorted(range(len(chances)), key=lambda i: chances[i])
    adjusted, least = [0.0] * len(chances), 0.0
    for rank, i in enumerate(order):
        least = max(least, min((len(chances) - rank) * chances[i], 1.0))
        adjusted[i] = least
    return tuple(adjusted)


def benjamini_hochberg(chances: Sequence[float]) -> tuple[float, ...]:
    """Adjusted chances by which the share of false findings among all findings stays under the level (Benjamini and Hochberg, 1995).

    >>> tuple(round(p, 6) for p in benjamini_hochberg((0.01, 0.04, 0.03)))
    (0.03, 0.04, 0.04)
    """
    order = sorted(range(len(chances)), key=lambda i: chances[i], reverse=True)
    adjusted, most = [0.0] * len(chances), 1.0
    for rank, i in enumerate(order):
        most = min(most, chances[i] * len(chances) / (len(chances) - rank))
        adjusted[i] = most
    return tuple(adjusted)

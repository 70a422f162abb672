"""Companies of a few dimensions with causes planted in them: which values (or pairs of values) went their own way between two periods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from insights.analysis.driving.cubes import Cube, cube_of

ROWS = 40_000
"""Before; now there are as many, more or less by chance, growth and causes."""
NOISE = {"low": 0.0, "middle": 0.1, "high": 0.3}
"""The standard deviation of the logarithm of a factor of its own for each combination of all dimensions, beside the chance of which rows there are."""

Cause = frozenset[tuple[int, str]]


@dataclass(frozen=True)
class Planted:
    """A cube with the causes in it, each as (dimension, value) pairs, the change of the whole, and the spread of the amounts."""

    cube: Cube
    causes: frozenset[Cause]
    change: float
    spread: float


def planted(count: int, noise: float, *, seed: int = 6) -> Iterator[Planted]:
    """So many data sets with one to three causes each."""
    for number in range(count):
        yield _one(np.random.default_rng((seed, number)), 1 + number % 3, noise)


def _one(chance: np.random.Generator, many: int, noise: float) -> Planted:
    sizes = chance.integers(3, 11, size=chance.integers(4, 7))
    weights = [chance.dirichlet(np.full(size, 3.0)) for size in sizes]
    while True:
        causes = _causes(chance, sizes, many)
        codes = np.stack([chance.choice(size, ROWS, p=weight) for size, weight in zip(sizes, weights, strict=True)])
        amounts = chance.lognormal(3.0, 0.8, ROWS)
        factor = np.full(ROWS, chance.uniform(0.95, 1.1)) * _leaf(chance, codes, sizes, noise)
        held = []
        for cause, strength in causes:
            inside = np.all([codes[d] == v for d, v in cause], axis=0)
            held.append((inside.sum(), abs(float((amounts * factor * (strength - 1))[inside].sum()))))
            factor[inside] *= strength
        total = sum(effect for _, effect in held)
        # What the rules forbid to name is not planted: fewer than 30 rows a side, less than 5 percent of the change.
        if all(rows >= 120 and effect >= 0.1 * total and effect >= 0.002 * amounts.sum() for rows, effect in held):
            break
    again = chance.poisson(factor)
    later = np.repeat(np.arange(ROWS), again)
    other = chance.lognormal(3.0, 0.8, len(later))
    both = np.concatenate([codes, codes[:, later]], axis=1)
    figures = np.stack([np.concatenate([amounts, other]), *np.ones((2, ROWS + len(later))), np.zeros(ROWS + len(later))], axis=1)
    cube = cube_of({str(d): both[d].tolist() for d in range(len(sizes))}, figures, [False] * ROWS + [True] * len(later))
    change = float(other.sum() - amounts.sum())
    spread = float((amounts**2).mean() / amounts.mean() ** 2 - 1)
    return Planted(cube, frozenset(frozenset((d, str(v)) for d, v in cause) for cause, _ in causes), change, spread)


def _causes(chance: np.random.Generator, sizes: np.ndarray, many: int) -> list[tuple[tuple[tuple[int, int], ...], float]]:
    """Values and pairs of values, none twice, each with what its figures are multiplied by."""
    found: list[tuple[tuple[tuple[int, int], ...], float]] = []
    taken: set[tuple[int, int]] = set()
    while len(found) < many:
        dimensions = chance.choice(len(sizes), size=chance.integers(1, 3), replace=False)
        cause = tuple(sorted((int(d), int(chance.integers(sizes[d]))) for d in dimensions))
        if not taken & set(cause):
            taken |= set(cause)
            strength = chance.uniform(0.1, 0.6) if chance.random() < 0.7 else chance.uniform(1.6, 3.0)
            found.append((cause, float(strength)))
    return found


def _leaf(chance: np.random.Generator, codes: np.ndarray, sizes: np.ndarray, noise: float) -> np.ndarray:
    """A factor for each combination of all values."""
    if not noise:
        return np.ones(codes.shape[1])
    _, leaf = np.unique(np.ravel_multi_index(tuple(codes), tuple(sizes)), return_inverse=True)
    return np.exp(chance.normal(0.0, noise, leaf.max() + 1))[leaf]

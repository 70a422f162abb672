"""Groups of points that are alike: k-means over scaled columns, how many groups there are, and whether they are apart at all. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_GROUPS = 6
_STARTS = 6
_STEPS = 100
_SEED = 20
_SKEWED = 2.0
"""From this skewness on a column without values below zero is looked at by its logarithm."""
_APART = 0.05
"""How much better groups must fit than those of one even cloud do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Which group each point is in, the groups by size; how well that fits (simplified silhouette) for each number of groups tried.

    `usual` is how well the same number of groups fits one normal cloud of the same shape, in which there are none; `apart` whether these fit better.
    """

    labels: Ints
    fit: float
    tried: tuple[tuple[int, float], ...]
    usual: float
    apart: bool


def scaled(columns: Floats) -> Floats:
    """Columns with mean 0 and deviation 1, of skewed ones that are never below zero the logarithm of one more; a column of one value is all 0."""
    made = columns.astype(np.float64).copy()
    for at in range(made.shape[1]):
        column = made[:, at]
        deviation = column.std()
        skew = float((((column - column.mean()) / deviation) ** 3).mean()) if deviation > 0 else 0.0
        if skew > _SKEWED and column.min() >= 0:
            column = np.log1p(column / max(float(np.median(column[column > 0])), 1e-300))
            deviation = column.std()
        made[:, at] = (column - column.mean()) / deviation if deviation > 1e-12 else 0.0
    return made


def grouped(points: Floats, *, least: int = 1) -> Groups | None:
    """The groups of the number that fits best, of which none is smaller than `least`; None where there are no two such groups."""
    generator = np.random.default_rng(_SEED)
    best: tuple[float, int, Ints] | None = None
    tried: list[tuple[int, float]] = []
    for k in range(2, MOST_GROUPS + 1):
        labels, centres, _ = nearest(points, k, generator)
        sizes = np.bincount(labels, minlength=k)
        if sizes.min() < max(least, 1):
            continue
        fit = silhouette(points, labels, centres)
        tried.append((k, fit))
        if best is None or fit > best[0] + 1e-9:
            best = (fit, k, labels)
    if best is None:
        return None
    fit, k, labels = best
    cloud = generator.multivariate_normal(np.zeros(points.shape[1]), np.cov(points, rowvar=False).reshape(points.shape[1], -1), size=min(len(points), 4000))
    cloud_labels, centres, _ = nearest(cloud, k, generator)
    usual = silhouette(cloud, cloud_labels, centres)
    order = np.argsort(-np.bincount(labels, minlength=k), kind="stable")
    place = np.empty(k, dtype=np.int64)
    place[order] = np.arange(k)
    return Groups(labels=place[labels], fit=fit, tried=tuple(tried), usual=usual, apart=fit > usual + _APART)


def nearest(points: Floats, k: int, generator: np.random.Generator) -> tuple[Ints, Floats, float]:
    """k-means (Lloyd, 1982) from several beginnings of k-means++ (Arthur and Vassilvitskii, 2007): labels, centres, and the squared distances in all."""
    best: tuple[Ints, Floats, float] | None = None
    for _ in range(_STARTS):
        labels, centres, total = _moved(points, _begun(points, k, generator))
        if best is None or total < best[2] - 1e-12:
            best = labels, centres, total
    assert best is not None
    return best


def _begun(points: Floats, k: int, generator: np.random.Generator) -> Floats:
    """Centres that lie far from one another, each drawn by how far it is from those before."""
    centres = [points[generator.integers(len(points))]]
    far = ((points - centres[0]) ** 2).sum(axis=1)
    for _ in range(1, k):
        whole = far.sum()
        at = int(generator.choice(len(points), p=far / whole)) if whole > 0 else int(generator.integers(len(points)))
        centres.append(points[at])
        far = np.minimum(far, ((points - points[at]) ** 2).sum(axis=1))
    return np.array(centres)


def _moved(points: Floats, centres: Floats) -> tuple[Ints, Floats, float]:
    labels = np.full(len(points), -1)
    for _ in range(_STEPS):
        distances = _distances(points, centres)
        now = distances.argmin(axis=1)
        if (now == labels).all():
            break
        labels = now
        sizes = np.bincount(labels, minlength=len(centres))
        sums = np.stack([np.bincount(labels, weights=points[:, at], minlength=len(centres)) for at in range(points.shape[1])], axis=1)
        centres = np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], centres)
    distances = _distances(points, centres)
    labels = distances.argmin(axis=1)
    return labels.astype(np.int64), centres, float(distances[np.arange(len(points)), labels].sum())


def _distances(points: Floats, centres: Floats) -> Floats:
    """The squared distance of each point from each centre."""
    found: Floats = (points**2).sum(axis=1)[:, None] - 2 * points @ centres.T + (centres**2).sum(axis=1)[None, :]
    return np.maximum(found, 0.0)


def silhouette(points: Floats, labels: Ints, centres: Floats) -> float:
    """How much nearer points are to their own centre than to the next one, on average (simplified silhouette: Hruschka, de Castro and Campello, 2004)."""
    distances = np.sqrt(_distances(points, centres))
    own = distances[np.arange(len(points)), labels]
    distances[np.arange(len(points)), labels] = np.inf
    other = distances.min(axis=1)
    largest = np.maximum(own, other)
    return float(np.where(largest > 0, (other - own) / np.where(largest > 0, largest, 1.0), 0.0).mean())


def fifths(values: Floats) -> Ints:
    """Which fifth each value lies in, from 1 to 5, the least first; what is the same is in the same (by the middle of its ranks).

    >>> fifths(np.array([10.0, 20.0, 20.0, 30.0, 40.0])).tolist()
    [1, 3, 3, 4, 5]
    """
    ordered = np.sort(values)
    middle = (np.searchsorted(ordered, values, side="left") + np.searchsorted(ordered, values, side="right")) / 2
    return np.minimum(np.floor(5 * middle / len(values)).astype(np.int64) + 1, 5)

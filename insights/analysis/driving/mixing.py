"""Of which dimension the mix changed so that it moved a fraction, and by which values."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from insights.analysis.driving.cubes import BELOW, ROWS, Cube, Figures
from insights.analysis.driving.search import FALSE, LEAST_ROWS, LEAST_SHARE
from insights.analysis.driving.shapley import Split, split
from insights.analysis.driving.testing import adjusted, probability
from insights.findings import Parting

_MOST = 3
_MATTERS = 0.3
"""Of the change: less of it is not told, unless the parts went against the whole."""
_SURE = 2.58
"""Standard errors: one in a hundred by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedValue:
    """A value whose part of what is below the line went from `before` to `now`; `level` is its own figure, the mean of both sides."""

    value: int
    before: float
    now: float
    contribution: float
    level: float
    rows: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixed:
    """The dimension whose mix moved the whole the most, with the values that did it."""

    dimension: int
    split: Split
    table: Figures
    values: tuple[MixedValue, ...]
    reversed: bool


def of(cube: Cube, change: float, variance: float) -> Mixed | None:
    """The dimension whose mix matters most, or None: its effect must be more than chance, among all dimensions, and a good part of the change.

    `variance` is that of a rate of one unit below the line.
    """
    tables = cube.tables(())
    splits = [split(table) for table in tables]
    chances = adjusted([probability(_statistic(one, table)) for one, table in zip(splits, tables, strict=True)])
    fits = [d for d, chance in enumerate(chances) if chance <= FALSE]
    best = max(fits, key=lambda d: abs(splits[d].mix.sum()), default=None)
    if best is None:
        return None
    found, table = splits[best], tables[best]
    against = found.is_reversed and abs(found.rate.sum()) > _SURE * math.sqrt(_rate_variance(found, table, variance))
    if abs(found.mix.sum()) < _MATTERS * abs(change) and not against:
        return None
    values = [_value(v, found, table) for v in np.argsort(-np.abs(found.mix))[:_MOST] if abs(found.mix[v]) >= LEAST_SHARE * abs(change)]
    return Mixed(dimension=best, split=found, table=table, values=tuple(one for one in values if min(one.rows) >= LEAST_ROWS), reversed=against)


def _value(v: int, found: Split, table: Figures) -> MixedValue:
    before, now = (float(share) for share in found.shares[v])
    rows = (round(float(table[v, 0, ROWS])), round(float(table[v, 1, ROWS])))
    return MixedValue(value=int(v), before=before, now=now, contribution=float(found.mix[v]), level=float(np.nanmean(found.rates[v])), rows=rows)


def _statistic(found: Split, table: Figures) -> float:
    """The mix effect squared through its variance, shares being those of so many independent rows (multinomial)."""
    known = np.isfinite(found.rates)
    rates = np.where(known, found.rates, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    variance = 0.0
    for side in (0, 1):
        shares, rows = found.shares[:, side], table[:, side, ROWS].sum()
        mean = float((shares * rates).sum())
        variance += float((shares * (rates - mean) ** 2).sum()) / rows if rows else 0.0
    return float(found.mix.sum()) ** 2 / variance if variance > 0 else 0.0


def _rate_variance(found: Split, table: Figures, variance: float) -> float:
    with np.errstate(divide="ignore", invalid="ignore"):
        each = found.shares.mean(axis=1) ** 2 * variance * (1 / table[:, :, BELOW]).sum(axis=1)
    return float(each[np.isfinite(each)].sum())


def parting(mixed: Mixed, cube: Cube, label: Callable[[str], str]) -> Parting:
    """What is told of it."""
    moves = mixed.split.rates[:, 1] - mixed.split.rates[:, 0]
    known = mixed.table[:, :, ROWS].min(axis=1) >= LEAST_ROWS
    against = known & (moves * mixed.split.change < 0)
    return Parting(
        dimension=cube.names[mixed.dimension],
        label=label(cube.names[mixed.dimension]),
        rate=float(mixed.split.rate.sum()),
        mix=float(mixed.split.mix.sum()),
        values=int(known.sum()),
        against=int(against.sum()),
        reversed=mixed.reversed,
    )

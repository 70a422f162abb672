"""How strong the season of a series is, when it is highest and lowest, and the series without it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from insights.analysis.forecasting.fitted import Array
from insights.analysis.forecasting.seasons import indices, is_seasonal, spread


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonFound:
    """`strength` is from 0 to 1; `peak` and `trough` are phases, 0 being that of the first value; `swing` is how far apart they are, in the unit."""

    strength: float
    peak: int
    trough: int
    swing: float
    sure: bool


def season(values: Array, period: int) -> SeasonFound | None:
    """The strength is 1 - Var(rest) / Var(season + rest), at least 0 (Wang, Smith and Hyndman, 2006); None under two seasons or without a period."""
    if period < 2 or len(values) < 2 * period:
        return None
    found = indices(values[None, :], np.array([len(values)]), period, "additive")
    wave = spread(found, len(values))[0]
    rest = values - wave - _level(values, period)
    there = ~np.isnan(rest)
    both = float(np.var((rest + wave)[there]))
    strength = max(0.0, 1 - float(np.var(rest[there])) / both) if both > 0 else 0.0
    peak, trough = int(np.argmax(found[0])), int(np.argmin(found[0]))
    return SeasonFound(strength=strength, peak=peak, trough=trough, swing=float(found[0].max() - found[0].min()), sure=is_seasonal(values, period))


def without_season(values: Array, period: int) -> Array:
    """The values less their season; as they are where there is none, or where it cannot be told."""
    if period < 2 or len(values) < 2 * period:
        return values
    return np.asarray(values - spread(indices(values[None, :], np.array([len(values)]), period, "additive"), len(values))[0])


def _level(values: Array, period: int) -> Array:
    weights = np.ones(period) / period if period % 2 else np.concatenate([[0.5], np.ones(period - 1), [0.5]]) / period
    reach = len(weights) // 2
    level = np.full(len(values), np.nan)
    if len(values) >= len(weights):
        level[reach : len(values) - reach] = np.convolve(values, weights, mode="valid")
    return level

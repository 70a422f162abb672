"""The season of a series: whether it has one, and its indices by phase, for many series at once."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from insights.analysis.forecasting.fitted import Array, Lengths

Season: TypeAlias = Literal["none", "additive", "multiplicative"]
_SURE = 1.645
"""The quantile of the 90 % test that goes with the Theta method (Assimakopoulos and Nikolopoulos, 2000)."""


def is_seasonal(values: Array, period: int) -> bool:
    """Whether the autocorrelation at the season stands out of what its shorter lags explain, at 90 %; three seasons are needed to tell."""
    if period < 2 or len(values) < 3 * period:
        return False
    apart = values - values.mean()
    scale = float(apart @ apart)
    if scale <= 1e-12 * max(1.0, float(values @ values)):
        return False
    lags = np.array([float(apart[lag:] @ apart[:-lag]) / scale for lag in range(1, period + 1)])
    return bool(abs(lags[-1]) > _SURE * np.sqrt((1 + 2 * float(lags[:-1] @ lags[:-1])) / len(values)))


def indices(values: Array, lengths: Lengths, period: int, season: Season) -> Array:
    """Seasonal indices by phase (series, period), phase 0 is that of the first value: classical decomposition around a centred moving average.

    Additive ones sum to 0, multiplicative ones average 1. Needs two seasons of each series, and values above 0 for multiplicative ones.
    """
    if season == "none" or period < 2:
        return np.ones((len(values), max(period, 1))) if season == "multiplicative" else np.zeros((len(values), max(period, 1)))
    known = np.where(np.arange(values.shape[1]) < lengths[:, None], values, np.nan)
    level = _moving_average(known, period)
    apart = known / level if season == "multiplicative" else known - level
    whole = -(-apart.shape[1] // period) * period
    padded = np.full((len(values), whole), np.nan)
    padded[:, : apart.shape[1]] = apart
    stacked = padded.reshape(len(values), -1, period)
    there = ~np.isnan(stacked)
    found = np.where(there, stacked, 0.0).sum(1) / np.maximum(there.sum(1), 1)
    if season == "multiplicative":
        found = np.where(there.any(1), found, 1.0)
        return np.asarray(np.maximum(found / found.mean(1, keepdims=True), 0.02))
    return np.asarray(found - found.mean(1, keepdims=True))


def _moving_average(known: Array, period: int) -> Array:
    """The centred moving average over one season; NaN where it does not reach."""
    weights = np.ones(period) / period if period % 2 else np.concatenate([[0.5], np.ones(period - 1), [0.5]]) / period
    reach = len(weights) // 2
    level = np.full(known.shape, np.nan)
    if known.shape[1] < len(weights):
        return level
    windows = np.lib.stride_tricks.sliding_window_view(known, len(weights), axis=1)
    level[:, reach : known.shape[1] - reach] = windows @ weights
    return level


def spread(found: Array, time: int) -> Array:
    """The index of each of `time` moments, from the first on."""
    return np.asarray(np.take(found, np.arange(time) % found.shape[1], axis=1))

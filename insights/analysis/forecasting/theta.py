"""The dynamic optimised Theta model, for many series at once.

Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler, "Models for optimising the theta method and their relationship to state space models",
International Journal of Forecasting 32 (2016), equations 10 to 17. For a given smoothing the one-step forecast is linear in the first level and in
1 - 1/theta, so both are solved for exactly (variable projection) and only the smoothing is searched, along a grid that is refined once.
"""

from __future__ import annotations

import numpy as np

from insights.analysis.forecasting.fitted import Array, Fitted, Lengths

_SMOOTHINGS = np.concatenate([np.linspace(0.03, 0.3, 10), np.linspace(0.35, 0.99, 12)])
_HALF_STEP = 0.03
_SKIPPED = 2
"""The first errors do not count: no line stands on fewer than three points."""


def theta(values: Array, lengths: Lengths, horizon: int) -> Fitted:
    """Fit and forecast. `values` is (series, time), padded at the end; `lengths` how many of each are known (three or more).

    Season must be taken out before. `Fitted.fitted` holds the one-step forecasts of what is known, `ahead` the path of `horizon` steps after it.
    """
    coarse = np.broadcast_to(_SMOOTHINGS, (len(values), _SMOOTHINGS.size))
    _, best, _ = _solve(values, lengths, coarse)
    around = np.take_along_axis(coarse, best[:, None], 1) + np.linspace(-_HALF_STEP, _HALF_STEP, 9)
    fine = np.clip(around, 0.01, 0.995)
    solved, best, errors = _solve(values, lengths, fine)
    row = np.arange(len(values))
    alpha, level, weight = fine[row, best], solved[row, best, 0], solved[row, best, 1]
    path = _path(values, lengths, horizon, alpha, level, weight)
    known = np.arange(values.shape[1])
    fitted = np.where(known < lengths[:, None], path[:, : values.shape[1]], np.nan)
    ahead = np.take_along_axis(path, lengths[:, None] + np.arange(horizon), 1)
    return Fitted(fitted=fitted, ahead=ahead, squares=errors[row, best], parameters=3)


def _lines(values: Array) -> tuple[Array, Array]:
    """Intercept and slope of the least-squares line through the first t points, for every t from 0 (equations 15 to 17)."""
    time = np.arange(1, values.shape[1] + 1)
    total = np.cumsum(values, axis=1)
    crossed = np.cumsum(values * time, axis=1)
    mean = total / time
    middle = (time + 1) / 2
    spread = time * (time**2 - 1) / 12
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(spread > 0, (crossed - total * middle) / np.where(spread > 0, spread, 1), 0.0)
    before = np.zeros((len(values), 1))
    return np.hstack([before, mean - slope * middle]), np.hstack([before, slope])


def _solve(values: Array, lengths: Lengths, alphas: Array) -> tuple[Array, Lengths, Array]:
    """For each smoothing the first level and 1 - 1/theta of least squares, which smoothing is best, and their squared errors."""
    time = values.shape[1]
    lines, slopes = _lines(values)
    rest = 1 - alphas
    power, level = np.ones_like(alphas), np.zeros_like(alphas)
    gaps, shares, drifts = np.empty((3, time, *alphas.shape))
    growth = 1 / alphas
    for t in range(time):
        np.subtract(values[:, t, None], level, out=gaps[t])
        shares[t] = power
        power = power * rest
        drifts[t] = shares[t] * lines[:, t, None] + (growth - growth * power) * slopes[:, t, None]
        level = level + alphas * gaps[t]
    counted = ((np.arange(time)[:, None] >= _SKIPPED) & (np.arange(time)[:, None] < lengths))[:, :, None]
    for part in (gaps, shares, drifts):
        part *= counted
    pairs = ((gaps, gaps), (gaps, shares), (gaps, drifts), (shares, shares), (shares, drifts), (drifts, drifts))
    yy, ya, yg, aa, ag, gg = (np.einsum("tbk,tbk->bk", *pair) for pair in pairs)
    tiny = 1e-12
    determinant = aa * gg - ag * ag
    sound = determinant > tiny * aa * gg + 1e-300
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.where(sound, (aa * yg - ag * ya) / np.where(sound, determinant, 1), 0.0)
    weight = np.clip(weight, 0.0, 1.0)
    first = (ya - weight * ag) / np.maximum(aa, 1e-300)
    errors = yy - 2 * first * ya - 2 * weight * yg + first**2 * aa + 2 * first * weight * ag + weight**2 * gg
    return np.stack([first, weight], axis=2), np.argmin(errors, axis=1), np.maximum(errors, 0.0)


def _path(values: Array, lengths: Lengths, horizon: int, alpha: Array, level: Array, weight: Array) -> Array:
    """One-step forecasts along what is known, then on: beyond the end the forecast stands in for what is not known yet."""
    series, time = values.shape
    path = np.zeros((series, time + horizon))
    rest, power = 1 - alpha, np.ones(series)
    mean, line, slope = np.zeros(series), np.zeros(series), np.zeros(series)
    for t in range(time + horizon):
        path[:, t] = level + weight * (power * line + (1 - power * rest) / alpha * slope)
        seen = np.where(t < lengths, values[:, min(t, time - 1)], path[:, t])
        level = alpha * seen + rest * level
        power = power * rest
        n = t + 1
        slope = ((n - 2) * slope + 6 * (seen - mean) / n) / (n + 1) if n > 1 else slope
        mean = (t * mean + seen) / n
        line = mean - slope * (n + 1) / 2
    return path

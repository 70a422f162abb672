"""Exponential smoothing (ETS) in its forms with and without trend, damping and season, for many series at once.

Hyndman, Koehler, Ord and Snyder, "Forecasting with Exponential Smoothing" (2008). For additive errors the one-step forecast is linear in the first level
and slope, so these are solved for exactly and only the smoothing parameters are searched: over a grid, then around the best of it. Forms with a
multiplicative season start at a line through the deseasonalised beginning. Seasonal states start at the classical indices.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeAlias

import numpy as np

from insights.analysis.forecasting.fitted import Array, Fitted, Lengths
from insights.analysis.forecasting.seasons import Season

Trend: TypeAlias = Literal["none", "additive", "damped"]
TRENDS: tuple[Trend, ...] = ("none", "additive", "damped")
_ALPHAS, _BETAS, _GAMMAS, _PHIS = (0.06, 0.3, 0.6, 0.9), (0.03, 0.3), (0.03, 0.25), (0.85, 0.95)
_LOW, _HIGH = np.array([0.01, 0.001, 0.001, 0.8]), np.array([0.99, 0.99, 0.9, 0.98])
_LEAST = 1e-9
_STEPS = np.array([0.16, 0.14, 0.12, 0.04])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settings:
    """Smoothing parameters, each (series, candidates): of level, of trend as a share of the level's, of season, and the damping; whether there is a trend."""

    alpha: Array
    beta: Array
    gamma: Array
    phi: Array
    trended: Array

    @classmethod
    def of(cls, table: Array, trended: Array) -> _Settings:
        """From a table (series, candidates, 4)."""
        return cls(alpha=table[..., 0], beta=table[..., 1] * trended, gamma=table[..., 2], phi=table[..., 3], trended=trended)


def smoothing(values: Array, lengths: Lengths, season: Season, found: Array, horizon: int, *, rounds: int = 2) -> dict[Trend, Fitted]:
    """Fit and forecast each form of trend. `found` are the seasonal indices (series, period); `rounds` how often the search is refined."""
    seasonal = season != "none"
    grid, kinds = _grid(seasonal)
    table = np.broadcast_to(grid, (len(values), *grid.shape))
    chosen, starts = _best(values, lengths, season, found, table, kinds)
    for step in range(rounds):
        around = _around(seasonal)
        sizes = [len(star) for star in around]
        kinds = np.repeat(np.arange(len(TRENDS)), sizes)
        centre = np.repeat(chosen, sizes, axis=1)
        table = np.clip(centre + np.concatenate(around) / 2**step, _LOW, _HIGH)
        table[:, kinds < 2, 3] = 1.0
        chosen, starts = _best(values, lengths, season, found, table, kinds)
    return _finish(values, lengths, season, found, horizon, chosen, starts)


def _best(values: Array, lengths: Lengths, season: Season, found: Array, table: Array, kinds: Lengths) -> tuple[Array, Array]:
    """The best settings of each trend (series, trends, 4), and the level and slope that they start from (series, trends, 2)."""
    score, first, second = _score(values, lengths, season, found, table, kinds)
    start = np.stack(np.broadcast_arrays(first, second), axis=2)
    chosen, starts = [], []
    for kind in range(len(TRENDS)):
        mine = kinds == kind
        best = np.argmin(score[:, mine], 1)[:, None, None]
        chosen.append(np.take_along_axis(table[:, mine], best, 1)[:, 0])
        starts.append(np.take_along_axis(start[:, mine], best, 1)[:, 0])
    return np.stack(chosen, axis=1), np.stack(starts, axis=1)


@cache
def _grid(seasonal: bool) -> tuple[Array, Lengths]:
    """The settings to start from (candidates, 4) and which trend each belongs to."""
    rows: list[tuple[float, float, float, float]] = []
    kinds: list[int] = []
    for alpha in _ALPHAS:
        for gamma in _GAMMAS if seasonal else (0.0,):
            forms = [(0.0, 1.0, 0), *((beta, 1.0, 1) for beta in _BETAS), *((beta, phi, 2) for beta in _BETAS for phi in _PHIS)]
            for beta, phi, kind in forms:
                rows.append((alpha, beta, gamma, phi))
                kinds.append(kind)
    return np.array(rows), np.array(kinds)


@cache
def _around(seasonal: bool) -> tuple[Array, ...]:
    """Steps away from the best so far, for each trend: a star with its diagonals in what that form has."""
    free = [(0,), (0, 1), (0, 1, 3)]
    made = []
    for axes in free:
        axes = (*axes, 2) if seasonal else axes
        offsets = [np.zeros(4)]
        for axis in axes:
            for sign in (-1.0, 1.0):
                offset = np.zeros(4)
                offset[axis] = sign * _STEPS[axis]
                offsets.append(offset)
        for one, other in ((a, b) for a in axes for b in axes if a < b):
            for left, right in ((-0.7, -0.7), (-0.7, 0.7), (0.7, -0.7), (0.7, 0.7)):
                offset = np.zeros(4)
                offset[one], offset[other] = left * _STEPS[one], right * _STEPS[other]
                offsets.append(offset)
        made.append(np.array(offsets))
    return tuple(made)


def _score(values: Array, lengths: Lengths, season: Season, found: Array, table: Array, kinds: Lengths) -> tuple[Array, Array, Array]:
    """How badly each setting fits (series, candidates), by squared errors or by likelihood; and the level and slope it starts from."""
    settings = _Settings.of(table, np.broadcast_to((kinds > 0).astype(float), table.shape[:2]))
    if season == "multiplicative":
        level, slope = _start(values, lengths, found)
        first, second = np.broadcast_to(level[:, None], table.shape[:2]), slope[:, None] * settings.trended
        path, errors = _run_multiplicative(values, lengths, found, settings, first, second, 0)
        known = (np.arange(values.shape[1])[:, None] < lengths)[:, :, None]
        squares, logs = np.einsum("tbk,tbk->bk", errors, errors), np.where(known, np.log(path), 0.0).sum(0)
        return np.asarray(lengths[:, None] * np.log(np.maximum(squares, 1e-300)) + 2 * logs), first, second
    first, second, squares = _project(values, lengths, season, found, settings)
    return squares, first, second


def _project(values: Array, lengths: Lengths, season: Season, found: Array, settings: _Settings) -> tuple[Array, Array, Array]:
    """The first level and slope of least squares for each setting, and the squared errors they leave.

    Level, slope, season and error are carried in three parts: what is known, the share of the first level, and that of the first slope.
    """
    time = values.shape[1]
    shape, seasonal, period = settings.alpha.shape, season == "additive", found.shape[1]
    level, slope = np.zeros((3, *shape)), np.zeros((3, *shape))
    level[1], slope[2] = 1.0, settings.trended
    states = np.zeros((period, 3, *shape))
    if seasonal:
        states[:, 0] = found.T[:, :, None]
    alpha, beta, gamma, phi = settings.alpha, settings.alpha * settings.beta, settings.gamma * (1 - settings.alpha), settings.phi
    errors = np.empty((time, 3, *shape))
    for t in range(time):
        slope *= phi
        level += slope
        error = errors[t]
        np.negative(level, out=error)
        if seasonal:
            error -= states[t % period]
        error[0] += values[:, t, None]
        level += alpha * error
        slope += beta * error
        if seasonal:
            states[t % period] += gamma * error
    errors *= (np.arange(time)[:, None] < lengths)[:, None, :, None]
    known, by_level, by_slope = errors[:, 0], errors[:, 1], errors[:, 2]
    ll, ls, ss = (np.einsum("tbk,tbk->bk", *pair) for pair in ((by_level, by_level), (by_level, by_slope), (by_slope, by_slope)))
    yl, ys, yy = (np.einsum("tbk,tbk->bk", known, other) for other in (by_level, by_slope, known))
    yl, ys = -yl, -ys
    determinant = ll * ss - ls * ls
    sound = (settings.trended > 0) & (determinant > 1e-10 * ll * ss)
    bottom = np.where(sound, determinant, 1.0)
    first = np.where(sound, (ss * yl - ls * ys) / bottom, yl / np.maximum(ll, 1e-300))
    second = np.where(sound, (ll * ys - ls * yl) / bottom, 0.0)
    left = yy - 2 * first * yl - 2 * second * ys + first**2 * ll + 2 * first * second * ls + second**2 * ss
    return first, second, np.maximum(left, 0.0)


def _start(values: Array, lengths: Lengths, found: Array) -> tuple[Array, Array]:
    """Level and slope before the first value: a line through the deseasonalised beginning, of at least ten values."""
    reach = int(min(max(10, found.shape[1]), int(lengths.min())))
    time = np.arange(1, reach + 1)
    flat = values[:, :reach] / np.take(found, np.arange(reach) % found.shape[1], axis=1)
    slope = ((flat - flat.mean(1, keepdims=True)) @ (time - time.mean())) / float(((time - time.mean()) ** 2).sum())
    level = np.maximum(flat.mean(1) - slope * time.mean(), _LEAST)
    return level, slope


def _run_multiplicative(values: Array, lengths: Lengths, found: Array, settings: _Settings, level: Array, slope: Array, horizon: int) -> tuple[Array, Array]:
    """What was expected of each moment and of `horizon` more, and the relative errors (both time, series, candidates)."""
    time = values.shape[1]
    shape, period = settings.alpha.shape, found.shape[1]
    states = np.repeat(found.T[:, :, None], shape[1], axis=2)
    level, slope = np.array(np.broadcast_to(level, shape)), np.array(np.broadcast_to(slope, shape))
    alpha, beta, gamma = settings.alpha, settings.alpha * settings.beta, settings.gamma * (1 - settings.alpha)
    path, errors = np.empty((time + horizon, *shape)), np.zeros((time + horizon, *shape))
    for t in range(time + horizon):
        slope *= settings.phi
        level += slope
        np.maximum(level, _LEAST, out=level)
        np.multiply(level, states[t % period], out=path[t])
        if t < time:
            error = errors[t]
            np.divide(values[:, t, None], path[t], out=error)
            error -= 1
            error *= (t < lengths)[:, None]
            slope += beta * error * level
            level *= 1 + alpha * error
            states[t % period] *= 1 + gamma * error
    return path, errors


def _finish(values: Array, lengths: Lengths, season: Season, found: Array, horizon: int, table: Array, starts: Array) -> dict[Trend, Fitted]:
    """Run the chosen settings (series, trends, 4) along what is known and on."""
    settings = _Settings.of(table, np.broadcast_to(np.array([0.0, 1.0, 1.0]), table.shape[:2]))
    level, slope = starts[..., 0], starts[..., 1]
    if season == "multiplicative":
        path, _ = _run_multiplicative(values, lengths, found, settings, level, slope, horizon)
    else:
        path = _run_additive(values, lengths, season, found, settings, level, slope, horizon)
    known = np.arange(values.shape[1]) < lengths[:, None]
    made: dict[Trend, Fitted] = {}
    for kind, trend in enumerate(TRENDS):
        line = path[:, :, kind].T
        fitted = np.where(known, line[:, : values.shape[1]], np.nan)
        ahead = np.take_along_axis(line, lengths[:, None] + np.arange(horizon), 1)
        squares = np.where(known, values - line[:, : values.shape[1]], 0.0)
        parameters = (2, 4, 5)[kind] + (found.shape[1] if season != "none" else 0) + 1
        made[trend] = Fitted(fitted=fitted, ahead=ahead, squares=(squares**2).sum(1), parameters=parameters)
    return made


def _run_additive(values: Array, lengths: Lengths, season: Season, found: Array, settings: _Settings, level: Array, slope: Array, horizon: int) -> Array:
    """One-step forecasts and the path ahead (time, series, trends)."""
    time, period = values.shape[1], found.shape[1]
    beta, gamma = settings.alpha * settings.beta, settings.gamma * (1 - settings.alpha)
    states = np.repeat(found.T[:, :, None], settings.alpha.shape[1], axis=2) if season == "additive" else np.zeros((1, *settings.alpha.shape))
    period = len(states)
    path = np.zeros((time + horizon, *settings.alpha.shape))
    for t in range(time + horizon):
        carried = settings.phi * slope
        ahead = level + carried
        path[t] = ahead + states[t % period]
        error = np.where((t < lengths)[:, None], values[:, min(t, time - 1), None] - path[t], 0.0)
        level = ahead + settings.alpha * error
        slope = carried + beta * error
        if season == "additive":
            states[t % period] += gamma * error
    return path

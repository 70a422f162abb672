"""How much each model is believed: by what it would have foreseen, had it been asked before.

The procedure (which models, how origins are laid, that errors are weighted by their third power, that Theta counts as much as all others together) was
fixed on the M1 and Tourism competitions before the test parts of M3 were looked at; see docs/analyses.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from insights.analysis.forecasting.fitted import Array, Lengths
from insights.analysis.forecasting.pool import Candidate

FIRST = "Theta"
_SHARE = 0.5
"""The share of the first model before any is tried."""
_POWER = 3
_MOST_ORIGINS = 6
_LEAST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of trying: the weight of each model, and the errors of their combination and of the naive one (origins, horizon; NaN: not known yet)."""

    weights: tuple[float, ...]
    errors: Array
    naive: Array


def origins(length: int, period: int, horizon: int) -> list[int]:
    """How long the beginnings are from which the rest is foretold, the longest first. None where the series is too short to try.

    >>> origins(60, 12, 18)
    [54, 48, 42, 36, 30]
    """
    least = max(2 * period + 1 if period > 1 else 0, _LEAST)
    shortest = max(least, length // 3 if length > 20 else 5)
    step = max(1, horizon // 3)
    found = [length - back for back in range(step, length, step) if length - back >= shortest][:_MOST_ORIGINS]
    return found or ([length - 1] if length - 1 >= least else [])


def _weights(models: Sequence[Candidate], each: Array | None) -> Array:
    """What some models have as their share; the others have the rest, by their errors in back-tests (`each`, None: not tried) and what they had before."""
    fixed = np.array([model.share or 0.0 for model in models])
    free = [model.share is None for model in models]
    prior = np.array([_SHARE if model.name == FIRST else (1 - _SHARE) / max(sum(free) - 1, 1) for model in models]) * free
    if each is not None:
        prior = prior * (max(each[free].min(), 1e-12) / np.maximum(each, 1e-12)) ** _POWER
    return np.asarray(fixed + (1 - fixed.sum()) * prior / prior.sum())


def tried(values: Array, lengths: Lengths, models: Sequence[Candidate], plain: Array) -> Tried:
    """Compare what each model foretold from each beginning (the rows after the first) with what came."""
    horizon = plain.shape[1]
    moments = lengths[1:, None] + np.arange(horizon)
    came = np.where(moments < len(values), values[np.minimum(moments, len(values) - 1)], np.nan)
    ahead = np.stack([model.ahead for model in models])
    if not len(came):
        return Tried(weights=tuple(_weights(models, None)), errors=came, naive=came)
    with np.errstate(over="ignore", invalid="ignore"):
        each = np.nanmean(np.abs(ahead[:, 1:] - came), axis=2).mean(axis=1)
    each = np.where(np.isfinite(each), each, np.inf)
    weights = _weights(models, each)
    usable = np.where(weights[:, None, None] > 0, ahead, 0.0)
    combined = np.tensordot(weights, usable[:, 1:], axes=1)
    return Tried(weights=tuple(weights), errors=came - combined, naive=came - plain[1:])

"""The models of statsforecast heard beside our own, where it is installed (`pip install insights-assistant[forecasts]`) and whoever asks has the time for it.

Half of the forecast is ours, weighted by back-tests, half the plain mean of theirs; see decision 58 for what they cost and what they add.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np

from insights.analysis.forecasting.fitted import Array, Lengths
from insights.analysis.forecasting.forecast import Models
from insights.analysis.forecasting.pool import Budget, Candidate, candidates, naive

LEAST_SECONDS = 6.0
"""What importing it and fitting three models to seven beginnings takes; no voice has as long."""
_SHARE = 0.5
"""Of the forecast, theirs together, each as much. M3 had been looked at when it was settled on; M1 and Tourism by themselves say the same."""
_FAR_OFF = 2.0
"""Times the error of the naive forecast: a model of theirs that was further off in the back-tests is not heard."""
_LEAST_VALUES = 12
"""Of a beginning, to be fitted by a model of theirs."""


@cache
def is_installed() -> bool:
    """Whether the models can be had; nothing is imported."""
    return find_spec("statsforecast") is not None


def models(seconds: float) -> Models:
    """What to choose from within this time."""
    return with_theirs if seconds >= LEAST_SECONDS and is_installed() else candidates


def with_theirs(values: Array, lengths: Lengths, period: int, horizon: int, budget: Budget = "full") -> list[Candidate]:
    """Our own models, and each of theirs that can be fitted to every beginning of the values."""
    from statsforecast.models import AutoCES, AutoETS, AutoTheta  # type: ignore[import-not-found,unused-ignore]

    made = candidates(values, lengths, period, horizon, budget)
    if int(lengths.min()) < max(_LEAST_VALUES, 2 * period + 1):
        return made
    kinds = (("AutoTheta", AutoTheta), ("AutoETS", AutoETS), ("AutoCES", AutoCES))
    fitted = [one for name, kind in kinds if (one := _fitted(name, kind, values, lengths, period, horizon)) is not None]
    theirs = [one for one in fitted if not _is_far_off(one, values, lengths, period, horizon)]
    return [*made, *(replace(one, share=_SHARE / len(theirs)) for one in theirs)]


def _fitted(name: str, kind: Any, values: Array, lengths: Lengths, period: int, horizon: int) -> Candidate | None:
    """One of their models by our measures: a path from each beginning, and what it would have said of each value that it saw. None where it fails on one."""
    ahead = np.empty((len(lengths), horizon))
    fitted = np.broadcast_to(values, (len(lengths), len(values))).copy()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for row, length in enumerate(lengths):
                found = kind(season_length=period).forecast(y=np.ascontiguousarray(values[:length]), h=horizon, fitted=row == 0)
                ahead[row] = found["mean"]
                if row == 0:
                    fitted[0, :length] = found["fitted"]
    except (ArithmeticError, ValueError, IndexError, KeyError, TypeError, RuntimeError, np.linalg.LinAlgError):
        return None  # such as a series that never moves: the others are heard
    known = np.isfinite(fitted)
    return Candidate(name=name, ahead=ahead, fitted=np.where(known, fitted, values)) if np.isfinite(ahead).all() else None


def _is_far_off(one: Candidate, values: Array, lengths: Lengths, period: int, horizon: int) -> bool:
    """Whether it would have been much further off than repeating the season before, from all beginnings together."""
    plain, off, known = naive(values, lengths, period, horizon), [0.0, 0.0], 0
    for row, length in enumerate(lengths[1:], start=1):
        came = values[length : length + horizon]
        for at, path in enumerate((one.ahead[row], plain[row])):
            off[at] += float(np.abs(path[: len(came)] - came).sum())
        known += len(came)
    return known > 0 and off[0] > _FAR_OFF * off[1] > 0

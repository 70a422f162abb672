"""What is out of the ordinary in a series: a filter that knows level, season and noise, is not led astray by what is strange, and says what kind it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from insights.analysis.distributions import normal_above, normal_quantile
from insights.analysis.forecasting.fitted import Array

Kind = Literal["spike", "drop", "shift up", "shift down"]
LIMIT = 4.8
"""How many standard deviations are out of the ordinary. Set so that a clean daily series of a year has less than one alarm (benchmarks/measured_unusual.py)."""
_SMOOTHING, _SEASONAL, _CLIPPED = 0.15, 0.08, 2.0
_RUN, _RUN_LIMIT = 5, 2.4
"""So many in a row on one side, beyond so many deviations on average, are a new level."""
_SCALE_MEMORY = 60
_UNSURE = 1.15
"""What one step ahead is less sure than the past."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """For each value what was expected and one standard deviation; both in the unit. `settled` is how many values at the start are only learned from."""

    expected: Array
    deviation: Array
    settled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """From value `first` through `last` the series was not as expected, together by `apart` (in the unit); `worst` is the strangest, `score` deviations off.

    A shift goes on beyond `last`, as the new level. `ongoing` says that it reaches the end of what is known.
    """

    kind: Kind
    first: int
    last: int
    worst: int
    score: float
    apart: float
    ongoing: bool


def watch(values: Array, period: int) -> tuple[Seen, tuple[Episode, ...]]:
    """Expected range and episodes. Needs three seasons (or twelve values); values above 0 that swing with their level are looked at as logarithms.

    Exponential smoothing with a season, in which a deviation counts for at most two standard deviations (Gelper, Fried and Croux, "Robust forecasting with
    exponential and Holt-Winters smoothing", Journal of Forecasting 29, 2010), so that an outage is not taken for the new normal. Several deviations in a
    row to one side start a new level from their first day on.
    """
    logged = bool(values.min() > 0) and _swings(values, period)
    work = np.log(values) if logged else np.asarray(values, float)
    start = period * min(8, max(3, len(work) // (3 * period))) if period > 1 else min(30, max(12, len(work) // 3))
    if len(work) < start + 2:
        return Seen(expected=np.asarray(values, float), deviation=np.full(len(values), np.inf), settled=len(values)), ()
    expected, deviation, episodes = _filter(work, period, start)
    seen = Seen(
        expected=np.exp(expected) if logged else expected,
        deviation=np.exp(expected) * deviation if logged else deviation,
        settled=start,
    )
    told = tuple(_episode(values, seen, one) for one in episodes)
    return seen, told


def _swings(values: Array, period: int) -> bool:
    """Whether the noise is larger where the values are: then logarithms are alike."""
    size = max(period, 6)
    whole = len(values) // size * size
    parts = values[:whole].reshape(-1, size)
    if len(parts) < 4:
        return False
    middle, spread = np.median(parts, axis=1), np.median(np.abs(parts - np.median(parts, axis=1, keepdims=True)), axis=1)
    ratio = middle.max() / max(middle.min(), 1e-12)
    return bool(ratio > 1.5 and np.corrcoef(middle, spread)[0, 1] > 0.5)


@dataclass(frozen=True, slots=True)
class _Found:
    kind: Kind
    first: int
    last: int
    scores: tuple[float, ...]
    ongoing: bool


def _filter(work: Array, period: int, start: int) -> tuple[Array, Array, list[_Found]]:
    """Run along the values; expected and deviation of each, and the episodes."""
    n = len(work)
    expected, deviation = np.array(work), np.full(n, np.inf)
    level, season, scale = _learned(work[:start], period)
    found: list[_Found] = []
    run: list[tuple[int, float]] = []
    states: list[tuple[float, Array]] = []
    t = start
    while t < n:
        place = t % period if period > 1 else 0
        expected[t], deviation[t] = level + season[place], scale
        score = (work[t] - expected[t]) / scale if scale > 0 else math.copysign(math.inf, work[t] - expected[t]) if work[t] != expected[t] else 0.0
        if run and (score > 0) != (run[-1][1] > 0):
            run, states = [], []
        run.append((t, score))
        states.append((level, season.copy()))
        if (abs(score) > LIMIT and len(run) == 1) or abs(score) <= 0.5:
            run, states = run[-1:], states[-1:]
        if len(run) >= _RUN and abs(np.mean([s for _, s in run])) > _RUN_LIMIT:
            first = run[0][0]
            scores = tuple(s for _, s in run)
            found = [one for one in found if one.first < first]
            found.append(_Found("shift up" if scores[-1] > 0 else "shift down", first, t, scores, False))
            _, season = states[0]
            places = np.arange(first, t + 1) % period if period > 1 else np.zeros(t + 1 - first, int)
            level = float(np.median(work[first : t + 1] - season[places]))
            run, states = [], []
            t += 1
            continue
        if abs(score) > LIMIT:
            kind: Kind = "spike" if score > 0 else "drop"
            if found and found[-1].last == t - 1 and found[-1].kind == kind:
                found[-1] = _Found(kind, found[-1].first, t, (*found[-1].scores, score), False)
            else:
                found.append(_Found(kind, t, t, (score,), False))
        error = float(np.clip(work[t] - expected[t], -_CLIPPED * scale, _CLIPPED * scale))
        level += _SMOOTHING * error
        season[place] += _SEASONAL * error
        kept = min(abs(work[t] - expected[t]) / scale, _CLIPPED) if scale > 0 else 0.0
        scale = math.sqrt(max(scale**2 * (1 + (_CONSISTENT * kept**2 - 1) / _SCALE_MEMORY), 1e-24))
        t += 1
    return expected, deviation, [_Found(one.kind, one.first, one.last, one.scores, one.last == n - 1) for one in found]


_CONSISTENT = 1 / (1 - 2 * _CLIPPED * math.exp(-(_CLIPPED**2) / 2) / math.sqrt(2 * math.pi) + 2 * (_CLIPPED**2 - 1) * normal_above(_CLIPPED))
"""By which a squared normal value that is clipped must be multiplied to be 1 on average."""


def _learned(first: Array, period: int) -> tuple[float, Array, float]:
    """Level at the end, season and noise of the beginning, by medians."""
    if period < 2:
        level = float(np.median(first[-6:]))
        steps = np.diff(first)
        return level, np.zeros(1), float(np.median(np.abs(steps))) / 0.6745 / math.sqrt(2) * 1.1 or float(first.std())
    table = first.reshape(-1, period)
    levels = np.median(table, axis=1, keepdims=True)
    season = np.median(table - levels, axis=0)
    season = season - season.mean()
    rest = table - season
    rest = rest - np.median(rest, axis=1, keepdims=True)
    free = first.size - period - len(table)
    scale = float(np.median(np.abs(rest))) / 0.6745 * math.sqrt(first.size / free) * _UNSURE
    return float(np.median(table[-1] - season)), season, scale or float(rest.std()) or float(np.abs(first).max()) * 1e-6


def _episode(values: Array, seen: Seen, one: _Found) -> Episode:
    worst = one.first + int(np.argmax(np.abs(one.scores)))
    until = one.last + 1
    return Episode(
        kind=one.kind,
        first=one.first,
        last=one.last,
        worst=worst,
        score=float(max(one.scores, key=abs)),
        apart=float((values[one.first : until] - seen.expected[one.first : until]).sum()),
        ongoing=one.ongoing,
    )


def interval(seen: Seen, *, level: float) -> tuple[Array, Array]:
    """The range that holds the share `level` of ordinary values."""
    reach = normal_quantile((1 + level) / 2) * seen.deviation
    return seen.expected - reach, seen.expected + reach

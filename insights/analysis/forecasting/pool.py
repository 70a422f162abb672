"""The models that a forecast is made of, fitted to every beginning of one series at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from insights.analysis.forecasting.fitted import Array, Fitted, Lengths
from insights.analysis.forecasting.seasons import Season, indices, is_seasonal, spread
from insights.analysis.forecasting.smoothing import smoothing
from insights.analysis.forecasting.theta import theta

Budget: TypeAlias = Literal["full", "some", "least"]
"""How much is tried: everything; what stands on the values as they are; Theta and simple smoothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A model by its name; one row for each beginning: its path ahead, and its one-step forecasts of what it saw.

    `share` is the weight it has however it does in back-tests; None where the back-tests say.
    """

    name: str
    ahead: Array
    fitted: Array
    share: float | None = None


def candidates(values: Array, lengths: Lengths, period: int, horizon: int, budget: Budget = "full") -> list[Candidate]:
    """Fit everything that suits the series. `lengths` are the beginnings, none under two seasons; values of 0 or less leave out what needs logarithms."""
    rows = np.broadcast_to(values, (len(lengths), len(values)))
    positive = bool(values.min() > 0)
    flat, restore, found = _deseasonalised(values, rows, lengths, period, horizon, positive)
    none = np.zeros((len(lengths), 1))
    made: list[Candidate] = []

    def add(prefix: str, name: str, fit: Fitted, back: Callable[[Array, bool], Array]) -> None:
        made.append(Candidate(name=f"{prefix}{name}", ahead=back(fit.ahead, True), fitted=back(fit.fitted, False)))

    logged = positive and budget == "full"
    stacked = np.concatenate([flat, np.log(flat)]) if logged else flat
    doubled = np.concatenate([lengths, lengths]) if logged else lengths
    parts = [(slice(0, len(lengths)), "", restore)]
    if logged:
        parts.append((slice(len(lengths), None), "log ", lambda array, ahead: restore(np.exp(np.minimum(array, 700.0)), ahead)))
    fit = theta(stacked, doubled, horizon)
    smooth = smoothing(stacked, doubled, "none", np.concatenate([none, none]) if logged else none, horizon)
    for part, prefix, back in parts:
        add(prefix, "Theta", _cut(fit, part), back)
        for trend, one in smooth.items():
            if (prefix, trend) != ("log ", "none"):  # the same forecast as without logarithms, but for the steps it is searched in
                add(prefix, f"ETS {trend}", _cut(one, part), back)
    if period > 1 and budget != "least":
        kinds: list[Season] = ["additive", "multiplicative"] if positive else ["additive"]
        for kind in kinds:
            for trend, one in smoothing(rows, lengths, kind, found[kind], horizon).items():
                add("", f"ETS {trend}, {kind} season", one, lambda array, _: array)
    return made


def naive(values: Array, lengths: Lengths, period: int, horizon: int) -> Array:
    """What came a season before, over and over (series, horizon)."""
    back = max(period, 1)
    return np.stack([values[length - back + np.arange(horizon) % back] for length in lengths])


def _cut(fit: Fitted, part: slice) -> Fitted:
    return Fitted(fitted=fit.fitted[part], ahead=fit.ahead[part], squares=fit.squares[part], parameters=fit.parameters)


def _deseasonalised(
    values: Array, rows: Array, lengths: Lengths, period: int, horizon: int, positive: bool
) -> tuple[Array, Callable[[Array, bool], Array], dict[Season, Array]]:
    """The values without their season where there is one, how to put it back (ahead of each beginning or along it), and the indices of both kinds."""
    if period < 2:
        return np.asarray(rows), lambda array, _: array, {}
    kinds: list[Season] = ["additive", "multiplicative"] if positive else ["additive"]
    found = {kind: indices(rows, lengths, period, kind) for kind in kinds}
    seasonal = np.array([is_seasonal(values[:length], period) for length in lengths])
    season = np.where(seasonal[:, None], found["multiplicative"], 1.0) if positive else np.where(seasonal[:, None], found["additive"], 0.0)
    along = spread(season, rows.shape[1])
    forward = np.take_along_axis(season, (lengths[:, None] + np.arange(horizon)) % period, 1)

    def restore(array: Array, ahead: bool) -> Array:
        factor = forward if ahead else along
        return array * factor if positive else array + factor

    return (rows / along if positive else rows - along), restore, found

"""The change of a fraction as what its parts' rates did and what their mix did, summing to the change exactly.

The rate of the whole is the sum of each part's rate by its share. A change of a sum of products is split among the two factors by their Shapley values,
which for two is the change of one by the mean of the other (Shapley, 1953; in economics Bennet's indicator, 1920; in demography Kitagawa's, 1955). The
shares change by zero together, so a constant may be taken from the rates without changing their sum: the mean rate of the whole, so that a part that is
better than the whole adds when its share grows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from insights.analysis.driving.cubes import ABOVE, BELOW, Figures
from insights.analysis.driving.testing import Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """For each part what its rate and what its share add to the change; `rates` and `shares` by part and side (0 before, 1 now), NaN for no rate."""

    rate: Numbers
    mix: Numbers
    rates: Numbers
    shares: Numbers

    @property
    def change(self) -> float:
        """Of the whole."""
        return float(self.rate.sum() + self.mix.sum())

    @property
    def is_reversed(self) -> bool:
        """Simpson's paradox: the parts, by their mean shares, move one way and the whole moves the other."""
        rate, change = float(self.rate.sum()), self.change
        return rate * change < 0


def split(parts: Figures) -> Split:
    """Split the change of a fraction among its parts. A part without rows on one side has no move of its own: all of it is mix."""
    whole = parts.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = parts[:, :, BELOW] / whole[:, BELOW]
        rates = parts[:, :, ABOVE] / parts[:, :, BELOW]
        mean = float((whole[:, ABOVE] / whole[:, BELOW]).mean())
    known = np.isfinite(rates)
    both = known.all(axis=1)
    # What is there on one side only is taken to have had that rate on the other as well, where it has no share.
    filled = np.where(known, rates, np.where(known[:, ::-1], rates[:, ::-1], mean))
    rate = np.where(both, (filled[:, 1] - filled[:, 0]) * shares.mean(axis=1), 0.0)
    mix = (shares[:, 1] - shares[:, 0]) * (filled.mean(axis=1) - mean)
    return Split(rate=rate, mix=mix, rates=rates, shares=shares)


def calendar(days: Figures, figures: Figures) -> float:
    """What the days themselves add to the change of a sum: how many there are of each kind (weekday) by side, and the figure of all days of a kind by side.

    The figure is the sum over the kinds of their number by the figure of a mean day of that kind; this is the Shapley value of the numbers.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        each = figures / days
    known = np.isfinite(each)
    filled = np.where(known, each, np.where(known[:, ::-1], each[:, ::-1], 0.0))
    return float(((days[:, 1] - days[:, 0]) * filled.mean(axis=1)).sum())

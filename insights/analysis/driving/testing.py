"""How far a segment goes its own way, against how much such figures scatter by chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from insights.analysis.driving.cubes import ABOVE, BELOW, ROWS, SQUARES, Figures

Numbers = NDArray[np.float64]
_MEDIAN_OF_CHI_SQUARE, _NINETEEN_IN_TWENTY = 0.4549, 3.8415
"""Of one degree of freedom: half, and nineteen in twenty, are at most this."""
_LEAST_VARIANCE = 0.05
"""Of that of all rows: a segment may look quieter than it is."""


class Test(Protocol):
    """Sets segments against everything else. `segments` are figures by segment, side and figure, `whole` the same of all rows."""

    def statistic(self, segments: Figures, whole: Figures) -> Numbers:
        """The square of how many standard errors each segment lies off the way of the rest; 0 where that cannot be told."""

    def effect(self, segments: Figures, whole: Figures) -> Numbers:
        """What each segment adds to the change of the whole because it went another way than the rest."""

    def contribution(self, segments: Figures, whole: Figures) -> Numbers:
        """What each segment adds to the change of the whole."""

    def way(self, figures: Figures) -> Numbers:
        """How each went by itself: 0 is unchanged, and the sign says up or down."""

    def shares(self, parts: Figures, whole: Figures) -> Numbers:
        """What each of the parts that make up a segment adds to how far it lies off the way of the rest, in units of their own; they add up to that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SumTest:
    """For sums and counts: does the segment grow like the rest?

    The variance of a sum of n amounts, n itself being by chance, is n times their mean square (compound Poisson). The mean square of a segment's amounts is
    put at `1 + spread` times the square of their mean; `spread` is the squared coefficient of variation of all amounts (0 for counts).
    """

    spread: float

    def _variance(self, sums: Numbers, rows: Numbers) -> Numbers:
        return np.asarray((1 + self.spread) * sums**2 / np.maximum(rows, 1))

    def statistic(self, segments: Figures, whole: Figures) -> Numbers:
        """(now - g * before)^2 through its variance, g being the growth of the rest, which is by chance as well."""
        rest = whole - segments
        before, now = segments[:, 0, ABOVE], segments[:, 1, ABOVE]
        with np.errstate(divide="ignore", invalid="ignore"):
            growth = rest[:, 1, ABOVE] / rest[:, 0, ABOVE]
            own = self._variance(now, segments[:, 1, ROWS]) + growth**2 * self._variance(before, segments[:, 0, ROWS])
            others = self._variance(rest[:, 1, ABOVE], rest[:, 1, ROWS]) + growth**2 * self._variance(rest[:, 0, ABOVE], rest[:, 0, ROWS])
            variance = own + others * (before / rest[:, 0, ABOVE]) ** 2
            found = (now - growth * before) ** 2 / variance
        return np.where(np.isfinite(found) & (variance > 0), found, 0.0)

    def effect(self, segments: Figures, whole: Figures) -> Numbers:
        """What is missing from, or beyond, what the rest's growth would have given."""
        rest = whole - segments
        with np.errstate(divide="ignore", invalid="ignore"):
            found = segments[:, 1, ABOVE] - rest[:, 1, ABOVE] / rest[:, 0, ABOVE] * segments[:, 0, ABOVE]
        return np.where(np.isfinite(found), found, 0.0)

    def contribution(self, segments: Figures, whole: Figures) -> Numbers:  # noqa: ARG002  # of a sum the rest does not matter
        """The segment's own change."""
        return np.asarray(segments[:, 1, ABOVE] - segments[:, 0, ABOVE])

    def shares(self, parts: Figures, whole: Figures) -> Numbers:
        """What each part is beyond what the rest's growth would have given."""
        rest = whole - parts.sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            found = parts[:, 1, ABOVE] - rest[1, ABOVE] / rest[0, ABOVE] * parts[:, 0, ABOVE]
        return np.where(np.isfinite(found), found, 0.0)

    def way(self, figures: Figures) -> Numbers:
        """The logarithm of its growth; far below 0 for what vanished."""
        before, now = np.maximum(figures[:, 0, ABOVE], 1e-12), np.maximum(figures[:, 1, ABOVE], 1e-12)
        return np.asarray(np.log(now / before))


@dataclass(frozen=True, slots=True, kw_only=True)
class RateTest:
    """For fractions of sums: does the segment's rate move like that of the rest? `variance` is that of a rate of one unit below the line, `rate` that of all.

    Where the squares of what the rows add (above the line less `rate` times below) are known, each segment has a variance of its own.
    """

    variance: float
    rate: float = 0.0

    def _variance(self, figures: Figures) -> Numbers:
        squares, below, rows = (figures[:, :, k].sum(axis=1) for k in (SQUARES, BELOW, ROWS))
        with np.errstate(divide="ignore", invalid="ignore"):
            off = figures[:, :, ABOVE].sum(axis=1) / below - self.rate
            own = squares / below - np.where(np.isclose(below, rows), off**2, 0.0)  # of a mean, around the segment's own
        return np.where(np.isfinite(own) & (squares > 0), np.maximum(own, _LEAST_VARIANCE * self.variance), self.variance)

    def statistic(self, segments: Figures, whole: Figures) -> Numbers:
        """The difference between the two moves, squared, through its variance."""
        rest = whole - segments
        with np.errstate(divide="ignore", invalid="ignore"):
            spread = self._variance(segments) * (1 / segments[:, :, BELOW]).sum(axis=1) + self._variance(rest) * (1 / rest[:, :, BELOW]).sum(axis=1)
            found = (_move(segments) - _move(rest)) ** 2 / spread
        return np.where(np.isfinite(found) & (spread > 0), found, 0.0)

    def effect(self, segments: Figures, whole: Figures) -> Numbers:
        """How far its move differs from the rest's, by its mean share of what is below the line."""
        with np.errstate(divide="ignore", invalid="ignore"):
            found = (_move(segments) - _move(whole - segments)) * _share(segments, whole)
        return np.where(np.isfinite(found), found, 0.0)

    def contribution(self, segments: Figures, whole: Figures) -> Numbers:
        """Its own move by its mean share (the rate's part of a Shapley value of two factors)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            found = _move(segments) * _share(segments, whole)
        return np.where(np.isfinite(found), found, 0.0)

    def shares(self, parts: Figures, whole: Figures) -> Numbers:
        """What each part has above the line beyond the rate of the segment before, moved as the rest moved, by what the segment has below the line."""
        segment = parts.sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            was = segment[0, ABOVE] / segment[0, BELOW]
            now = was + float(_move((whole - segment)[None])[0])
            found = (parts[:, 1, ABOVE] - now * parts[:, 1, BELOW]) / segment[1, BELOW] - (parts[:, 0, ABOVE] - was * parts[:, 0, BELOW]) / segment[0, BELOW]
        return np.where(np.isfinite(found), found, 0.0)

    def way(self, figures: Figures) -> Numbers:
        """The move of its rate."""
        with np.errstate(divide="ignore", invalid="ignore"):
            found = _move(figures)
        return np.where(np.isfinite(found), found, 0.0)


def _move(figures: Figures) -> Numbers:
    rates = figures[:, :, ABOVE] / figures[:, :, BELOW]
    return np.asarray(rates[:, 1] - rates[:, 0])


def _share(segments: Figures, whole: Figures) -> Numbers:
    return np.asarray((segments[:, :, BELOW] / whole[:, BELOW]).mean(axis=1))


def scatter(statistics: Numbers) -> float:
    """How much more segments scatter than chance alone would have them: the median of their statistics against that of chi square, never below 1.

    A median, so that the few segments that something happened to do not count (Efron, Large-Scale Inference, 2010, section 6.2: the empirical null).
    """
    known = statistics[statistics > 0]
    return max(1.0, float(np.median(known)) / _MEDIAN_OF_CHI_SQUARE) if len(known) >= 3 else 1.0


def by_parts(shares: Numbers) -> float:
    """The square of how many standard errors a segment lies off the way of the rest, where not its rows but whole parts of it come and go by chance.

    The sum squared through the sum of squares: the variance of a sum of independent parts (Liang and Zeger, 1986, with the mean known to be 0). What a single
    part does gives 1, however large it is.

    >>> by_parts(np.array([300.0, 0.0, 1.0])) < 1.01, by_parts(np.ones(40))
    (True, 40.0)
    """
    squares = float((shares**2).sum())
    return float(shares.sum()) ** 2 / squares if squares > 0 else 0.0


def usual(statistics: Numbers) -> float:
    """How much more the values of a dimension scatter from one period to the next than chance alone would have them, in a comparison that nobody asked about.

    The value that went its own way the furthest then, against what chance gives the furthest of so many (2 ln n); never below 1. Where something comes and
    goes each month, such as titles or campaigns, that is how it always is, and says nothing about this month.
    """
    known = statistics[statistics > 0]
    return max(1.0, float(known.max()) / max(_NINETEEN_IN_TWENTY, 2 * math.log(len(known)))) if len(known) else 1.0


def probability(statistic: float) -> float:
    """Of a value of chi square (one degree of freedom) at least this large by chance.

    >>> round(probability(3.8415), 4)
    0.05
    """
    return math.erfc(math.sqrt(max(statistic, 0.0) / 2))


def adjusted(probabilities: Sequence[float]) -> tuple[float, ...]:
    """Probabilities as Benjamini and Hochberg (1995) correct them for how many there are: the false discovery rate at which each would be called.

    >>> [round(p, 3) for p in adjusted([0.01, 0.04, 0.03, 0.5])]
    [0.04, 0.053, 0.053, 0.5]
    """
    order = sorted(range(len(probabilities)), key=lambda n: probabilities[n], reverse=True)
    found, least = [1.0] * len(probabilities), 1.0
    for place, n in enumerate(order):
        least = min(least, probabilities[n] * len(probabilities) / (len(probabilities) - place))
        found[n] = least
    return tuple(found)

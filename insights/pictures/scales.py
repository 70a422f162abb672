"""From values to pixels, with round numbers along the way."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from dataclasses import dataclass

_ROUND = (1, 2, 2.5, 5, 10)
_TINY = 1e-290  # below this the steps of an axis are no numbers any more
_MOST = sys.float_info.max


@dataclass(frozen=True, slots=True)
class Scale:
    """A range of values and the round numbers within it."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def share(self, value: float) -> float:
        """Where a value lies: 0 at the low end, 1 at the high end, never beyond either."""
        span = self.high / 4 - self.low / 4  # a quarter, because the whole may be more than a number can hold
        return min(max((value / 4 - self.low / 4) / span, 0.0), 1.0) if span > 0 else 0.5


def known(values: Iterable[float | None]) -> list[float]:
    """The values that can be drawn: neither missing nor without end."""
    return [value for value in values if value is not None and math.isfinite(value)]


def fit(values: Iterable[float | None], *, zero: bool, steps: int = 5, pad: bool = True) -> Scale:
    """A scale that holds the values, and zero where lengths are compared; its ends are round unless `pad` is off.

    >>> fit([3, 47], zero=True)
    Scale(low=0.0, high=50.0, ticks=(0.0, 10.0, 20.0, 30.0, 40.0, 50.0))
    """
    found = known(values) + ([0.0] if zero else [])
    low, high = min(found, default=0.0), max(found, default=1.0)
    if high / 4 - low / 4 < max(abs(low), abs(high), _TINY) * 1e-12:
        reach = abs(low) * 0.1 if abs(low) > _TINY else 1.0
        low, high = (low, low + reach) if zero and low >= 0 else (max(low - reach, -_MOST), min(high + reach, _MOST))
    step = _step(high / steps - low / steps)
    first, last = math.floor(low / step), math.ceil(high / step)
    ends = (first * step, last * step)
    if not all(map(math.isfinite, ends)):
        return Scale(low, high, (low, high))
    ticks = tuple(_plain(number * step, step) for number in range(first, last + 1))
    if pad:
        return Scale(ticks[0], ticks[-1], ticks)
    return Scale(low, high, tuple(tick for tick in ticks if low <= tick <= high))


def _step(rough: float) -> float:
    size = 10.0 ** math.floor(math.log10(rough))
    return next((size * one for one in _ROUND if size * one >= rough * 0.999), size * 10)


def _plain(value: float, step: float) -> float:
    """The multiple of the step without the noise of adding fractions."""
    return round(value, min(max(0, 2 - math.floor(math.log10(step))), 300)) + 0.0

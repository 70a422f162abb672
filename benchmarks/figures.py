"""Times and what can be said about them: percentiles, and a median with its interval."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WIDEST = 0.1
"""An interval of a ratio that is wider says that this machine is too restless to measure it."""


def as_installed(folder: Path) -> dict[str, str]:
    """The environment of a process whose modules are kept compiled (in `folder`), as those of an installed package are, whatever is set here."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(folder.absolute() / "compiled")}


@dataclass(slots=True)
class Took:
    """Seconds on the clock (`wall`) and of computing (`cpu`)."""

    wall: float = 0.0
    cpu: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Median:
    """A median and the ends of its 95 % interval, which are None when there were too few values for one."""

    value: float
    low: float | None
    high: float | None

    @property
    def measurable(self) -> bool:
        """Whether the interval is narrow enough to say anything."""
        return self.low is not None and self.high is not None and self.high - self.low <= WIDEST


@contextmanager
def timed(cpu: Callable[[], float] = time.thread_time) -> Iterator[Took]:
    """What the block takes; `cpu` is the clock for computing: of this thread, or `time.process_time` for all threads."""
    took = Took()
    computing, started = cpu(), time.perf_counter()
    try:
        yield took
    finally:
        took.wall, took.cpu = time.perf_counter() - started, cpu() - computing


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that is not below `percent` of all (nearest rank).

    >>> percentile([4, 1, 3, 2], 50), percentile([4, 1, 3, 2], 95)
    (2, 4)
    """
    ordered = sorted(values)
    return ordered[max(math.ceil(len(ordered) * percent / 100), 1) - 1]


def median(values: Sequence[float]) -> Median:
    """The median with the 95 % interval that order statistics give, whatever the distribution (Conover, Practical Nonparametric Statistics, 3.2).

    The k-th smallest and the k-th largest value enclose the median with probability 1 - 2 P(B < k), where B is binomial(n, 1/2).

    >>> median([1.0, 2.0, 3.0])
    Median(value=2.0, low=None, high=None)
    """
    ordered = sorted(values)
    n = len(ordered)
    middle = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    below, k = 0.0, 0
    while (below := below + math.comb(n, k) / 2**n) <= 0.025:
        k += 1
    return Median(value=middle, low=ordered[k - 1] if k else None, high=ordered[n - k] if k else None)

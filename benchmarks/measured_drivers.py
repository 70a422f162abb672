"""Why figures move: planted causes found again, beside a plain Adtributor, and the paradox of Berkeley."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.measures import Figure
from benchmarks.planted import NOISE, Cause, Planted, planted
from insights.analysis.driving.adtributor import adtributor
from insights.analysis.driving.search import search
from insights.analysis.driving.testing import SumTest

COUNT, SAMPLE = 500, 60
_AIM = 0.9


def figures(*, sample: bool) -> Iterator[Figure]:
    """F1 of the causes named (a value or a pair of values counts when it is exactly the planted one), over all data sets of a noise level."""
    count = SAMPLE if sample else COUNT
    for level, noise in NOISE.items():
        ours, plain, seconds = _Score(), _Score(), 0.0
        for one in planted(count, noise):
            began = time.process_time()
            found = search(one.cube, SumTest(spread=one.spread), one.change)
            seconds += time.process_time() - began
            ours.count(_named(one, [carrier.segment for carrier in found.carriers]), one.causes)
            plain.count(_plain(one), one.causes)
        how = f"{count} data sets, one to three causes each; {noise:g} is the standard deviation of the logarithm of a factor for each combination of values"
        aim = _AIM if level == "low" else None
        yield Figure(
            what=f"F1 of planted causes, {level} noise",
            measured=f"{ours.f1:.3f} (precision {ours.precision:.3f}, recall {ours.recall:.3f}), {seconds / count * 1000:.0f} ms each",
            aim=f"{aim} aimed at; plain Adtributor {plain.f1:.3f}" if aim else f"plain Adtributor {plain.f1:.3f}",
            met=ours.f1 >= aim if aim else None,
            how=how,
        )


class _Score:
    """Named and planted causes, counted."""

    def __init__(self) -> None:
        self._right = self._wrong = self._missed = 0

    def count(self, named: set[Cause], there: frozenset[Cause]) -> None:
        """One data set more."""
        self._right += len(named & there)
        self._wrong += len(named - there)
        self._missed += len(there - named)

    @property
    def precision(self) -> float:
        """Of what was named."""
        return self._right / max(self._right + self._wrong, 1)

    @property
    def recall(self) -> float:
        """Of what was planted."""
        return self._right / max(self._right + self._missed, 1)

    @property
    def f1(self) -> float:
        """Both together."""
        return 2 * self._right / max(2 * self._right + self._wrong + self._missed, 1)


def _named(one: Planted, segments: list[tuple[tuple[int, int], ...]]) -> set[Cause]:
    return {frozenset((int(one.cube.names[d]), str(one.cube.values[d][v])) for d, v in segment) for segment in segments}


def _plain(one: Planted) -> set[Cause]:
    """What the first dimension of Adtributor names."""
    tables = [(table[:, 0, 0], table[:, 1, 0]) for table in one.cube.tables(())]
    return {cause for d, values in adtributor(tables)[:1] for cause in _named(one, [((d, v),) for v in values])}

"""The search for the few segments that went their own way: best first, over values and pairs of values, each found one set aside before the next.

A scan statistic (Kulldorff, 1997) over the subsets that a value or a pair of values makes, one cluster after the other (Zhang, Assuncao and Kulldorff, 2010):
a segment is set against all rows outside of it. A value that only holds a pair is weaker than the pair, whose rows alone went another way; a pair within a
value that moved as a whole is weaker than the value, for the others of its rows are left in what it is set against. So the two need not be told apart by rule.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from insights.analysis.driving.cubes import ROWS, Cube, Figures, Place, Segment
from insights.analysis.driving.testing import Numbers, Test, adjusted, by_parts, probability, scatter

LEAST_ROWS = 30
"""On each side."""
CLEARLY = 100
"""Rows on one side of a segment that has come or gone: fewer than `LEAST_ROWS` are left on the other."""
LEAST_SHARE = 0.05
"""Of the change."""
MOST = 5
"""Segments that are named."""
FALSE = 0.01
"""The false discovery rate that is accepted."""
_GAP = 1e-9
_RESTLESS, _MANY = 4.0, 20
"""How much more than by chance the values of a dimension move from one period to the next, and of how many, for them to be what comes and goes."""
_MOST_ASIDE = 12
"""Of what comes and goes anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A segment that carries some of the change: its figures outside of those found before it, by side and figure, and what they add to the change.

    `chance` is the probability of that by chance, corrected for everything that was tested besides. `is_rest` says that those found before have some of its
    rows, so that the figures are those of what is left of it.
    """

    segment: Segment
    figures: Figures
    contribution: float
    effect: float
    chance: float
    is_rest: bool = False

    @property
    def came_or_went(self) -> bool:
        """Whether one side has too few rows to be compared by: it is there on the other alone."""
        return bool(self.figures[:, ROWS].min() < LEAST_ROWS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What was found, the largest contribution first; how many segments were tested; whether the time sufficed for all that was planned.

    `as_ever` are the values that others seemed to move by, and that come and go in every period.
    """

    carriers: tuple[Carrier, ...]
    tested: int
    complete: bool
    as_ever: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    segment: Segment
    figures: Figures
    statistic: float
    effect: float
    contribution: float
    way: float


def search(
    cube: Cube, test: Test, change: float, *, beam: int = 4, until: float | None = None, most: int = MOST, usually: Mapping[str, float] | None = None
) -> Searched:
    """The segments of a cube that carry its change. `beam` is how many values are looked into, `until` an instant of `time.monotonic()` to end at.

    `usually` says of dimensions how much more than by chance their values move from one period to the next.
    """
    scatters = [(usually or {}).get(name, 1.0) for name in cube.names]
    found: list[Carrier] = []
    as_ever: list[Place] = []
    tested, complete = 0, True
    while len(found) < most and len(cube):
        aside = [*(one.segment for one in found), *((one,) for one in as_ever)]
        whole = cube.whole(aside)
        singles = _singles(cube, test, whole, aside)
        common_noise = scatter(np.array([one.statistic for one in singles if _has_rows(one.figures)]))
        noise = [max(common_noise, one) for one in scatters]
        common = _common(cube, test, aside)
        pairs: list[_Candidate] = []
        for one in _beam(singles, beam, noise):
            if until is not None and time.monotonic() > until:
                complete = False
                break
            pairs += _pairs(cube, test, whole, aside, one)
        candidates = [one for one in (*singles, *pairs) if _has_rows(one.figures)]
        tested = max(tested, len(candidates))
        best = _best(candidates, cube, noise, change, common, test, whole)
        if best is None:
            break
        at = next(n for n, one in enumerate(candidates) if one is best)
        chances = adjusted([probability(_sure(one, noise)) for one in candidates])
        if chances[at] > FALSE:
            break
        moved = _moved_as_ever(best, cube, test, whole, aside, scatters)
        if moved is None:
            sure = [(one, chance) for one, chance in zip(candidates, chances, strict=True) if chance <= FALSE]
            found.append(_carrier(best, sure, cube, aside))
        elif len(as_ever) < _MOST_ASIDE:
            as_ever.append(moved)
        else:
            break
        if until is not None and time.monotonic() > until:
            complete = False
            break
    return Searched(carriers=tuple(sorted(found, key=lambda one: -abs(one.contribution))), tested=tested, complete=complete, as_ever=tuple(as_ever))


def _candidates(segments: Sequence[Segment], table: Figures, test: Test, whole: Figures) -> list[_Candidate]:
    statistic, effect = test.statistic(table, whole), test.effect(table, whole)
    contribution, way = test.contribution(table, whole), test.way(table)
    return [_Candidate(segment, table[n], float(statistic[n]), float(effect[n]), float(contribution[n]), float(way[n])) for n, segment in enumerate(segments)]


def _singles(cube: Cube, test: Test, whole: Figures, aside: Sequence[Segment]) -> list[_Candidate]:
    tables = cube.tables((), aside)
    return [one for d, table in enumerate(tables) for one in _candidates([((d, v),) for v in range(len(table))], table, test, whole)]


def _pairs(cube: Cube, test: Test, whole: Figures, aside: Sequence[Segment], one: _Candidate) -> list[_Candidate]:
    """The values of the other dimensions within a value; what has all of its rows is the value itself."""
    ((dimension, value),) = one.segment
    found = []
    for d, table in enumerate(cube.tables(one.segment, aside)):
        if d == dimension:
            continue
        segments = [tuple(sorted(((dimension, value), (d, v)))) for v in range(len(table))]
        rows = one.figures[:, ROWS].sum()
        found += [pair for pair in _candidates(segments, table, test, whole) if 0 < pair.figures[:, ROWS].sum() < rows * (1 - _GAP)]
    return found


def _moved_as_ever(best: _Candidate, cube: Cube, test: Test, whole: Figures, aside: Sequence[Segment], scatters: Sequence[float]) -> Place | None:
    """The value of a restless dimension that a segment went its own way by, where such values coming and going is all that happened to it.

    A title that is new this month makes its genre, its language and every pair of them look new.
    """
    own = max(scatters[d] for d, _ in best.segment)
    more = [d for d, noise in enumerate(scatters) if noise >= max(_RESTLESS, own) and len(cube.values[d]) >= _MANY and d not in dict(best.segment)]
    tables = cube.tables(best.segment, aside) if more else ()
    for d in sorted(more, key=lambda d: -scatters[d]):
        shares = test.shares(tables[d], whole)
        if probability(by_parts(shares)) > FALSE:
            return d, int(np.argmax(np.abs(shares)))
    return None


def _carrier(best: _Candidate, sure: Sequence[tuple[_Candidate, float]], cube: Cube, aside: Sequence[Segment]) -> Carrier:
    """As a segment that lost no rows to those before, where one has the same: a campaign that ended, rather than what is left of its channel."""
    alike = sorted((one for one in sure if np.allclose(one[0].figures, best.figures)), key=lambda one: one[0] is not best)
    one, chance = min(alike, key=lambda one: _is_rest(one[0], cube, aside))
    return Carrier(
        segment=one.segment, figures=one.figures, contribution=one.contribution, effect=one.effect, chance=chance, is_rest=_is_rest(one, cube, aside)
    )


def _is_rest(one: _Candidate, cube: Cube, aside: Sequence[Segment]) -> bool:
    """Whether some rows of the segment are set aside."""
    if not aside:
        return False
    *within, (d, v) = one.segment
    return not np.allclose(cube.tables(tuple(within))[d][v], one.figures)


def _sure(one: _Candidate, noise: Sequence[float]) -> float:
    """The statistic against how much the segment's dimensions scatter."""
    return one.statistic / max(noise[d] for d, _ in one.segment)


def _beam(singles: Sequence[_Candidate], beam: int, noise: Sequence[float]) -> list[_Candidate]:
    """The values that went their own way the furthest."""
    ordered = sorted((one for one in singles if one.figures[:, ROWS].max() >= LEAST_ROWS), key=lambda one: -_sure(one, noise))
    return ordered[:beam]


def _has_rows(figures: Figures) -> bool:
    return bool(figures[:, ROWS].min() >= LEAST_ROWS or figures[:, ROWS].max() >= CLEARLY)


def _common(cube: Cube, test: Test, aside: Sequence[Segment]) -> float:
    """How most values went: the median over all dimensions, by rows."""
    tables = cube.tables((), aside)
    ways: Numbers = np.concatenate([test.way(table) for table in tables])
    weights: Numbers = np.concatenate([table[:, :, ROWS].sum(axis=1) for table in tables])
    order = np.argsort(ways)
    passed = np.cumsum(weights[order])
    return float(ways[order][np.searchsorted(passed, passed[-1] / 2)]) if len(order) and passed[-1] > 0 else 0.0


def _best(candidates: Sequence[_Candidate], cube: Cube, noise: Sequence[float], change: float, common: float, test: Test, whole: Figures) -> _Candidate | None:
    """The strongest segment that matters, its statistic less what so many segments of its kind would give by chance."""
    values = [len(one) for one in cube.values]
    singles = max(sum(values), 1)
    pairs = max((sum(values) ** 2 - sum(n * n for n in values)) / 2, 1)
    least = LEAST_SHARE * abs(change)

    def score(one: _Candidate) -> float:
        return _sure(one, noise) - 2 * math.log(singles if len(one.segment) == 1 else pairs)

    fits = [one for one in candidates if abs(one.contribution) >= least and abs(one.effect) >= least and _went(one, common, test, whole)]
    return max(fits, key=score, default=None)


def _went(one: _Candidate, common: float, test: Test, whole: Figures) -> bool:
    """Whether the segment went another way than most, rather than the rest having gone another way than it."""
    rest = float(test.way((whole - one.figures)[None])[0])
    return abs(one.way - common) > abs(rest - common) or (abs(one.way - common) == abs(rest - common) and abs(one.way) >= abs(rest))

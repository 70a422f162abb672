"""Which groups are not shown, so that nobody can be told from the others: those of too few people, and as many more as keep those from being worked out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from insights.requests import Scalar

MOST_HIDDEN = 400
"""Hidden groups that are examined; beyond that the whole answer is refused rather than looked through."""
_PRIME = 2**61 - 1

Keys = tuple[Scalar, ...]


class TooManyHidden(Exception):
    """Nothing sensible would be left to show."""


def hidden(keys: Sequence[Keys], people: Sequence[int], least: int) -> frozenset[int]:
    """The numbers of the groups that must not be shown: whoever knows every other group, and all sums over any of the keys, cannot work one of them out.

    `people` is how many are behind each group (0: nobody, which is no secret), `least` the fewest that may be shown. Small groups are hidden first; then, in
    each sum that hides a single group or fewer than `least` people, the smallest of the others; then whatever a system of sums would still give away
    (complementary suppression; Willenborg and de Waal, Elements of Statistical Disclosure Control, 2001, chapter 5).

    Raises TooManyHidden.
    """
    gone = {at for at, count in enumerate(people) if 0 < count < least}
    if not gone:
        return frozenset()
    sums = [tuple(at for at in line if people[at] > 0) for line in _lines(keys)]
    while True:
        weak = _weakest(sums, gone, people, least)
        if weak is None:
            return frozenset(gone)
        gone.add(weak)
        if len(gone) > MOST_HIDDEN:
            raise TooManyHidden


def _lines(keys: Sequence[Keys]) -> Iterator[tuple[int, ...]]:
    """The groups that each known sum adds up: over every choice of keys, the grand total among them."""
    width = len(keys[0]) if keys else 0
    for count in range(width):
        for kept in combinations(range(width), count):
            lines: dict[Keys, list[int]] = {}
            for at, key in enumerate(keys):
                lines.setdefault(tuple(key[n] for n in kept), []).append(at)
            yield from (tuple(line) for line in lines.values())


def _weakest(sums: Sequence[Sequence[int]], gone: set[int], people: Sequence[int], least: int) -> int | None:
    """The group to hide next, None when what is hidden is safe."""
    for line in sums:
        inside = [at for at in line if at in gone]
        if inside and (len(inside) == 1 or sum(people[at] for at in inside) < least):
            smallest = _smallest(line, gone, people)
            if smallest is not None:
                return smallest
    for at in sorted(_determined(sums, gone)):
        for line in sums:
            if at in line and (smallest := _smallest(line, gone, people)) is not None:
                return smallest
    return None


def _smallest(line: Sequence[int], gone: set[int], people: Sequence[int]) -> int | None:
    return min((at for at in line if at not in gone), key=lambda at: (people[at], at), default=None)


def _determined(sums: Sequence[Sequence[int]], gone: set[int]) -> set[int]:
    """The hidden groups that the sums give away: those that stand alone in a row of the system once it is solved (Gauss and Jordan, modulo a prime)."""
    places = {at: n for n, at in enumerate(sorted(gone))}
    rows = [{places[at]: 1 for at in line if at in gone} for line in sums]
    solved: dict[int, dict[int, int]] = {}
    for row in (row for row in rows if row):
        for pivot, known in solved.items():
            if pivot in row:
                row = _less(row, known, row[pivot])
        if not row:
            continue
        pivot = min(row)
        inverse = pow(row[pivot], -1, _PRIME)
        row = {n: value * inverse % _PRIME for n, value in row.items()}
        for other, known in solved.items():
            if pivot in known:
                solved[other] = _less(known, row, known[pivot])
        solved[pivot] = row
    names = sorted(gone)
    return {names[pivot] for pivot, row in solved.items() if len(row) == 1}


def _less(row: dict[int, int], other: dict[int, int], times: int) -> dict[int, int]:
    """`row - times * other`, without the zeros."""
    found = dict(row)
    for n, value in other.items():
        left = (found.get(n, 0) - times * value) % _PRIME
        if left:
            found[n] = left
        else:
            found.pop(n, None)
    return found

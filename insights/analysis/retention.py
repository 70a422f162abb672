"""How many of those who began together are still there: triangles with their gaps, curves over all cohorts, and cohorts that differ. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import erfc, sqrt
from statistics import median

_RATE = 0.01
"""The false discovery rate over the cohorts that are compared."""
_LEAST = 30
"""Members on either side of a comparison."""
_USUAL = 0.6745
"""The median of the size of a standard normal value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One cohort: how many began, and how many (or how much) there was of them at each age; None where it is not known or not told."""

    size: int
    kept: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd:
    """A cohort, by its number, that kept another share at `age` than the others together."""

    number: int
    age: int
    share: float
    others: float


def alive(size: int, left: Mapping[int, int], known: int) -> Line:
    """A cohort of which `left[age]` ended at each age, of which the first `known` ages are over.

    >>> alive(10, {0: 1, 2: 3}, 3).kept
    (9, 9, 6)
    """
    there, kept = size, []
    for age in range(known):
        there -= left.get(age, 0)
        kept.append(there)
    return Line(size=size, kept=tuple(kept))


def surviving(lines: Sequence[Line]) -> list[tuple[float, int]]:
    """The share still there at each age, and of how many that were at risk it was told (Kaplan and Meier, 1958, by whole steps of age).

    Each step is that of the cohorts whose age is known so far; younger ones count as long as they are known.

    >>> [round(share, 3) for share, _ in surviving([Line(size=10, kept=(8, 6)), Line(size=10, kept=(9,))])]
    [0.85, 0.637]
    """
    found, share = [], 1.0
    for age in range(max((len(line.kept) for line in lines), default=0)):
        at_risk = left = 0.0
        for line in lines:
            before = line.size if age == 0 else line.kept[age - 1] if age - 1 < len(line.kept) else None
            now = line.kept[age] if age < len(line.kept) else None
            if before is not None and now is not None:
                at_risk, left = at_risk + before, left + before - now
        if at_risk <= 0:
            break
        share *= 1 - left / at_risk
        found.append((share, round(at_risk)))
    return found


def pooled(lines: Sequence[Line]) -> list[tuple[float, int]]:
    """What there was at each age for each member who began, over all cohorts for which it is known; and how many those are.

    >>> pooled([Line(size=10, kept=(10, 5)), Line(size=30, kept=(30,))])
    [(1.0, 40), (0.5, 10)]
    """
    found: list[tuple[float, int]] = []
    for age in range(max((len(line.kept) for line in lines), default=0)):
        there = [(value, line.size) for line in lines if age < len(line.kept) and (value := line.kept[age]) is not None]
        if not there:
            break
        members = sum(size for _, size in there)
        found.append((sum(value for value, _ in there) / members, members))
    return found


def differing(lines: Sequence[Line], age: int) -> list[Odd]:
    """The cohorts whose share at `age` is not that of the others, the furthest first: two shares compared, the chance scaled to how much cohorts
    scatter anyway, and the false discovery rate held over all that were compared (Benjamini and Hochberg, 1995).
    """
    known = [(n, line.size, value) for n, line in enumerate(lines) if age < len(line.kept) and (value := line.kept[age]) is not None and line.size >= _LEAST]
    members, kept = sum(size for _, size, _ in known), sum(value for _, _, value in known)
    tested = []
    for n, size, value in known:
        rest, others = members - size, kept - value
        whole = kept / members
        if rest < _LEAST or not 0 < whole < 1:
            continue
        spread = sqrt(whole * (1 - whole) * (1 / size + 1 / rest))
        tested.append((abs(value / size - others / rest) / spread, Odd(number=n, age=age, share=value / size, others=others / rest)))
    if len(tested) < 4:
        return []
    usual = max(1.0, median(z for z, _ in tested) / _USUAL)
    ordered = sorted(((erfc(z / usual / sqrt(2)), odd) for z, odd in tested), key=lambda one: one[0])
    most = max((at for at, (p, _) in enumerate(ordered, start=1) if p <= _RATE * at / len(ordered)), default=0)
    return [odd for _, odd in ordered[:most]]


def guarded(line: Line, least: int, *, leaving: bool) -> Line:
    """The cohort without what would tell something about fewer than `least` people: who was there, who was not, and (of those who only ever leave) who went.

    >>> guarded(Line(size=10, kept=(9, 7, 6, 2)), 3, leaving=True).kept
    (None, 7, None, None)
    """
    shown: list[float | None] = []
    last: float = line.size
    for value in line.kept:
        few = value is not None and (0 < value < least or 0 < line.size - value < least or (leaving and 0 < last - value < least))
        shown.append(None if few else value)
        last = value if value is not None and not few else last
    return Line(size=line.size, kept=tuple(shown))

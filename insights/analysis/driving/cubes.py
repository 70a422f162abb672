"""Figures of two sides (now and before) by the values of several dimensions, within some values and outside of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from insights.requests import Scalar

Place: TypeAlias = tuple[int, int]
"""A value of a dimension, both by number."""
Segment: TypeAlias = tuple[Place, ...]
"""The rows with all of these values, in the order of the dimensions."""
Figures: TypeAlias = NDArray[np.float64]
"""By value, side (0 before, 1 now) and figure: what is above the line, what is below (1 of a sum), rows, and of a fraction the squares of what rows add."""
Row: TypeAlias = tuple[Scalar, Sequence[float], Sequence[float]]
"""A value with its figures before and now."""
Held: TypeAlias = tuple[str, Scalar]
"""A dimension and a value of it."""

ABOVE, BELOW, ROWS, SQUARES = 0, 1, 2, 3


class Fetch(Protocol):
    """Where the figures come from."""

    def __call__(self, within: Mapping[str, Scalar], without: Sequence[Held] = (), /) -> Mapping[str, Sequence[Row]]:
        """The figures before and now of each value of each other dimension, of the rows that have the values `within` and none of those `without`."""


class Cube:
    """Tables of figures, fetched when they are first needed. `names` are the dimensions; those with fewer than two values are left out.

    `values[n]` are the values of dimension n as the first table has them; a value that occurs later only is left out. `leaves_out` says that `fetch` may be
    asked for what is outside of values, which saves it the rows inside.
    """

    def __init__(self, names: Sequence[str], fetch: Fetch, first: Mapping[str, Sequence[Row]] | None = None, *, leaves_out: bool = True) -> None:
        first = fetch({}) if first is None else first
        self.names = tuple(name for name in names if len(first[name]) > 1)
        self.values = tuple(tuple(row[0] for row in first[name]) for name in self.names)
        self._numbers = [{value: n for n, value in enumerate(values)} for values in self.values]
        self._fetch = fetch
        self._leaves_out = leaves_out
        self._tables: dict[Segment, tuple[Figures, ...]] = {(): self._read(first)}
        self._outside: dict[tuple[Segment, Sequence[Segment]], tuple[Figures, ...]] = {}

    def __len__(self) -> int:
        return len(self.names)

    def whole(self, excluding: Sequence[Segment] = ()) -> Figures:
        """The figures of all rows outside of the segments, by side and figure."""
        tables = self.tables((), excluding)
        return np.asarray(tables[0].sum(axis=0)) if tables else np.zeros((2, 4))

    def tables(self, within: Segment, excluding: Sequence[Segment] = ()) -> tuple[Figures, ...]:
        """A table for each dimension, of the rows within the segment and outside of the others: by inclusion and exclusion, as everything adds up."""
        apart = tuple(one for one in excluding if meet(within, one) is not None)
        if not apart:
            return self._within(within)
        if (within, apart) not in self._outside:
            self._outside[within, apart] = self._without(within, apart)
        return self._outside[within, apart]

    def _without(self, within: Segment, apart: Sequence[Segment]) -> tuple[Figures, ...]:
        *rest, last = apart
        if self._leaves_out and all(len(one) == 1 and one[0] not in within for one in apart) and not self._is_known(within, rest):
            outside = [(self.names[d], self.values[d][v]) for ((d, v),) in apart]
            return self._read(self._fetch(self._named(within), outside), within)
        both = meet(within, last)
        assert both is not None
        return tuple(one - other for one, other in zip(self.tables(within, rest), self.tables(both, rest), strict=True))

    def _is_known(self, within: Segment, apart: Sequence[Segment]) -> bool:
        """Whether the tables within a segment and outside of others need no further fetch."""
        return (within, tuple(apart)) in self._outside if apart else within in self._tables or self._follows(within) is not None

    def _named(self, within: Segment) -> dict[str, Scalar]:
        return {self.names[d]: self.values[d][v] for d, v in within}

    def _within(self, within: Segment) -> tuple[Figures, ...]:
        if within not in self._tables:
            known = self._follows(within)
            self._tables[within] = known if known is not None else self._read(self._fetch(self._named(within)), within)
        return self._tables[within]

    def _follows(self, within: Segment) -> tuple[Figures, ...] | None:
        """The tables of two values where one has all rows of the other, or none of them: a title has one language."""
        if len(within) != 2:
            return None
        for one, (d, v) in (within, within[::-1]):
            tables = self._tables.get((one,))
            if tables is None:
                continue
            rows = tables[d][:, :, ROWS]
            if rows[v].sum() == 0:
                return tuple(np.zeros_like(table) for table in tables)
            if rows[v].sum() == rows.sum() == tables[one[0]][:, :, ROWS].sum():
                return tables
        return None

    def _read(self, found: Mapping[str, Sequence[Row]], within: Segment = ()) -> tuple[Figures, ...]:
        tables = []
        for d, name in enumerate(self.names):
            table = np.zeros((len(self.values[d]), 2, 4))
            for value, before, now in found.get(name, ()):
                at = self._numbers[d].get(value)
                if at is not None:
                    table[at] = (before, now)
            tables.append(table)
        fixed = dict(within)
        if fixed:
            other = next((d for d in range(len(self.names)) if d not in fixed), None)
            total = tables[other].sum(axis=0) if other is not None else np.zeros((2, 4))
            for d, v in fixed.items():
                tables[d][v] = total
        return tuple(tables)


def meet(one: Segment, other: Segment) -> Segment | None:
    """The rows in both; None where they can have none, since they want two values of one dimension.

    >>> meet(((0, 1),), ((1, 2),)), meet(((0, 1),), ((0, 2),))
    (((0, 1), (1, 2)), None)
    """
    both = dict(one)
    for d, v in other:
        if both.setdefault(d, v) != v:
            return None
    return tuple(sorted(both.items()))


def cube_of(dimensions: Mapping[str, Sequence[Scalar]], figures: Figures, is_now: Sequence[bool]) -> Cube:
    """A cube of rows in memory: a column of values for each dimension, the figures of each row (above, below, rows, squares), and whether it is of now."""
    now = np.asarray(is_now, dtype=bool)
    codes, known = {}, {}
    for name, column in dimensions.items():
        values, codes[name] = np.unique(np.asarray(column).astype(str), return_inverse=True)
        known[name] = [str(value) for value in values]

    def summed(name: str, rows: NDArray[np.bool_]) -> list[list[float]]:
        sums = np.stack([np.bincount(codes[name][rows], figures[rows, k], len(known[name])) for k in range(4)], axis=1)
        return [[float(cell) for cell in row] for row in sums]

    def fetch(within: Mapping[str, Scalar], without: Sequence[Held] = ()) -> Mapping[str, Sequence[Row]]:
        kept = np.ones(len(now), dtype=bool)
        for name, value in within.items():
            kept &= codes[name] == known[name].index(str(value))
        for name, value in without:
            kept &= codes[name] != known[name].index(str(value))
        return {name: list(zip(known[name], summed(name, kept & ~now), summed(name, kept & now), strict=True)) for name in dimensions if name not in within}

    return Cube(list(dimensions), fetch)

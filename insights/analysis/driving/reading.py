"""The figures that a change is taken apart into, read through the questions of whoever asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from insights.analysis.data import Data
from insights.analysis.driving.cubes import Cube, Figures, Held, Row
from insights.analysis.driving.measures import Makeup, squares
from insights.analysis.driving.shapley import calendar
from insights.catalog.model import FieldId
from insights.query.times import weekdays
from insights.requests import Filter, MetricQuestion, Period, Scalar

_ALMOST = 1e-6
_FEW_DAYS = 3
_MOST_HIDDEN = 0.1
"""The share of the whole that may be missing from a dimension whose small groups are not shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The same question about what is explained (`now`) and about what it is set against (`before`)."""

    now: MetricQuestion
    before: MetricQuestion


def narrowed(question: MetricQuestion, within: Mapping[str, Scalar], without: Sequence[Held] = ()) -> MetricQuestion:
    """The question about the rows that have the values `within` and none of those `without`; what nobody knows is none of them."""
    more = [Filter(dimension=name, op="is_null") if value is None else Filter(dimension=name, values=(value,)) for name, value in within.items()]
    more += [Filter(dimension=name, op="not_null") if value is None else Filter(dimension=name, op="!=", values=(value,)) for name, value in without]
    return replace(question, filters=(*question.filters, *more))


class Reader:
    """Reads the parts of a measure on both sides."""

    def __init__(self, data: Data, sides: Sides, parts: Makeup) -> None:
        self._data = data
        self._sides = sides
        self._parts = parts
        self._measures = parts.shown
        self.hidden = 0

    def whole(self) -> Figures:
        """Both sides by figure: above the line, below it (1 of a sum), rows, and no squares."""
        return np.array([self._figures(self._rows(side, ()), 0) for side in (self._sides.before, self._sides.now)])

    def _rows(self, side: MetricQuestion, keys: tuple[str, ...]) -> Sequence[Scalar]:
        rows = self._data.cuts(side, [keys], self._measures).rows[keys]
        return rows[0] if rows else (None,) * (len(keys) + len(self._measures))

    def _figures(self, row: Sequence[Scalar], keys: int) -> list[float]:
        """One row's figures; what is unknown is nothing."""
        cells = [float(cell) if isinstance(cell, (int, float)) and not isinstance(cell, bool) else 0.0 for cell in row[keys:]]
        return [*cells, 0.0][:4] if self._parts.under is not None else [cells[0], 1.0, cells[1], 0.0]

    def mean_square(self, whole: Figures, rate: float) -> float | None:
        """The sum of the squares of what the rows add, over both sides; None where rows cannot be told.

        Of a fraction it is read with the figures from now on.
        """
        measure = squares(self._parts, rate)
        if measure is None:
            return None
        found = [self._data.cuts(side, [()], (measure,)).rows[()] for side in (self._sides.before, self._sides.now)]
        sums = [rows[0][0] if rows else None for rows in found]
        if self._parts.under is not None:
            self._measures = (*self._parts.shown, measure)
        return sum(float(one) for one in sums if isinstance(one, (int, float))) if whole.sum() else None

    def cube(self, dimensions: Sequence[str], whole: Figures) -> Cube:
        """The figures by the values of the dimensions whose values make up the whole: values of a distinct count may overlap."""

        kept: Sequence[str] = dimensions
        leaves_out = True

        def fetch(within: Mapping[str, Scalar], without: Sequence[Held] = ()) -> Mapping[str, Sequence[Row]]:
            nonlocal leaves_out
            names = [name for name in kept if name not in within]
            sets = [(name,) for name in names]
            both: list[Mapping[str, Mapping[Scalar, list[float]]]] = []
            for side in (self._sides.before, self._sides.now):
                cuts = self._data.cuts(narrowed(side, within, without), sets, self._measures)
                self.hidden = max(self.hidden, cuts.hidden)
                leaves_out = leaves_out and not cuts.guarded
                both.append({name: {row[0]: self._figures(row, 1) for row in cuts.rows[name,]} for name in names})
            before, now = both
            nothing = [0.0] * 4
            return {name: [(v, before[name].get(v, nothing), now[name].get(v, nothing)) for v in {**before[name], **now[name]}] for name in names}

        first = fetch({})
        kept = [name for name in dimensions if self._adds_up(first[name], whole)]
        return Cube(kept, fetch, {name: first[name] for name in kept}, leaves_out=leaves_out)

    def _adds_up(self, rows: Sequence[Row], whole: Figures) -> bool:
        if not rows:
            return False
        sums = np.array([[row[1], row[2]] for row in rows]).sum(axis=0)
        figures = [0, 2] if self._parts.under is None else [0, 1, 2]
        allowed = _MOST_HIDDEN if self.hidden and not self._parts.distinct else _ALMOST
        return bool(np.all(np.abs(sums[:, figures] - whole[:, figures]) <= allowed * np.maximum(np.abs(whole[:, figures]), 1)))

    def calendar(self, time: FieldId, before: Period, now: Period) -> float | None:
        """What other weekdays add to the change; None where the periods have the same, or less than a week."""
        days = np.array([_weekdays(before, self._data), _weekdays(now, self._data)], dtype=float).T
        if days.min() < 1 or np.array_equal(days[:, 0], days[:, 1]):
            return None
        names, key = weekdays(self._data.catalog.week_starts), f"weekday({time})"
        figures = np.zeros((7, 2))
        for at, side in enumerate((self._sides.before, self._sides.now)):
            for row in self._data.cuts(side, [(key,)], (self._parts.over,)).rows[key,]:
                if row[0] in names and isinstance(row[1], (int, float)):
                    figures[names.index(str(row[0])), at] = row[1]
        return calendar(days, figures)

    def hours(self, time: FieldId, period: Period) -> Figures | None:
        """The figures by hour of the day, side and figure, of a period of a day or a few whose instants are known; None of others."""
        if self._data.catalog.fields[time].kind != "timestamp" or period.days is None or period.days > _FEW_DAYS:
            return None
        key, table = f"hour({time})", np.zeros((24, 2, 4))
        for at, side in enumerate((self._sides.before, self._sides.now)):
            for row in self._data.cuts(side, [(key,)], self._measures).rows[key,]:
                if isinstance(row[0], int):
                    table[row[0], at] = self._figures(row, 1)
        return table


def _weekdays(period: Period, data: Data) -> list[int]:
    """How many of each weekday a period has, from the first of the week."""
    if period.first is None or period.last is None:
        return [0] * 7
    shift = {"monday": 0, "sunday": 1, "saturday": 2}[data.catalog.week_starts]
    counts = [0] * 7
    for n in range((period.last - period.first).days + 1):
        counts[((period.first + timedelta(days=n)).weekday() + shift) % 7] += 1
    return counts

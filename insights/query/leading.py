"""The leading rows of each group of a ranking, which was read with one more than asked for, to see what ties."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from insights.query.algebra import Plan
from insights.requests import Scalar

Cells = Sequence[Scalar]


def leading(planned: Plan, rows: Sequence[Cells]) -> list[Cells]:
    """As many rows of each group as were asked for; rows of a group stand together."""
    return [row for group in _groups(planned, rows) for row in group[: planned.limit]]


def ties_within(planned: Plan, rows: Sequence[Cells]) -> bool:
    """Whether in any group a row that was left out is equal to the last one that was not."""
    if planned.limit is None or planned.sorting is None or planned.sorting.output is None:
        return False
    at, limit = len(planned.keys) + planned.sorting.output, planned.limit
    return any(len(group) > limit and group[limit][at] == group[limit - 1][at] for group in _groups(planned, rows))


def _groups(planned: Plan, rows: Sequence[Cells]) -> list[list[Cells]]:
    return [list(group) for _, group in groupby(rows, key=lambda row: tuple(row[n] for n in planned.within))]

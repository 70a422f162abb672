"""The leading rows of a ranking or of each of its groups, which was read with more than asked for, to see what ties and who leads."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from insights.query.algebra import Plan
from insights.requests import Scalar

Cells = Sequence[Scalar]


def names_one(planned: Plan) -> bool:
    """Whether one winner is asked for, as in "the best customer": what belongs to nobody known is none."""
    ranks = planned.analysis in ("ranking", "share") and planned.sorting is not None and planned.sorting.output is not None
    looks_back = planned.running or planned.change is not None or bool(planned.within)
    return ranks and not looks_back and planned.limit == 1 and len(planned.keys) == 1 and planned.keys[0].grain is None


def without_nobody(planned: Plan, rows: Sequence[Cells]) -> Sequence[Cells]:
    """The rows of a ranking without the unknown group at its head, where one winner is asked for and there is another."""
    return rows[1:] if names_one(planned) and len(rows) > 1 and rows[0][0] is None else rows


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

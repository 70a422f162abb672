"""Groups ranked by how much a figure moved from one period to another."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, cast

from insights.analysis.data import Data
from insights.answers import MetricAnswer, Row
from insights.errors import NotAnswerable
from insights.findings.movers import Movers, Ordered
from insights.requests import ComparePeriod, MetricQuestion

ORDERS = ("up", "down", "least", "most")
_OWN = ("movers", "ranked_by")


def answer(question: MetricQuestion, data: Data) -> MetricAnswer:
    """All groups are compared, then ranked and cut to `limit`, without one to those that went the way that was asked for (the nearest where none did).

    Raises NotAnswerable for more groups than are read, and where none can be compared."""
    order = question.options.get("movers")
    if order not in ORDERS or len(question.metrics) != 1 or not question.group_by or not isinstance(question.compare, ComparePeriod):
        raise NotAnswerable("I can rank the groups of one figure by how much they moved between two periods.", remedy="Ask which region grew most last month.")
    kept = {name: value for name, value in question.options.items() if name not in _OWN}
    found = data.ask(replace(question, limit=None, order=None, options=kept))
    if found.total_rows is not None and found.total_rows > len(found.rows):
        raise NotAnswerable(f"These are {found.total_rows} groups, more than I can compare at once.", remedy="Ask for part of them, or by something coarser.")
    figure = next(column for column in found.columns if column.is_figure)
    # The ratio of a percentage says little: from 1 to 2 percent is one point, not twice as much.
    by: Literal["change", "ratio"] = "ratio" if question.options.get("ranked_by") == "ratio" and figure.unit != "percent" else "change"
    moves = [(row, move) for row in found.rows if (move := _move(row, figure.name, by)) is not None]
    if not moves:
        raise NotAnswerable("There is nothing to compare with then.", remedy="Ask for another period.")
    ranked = sorted(moves, key=lambda one: _place(one[1], cast("Ordered", order)))
    went = sum(_went(move, cast("Ordered", order)) for _, move in moves)
    shown = tuple(row for row, _ in ranked[: question.limit or max(went, 1)])
    finding = Movers(order=cast("Ordered", order), by=by, groups=len(moves), went=went, new=len(found.rows) - len(moves))
    return replace(found, rows=shown, total_rows=len(moves), limit=question.limit, finding=finding)


def _move(row: Row, name: str, by: Literal["change", "ratio"]) -> float | None:
    now, was = row.get(name), row.get(f"{name}.before")
    if not isinstance(now, (int, float)) or not isinstance(was, (int, float)) or (by == "ratio" and not was):
        return None
    return float(now - was) if by == "change" else float(now - was) / abs(float(was))


def _place(move: float, order: Ordered) -> float:
    match order:
        case "up":
            return -move
        case "down" | "least":
            return move
        case "most":
            return -abs(move)


def _went(move: float, order: Ordered) -> bool:
    return move < 0 if order == "down" else move > 0 if order == "up" else True

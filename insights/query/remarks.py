"""What has to be said with figures of a kind, so that nobody reads more into them than there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from insights.query.algebra import Plan
from insights.query.money import NOT_RATED
from insights.query.shares import OVERLAP
from insights.requests import Scalar

BELOW = "Some parts are below zero, so shares can be below zero and over 100%."


def remarks(planned: Plan, rows: Sequence[Mapping[str, Scalar]]) -> list[str]:
    """Sentences about how the figures of an answer are to be read, from its plan and its rows."""
    found = [_unnamed(planned, rows), _among(planned, rows)]
    if planned.share is not None:
        found.append(_overlap(planned, rows))
        found.append(BELOW if any(_is_below(cell) for row in rows for name, cell in row.items() if name.endswith(".part")) else "")
    if planned.reported:
        unknown = any(row.get(str(o.title), 0) is None for row in rows for o in planned.outputs if o.title is not None)
        found.append(NOT_RATED if unknown else f"Amounts are in {' and '.join(planned.reported)}, at the rates of their days.")
    if planned.again and planned.filters:
        found.append("The filters hold for both periods.")
    if planned.change == "year" and planned.keys and planned.keys[0].grain == "week":
        found.append("Each week is compared with the one 52 weeks before.")
    return [remark for remark in found if remark]


def nobody(planned: Plan, rows: Sequence[Sequence[Scalar]], ranked: Sequence[Sequence[Scalar]]) -> tuple[str, ...]:
    """A sentence where what belongs to nobody known led the `rows`, and was left out of what is `ranked`."""
    if len(ranked) == len(rows) or planned.sorting is None:
        return ()
    at = len(planned.keys) + (planned.sorting.output or 0)
    much, end = ("More than that", "top") if planned.sorting.descending else ("Less than that", "bottom")
    much = "As much as that" if rows[0][at] == ranked[0][at] else much
    return (f"{much} has no known {planned.keys[0].label.lower()}, and is not taken for one; ask for the {end} 5 to see it too.",)


def _unnamed(planned: Plan, rows: Sequence[Mapping[str, Scalar]]) -> str:
    """Whether what belongs to nobody known takes a place among the leaders: it is ranked, so that parts add up, but it is no answer to "which"."""
    if not _is_ranked(planned) or not rows:
        return ""
    ranked = rows if planned.limit is not None else rows[:1]
    keys = [key for at, key in enumerate(planned.keys) if at not in planned.within]
    without = [key for key in keys if key.grain is None and any(row.get(key.name) is None for row in ranked)]
    if not without:
        return ""
    names = " or ".join(key.label.lower() for key in without)
    return f"What has no known {names} is ranked too; say 'exclude unknown' to leave it out."


def _among(planned: Plan, rows: Sequence[Mapping[str, Scalar]]) -> str:
    """Whether what belongs to nobody known meets a condition: it is listed, so that parts add up, and is none of those that were asked for."""
    if not planned.conditions or len(planned.keys) != 1 or _is_ranked(planned) or not any(row.get(planned.keys[0].name) is None for row in rows):
        return ""
    return f"What has no known {planned.keys[0].grain or planned.keys[0].label.lower()} is listed too, as one; it is not counted."


def _is_ranked(planned: Plan) -> bool:
    """Whether it is told who leads: in a ranking, and where only the largest shares are asked for."""
    return planned.analysis == "ranking" or (planned.analysis == "share" and planned.limit is not None and planned.sorting is not None)


def _overlap(planned: Plan, rows: Sequence[Mapping[str, Scalar]]) -> str:
    """Whether distinct counts were divided, whose parts overlap."""
    overlapping = any(part.key_numbers is not None for part in planned.parts)
    if not overlapping:
        return ""
    if planned.limit is None and not planned.conditions and not planned.within and not any(key.grain for key in planned.keys):
        totals = [sum(c for row in rows if isinstance(c := row.get(str(o.title)), (int, float))) for o in planned.outputs if o.column and not o.side]
        return OVERLAP if any(total > 1 + 1e-9 for total in totals) else ""
    return OVERLAP


def _is_below(cell: Scalar) -> bool:
    return isinstance(cell, (int, float)) and cell < 0

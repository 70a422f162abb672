"""Holds a reply against rows counted by hand: right, asked back, refused or wrong; the four are told apart in every measurement of quality."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

Verdict = Literal["right", "asked", "refused", "wrong"]
VERDICTS: tuple[Verdict, ...] = ("right", "asked", "refused", "wrong")
_OUTCOMES: Mapping[str, Verdict] = {"clarify": "asked", "confirm": "asked", "unsupported": "refused", "denied": "refused", "failed": "refused"}


def verdict(document: Mapping[str, Any], expected: Sequence[Sequence[Any]], *, ordered: bool) -> Verdict:
    """What a reply (as `ask --format json` writes it) is worth beside the rows of the hand-written SQL: the grouping first, then the figures.

    Figures are equal to 1e-9 of their size, unknown groups are null on both sides, and the order counts when `ordered`.
    """
    if document["outcome"] != "understood":
        return _OUTCOMES[document["outcome"]]
    answer = document["answer"]
    found, wanted = rows(document), [tuple(_plain(cell) for cell in row) for row in expected]
    if not ordered:
        found, wanted = sorted(found, key=_rank), sorted(wanted, key=_rank)
    if not _alike(found, wanted):
        return "wrong"
    single = len(wanted) == 1 and not document["request"]["group_by"] and document["request"]["grain"] is None and document["request"]["compare"] is None
    return "wrong" if single and not _equal(answer["value"], wanted[0][0]) else "right"


def rows(document: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of an answer under the names of its request: groups, time bucket, then each figure and what it is compared to."""
    request = document["request"]
    names = list(request["group_by"])
    if request["compare"] is not None and "dimension" in request["compare"]:
        names.append(request["compare"]["dimension"])
    if request["grain"] is not None:
        names.append(request["time_field"])
    for metric in request["metrics"]:
        names.append(metric)
        if request["compare"] is not None and "period" in request["compare"]:
            names.append(f"{metric}.before")
    return [tuple(row[name] for name in names) for row in document["answer"]["rows"]]


def _plain(cell: Any) -> Any:
    """A cell of the hand-written SQL as JSON has it."""
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="minutes")
    if isinstance(cell, Decimal):
        return float(cell)
    return cell.isoformat() if isinstance(cell, date) else cell


def _rank(row: Sequence[Any]) -> list[tuple[bool, str]]:
    return [(cell is None, f"{cell:.6e}" if isinstance(cell, float) else str(cell)) for cell in row]


def _alike(found: Sequence[Sequence[Any]], wanted: Sequence[Sequence[Any]]) -> bool:
    return len(found) == len(wanted) and all(len(a) == len(b) and all(map(_equal, a, b)) for a, b in zip(found, wanted, strict=True))


def _equal(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, (int, float)) and isinstance(found, (int, float)):
        return math.isclose(found, wanted, rel_tol=1e-9)
    return bool(found == wanted)

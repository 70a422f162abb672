"""Cells as drivers of other engines give them, and as answers have them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from insights.requests import Scalar


def plain(cell: Any) -> Scalar:
    """A cell without decimals, instants without offset, anything else as text.

    >>> plain(Decimal("12")), plain(Decimal("1.5")), plain([1])
    (12, 1.5, '[1]')
    """
    match cell:
        case None | bool() | int() | float() | str():
            return cell
        case Decimal():
            return int(cell) if cell.is_finite() and cell.as_tuple().exponent == 0 else float(cell)
        case datetime() if cell.tzinfo is not None:
            return cell.astimezone(UTC).replace(tzinfo=None)
        case _:
            return cell if isinstance(cell, date) else str(cell)

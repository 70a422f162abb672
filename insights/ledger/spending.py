"""What the store promises about how much was used on a day, where a budget is held to by several servers together."""

from __future__ import annotations

from datetime import date
from typing import Protocol


class Spending(Protocol):
    """What was used on each day, by whom ("" is somebody unnamed)."""

    def spend(self, day: date, person: str, amount: int, *, person_most: int | None = None, day_most: int | None = None) -> tuple[int, int] | None:
        """Count so much more (less, where it is negative) for the person on this day; None when it was counted.

        Where that would be more than the most for the person, or for everybody, nothing is counted: then what the person and what everybody has used.
        """

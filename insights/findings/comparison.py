"""What a figure was in other periods, each set beside what it is now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from insights.requests import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The figure of an earlier period, and the change from it to now: `change` in the figure's unit, `ratio` a fraction of the size of what was.

    `daily` is the same fraction for the figure of an average day, where the periods differ in length and the figure adds up over days. `basis` says whether
    the period was asked for or is the same one a year before. None is unknown.
    """

    basis: Literal["asked", "year"]
    period: Period
    value: float | None
    change: float | None
    ratio: float | None
    daily: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One figure against others of its kind; `sides` begin with the one that was asked for. `adds_up` says that it is a sum or a count over days."""

    value: float | None
    sides: tuple[Side, ...]
    adds_up: bool

"""Which groups moved the most between two periods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Ordered = Literal["up", "down", "least", "most"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Movers:
    """The rows of the answer are ranked by how much they moved; `order` is the most up, the most down, the least up, or by size whichever way.

    `by` is the change in the figure's unit, or its ratio to what was. Of `groups` that can be compared, `went` moved the way that was asked for;
    `new` have no figure before or none now, and are left out.
    """

    order: Ordered
    by: Literal["change", "ratio"]
    groups: int
    went: int
    new: int

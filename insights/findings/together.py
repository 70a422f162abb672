"""How two figures go together; nothing of it says that one causes the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from insights.requests import Grain


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """Spearman's correlation with its 95 % interval and the chance of one as strong by luck."""

    correlation: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """`rank` as the values are over `pairs`; over time `rest` is without season and trend, and `lag` says by how many buckets the second follows the first.

    `lag` is told where it is sure among all `tried` (`lag_p` under 0.05), with its correlation. `shape` says why the number misleads.
    `points` are pairs to be drawn, `lag` apart where there is one.
    """

    first: str
    second: str
    rank: Rank
    pairs: int
    of: int
    shape: Literal["curved", "one record decides", "one value decides"] | None
    grain: Grain | None = None
    rest: Rank | None = None
    lag: int | None = None
    at_lag: float | None = None
    lag_p: float | None = None
    tried: int = 0
    points: tuple[tuple[float, float], ...] = ()

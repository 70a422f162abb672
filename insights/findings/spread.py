"""How numbers are spread: over records, and over the values of a dimension."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from insights.requests import Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlier:
    """A record beyond the fences: its key, its day where it has one, and its number."""

    key: tuple[Scalar, ...]
    day: Scalar
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """Quantiles of a number over `records` records, exact; `least` and `greatest` are None where its owner lets nobody ask for them.

    `skew` is Kelly's: 0 is symmetric, 1 all tail upward. The fences lie 1.5 times the middle half below and above it (Tukey, 1977); `below` and `above`
    records lie beyond them. `outliers` are the records that lie furthest out, where single ones may be listed and were asked for (`asked`); `named`
    is what people call them.
    """

    field: str
    label: str
    records: int
    least: float | None
    p10: float
    q1: float
    median: float
    q3: float
    p90: float
    greatest: float | None
    skew: float | None
    shape: Literal["symmetric", "tail upward", "tail downward", "one value"]
    fences: tuple[float, float]
    below: int
    above: int
    asked: bool = False
    outliers: tuple[Outlier, ...] = ()
    named: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """How much the largest `values` hold (a fraction of 1); `part` is which part of all they are, None where so many were asked about."""

    values: int
    share: float
    part: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Concentration:
    """How much of a sum the largest values hold. `top` are the first of them with their shares (fractions of 1).

    `index` is Herfindahl's: the sum of the squares of all shares, from 1 through the number of `values` to 1; `alike` is its inverse, how many equal values
    would be as concentrated. `most` values hold `most_share` of all: the fewest that hold 80 %. `tiers` are the largest together: so many as were asked
    about, and of many values the first hundredth and tenth. Of people none is named: `top` is empty. `nobody` is the share of the whole that is no value's.
    """

    dimension: str
    label: str
    values: int
    top: tuple[tuple[Scalar, float], ...]
    index: float
    alike: float
    most: int
    most_share: float
    tiers: tuple[Tier, ...] = ()
    nobody: float | None = None

"""How a figure grew bucket by bucket, taken together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from insights.requests import Grain


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """Over the complete buckets whose growth is known: in how many the figure went `up` and `down`, where it grew most and least.

    `compound` is the constant growth from bucket to bucket that leads from the first figure to the last (None where a figure is not above zero, or where
    each is set against the year before); `latest` is the last bucket with its growth. Growth is a fraction of 1.
    """

    basis: Literal["previous", "year"]
    grain: Grain
    buckets: int
    up: int
    down: int
    compound: float | None
    latest: tuple[date, float]
    most: tuple[date, float]
    least: tuple[date, float]

"""What is kept ready: metrics aggregated beforehand by some dimensions and a grain."""

from __future__ import annotations

from dataclasses import dataclass

from insights.requests import Grain


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollup:
    """`metrics` by the dimensions `by` (field names, as a question writes them) in each `grain` of their time; `name` is how people hear of it."""

    name: str
    metrics: tuple[str, ...]
    by: tuple[str, ...] = ()
    grain: Grain = "day"
    line: int = 0

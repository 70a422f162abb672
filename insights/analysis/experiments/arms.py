"""What is known of one arm of an experiment: counts and sums, from which everything else follows exactly."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Sums over the units of one arm: of what was measured (y), of its squares, and of what each unit had before (x), where that is known."""

    units: int
    y: float
    yy: float
    x: float | None = None
    xx: float | None = None
    xy: float | None = None

    @property
    def mean(self) -> float:
        """The mean per unit."""
        return self.y / self.units

    @property
    def variance(self) -> float:
        """The sample variance, with units - 1 below."""
        return max(self.yy - self.y * self.y / self.units, 0.0) / (self.units - 1)

    @property
    def is_share(self) -> bool:
        """Whether each unit is 0 or 1, so that the mean is a share."""
        return self.y == self.yy and self.y <= self.units


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One arm by its name, with the sums of each metric by the metric's name. Every metric counts the same units."""

    name: str
    units: int
    sums: dict[str, Sums]

"""Where values and labels lie in a picture: a scale one way, slots of the same size the other way."""

from __future__ import annotations

from dataclasses import dataclass

from insights.pictures.scales import Scale
from insights.pictures.shapes import Box, Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """The area within the axes. `sideways` has the labels down the left and the values from left to right."""

    left: float
    top: float
    right: float
    bottom: float
    scale: Scale
    count: int
    sideways: bool = False

    @property
    def slot(self) -> float:
        """The pixels that each label has to itself."""
        return (self.bottom - self.top if self.sideways else self.right - self.left) / max(self.count, 1)

    def along(self, place: float) -> float:
        """The pixel of a place along the labels; each whole number is the start of a slot."""
        return (self.top if self.sideways else self.left) + place * self.slot

    def at(self, value: float) -> float:
        """The pixel of a value."""
        share = self.scale.share(value)
        return self.left + share * (self.right - self.left) if self.sideways else self.bottom - share * (self.bottom - self.top)

    def point(self, place: float, value: float) -> Point:
        """The pixel of a value at a place along the labels."""
        return (self.at(value), self.along(place)) if self.sideways else (self.along(place), self.at(value))

    def box(self, start: float, stop: float, low: float, high: float, fill: str, words: str = "", opacity: float = 1.0) -> Box:
        """The rectangle from `start` to `stop` along the labels and between two values."""
        (x0, y0), (x1, y1) = self.point(start, low), self.point(stop, high)
        return Box(x=min(x0, x1), y=min(y0, y1), width=abs(x1 - x0), height=abs(y1 - y0), fill=fill, words=words, opacity=opacity)

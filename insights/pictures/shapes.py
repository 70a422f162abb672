"""What a picture is made of: shapes in the order in which they are painted, nothing about the format they are written in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float]
"""Along from the left and down from the top, in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A filled rectangle; `x` and `y` are its upper left corner. `words` say what it stands for, where somebody points at it."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    opacity: float = 1.0
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line through points; `dash` is on and off in pixels, empty for a solid one."""

    points: tuple[Point, ...]
    stroke: str
    width: float = 1.0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A filled area within points."""

    points: tuple[Point, ...]
    fill: str
    opacity: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A filled circle around `x`, `y`, with a rim where `rim` is a colour."""

    x: float
    y: float
    radius: float
    fill: str
    opacity: float = 1.0
    rim: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One line of text standing on `y`; `anchor` says which end of it is at `x`."""

    x: float
    y: float
    text: str
    size: float
    fill: str
    anchor: Literal["start", "middle", "end"] = "start"
    bold: bool = False


Shape = Box | Line | Area | Dot | Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Shapes on white, with what is said to those who do not see them: `title`, and `alt` that holds the finding."""

    width: float
    height: float
    title: str
    alt: str
    shapes: Sequence[Shape]

"""Colours that people with any kind of colour vision tell apart: the palette of Okabe and Ito, and steps of one hue."""

from __future__ import annotations

BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, YELLOW = "#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#f0e442"
SERIES = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, YELLOW)
"""Okabe and Ito, Color Universal Design (2008); black is kept for text, and yellow comes last because it is faint on white."""
WHITE, INK, GREY, FAINT, NEUTRAL = "#ffffff", "#222222", "#666666", "#e3e3e3", "#8c8c8c"
DASHES: tuple[tuple[float, ...], ...] = ((), (6, 3), (2, 3), (8, 3, 2, 3))

_NONE, _MOST, _LEAST = (239, 245, 250), (0, 69, 122), (166, 79, 0)


def colour(place: int) -> str:
    """The colour of a series by its place; after the seventh they come again, told apart by their dashes."""
    return SERIES[place % len(SERIES)]


def dash(place: int) -> tuple[float, ...]:
    """The dashes of a line by its place."""
    return DASHES[place // len(SERIES) % len(DASHES)]


def shade(share: float) -> str:
    """A step from nearly white (0) to dark blue (1) or dark orange (-1).

    >>> shade(0), shade(1), shade(-1)
    ('#eff5fa', '#00457a', '#a64f00')
    """
    end, part = (_MOST if share >= 0 else _LEAST), min(abs(share), 1.0)
    return "#" + "".join(f"{round(start + (stop - start) * part):02x}" for start, stop in zip(_NONE, end, strict=True))


def on(fill: str) -> str:
    """The colour of text on a fill: whichever of black and white has the greater contrast by WCAG 2.

    >>> on("#eff5fa"), on("#00457a")
    ('#222222', '#ffffff')
    """
    red, green, blue = (_linear(int(fill[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return INK if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else WHITE


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)

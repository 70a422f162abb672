"""A picture as PNG, by the optional package that renders SVG."""

from __future__ import annotations

from typing import Any

from insights.errors import WrongSettings
from insights.pictures.shapes import Picture
from insights.pictures.svg import svg

SCALE = 2.0


def renderer() -> Any:
    """The package that renders. Raises WrongSettings where the extra `charts` is not installed."""
    try:
        import vl_convert
    except ImportError:
        raise WrongSettings("A PNG needs vl-convert-python.", remedy='Install it: pip install "insights-assistant[charts]"; SVG needs nothing.') from None
    return vl_convert


def png(picture: Picture, *, scale: float = SCALE) -> bytes:
    """The picture as PNG, `scale` pixels for each of its own. Raises WrongSettings where the extra `charts` is not installed."""
    return bytes(renderer().svg_to_png(svg(picture), scale=scale))

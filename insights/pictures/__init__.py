"""Pictures of charts: shapes of a neutral description, written as SVG or PNG without a browser."""

from insights.pictures.draw import draw
from insights.pictures.png import png
from insights.pictures.shapes import Picture
from insights.pictures.svg import svg

__all__ = ["Picture", "draw", "png", "svg"]

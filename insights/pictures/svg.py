"""A picture as SVG: the same shapes give the same bytes."""

from __future__ import annotations

from typing import assert_never
from xml.sax.saxutils import escape, quoteattr

from insights.pictures.colours import WHITE
from insights.pictures.lettering import FONT, clean
from insights.pictures.shapes import Area, Box, Dot, Line, Picture, Point, Shape, Words


def svg(picture: Picture) -> str:
    """The picture as a document of its own; `<title>` and `<desc>` say what is to be seen."""
    width, height = _number(picture.width), _number(picture.height)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" font-family="{FONT}">'
    said = [f"<title>{_text(picture.title)}</title>", f"<desc>{_text(picture.alt)}</desc>"]
    ground = f'<rect width="{width}" height="{height}" fill="{WHITE}"/>'
    return "\n".join([head, *said, ground, *map(_written, picture.shapes), "</svg>"]) + "\n"


def _written(shape: Shape) -> str:
    match shape:
        case Box():
            size = f'x="{_number(shape.x)}" y="{_number(shape.y)}" width="{_number(shape.width)}" height="{_number(shape.height)}"'
            return _titled("rect", f'{size} fill="{shape.fill}"{_opacity(shape.opacity)}', shape.words)
        case Line():
            dashes = f' stroke-dasharray="{" ".join(map(_number, shape.dash))}"' if shape.dash else ""
            return (
                f'<polyline points="{_points(shape.points)}" fill="none" stroke="{shape.stroke}" stroke-width="{_number(shape.width)}"'
                f' stroke-linejoin="round"{dashes}/>'
            )
        case Area():
            return f'<polygon points="{_points(shape.points)}" fill="{shape.fill}"{_opacity(shape.opacity)}/>'
        case Dot():
            rim = f' stroke="{shape.rim}" stroke-width="2"' if shape.rim else ""
            place = f'cx="{_number(shape.x)}" cy="{_number(shape.y)}" r="{_number(shape.radius)}"'
            return _titled("circle", f'{place} fill="{shape.fill}"{_opacity(shape.opacity)}{rim}', shape.words)
        case Words():
            anchor = f' text-anchor="{shape.anchor}"' if shape.anchor != "start" else ""
            bold = ' font-weight="bold"' if shape.bold else ""
            place = f'x="{_number(shape.x)}" y="{_number(shape.y)}" font-size="{_number(shape.size)}"'
            return f"<text {place} fill={quoteattr(shape.fill)}{anchor}{bold}>{_text(shape.text)}</text>"
        case _:
            assert_never(shape)


def _titled(name: str, attributes: str, words: str) -> str:
    return f"<{name} {attributes}><title>{_text(words)}</title></{name}>" if words else f"<{name} {attributes}/>"


def _text(text: str) -> str:
    return escape(clean(text))


def _opacity(value: float) -> str:
    return f' fill-opacity="{_number(value)}"' if value < 1 else ""


def _points(points: tuple[Point, ...]) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


def _number(value: float) -> str:
    """Two decimals at most, none where there is nothing behind the point.

    >>> _number(3.0), _number(2.504), _number(-0.001)
    ('3', '2.5', '0')
    """
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown

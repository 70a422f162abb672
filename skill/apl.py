"""A picture for an Echo Show: shapes as Alexa Vector Graphics in an APL document, with what is said to those who do not see it."""

from __future__ import annotations

import json
from typing import Any, assert_never

from insights.pictures.shapes import Area, Box, Dot, Line, Picture, Point, Shape, Words
from skill.ssml import clean

TOKEN = "answer"  # noqa: S105  # what APL calls the name of a document
VERSION = "1.8"
_LONGEST_ALT = 600


def document(picture: Picture) -> dict[str, Any]:
    """The APL document that shows the picture as large as the screen allows, on white."""
    graphic = {
        "type": "AVG",
        "version": "1.2",
        "width": _number(picture.width),
        "height": _number(picture.height),
        "items": [_item(shape) for shape in picture.shapes],
    }
    shown = {
        "type": "VectorGraphic",
        "source": "picture",
        "scale": "best-fit",
        "width": "100vw",
        "height": "100vh",
        "accessibilityLabel": _text(picture.alt)[:_LONGEST_ALT],
    }
    frame = {"type": "Frame", "backgroundColor": "#ffffff", "width": "100vw", "height": "100vh", "items": [shown]}
    return {"type": "APL", "version": VERSION, "theme": "light", "graphics": {"picture": graphic}, "mainTemplate": {"items": [frame]}}


def weight(found: dict[str, Any]) -> int:
    """Bytes of a document in a response."""
    return len(json.dumps(found, separators=(", ", ": ")))


def _item(shape: Shape) -> dict[str, Any]:
    match shape:
        case Box():
            data = f"M{_short(shape.x)} {_short(shape.y)}h{_short(shape.width)}v{_short(shape.height)}h{_short(-shape.width)}Z"
            return _path(data, fill=shape.fill, fillOpacity=_number(shape.opacity))
        case Line():
            dashes = {"strokeDashArray": [_number(one) for one in shape.dash]} if shape.dash else {}
            return _path(_through(shape.points), stroke=shape.stroke, strokeWidth=_number(shape.width), **dashes)
        case Area():
            return _path(_through(shape.points) + "Z", fill=shape.fill, fillOpacity=_number(shape.opacity))
        case Dot():
            r, across = _short(shape.radius), 2 * shape.radius
            half = f"a{r} {r} 0 1 0 {_short(across)} 0a{r} {r} 0 1 0 {_short(-across)} 0Z"
            round_ = f"M{_short(shape.x - shape.radius)} {_short(shape.y)}{half}"
            rim = {"stroke": shape.rim, "strokeWidth": 2} if shape.rim else {}
            return _path(round_, fill=shape.fill, fillOpacity=_number(shape.opacity), **rim)
        case Words():
            more: dict[str, Any] = {"textAnchor": shape.anchor} if shape.anchor != "start" else {}
            more |= {"fontWeight": 700} if shape.bold else {}
            place = {"x": _number(shape.x), "y": _number(shape.y), "fontSize": _number(shape.size)}
            return {"type": "text", "text": _text(shape.text), **place, "fill": shape.fill, **more}
        case _:
            assert_never(shape)


def _path(data: str, **looks: Any) -> dict[str, Any]:
    return {"type": "path", "pathData": data, **{name: value for name, value in looks.items() if not (name == "fillOpacity" and value == 1)}}


def _through(points: tuple[Point, ...]) -> str:
    return "M" + "L".join(f"{_short(x)} {_short(y)}" for x, y in points)


def _text(text: str) -> str:
    """Text of people as text: what APL would evaluate is broken up.

    >>> _text("costs ${payload.x}")
    'costs $ {payload.x}'
    """
    return clean(text).replace("${", "$ {")


def _number(value: float) -> float:
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded


def _short(value: float) -> str:
    return str(_number(value))

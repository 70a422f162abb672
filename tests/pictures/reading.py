"""SVG read back by a parser of its own, so that tests measure what was written and not what was meant."""

from __future__ import annotations

import struct
import zlib
from xml.etree import ElementTree

from insights.answers import Chart, ChartSeries
from insights.pictures import draw, svg

SPACE = "{http://www.w3.org/2000/svg}"


def chart(kind="bar", labels=("a", "b", "c"), values=((1.0, 2.0, 4.0),), **facts):
    """A chart with series named s0, s1, ..."""
    series = tuple(ChartSeries(name=f"s{place}", values=tuple(one)) for place, one in enumerate(values))
    return Chart(kind=kind, labels=tuple(labels), series=series, **{"title": "Title", "alt": "The finding.", **facts})


def parsed(one, locale="en-US"):
    """The root of the picture's SVG."""
    return ElementTree.fromstring(svg(draw(one, locale)))


def boxes(root):
    """Bars and cells: what somebody can point at, with its words, place and size."""
    found = []
    for box in root.iter(f"{SPACE}rect"):
        title = box.find(f"{SPACE}title")
        if title is not None:
            found.append((title.text, *(float(box.get(name)) for name in ("x", "y", "width", "height"))))
    return found


def dots(root):
    """Points: words, place."""
    return [(dot.findtext(f"{SPACE}title"), float(dot.get("cx")), float(dot.get("cy"))) for dot in root.iter(f"{SPACE}circle")]


def texts(root):
    """Everything that is written in the picture."""
    return [text.text for text in root.iter(f"{SPACE}text")]


def extents(root):
    """For each shape its left, top, width and height; text is the point it stands at."""
    for element in root.iter():
        name = element.tag.removeprefix(SPACE)
        held = {key: float(value) for key, value in element.attrib.items() if key in ("x", "y", "width", "height", "cx", "cy", "r")}
        if name == "rect":
            yield held.get("x", 0.0), held.get("y", 0.0), held["width"], held["height"]
        elif name == "circle":
            yield held["cx"] - held["r"], held["cy"] - held["r"], 2 * held["r"], 2 * held["r"]
        elif name == "text":
            yield held["x"], held["y"], 0.0, 0.0
        elif name in ("polyline", "polygon"):
            points = [tuple(map(float, pair.split(","))) for pair in element.get("points").split()]
            xs, ys = zip(*points, strict=True)
            yield min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


def pixels(png):
    """Width, height and rows of RGBA of an 8 bit PNG: a decoder of twenty lines, after the specification."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, data = 8, b""
    while at < len(png):
        (length,), kind = struct.unpack(">I", png[at : at + 4]), png[at + 4 : at + 8]
        body = png[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", body[:10])
            assert (depth, colour) == (8, 6)
        data += body if kind == b"IDAT" else b""
        at += 12 + length
    raw, stride, rows, before = zlib.decompress(data), width * 4, [], bytearray(width * 4)
    for row in range(height):
        kind, line = raw[row * (stride + 1)], bytearray(raw[row * (stride + 1) + 1 : (row + 1) * (stride + 1)])
        for place in range(stride):
            left, up, corner = line[place - 4] if place >= 4 else 0, before[place], before[place - 4] if place >= 4 else 0
            line[place] = (line[place] + (0, left, up, (left + up) // 2, _paeth(left, up, corner))[kind]) & 255
        rows.append(bytes(line))
        before = line
    return width, height, rows


def _paeth(left, up, corner):
    guess = left + up - corner
    return min((left, up, corner), key=lambda one: abs(guess - one))

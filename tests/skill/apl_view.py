"""An APL document as SVG, written from Amazon's description of Alexa Vector Graphics alone: what a screen would show, for a browser to draw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

_ATTRIBUTES = {
    "fill": "fill",
    "fillOpacity": "fill-opacity",
    "stroke": "stroke",
    "strokeWidth": "stroke-width",
    "textAnchor": "text-anchor",
    "fontSize": "font-size",
    "fontWeight": "font-weight",
    "x": "x",
    "y": "y",
}
_KNOWN = {*_ATTRIBUTES, "type", "pathData", "text", "strokeDashArray"}


def svg(document: Mapping[str, Any], *, width: int = 1280, height: int = 800) -> str:
    """The document on a screen of this size. Raises KeyError and AssertionError for what APL does not have."""
    (frame,) = document["mainTemplate"]["items"]
    (shown,) = frame["items"]
    assert (frame["type"], shown["type"], shown["scale"]) == ("Frame", "VectorGraphic", "best-fit")
    graphic = document["graphics"][shown["source"]]
    assert graphic["type"] == "AVG"
    view = f'viewBox="0 0 {graphic["width"]} {graphic["height"]}" width="{width}" height="{height}" preserveAspectRatio="xMidYMid meet"'
    items = "".join(_item(item) for item in graphic["items"])
    ground = f'style="background:{frame["backgroundColor"]}"'
    label = quoteattr(shown["accessibilityLabel"])
    return f'<svg xmlns="http://www.w3.org/2000/svg" {view} {ground} role="img" aria-label={label} font-family="sans-serif">{items}</svg>'


def _item(item: Mapping[str, Any]) -> str:
    assert set(item) <= _KNOWN, set(item) - _KNOWN
    looks = "".join(f" {_ATTRIBUTES[name]}={quoteattr(str(value))}" for name, value in item.items() if name in _ATTRIBUTES)
    if item["type"] == "text":
        return f"<text{looks}>{escape(item['text'])}</text>"
    assert item["type"] == "path"
    dashes = f' stroke-dasharray="{" ".join(map(str, item["strokeDashArray"]))}"' if "strokeDashArray" in item else ""
    unfilled = "" if "fill" in item else ' fill="none"'
    return f'<path d="{item["pathData"]}"{looks}{unfilled}{dashes}/>'

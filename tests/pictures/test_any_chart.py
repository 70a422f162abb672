"""Any description whatever gives a well-formed picture that keeps within its bounds."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from insights.answers import Chart, ChartBand, ChartMark, ChartSeries
from insights.pictures import draw, png
from insights.pictures.gallery import charts
from tests.pictures.reading import boxes, extents, parsed, pixels

VALUES = st.one_of(st.none(), st.floats(), st.integers(-10000, 10000), st.floats(-1e6, 1e6, allow_nan=False))
TEXTS = st.one_of(st.text(max_size=60), st.sampled_from(["EMEA", "Europe, Middle East and Africa", "<&>", "東京" * 30, "W" * 200, ""]))
UNITS = st.sampled_from([None, "USD", "percent", "orders", "minutes", "JPY"])
KINDS = ("bar", "line", "waterfall", "heatmap", "scatter", "interval", "histogram", "funnel")


@st.composite
def any_chart(draw_from):
    """Up to forty labels and eight series of any length, with bands and marks that may lie anywhere."""
    row = st.lists(VALUES, max_size=40).map(tuple)
    series = st.builds(ChartSeries, name=TEXTS, values=row, unit=UNITS)
    band = st.builds(ChartBand, name=TEXTS, lower=row, upper=row)
    mark = st.builds(ChartMark, at=st.integers(-3, 45), words=TEXTS)
    return Chart(
        kind=draw_from(st.sampled_from(KINDS)),
        title=draw_from(TEXTS),
        labels=tuple(draw_from(st.lists(TEXTS, max_size=40))),
        series=tuple(draw_from(st.lists(series, max_size=8))),
        unit=draw_from(UNITS),
        alt=draw_from(TEXTS),
        bands=tuple(draw_from(st.lists(band, max_size=2))),
        marks=tuple(draw_from(st.lists(mark, max_size=3))),
        stacked=draw_from(st.booleans()),
    )


@settings(deadline=None)
@example(Chart(kind="heatmap", title="", labels=("",), series=(ChartSeries(name="", values=(0.0,)),)), "en-US")
@given(any_chart(), st.sampled_from(["en-US", "de-DE", "en-IN"]))
def test_any_description_gives_a_picture_within_its_bounds(one, locale):
    """Well-formed, every coordinate finite, every shape inside."""
    root = parsed(one, locale)
    width, height = float(root.get("width")), float(root.get("height"))
    assert 100 <= height <= 1200
    for x, y, wide, tall in extents(root):
        assert all(map(math.isfinite, (x, y, wide, tall)))
        assert min(wide, tall) >= 0
        assert x >= -0.01
        assert y >= -0.01
        assert x + wide <= width + 0.01
        assert y + tall <= height + 0.01


@settings(deadline=None)
@given(st.lists(st.floats(0.01, 1e9), min_size=1, max_size=12))
def test_the_longest_bar_is_longest_by_as_much_as_its_value(values):
    """Lengths are proportional to values, to the hundredth of a pixel that is written."""
    root = parsed(Chart(kind="bar", title="", labels=tuple(map(str, range(len(values)))), series=(ChartSeries(name="s", values=tuple(values)),)))
    heights = [height for *_, height in boxes(root)]
    most = max(values)
    assert heights == pytest.approx([value / most * max(heights) for value in values], abs=0.03)


@pytest.mark.parametrize("name", list(charts()))
def test_nothing_is_cut_at_the_edge_of_the_picture(name):
    """Rendered with a real font, the outermost pixels of every picture of the gallery are white: no text runs out of it."""
    pytest.importorskip("vl_convert")
    width, height, rows = pixels(png(draw(charts()[name][1], "en-US"), scale=0.5))
    white = b"\xff\xff\xff\xff"
    assert (rows[0], rows[-1]) == (white * width, white * width)
    assert {row[:8] for row in rows} | {row[-8:] for row in rows} == {white * 2}
    assert any(row != white * width for row in rows)
    assert height == len(rows)

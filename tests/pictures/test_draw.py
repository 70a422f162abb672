"""What stands where in a picture, against figures worked out by hand."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from insights.answers import ChartBand, ChartMark, ChartSeries
from insights.pictures import draw, svg
from tests.pictures.reading import SPACE, boxes, chart, dots, parsed, texts


def test_bars_are_as_high_as_their_values():
    """1, 2 and 4 are in this proportion, and all stand on the same line."""
    found = {words: (y, height) for words, _, y, _, height in boxes(parsed(chart()))}
    heights = [found[f"{label}: {value}"][1] for label, value in (("a", 1), ("b", 2), ("c", 4))]
    assert heights == pytest.approx([heights[0], 2 * heights[0], 4 * heights[0]], abs=0.03)
    assert len({round(y + height, 1) for y, height in found.values()}) == 1


def test_what_is_below_zero_hangs_from_the_line_that_the_rest_stands_on():
    """4 goes up as far as -4 goes down."""
    up, down = (box[1:] for box in boxes(parsed(chart(labels=("a", "b"), values=((4.0, -4.0),)))))
    assert up[1] + up[3] == pytest.approx(down[1], abs=0.03)
    assert up[3] == pytest.approx(down[3], abs=0.03)


def test_bars_with_long_labels_lie_down():
    """Each as long as its value, under each other, with all of the label there."""
    labels = tuple(f"{letter} category with quite a long name" for letter in "ABCDEF")
    root = parsed(chart(labels=labels, values=((10, 20, 40, 0, 5, 1),)))
    found = boxes(root)
    assert [width for *_, width, _ in found] == pytest.approx([found[0][3] * share for share in (1, 2, 4, 0, 0.5, 0.1)], abs=0.05)
    assert len({x for _, x, *_ in found}) == 1
    assert [y for _, _, y, *_ in found] == sorted(y for _, _, y, *_ in found)
    assert set(labels) <= set(texts(root))


def test_groups_stand_side_by_side_and_a_gap_stays_empty():
    """Two series of two labels, of which one figure is missing: three bars that do not overlap."""
    found = boxes(parsed(chart(labels=("a", "b"), values=((1.0, 2.0), (3.0, None)))))
    assert [words for words, *_ in found] == ["a, s0: 1", "b, s0: 2", "a, s1: 3"]
    spans = sorted((x, x + width) for _, x, _, width, _ in found)
    assert all(stop <= start + 0.02 for (_, stop), (start, _) in itertools.pairwise(spans))


def test_stacked_bars_add_up():
    """3 on 1 ends where a bar of 4 does; what is below zero is stacked downwards."""
    found = boxes(parsed(chart(labels=("a", "b"), values=((1.0, 4.0), (3.0, None), (-2.0, None), (-1.0, None)), stacked=True)))
    tops = {words: y for words, _, y, _, _ in found}
    bottoms = {words: y + height for words, _, y, _, height in found}
    assert tops["a, s1: 3"] == pytest.approx(tops["b, s0: 4"], abs=0.03)
    assert bottoms["a, s1: 3"] == pytest.approx(tops["a, s0: 1"], abs=0.03)
    assert tops["a, s3: -1"] == pytest.approx(bottoms["a, s2: -2"], abs=0.03)


def test_a_waterfall_leads_from_the_first_value_to_the_last():
    """100 - 30 + 10 = 80: each change starts where the one before it ended."""
    found = boxes(parsed(chart("waterfall", ("Before", "x", "y", "Now"), ((100.0, -30.0, 10.0, 80.0),))))
    assert [words for words, *_ in found] == ["Before: 100", "x: -30", "y: +10", "Now: 80"]
    (_, _, top, _, whole), (_, _, fall, _, thirty), (_, _, rise, _, ten), (_, _, now, _, eighty) = found
    assert (thirty / whole, ten / whole, eighty / whole) == pytest.approx((0.3, 0.1, 0.8), abs=0.001)
    assert fall == pytest.approx(top, abs=0.03)
    assert rise + ten == pytest.approx(fall + thirty, abs=0.03)
    assert rise == pytest.approx(now, abs=0.03)


def test_a_funnel_says_what_is_left_of_each_step():
    """50 of 200 are 25 percent, 10 of 50 are 20."""
    root = parsed(chart("funnel", ("Visited", "Registered", "Paid"), ((200, 50, 10),)))
    assert {"200", "50, 25% of the step before", "10, 20% of the step before"} <= set(texts(root))
    assert [width for *_, width, _ in boxes(root)] == pytest.approx([boxes(root)[0][3] * share for share in (1, 0.25, 0.05)], abs=0.05)


def test_a_line_stops_at_a_gap_and_a_lone_point_is_a_dot():
    """Two, a gap, one: one line of two points, and three dots."""
    root = parsed(chart("line", ("a", "b", "c", "d"), ((1.0, 2.0, None, 5.0),)))
    drawn = [line for line in root.iter(f"{SPACE}polyline") if line.get("stroke-width") == "2"]
    assert [len(line.get("points").split()) for line in drawn] == [2]
    assert [words for words, *_ in dots(root)] == ["a, s0: 1", "b, s0: 2", "d, s0: 5"]


def test_a_forecast_lies_within_its_band():
    """The band starts where history ends, and at each step its ends are where their values are."""
    band = ChartBand(name="95 %", lower=(None, 10.0, 5.0), upper=(None, 10.0, 25.0))
    series = (ChartSeries(name="Revenue", values=(8.0, 10.0, None)), ChartSeries(name="Forecast", values=(None, 10.0, 15.0)))
    root = parsed(replace(chart("line", bands=(band,)), series=series))
    (area,) = root.iter(f"{SPACE}polygon")
    points = [tuple(map(float, pair.split(","))) for pair in area.get("points").split()]
    at = {words: (x, y) for words, x, y in dots(root)}
    assert points[0] == points[3] == at["b, Revenue: 10"] == at["b, Forecast: 10"]
    assert {point[0] for point in points[1:3]} == {at["c, Forecast: 15"][0]}
    assert (points[1][1] + points[2][1]) / 2 == pytest.approx(at["c, Forecast: 15"][1], abs=0.02)
    assert {"Revenue", "Forecast", "95 % range"} <= set(texts(root))


def test_unusual_days_are_marked_where_they_are():
    """A ring at the value with what it was; what lies outside the labels is not drawn."""
    root = parsed(chart("line", marks=(ChartMark(at=1, words="outage"), ChartMark(at=9, words="lost"))))
    marked = [(words, x, y) for words, x, y in dots(root) if words == "b: 2 outage"]
    ordinary = [(x, y) for words, x, y in dots(root) if words == "b, s0: 2"]
    assert [(x, y) for _, x, y in marked] == ordinary
    assert "outage" in texts(root)
    assert "lost" not in texts(root)


def test_points_lie_where_both_figures_say():
    """Evenly spaced pairs on a falling line; a pair of which half is missing is left out; each axis has its unit."""
    series = (ChartSeries(name="Discount", values=(0.1, 0.2, 0.3, 0.4), unit="percent"), ChartSeries(name="Orders", values=(40, 30, None, 10), unit="orders"))
    root = parsed(replace(chart("scatter", labels=("a", "b", "c", "d")), series=series))
    (first, x0, y0), (second, x1, y1), (third, x2, y2) = dots(root)
    assert (first, second, third) == ("a: 10%, 40", "b: 20%, 30", "d: 40%, 10")
    assert (x2 - x0, y2 - y0) == pytest.approx((3 * (x1 - x0), 3 * (y1 - y0)), abs=0.05)
    assert x0 < x1
    assert y0 < y1


def test_a_retention_triangle_leaves_what_is_to_come_white():
    """Three cohorts over three months: six cells of the same size, each with its share, the same share in the same colour."""
    root = parsed(chart("heatmap", ("0", "1", "2"), ((1.0, 0.5, 0.25), (1.0, 0.5, None), (1.0, None, None)), unit="percent"))
    found = boxes(root)
    assert [words for words, *_ in found] == ["s0, 0: 100%", "s0, 1: 50%", "s0, 2: 25%", "s1, 0: 100%", "s1, 1: 50%", "s2, 0: 100%"]
    assert len({(width, height) for *_, width, height in found}) == 1
    fills = [box.get("fill") for box in root.iter(f"{SPACE}rect") if box.find(f"{SPACE}title") is not None]
    assert fills[0] == fills[3] == fills[5]
    assert fills[1] == fills[4]
    assert len(set(fills)) == 3


def test_intervals_say_value_and_range():
    """The dot is in the middle of a symmetric range."""
    band = ChartBand(name="95 %", lower=(0.01,), upper=(0.05,))
    root = parsed(chart("interval", ("Conversion",), ((0.03,),), unit="percent", bands=(band,)))
    ((words, x, _),) = dots(root)
    assert words == "Conversion: 3% (1% to 5%)"
    (range_,) = [line for line in root.iter(f"{SPACE}polyline") if line.get("stroke-width") == "5"]
    ends = [float(pair.split(",")[0]) for pair in range_.get("points").split()]
    assert x == pytest.approx(sum(ends) / 2, abs=0.02)


def test_alt_text_holds_title_and_finding():
    """As the first children, where screen readers look for them."""
    root = parsed(chart(title="Revenue & <costs>", alt='Up 5 % on "last" month.'))
    assert [child.tag.removeprefix(SPACE) for child in root][:2] == ["title", "desc"]
    assert (root[0].text, root[1].text) == ("Revenue & <costs>", 'Up 5 % on "last" month.')


def test_text_of_data_stays_text():
    """Markup in a label or a name is written as it is, never as an element."""
    evil = '</text><script>alert("1")</script>'
    root = parsed(chart(labels=(evil, "b", "c\x00\ud800"), values=((1, 2, 3), (1, 2, 3)), title=evil))
    assert not list(root.iter(f"{SPACE}script"))
    assert root[0].text == evil
    assert any(words.startswith(evil) for words, *_ in boxes(root))


@pytest.mark.parametrize(("locale", "wanted"), [("en-US", "$2.5K"), ("de-DE", "2500 $"), ("en-IN", "$2.5K")])
def test_figures_are_written_as_the_locale_has_them(locale, wanted):
    """Money on the axis and at the bars."""
    assert wanted in texts(parsed(chart(values=((1250.0, 2500.0, 5000.0),), unit="USD"), locale))


def test_the_unit_is_told_where_figures_do_not_show_it():
    """In the title."""
    assert "Wait by team (minutes)" in texts(parsed(chart(title="Wait by team", unit="minutes")))


@pytest.mark.parametrize("kind", ["bar", "line", "waterfall", "heatmap", "scatter", "interval", "histogram", "funnel"])
@pytest.mark.parametrize("values", [(), ((),), ((None, None, None),), ((float("nan"), float("inf"), None),)])
def test_nothing_at_all_is_said(kind, values):
    """No series, no values, nothing known: a picture that says so."""
    assert "No figures to draw" in texts(parsed(chart(kind, values=values)))


@pytest.mark.parametrize("kind", ["bar", "line", "waterfall", "heatmap", "scatter", "interval", "histogram", "funnel"])
def test_the_same_description_gives_the_same_bytes(kind):
    """Nothing of the moment or of the process is in it."""
    one = chart(kind, values=((1, 2, 3), (3, 2, 1)))
    assert svg(draw(one, "en-US")) == svg(draw(one, "en-US"))


def test_a_first_label_that_is_pushed_into_the_picture_hides_no_other():
    """Its middle would be left of where it can stand, so it ends later than at its place; the next one waits."""
    labels = tuple(f"the week of May {day}, 2026" for day in range(300))
    root = parsed(chart("line", labels, (tuple(map(float, range(300))),)))
    named = [(float(text.get("x")), text.text) for text in root.iter(f"{SPACE}text") if (text.text or "").startswith("the week")]
    assert len(named) >= 3
    assert all(right - left >= min(len(first), len(second)) * 5 for (left, first), (right, second) in itertools.pairwise(named))


def test_hundreds_of_points_leave_a_legible_axis():
    """A year of days: one line of 365 points, labels at even steps that do not overlap."""
    labels = tuple(f"Day number {day}" for day in range(365))
    root = parsed(chart("line", labels, (tuple(float(day % 50) for day in range(365)),)))
    named = [(float(text.get("x")), text.text) for text in root.iter(f"{SPACE}text") if (text.text or "").startswith("Day number")]
    assert 3 <= len(named) <= 10
    assert all(right - left > 75 for (left, _), (right, _) in itertools.pairwise(named))

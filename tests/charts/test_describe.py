"""Which answers get a picture, and what is in it."""

from __future__ import annotations

from datetime import date

import pytest

from insights.answers import Column, HelpAnswer
from insights.charts import describe
from insights.charts.describe import MOST_BARS, MOST_LINES
from insights.wording import Wording
from tests.wording.facts import CHURN, MONTH, ORDERS, REGION, REVENUE, against_april, metric_answer

PLAN = Column(name="plan", label="Plan", role="dimension")
REFUNDS = Column(name="refunds", label="Refunds", role="metric", unit="USD")
APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)


def picture(*columns, rows, **facts):
    """The chart of an answer, named as the wording names things."""
    return describe(metric_answer(*columns, rows=rows, **facts), name=Wording("en-US").name, alt="EMEA leads.")


def test_groups_are_bars():
    """One bar a group in the order of the answer, a gap where there is no figure, "unknown" for rows without a key."""
    chart = picture(REGION, REVENUE, rows=[("EMEA", 5), ("APAC", 3.5), (None, None)])
    assert (chart.kind, chart.title, chart.labels, chart.unit, chart.alt) == ("bar", "Revenue by Region", ("EMEA", "APAC", "unknown"), "USD", "EMEA leads.")
    assert [(series.name, series.values) for series in chart.series] == [("Revenue", (5.0, 3.5, None))]


def test_time_is_a_line():
    """Labelled by its buckets."""
    chart = picture(MONTH, REVENUE, rows=[(APRIL, 5.0), (MAY, 3.0)])
    assert (chart.kind, chart.title, chart.labels) == ("line", "Revenue by month", ("April 2026", "May 2026"))
    assert chart.series[0].values == (5.0, 3.0)


def test_time_and_groups_are_a_line_each():
    """With a gap where a group has no row for a bucket."""
    chart = picture(MONTH, REGION, REVENUE, rows=[(APRIL, "EMEA", 5.0), (APRIL, "APAC", 1.0), (MAY, "EMEA", 3.0)])
    assert [(series.name, series.values) for series in chart.series] == [("EMEA", (5.0, 3.0)), ("APAC", (1.0, None))]


def test_figures_share_a_picture_only_with_a_shared_unit():
    """Revenue and refunds do, orders and churn stay in the table."""
    chart = picture(REGION, REVENUE, ORDERS, REFUNDS, CHURN, rows=[("EMEA", 5.0, 7, 1.0, 0.1), ("APAC", 3.0, 8, 0.5, 0.2)])
    assert [series.name for series in chart.series] == ["Revenue", "Refunds"]
    assert chart.title == "Revenue, Refunds by Region"


def test_the_earlier_side_of_a_comparison_is_no_metric_of_its_own():
    """Only what was asked for is drawn."""
    chart = picture(REGION, REVENUE, rows=[("EMEA", 5.0, 4.0), ("APAC", 3.0, 2.0)], comparison=against_april())
    assert [series.name for series in chart.series] == ["Revenue"]


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        ((REVENUE,), [(5.0,)]),
        ((REGION, REVENUE), []),
        ((REGION, REVENUE), [("EMEA", 5.0)]),
        ((REGION, REVENUE), [(str(n), 1.0) for n in range(MOST_BARS + 1)]),
        ((REGION, PLAN, REVENUE), [("EMEA", "Basic", 5.0), ("EMEA", "Family", 5.0)]),
        ((MONTH, REGION, PLAN, REVENUE), [(APRIL, "EMEA", "Basic", 5.0), (MAY, "EMEA", "Basic", 5.0)]),
        ((MONTH, REGION, REVENUE), [(APRIL, str(n), 5.0) for n in range(MOST_LINES + 1)]),
        ((MONTH, REGION, REVENUE, REFUNDS), [(APRIL, "EMEA", 5.0, 1.0), (MAY, "EMEA", 5.0, 1.0)]),
    ],
)
def test_no_picture_where_it_adds_nothing_or_too_much(columns, rows):
    """One number, no rows, too many bars or lines, groups of groups."""
    assert picture(*columns, rows=rows) is None


def test_two_dimensions_are_bars_in_groups_while_those_are_few():
    """The one with more values along, the other as series; what is not there is a gap."""
    rows = [("EMEA", "Basic", 5.0), ("APAC", "Basic", 4.0), ("EMEA", "Family", 3.0), ("Americas", "Family", 2.0)]
    chart = picture(REGION, PLAN, REVENUE, rows=rows, total_rows=4)
    assert (chart.kind, chart.labels) == ("bar", ("EMEA", "APAC", "Americas"))
    assert [(series.name, series.values) for series in chart.series] == [("Basic", (5.0, 4.0, None)), ("Family", (3.0, None, 2.0))]


def test_two_dimensions_of_many_values_are_a_field_of_shades():
    """Past that, and where not all rows are there, nothing is drawn."""
    rows = [(f"r{n}", f"p{m}", float(n * m)) for n in range(9) for m in range(7)]
    chart = picture(REGION, PLAN, REVENUE, rows=rows, total_rows=len(rows))
    assert (chart.kind, len(chart.labels), len(chart.series)) == ("heatmap", 9, 7)
    assert picture(REGION, PLAN, REVENUE, rows=rows, total_rows=len(rows) + 1) is None


def test_answers_without_figures_have_no_picture():
    """Help, for one."""
    assert describe(HelpAnswer(groups={}), name=Wording("en-US").name, alt="") is None

"""Groups are ranked by how much a figure moved, in its unit or in percent, the way that was asked for."""

from __future__ import annotations

import pytest

from insights.findings import Movers
from insights.turns import Turn

_BY_REGION = """
    SELECT r.region, sum(o.amount_usd) FILTER (o.ordered_on BETWEEN ? AND ?) AS now, sum(o.amount_usd) FILTER (o.ordered_on BETWEEN ? AND ?) AS was
    FROM orders o LEFT JOIN customers c USING (customer_id) LEFT JOIN regions r ON r.region_id = c.region_id
    WHERE o.status <> 'test' GROUP BY 1
"""


def moved(by_hand, ratio: bool, *days: str) -> list[tuple[str | None, float]]:
    """Each region with its change, the most up first, by hand."""
    rows = by_hand(_BY_REGION, *days)
    changes = [(region, float(now - was) / (float(was) if ratio else 1.0)) for region, now, was in rows]
    return sorted(changes, key=lambda one: -one[1])


@pytest.mark.parametrize(
    ("asked", "ratio", "down"),
    [
        ("which region had the biggest drop in revenue in May", False, True),
        ("which region's revenue grew the most in May", False, False),
        ("which region's revenue grew fastest in May", True, False),
        ("top 3 regions by revenue growth in May", True, False),
    ],
)
def test_groups_are_ranked_as_by_hand(halcyon, by_hand, asked, ratio, down) -> None:
    """The first of all regions by the change or by its ratio, the largest drop first where a drop was asked for."""
    expected = moved(by_hand, ratio, "2026-05-01", "2026-05-31", "2026-04-01", "2026-04-30")
    expected = expected[::-1] if down else expected
    answer = halcyon.reply(Turn(asked)).answer
    assert isinstance(answer.finding, Movers)
    assert [row["region"] for row in answer.rows] == [region for region, _ in expected[: len(answer.rows)]]
    assert answer.finding.groups == len(expected)
    assert answer.finding.went == sum((change < 0) if down else (change > 0) for _, change in expected)
    assert len(answer.rows) == (3 if "top 3" in asked else 1)


def test_where_nothing_grew_that_is_said(halcyon) -> None:
    """Every region had less revenue in the first quarter than before Christmas."""
    reply = halcyon.reply(Turn("top 3 regions by revenue growth last quarter"))
    assert "none of 13 grew, the nearest first" in reply.text
    assert "grew in none of 13 regions" in reply.speech


def test_a_rate_moves_in_points(halcyon) -> None:
    """The growth of a percentage is not told in percent of it."""
    reply = halcyon.reply(Turn("top 3 plans by growth of churn rate last quarter"))
    assert reply.answer.finding.by == "change"
    assert "percentage points" in reply.text


@pytest.mark.parametrize(
    "asked",
    [
        "top 5 regions by revenue and how they changed from last month",
        "which month had the biggest drop in revenue in 2025",
        "the biggest drop in revenue in May",
    ],
)
def test_what_is_not_a_ranking_of_moves_is_not_taken_for_one(halcyon, asked) -> None:
    """It is refused or asked back, with what can be asked."""
    reply = halcyon.reply(Turn(asked))
    assert reply.answer is None
    assert reply.text


def test_the_picture_is_of_the_moves(halcyon) -> None:
    """As long as each moved, in the order of the answer; one group alone has no picture."""
    reply = halcyon.reply(Turn("top 3 regions by revenue growth this year"))
    rows = reply.answer.rows
    assert reply.chart.series[0].values == pytest.approx([row["revenue"] / row["revenue.before"] - 1 for row in rows])
    assert (reply.chart.unit, reply.chart.labels[0]) == ("percent", rows[0]["region"])
    assert halcyon.reply(Turn("which region had the biggest drop in revenue in May")).chart is None

"""Moving averages are those of window functions in SQL, and nothing is averaged that has no such mean."""

from __future__ import annotations

from datetime import date

import pytest

from insights.turns import Turn

_BY_DAY = """
    WITH days AS (SELECT ordered_on::DATE AS day, count(*) AS orders FROM orders WHERE status <> 'test' GROUP BY 1)
    SELECT day, avg(orders) OVER (ORDER BY day ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) FROM days QUALIFY row_number() OVER (ORDER BY day) > 6
"""
_BY_MONTH = """
    WITH months AS (SELECT date_trunc('month', ordered_on)::DATE AS month, sum(amount_usd) AS revenue FROM orders WHERE status <> 'test' GROUP BY 1)
    SELECT month, avg(revenue) OVER (ORDER BY month ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM months
"""


@pytest.mark.parametrize(
    ("asked", "sql", "metric", "first", "last"),
    [
        ("7-day moving average of orders in May", _BY_DAY, "orders", date(2026, 5, 1), date(2026, 5, 31)),
        ("7 day rolling average of orders", _BY_DAY, "orders", date(2023, 6, 7), date(2026, 5, 31)),
        ("rolling 3 month average of revenue this year", _BY_MONTH, "revenue", date(2026, 1, 1), date(2026, 5, 1)),
        ("moving average of revenue over 3 months", _BY_MONTH, "revenue", date(2023, 8, 1), date(2026, 5, 1)),
    ],
)
def test_each_bucket_is_the_mean_of_its_window(halcyon, by_hand, asked, sql, metric, first, last) -> None:
    """The days and months before a period count for its first ones; where the data begins, those without a whole window are left out."""
    expected = {at: float(value) for at, value in by_hand(sql) if first <= at <= last}
    answer = halcyon.reply(Turn(asked)).answer
    assert {row["orders.ordered_on"]: row[metric] for row in answer.rows} == pytest.approx(expected)
    assert "moving average" in answer.columns[1].label


def test_what_is_not_complete_is_not_averaged(halcyon) -> None:
    """The period ends within the week of May 25."""
    rows = halcyon.reply(Turn("2 week moving average of orders from May 1 to May 27")).answer.rows
    assert [row["orders.ordered_on"] for row in rows] == [date(2026, 4, 27), date(2026, 5, 4), date(2026, 5, 11), date(2026, 5, 18)]


def test_a_ratio_has_no_moving_average(halcyon) -> None:
    """The mean of daily rates is not the rate of the days."""
    reply = halcyon.reply(Turn("7 day moving average of churn rate"))
    assert reply.answer is None or not getattr(reply.answer, "rows", ())
    assert "the mean of the parts is not that of the whole" in reply.text

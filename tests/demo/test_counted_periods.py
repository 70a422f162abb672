"""How many days a figure was over something, and what periods come to on average, against SQL written by hand."""

from __future__ import annotations

import pytest

from insights.turns import Turn
from tests.demo.replay import NOW


@pytest.mark.parametrize(
    ("ask", "query"),
    [
        (
            "on how many days did revenue exceed 10,000 in April 2026",
            "SELECT count(*) FROM (SELECT ordered_on FROM sales WHERE ordered_on >= '2026-04-01' AND ordered_on < '2026-05-01' GROUP BY 1 "
            "HAVING sum(amount_usd) > 10000)",
        ),
        (
            "how many months had more than 20000 orders",
            "SELECT count(*) FROM (SELECT date_trunc('month', ordered_on) FROM sales GROUP BY 1 HAVING count(*) > 20000)",
        ),
    ],
)
def test_the_periods_that_a_condition_holds_for_are_as_many_as_sql_counts(halcyon, sql, ask, query):
    """The number that is said, and as many lines."""
    ((counted,),) = sql(query)
    reply = halcyon.reply(Turn(ask, "ada", now=NOW))
    assert len(reply.answer.rows) == counted > 1
    assert f": {counted} {ask.split('how many ')[1].split()[0]}" in reply.speech


def test_of_two_that_were_compared_the_one_that_grew_faster_comes_first(halcyon, sql):
    """Both are told, by the fraction that each has grown."""
    compared = halcyon.reply(Turn("compare revenue of DACH and France last quarter", "ada", now=NOW, conversation="race"))
    assert compared.answer is not None
    told = halcyon.reply(Turn("which one is growing faster", "ada", now=NOW, conversation="race"))
    growth = {
        region: after / before - 1
        for region, before, after in sql(
            """SELECT region, sum(amount_usd) FILTER (ordered_on BETWEEN '2025-10-01' AND '2025-12-31'),
            sum(amount_usd) FILTER (ordered_on BETWEEN '2026-01-01' AND '2026-03-31') FROM sales WHERE region IN ('DACH', 'France') GROUP BY 1"""
        )
    }
    assert [row["region"] for row in told.answer.rows] == sorted(growth, key=growth.__getitem__, reverse=True)


@pytest.mark.parametrize(
    ("ask", "query"),
    [
        (
            "average monthly revenue in 2025",
            "SELECT avg(figure), count(*) FROM (SELECT sum(amount_usd) AS figure FROM sales WHERE year(ordered_on) = 2025 GROUP BY month(ordered_on))",
        ),
        (
            "how many orders do we get per day on average in April 2026",
            "SELECT count(*) / 30, 30 FROM sales WHERE ordered_on >= '2026-04-01' AND ordered_on < '2026-05-01'",
        ),
        (  # the first week has four days of data
            "average weekly orders",
            "SELECT avg(figure), count(*) FROM (SELECT count(*) AS figure FROM sales WHERE ordered_on >= '2023-06-05' GROUP BY date_trunc('week', ordered_on))",
        ),
        (
            "average revenue per month for DACH in 2025",
            "SELECT sum(amount_usd) / 12, 12 FROM sales WHERE region = 'DACH' AND year(ordered_on) = 2025",
        ),
    ],
)
def test_the_average_of_periods_is_that_of_those_that_are_whole(halcyon, sql, ask, query):
    """The value of the answer, and the number of periods that it is said to be of."""
    ((value, buckets),) = sql(query)
    answer = halcyon.reply(Turn(ask, "ada", now=NOW)).answer
    assert answer.average.buckets == buckets
    assert answer.average.value == pytest.approx(float(value))
    assert answer.value == answer.average.value


def test_an_average_of_periods_by_groups_is_that_of_each(halcyon, sql):
    """Of every region what its twelve months of 2025 came to, divided by twelve; unknown regions stay."""
    reply = halcyon.reply(Turn("average monthly revenue by region in 2025", "ada", now=NOW))
    told = {row["region"]: row["revenue"] for row in reply.answer.rows}
    by_hand = dict(sql("SELECT region, sum(amount_usd) / 12 FROM sales WHERE year(ordered_on) = 2025 GROUP BY 1"))
    assert told == {region: pytest.approx(float(value)) for region, value in by_hand.items()}

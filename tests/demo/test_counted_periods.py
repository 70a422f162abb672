"""How many days a figure was over something, against SQL written by hand."""

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

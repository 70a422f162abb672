"""Shares, parts of time, steps, running totals, growth, sets, leaders and lists of the demo company, against SQL written by hand."""

from __future__ import annotations

from datetime import date

import pytest

from insights import Turn

SOLD = "FROM orders LEFT JOIN customers USING (customer_id) LEFT JOIN regions USING (region_id) LEFT JOIN markets USING (market_id) WHERE status <> 'test'"
MAY = "AND ordered_on BETWEEN DATE '2026-05-01' AND DATE '2026-05-31'"
CATEGORY = "CASE WHEN category = 'Periodicals' THEN 'Magazines' ELSE category END"


@pytest.fixture
def rows(halcyon):
    """The cells of the answer's rows, in the order of its columns."""

    def rows(text):
        reply = halcyon.reply(Turn(text))
        assert reply.outcome == "understood", reply.text
        return [tuple(row.values()) for row in reply.answer.rows]

    return rows


def close(found, wanted):
    """The same rows, but for the last digits of fractions."""
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        assert [pytest.approx(cell) if isinstance(cell, float) else cell for cell in other] == list(one)


def test_the_share_of_each_market(rows, sql):
    """Orders of nobody known are a part of the whole."""
    wanted = sql(f"SELECT market, sum(amount_usd)::DOUBLE AS part, sum(sum(amount_usd)) OVER ()::DOUBLE AS whole {SOLD} {MAY} GROUP BY 1 ORDER BY part DESC")
    close(rows("share of revenue by market in May 2026"), [(market, part / whole, part, whole) for market, part, whole in wanted])


def test_the_share_of_one_market_in_what_one_category_sold(rows, sql):
    """The category holds for the whole too."""
    ((part, whole),) = sql(f"SELECT sum(amount_usd) FILTER (market = 'EMEA')::DOUBLE, sum(amount_usd)::DOUBLE {SOLD} {MAY} AND {CATEGORY} = 'Books'")
    close(rows("what percent of books revenue came from EMEA in May 2026"), [(part / whole, part, whole)])


def test_the_share_of_one_market_month_by_month(rows, sql):
    """Each month has a whole of its own."""
    wanted = sql(
        f"""SELECT date_trunc('month', ordered_on)::DATE, sum(amount_usd) FILTER (market = 'EMEA')::DOUBLE, sum(amount_usd)::DOUBLE
        {SOLD} AND ordered_on BETWEEN DATE '2026-01-01' AND DATE '2026-05-31' GROUP BY 1 ORDER BY 1"""
    )
    close(rows("EMEA's share of revenue by month from January to May 2026"), [(at, part / whole, part, whole) for at, part, whole in wanted])


def test_orders_by_weekday(rows, sql):
    """From Monday on."""
    wanted = sql(f"SELECT lower(dayname(ordered_on)), count(*) {SOLD} {MAY} GROUP BY isodow(ordered_on), 1 ORDER BY isodow(ordered_on)")
    close(rows("orders by weekday in May 2026"), wanted)


def test_sessions_by_hour_at_the_weekend(rows, sql):
    """Two parts of the same time at once; hours that never were are not listed."""
    wanted = sql(
        """SELECT hour(started_at), count(*) FROM sessions
        WHERE started_at >= DATE '2026-05-01' AND started_at < DATE '2026-06-01' AND dayofweek(started_at) IN (0, 6) GROUP BY 1 ORDER BY 1"""
    )
    close(rows("sessions by hour of day on weekends in May 2026"), wanted)


def test_orders_in_steps_of_twenty_five_dollars(rows, sql):
    """By the lower end of each step."""
    wanted = sql(f"SELECT (floor(amount_usd / 25) * 25)::INTEGER AS step, count(*) {SOLD} {MAY} GROUP BY 1 ORDER BY 1")
    close(rows("orders by order amount in steps of 25 in May 2026"), wanted)


def test_revenue_running_up_over_the_year(rows, sql):
    """By month, to the last day of the data."""
    wanted = sql(
        f"""SELECT month, sum(amount) OVER (ORDER BY month)::DOUBLE FROM (
        SELECT date_trunc('month', ordered_on)::DATE AS month, sum(amount_usd) AS amount {SOLD} AND ordered_on >= DATE '2026-01-01' GROUP BY 1) ORDER BY 1"""
    )
    close(rows("running total of revenue in 2026 by month"), wanted)


def test_growth_from_month_to_month(rows, sql):
    """January grows from a December that is not shown."""
    wanted = sql(
        f"""SELECT * FROM (SELECT month, amount, lag(amount) OVER (ORDER BY month) AS before FROM (
        SELECT date_trunc('month', ordered_on)::DATE AS month, sum(amount_usd)::DOUBLE AS amount {SOLD} GROUP BY 1))
        WHERE month >= DATE '2026-01-01' ORDER BY 1"""
    )
    found = rows("month over month growth of revenue in 2026")
    close([(at, now, before, growth) for at, now, before, _, growth in found], [(at, now, before, now / before - 1) for at, now, before in wanted])


def test_customers_who_bought_in_april_and_not_since(rows, sql):
    """Counted as the metric counts them, in both periods."""
    since = "SELECT customer_id FROM orders WHERE status <> 'test' AND ordered_on >= DATE '2026-05-01' AND customer_id IS NOT NULL"
    wanted = sql(
        f"""SELECT count(DISTINCT customer_id) FROM orders WHERE status <> 'test' AND ordered_on BETWEEN DATE '2026-04-01' AND DATE '2026-04-30'
        AND customer_id NOT IN ({since})"""
    )
    close(rows("customers who bought in April 2026 and not since"), wanted)


def test_the_leading_categories_of_each_market(rows, sql):
    """Two of them, in the order of their revenue."""
    wanted = sql(
        f"""SELECT market, category, amount::DOUBLE FROM (
        SELECT market, {CATEGORY} AS category, sum(amount_usd) AS amount, row_number() OVER (PARTITION BY market ORDER BY sum(amount_usd) DESC) AS place
        {SOLD} {MAY} GROUP BY 1, 2) WHERE place <= 2 ORDER BY market NULLS LAST, place"""
    )
    close(rows("top 2 categories in each market by revenue in May 2026"), wanted)


def test_the_regions_that_declined_are_told_and_no_others(rows, sql):
    """The largest fall first."""
    wanted = sql(
        f"""SELECT region, sum(amount_usd) FILTER (ordered_on >= DATE '2026-04-01')::DOUBLE AS now,
        sum(amount_usd) FILTER (ordered_on < DATE '2026-04-01')::DOUBLE AS was
        {SOLD} AND ordered_on BETWEEN DATE '2026-03-01' AND DATE '2026-04-30' GROUP BY 1 HAVING now < was ORDER BY now - was"""
    )
    assert wanted
    close([row[:3] for row in rows("which regions declined in revenue in April 2026")], wanted)


def test_the_average_month_of_each_region_adds_up_to_that_of_all(halcyon, rows, sql):
    """Over the five whole months of this year."""
    wanted = sql(f"SELECT region, sum(amount_usd)::DOUBLE / 5 AS mean {SOLD} AND ordered_on >= DATE '2026-01-01' GROUP BY 1 ORDER BY mean DESC")
    found = rows("average monthly revenue by region this year")
    close(found, wanted)
    whole = halcyon.reply(Turn("average monthly revenue this year")).answer.value
    assert sum(mean for _, mean in found) == pytest.approx(whole)


def test_a_month_that_is_not_whole_is_in_no_average(rows, sql):
    """Until the middle of April: January to March are whole."""
    wanted = sql(f"SELECT market, count(*) / 3 AS mean {SOLD} AND ordered_on BETWEEN DATE '2026-01-01' AND DATE '2026-03-31' GROUP BY 1 ORDER BY mean DESC")
    close(rows("average monthly orders by market from January 1 to April 15 2026"), wanted)


def test_a_leader_that_nobody_knows_is_said_to_be_none(halcyon):
    """Orders without a region have a rank within their market, which is unknown as well."""
    reply = halcyon.reply(Turn("top 2 regions in each market by revenue"))
    assert any(row["region"] is None for row in reply.answer.rows)
    assert "What has no known region is ranked too; say 'exclude unknown' to leave it out." in reply.text


def test_how_many_customers_ordered_often(halcyon, sql):
    """Those who are known are counted, however many of them are listed; orders of nobody known are nobody's."""
    often = (
        "SELECT customer_id FROM orders JOIN customers USING (customer_id) WHERE status <> 'test' AND year(ordered_on) = 2025 GROUP BY 1 HAVING count(*) > 5"
    )
    ((count,),) = sql(f"SELECT count(*) FROM ({often})")
    reply = halcyon.reply(Turn("how many customers had more than 5 orders in 2025"))
    assert f"{count:,} customer ids" in reply.text
    assert "What has no known customer id is listed too, as one; it is not counted." in reply.text


def test_the_orders_over_195_dollars(halcyon, sql):
    """As many as there are, the latest first."""
    reply = halcyon.reply(Turn("list the orders over 195 dollars in May 2026"))
    wanted = sql(f"SELECT order_id, ordered_on, amount_usd::DOUBLE {SOLD} {MAY} AND amount_usd > 195 ORDER BY ordered_on DESC, order_id")
    assert [(row["orders.order_id"], row["ordered_on"], row["orders.amount_usd"]) for row in reply.answer.rows] == wanted
    assert reply.answer.total_rows == len(wanted)
    assert reply.answer.rows[0]["ordered_on"] <= date(2026, 5, 31)


def test_how_many_currencies_customers_paid_in(rows, sql):
    """A distinct count that no metric declares is of every order, test orders included."""
    wanted = sql("SELECT count(DISTINCT currency) FROM orders WHERE ordered_on BETWEEN DATE '2026-05-01' AND DATE '2026-05-31'")
    close(rows("how many different currencies in May 2026"), wanted)

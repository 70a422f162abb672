"""The data is as dirty as it was promised to be, and no dirtier."""

from __future__ import annotations

import csv

import pytest


@pytest.mark.parametrize(
    ("table", "key", "dimension", "missing", "orphans"),
    [
        ("orders", "customer_id", "customers", (0.0005, 0.003), (0.002, 0.006)),
        ("orders", "device_id", "devices", (0.003, 0.007), (0, 0)),
        ("sessions", "title_id", "titles", (0, 0), (0.003, 0.007)),
        ("sessions", "device_id", "devices", (0.006, 0.01), (0, 0)),
        ("contacts", "customer_id", "customers", (0.03, 0.05), (0.001, 0.006)),
        ("customers", "region_id", "regions", (0.002, 0.007), (0, 0)),
        ("subscriptions", "campaign_id", "campaigns", (0.2, 0.7), (0, 0)),
        ("subscriptions", "customer_id", "customers", (0, 0), (0, 0)),
        ("orders", "plan_id", "plans", (0, 0), (0, 0)),
        ("ads", "title_id", "titles", (0, 0), (0, 0)),
        ("marketing", "campaign_id", "campaigns", (0, 0), (0, 0)),
        ("titles", "publisher_id", "publishers", (0, 0), (0, 0)),
        ("regions", "market_id", "markets", (0, 0), (0, 0)),
    ],
)
def test_keys_are_missing_or_orphaned_where_they_should_be(sql, table, key, dimension, missing, orphans):
    """The share of NULL keys and of keys that the dimension does not know lies between the bounds."""
    ((null, orphan),) = sql(
        f"SELECT avg((f.{key} IS NULL)::INT), avg((f.{key} IS NOT NULL AND d.{key} IS NULL)::INT) FROM {table} f LEFT JOIN {dimension} d USING ({key})"
    )
    assert missing[0] <= null <= missing[1]
    assert orphans[0] <= orphan <= orphans[1]


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("orders", "order_id"),
        ("sessions", "session_id"),
        ("subscriptions", "subscription_id"),
        ("ads", "ad_id"),
        ("marketing", "spend_id"),
        ("contacts", "contact_id"),
        ("checkout_test", "exposure_id"),
        ("preview_test", "exposure_id"),
        ("customers", "customer_id"),
        ("titles", "title_id"),
        ("campaigns", "campaign_id"),
    ],
)
def test_a_primary_key_is_unique(sql, table, key):
    """No key twice and none missing: a join from the fact side never multiplies rows."""
    ((rows, keys),) = sql(f"SELECT count(*), count(DISTINCT {key}) FROM {table}")
    assert rows == keys > 0


@pytest.mark.parametrize(("table", "day"), [("orders", "ordered_on"), ("sessions", "CAST(started_at AS DATE)")])
def test_some_rows_arrive_in_a_later_folder_than_their_day(sql, table, day):
    """Fewer than one in a hundred rows is late, by 25 days at most; some stand in the folder of a later month, all in that of their arrival."""
    ((late, most, elsewhere, misplaced),) = sql(
        f"""SELECT avg((loaded_on > {day})::INT), max(loaded_on - {day}),
        count(*) FILTER ((year::INT, month::INT) <> (year({day}), month({day}))),
        count(*) FILTER ((year::INT, month::INT) <> (year(loaded_on), month(loaded_on))) FROM {table}"""
    )
    assert 0.004 < late < 0.01
    assert 20 <= most <= 25
    assert elsewhere > 100
    assert misplaced == 0


def test_a_category_was_renamed(sql):
    """Periodicals end with 2024 and Magazines begin with 2025."""
    found = sql(
        "SELECT category, min(year(ordered_on)), max(year(ordered_on)) FROM orders WHERE category IN ('Periodicals', 'Magazines') GROUP BY 1 ORDER BY 1"
    )
    assert found == [("Magazines", 2025, 2026), ("Periodicals", 2023, 2024)]


def test_orders_are_in_several_currencies_and_convert_at_the_dated_rate(sql, company):
    """Ten currencies; the amount in dollars is the amount times the rate of its month, up to the rounding of both to a hundredth of their unit."""
    with (company.folder / "rates.csv").open(encoding="utf-8", newline="") as lines:
        rates = {(row["date"][:7], row["currency"]): float(row["rate"]) for row in csv.DictReader(lines)}
    assert len({currency for _, currency in rates}) == 10
    assert len(rates) == 360
    orders = sql("SELECT strftime(ordered_on, '%Y-%m'), currency, amount, amount_usd FROM orders WHERE order_id % 97 = 0")
    assert {currency for _, currency, _, _ in orders} == {currency for _, currency in rates}
    for month, currency, amount, amount_usd in orders:
        rate = rates[month, currency]
        assert float(amount) * rate == pytest.approx(float(amount_usd), abs=0.005 * max(1.0, rate) + 1e-4)


def test_test_orders_and_cancelled_ones_are_among_the_orders(sql):
    """Four states; cancelled orders were never charged, only refunded ones were paid back, and in full."""
    states = {status: (charged, refunded) for status, charged, refunded in sql("SELECT status, sum(amount_usd), sum(refunded_usd) FROM orders GROUP BY 1")}
    assert states.keys() == {"completed", "cancelled", "refunded", "test"}
    assert states["cancelled"] == (0, 0)
    assert states["refunded"][0] == states["refunded"][1] > 0
    assert states["completed"][1] == states["test"][1] == 0


def test_nobody_watches_or_pays_outside_their_subscription(sql):
    """Sessions and renewals lie between the start and the end of the subscription."""
    assert sql("SELECT count(*) FROM sessions JOIN life USING (customer_id) WHERE CAST(started_at AS DATE) NOT BETWEEN started_on AND until") == [(0,)]
    renewals = "(SELECT * FROM orders WHERE category = 'Subscription')"
    assert sql(f"SELECT count(*) FROM {renewals} JOIN life USING (customer_id) WHERE ordered_on NOT BETWEEN started_on AND until") == [(0,)]


def test_no_title_is_watched_before_it_came_out(sql):
    """Sessions and advertising begin on the day of release."""
    assert sql("SELECT count(*) FROM sessions JOIN titles USING (title_id) WHERE CAST(started_at AS DATE) < released_on") == [(0,)]
    assert sql("SELECT count(*) FROM ads JOIN titles USING (title_id) WHERE served_on < released_on") == [(0,)]


def test_two_facts_share_dimensions_by_different_ways(sql):
    """Orders reach the markets through customers and regions, advertising through regions alone, and both know all three."""
    through_customers = sql(
        "SELECT DISTINCT market FROM orders JOIN customers USING (customer_id) JOIN regions USING (region_id) JOIN markets USING (market_id) ORDER BY 1"
    )
    direct = sql("SELECT DISTINCT market FROM ads JOIN regions USING (region_id) JOIN markets USING (market_id) ORDER BY 1")
    assert through_customers == direct == [("APAC",), ("Americas",), ("EMEA",)]

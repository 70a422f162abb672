"""How numbers are spread over records and over values: against SQL by hand and numpy."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.analysis.concentration import held
from insights.findings import Concentration, Distribution, Grown
from insights.turns import Turn


def test_concentration_is_what_sql_by_hand_finds(halcyon, by_hand) -> None:
    """Shares of known regions, Herfindahl's index, the fewest that hold four fifths, and what is no region's: told, and no holder."""
    reply = halcyon.reply(Turn("how concentrated is revenue by region last month"))
    found = reply.answer.finding
    assert isinstance(found, Concentration)
    sums = [
        (region, float(amount))
        for region, amount in by_hand(
            """SELECT region, sum(amount_usd) FROM orders LEFT JOIN customers USING (customer_id) LEFT JOIN regions USING (region_id)
            WHERE status <> 'test' AND ordered_on BETWEEN '2026-04-01' AND '2026-04-30' GROUP BY region ORDER BY 2 DESC"""
        )
    ]
    amounts = [amount for region, amount in sums if region is not None]
    whole = sum(amount for _, amount in sums)
    assert 0 < sum(amounts) < whole
    assert found.nobody == pytest.approx(1 - sum(amounts) / whole)
    shares = np.array(amounts) / sum(amounts)
    assert found.values == len(amounts)
    assert found.index == pytest.approx((shares**2).sum())
    assert found.most == int(np.searchsorted(np.cumsum(shares), 0.8)) + 1
    assert [share for _, share in found.top] == pytest.approx(shares[:5].tolist())
    assert reply.speech.startswith("North America has 24 percent of revenue in April 2026; 7 of 12 regions")


@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=50))
def test_the_index_lies_between_even_and_one(amounts) -> None:
    """And as many equal values as it says would be as concentrated."""
    found = held(sorted(amounts, reverse=True))
    assert 1 / len(amounts) - 1e-9 <= found.index <= 1 + 1e-9
    assert found.most_share >= 0.8 - 1e-9


def test_what_does_not_add_up_has_no_concentration(halcyon) -> None:
    """A rate by region has no shares."""
    reply = halcyon.reply(Turn("how concentrated is churn rate by region last month"))
    assert reply.outcome == "unsupported"
    assert "adds up" in reply.text


def test_quantiles_are_those_of_numpy(halcyon, by_hand) -> None:
    """Exact, with the records beyond the fences counted."""
    reply = halcyon.reply(Turn("distribution of order amount last month"))
    found = reply.answer.finding
    assert isinstance(found, Distribution)
    amounts = np.array([float(a) for (a,) in by_hand("SELECT amount_usd FROM orders WHERE ordered_on BETWEEN '2026-04-01' AND '2026-04-30'")])
    assert found.records == len(amounts)
    quantiles = np.quantile(amounts, [0.1, 0.25, 0.5, 0.75, 0.9])
    assert [found.p10, found.q1, found.median, found.q3, found.p90] == pytest.approx(quantiles.tolist())
    assert (found.least, found.greatest) == (amounts.min(), amounts.max())
    high = found.q3 + 1.5 * (found.q3 - found.q1)
    assert found.above == int((amounts > high).sum())
    assert found.below == int((amounts < found.q1 - 1.5 * (found.q3 - found.q1)).sum())


def test_a_number_that_its_owner_closed_is_not_spread_out(halcyon) -> None:
    """With cost anybody could work out the margin."""
    reply = halcyon.reply(Turn("distribution of cost last month"))
    assert reply.outcome in ("unsupported", "denied")


def test_outliers_of_records_are_those_beyond_the_fences(halcyon, by_hand) -> None:
    """The furthest of them by key, as SQL by hand orders them."""
    reply = halcyon.reply(Turn("outliers in order amount last month"))
    found = reply.answer.finding
    assert isinstance(found, Distribution)
    rows = by_hand(
        "SELECT order_id, amount_usd FROM orders WHERE ordered_on BETWEEN '2026-04-01' AND '2026-04-30' AND amount_usd > ? ORDER BY amount_usd DESC",
        found.fences[1],
    )
    assert found.above == len(rows)
    assert [one.value for one in found.outliers] == pytest.approx([float(amount) for _, amount in rows[:10]])
    amounts = {key: float(amount) for key, amount in rows}
    assert all(amounts[one.key[0]] == pytest.approx(one.value) for one in found.outliers)
    assert "lie beyond the fences" in reply.speech


def test_outliers_of_a_figure_by_group_are_days(halcyon) -> None:
    """A metric has no records to list."""
    assert halcyon.reply(Turn("spot outliers in refunds by region this year")).request.analysis == "anomalies"


def test_growth_is_taken_together(halcyon, by_hand) -> None:
    """Ups, downs and the constant growth that leads from December to May."""
    found = halcyon.reply(Turn("month over month growth of revenue this year")).answer.finding
    assert isinstance(found, Grown)
    months = [
        float(amount)
        for (amount,) in by_hand(
            """SELECT sum(amount_usd) FROM orders WHERE status <> 'test' AND ordered_on BETWEEN '2025-12-01' AND '2026-05-31'
            GROUP BY date_trunc('month', ordered_on) ORDER BY date_trunc('month', ordered_on)"""
        )
    ]
    growth = [b / a - 1 for a, b in pairwise(months)]
    assert (found.up, found.down, found.buckets) == (sum(g > 0 for g in growth), sum(g < 0 for g in growth), 5)
    assert found.compound == pytest.approx((months[-1] / months[0]) ** (1 / 5) - 1)
    assert (found.most[1], found.least[1]) == pytest.approx((max(growth), min(growth)))

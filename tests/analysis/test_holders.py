"""How concentrated a figure is over customers is told of them together, as SQL over all of them has it, and never of a few."""

from __future__ import annotations

import pytest

from insights.analysis.data import Data
from insights.turns import Turn

_HELD = """
    WITH each AS (SELECT customer_id, sum(amount_usd)::DOUBLE AS amount FROM orders WHERE status <> 'test' AND customer_id IS NOT NULL GROUP BY 1),
    ranked AS (
        SELECT amount, row_number() OVER (ORDER BY amount DESC) AS place, count(*) OVER () AS members, sum(amount) OVER () AS total
        FROM each WHERE amount <> 0
    )
    SELECT max(members), sum(amount) FILTER (place <= 10) / max(total), sum(amount) FILTER (place <= round(members * 0.1)) / max(total),
        sum((amount / total) ** 2)
    FROM ranked
"""


def test_what_the_largest_customers_hold_is_what_sql_says(halcyon, by_hand) -> None:
    """Those who were asked about, a tenth of all, and Herfindahl's index."""
    ((members, ten, tenth, index),) = by_hand(_HELD)
    finding = halcyon.reply(Turn("top 10 customers share of revenue")).answer.finding
    shares = {tier.part: tier.share for tier in finding.tiers}
    assert finding.values == members
    assert finding.index == pytest.approx(index)
    assert shares[None] == pytest.approx(ten)
    assert shares[0.1] == pytest.approx(tenth)


def test_no_customer_is_named_and_what_is_nobodys_is_said(halcyon, by_hand) -> None:
    """Orders without a customer are not a customer's."""
    ((nobody,),) = by_hand("SELECT sum(amount_usd) FILTER (customer_id IS NULL) / sum(amount_usd) FROM orders WHERE status <> 'test'")
    reply = halcyon.reply(Turn("how concentrated is our revenue by customer"))
    assert reply.answer.finding.top == ()
    assert reply.answer.finding.nobody == pytest.approx(float(nobody))
    assert "Revenue by customer" in reply.text
    assert "not counted here" in reply.text


def test_it_is_drawn_as_shares(halcyon) -> None:
    """Of the parts of all customers, or of the first ten values and all others, which make the whole."""
    parts = halcyon.reply(Turn("how concentrated is our revenue by customer")).chart
    assert parts.unit == "percent"
    assert parts.labels[0].startswith("1% (")
    regions = halcyon.reply(Turn("how concentrated is revenue by region")).chart
    assert len(regions.labels) == 11
    assert regions.labels[-1].endswith(" others")
    assert sum(regions.series[0].values) == pytest.approx(1)


def test_few_people_are_not_told_of(halcyon, monkeypatch) -> None:
    """Fewer than the company's least group."""
    monkeypatch.setattr(Data, "least", property(lambda _: 20))
    assert "Too few customers" in halcyon.reply(Turn("top 10 customers share of revenue")).text
    assert "The top 10% (" in halcyon.reply(Turn("how concentrated is our revenue by customer")).text

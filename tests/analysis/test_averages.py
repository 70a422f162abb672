"""The average of periods by groups: every group over the same periods, and nothing that does not add up."""

from __future__ import annotations

import pytest

from insights import Turn
from insights.analysis.averages import averages


def test_a_group_without_anything_in_a_period_counts_as_zero_there():
    """Ten and nothing is five on average, and the averages add up to that of all."""
    found = averages([{("north",): 10.0, ("south",): 1.0}, {("south",): 5.0}, {}], [("north",), ("south",)])
    assert found == {("north",): pytest.approx(10 / 3), ("south",): 2.0}
    assert sum(found.values()) == pytest.approx(16 / 3)


@pytest.mark.parametrize("text", ["average monthly customers by region", "average monthly refund rate by market in 2025"])
def test_what_does_not_add_up_is_never_averaged_over_its_periods(halcyon, text):
    """Who came in two months is one customer, and the mean of two rates is no rate."""
    reply = halcyon.reply(Turn(text))
    assert getattr(reply.answer, "average", None) is None


def test_no_average_is_taken_of_what_is_no_whole_period(halcyon):
    """Ten days of April hold no month."""
    reply = halcyon.reply(Turn("average monthly revenue by region from April 5 to April 15 2026"))
    assert reply.outcome != "understood"
    assert "no whole month" in reply.text

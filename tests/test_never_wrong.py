"""Words that would change what is asked are understood, asked about or refused, never lost: a wrong answer is the worst outcome."""

from __future__ import annotations

from datetime import date

import pytest

from insights import Turn
from insights.requests import ComparePeriod


@pytest.mark.parametrize(
    "text",
    [
        "revenue rank of Japan",
        "which device has the longest sessions",
        "which region has the biggest orders",
        "shortest sessions by device",
        "return on marketing spend last quarter",
        "revenue with a refund last month",
        "revenue / orders / customers last month",
        "sessions * 2 last month",
        "average order value per customer last year",
    ],
)
def test_a_word_that_changes_the_question_is_not_dropped(halcyon, text):
    """What cannot be answered as it was said is asked about or refused."""
    assert halcyon.reply(Turn(text)).outcome in ("clarify", "unsupported")


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("revenue / orders last month", "revenue / orders"),
        ("revenue - refunds last month", "revenue - refunds"),
        ("revenue – refunds last month", "revenue - refunds"),
        ("revenue + ad revenue last month", "revenue + ad_revenue"),
        ("sessions ÷ viewers last month", "sessions / viewers"),
        ("revenue - last month", "revenue"),
        ("return revenue last month", "revenue"),
        ("average orders per customer last year", "orders / customers"),
    ],
)
def test_signs_are_arithmetic_between_measures_and_punctuation_elsewhere(halcyon, text, metric):
    """A sign between two figures is worked out, a dash before a period is a dash."""
    assert halcyon.reply(Turn(text)).request.metrics == (metric,)


@pytest.mark.parametrize(
    ("text", "period", "before"),
    [
        ("how did orders change from Q4 2025 to Q1 2026", date(2026, 1, 1), date(2025, 10, 1)),
        ("how did revenue change from April to May", date(2026, 5, 1), date(2026, 4, 1)),
        ("did revenue fall from 2024 to 2025", date(2025, 1, 1), date(2024, 1, 1)),
        ("revenue Q1 vs Q2 2025", date(2025, 1, 1), date(2025, 4, 1)),
        ("revenue Q1 2025 vs Q2", date(2025, 1, 1), date(2025, 4, 1)),
        ("revenue January 2026 vs December", date(2026, 1, 1), date(2025, 12, 1)),
        ("revenue in April compared to April 2025", date(2026, 4, 1), date(2025, 4, 1)),
    ],
)
def test_two_periods_are_those_that_were_named(halcyon, text, period, before):
    """A change from one to the other compares these two, and a year said once holds for both unless that would be the future or the same."""
    request = halcyon.reply(Turn(text)).request
    assert isinstance(request.compare, ComparePeriod)
    assert (request.period.first, request.compare.period.first) == (period, before)


def test_what_a_period_applies_to_is_told_where_it_is_not_the_usual(halcyon):
    """ "Revenue of customers who joined in 2025" is one figure, and the answer says that 2025 is when they joined."""
    reply = halcyon.reply(Turn("revenue from customers who joined in 2025"))
    assert (reply.request.analysis, reply.request.time_field) == ("value", "customers.joined_on")
    assert any("joined on" in said for said in reply.assumed)
    assert "joined on" in reply.text


def test_who_placed_an_order_is_not_what_orders_are_split_by(halcyon):
    """ "Placed by customers in Japan" narrows, "by region" splits."""
    assert halcyon.reply(Turn("orders placed by customers in Japan in May 2026")).request.group_by == ()
    assert halcyon.reply(Turn("orders placed by region in May 2026")).request.group_by == ("region",)

"""Words that would change what is asked are understood, asked about or refused, never lost: a wrong answer is the worst outcome."""

from __future__ import annotations

from datetime import date, datetime

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
        "completion rate of films longer than two hours",
        "number of refunds last month",
        "do premium customers watch more than basic ones",
        "when do people contact support",
        "what do we earn from ads",
        "how many orders had a refund",
        "percent of contacts resolved by topic",
        "Q1 revenue for the last three years",
        "rank of DACH among regions by revenue",
        "contacts older than last week",
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


@pytest.mark.parametrize("text", ["orders over -5 last month", "revenue last month -5", "sessions - 5 last month"])
def test_a_negative_number_is_not_its_opposite(halcyon, text):
    """A minus before a number is not dropped."""
    assert halcyon.reply(Turn(text)).outcome in ("clarify", "unsupported")


@pytest.mark.parametrize(
    "text", ["book Fern and Moss tomorrow at 5pm for an hour", "book Fern tomorrow at 3pm for -5 minutes", "book Fern for grace tomorrow at 5pm for an hour"]
)
def test_a_booking_is_not_made_from_half_of_what_was_said(office, text):
    """With words left over, what would be booked is asked about first, nothing is booked before the yes, and nothing for whom one may not act."""
    reply = office.reply(Turn(text, person="ada", conversation="c"))
    assert reply.outcome in ("confirm", "clarify", "unsupported", "denied")
    assert "nothing booked" in office.reply(Turn("what have I booked", person="ada")).text


def test_a_room_that_was_taken_before_the_yes_is_not_given_twice(office):
    """Two people are offered the same room; the second yes is told that it is gone, and what is free instead."""
    for person in ("ada", "grace"):
        assert office.reply(Turn("book a room for two tomorrow at three for an hour", person=person, conversation=person)).outcome == "confirm"
    assert office.reply(Turn("yes", person="grace", conversation="grace")).answer.booking.room == "willow"
    late = office.reply(Turn("yes", person="ada", conversation="ada"))
    assert (late.outcome, late.answer) == ("failed", None)
    assert "Willow is taken" in late.text
    assert "nothing booked" in office.reply(Turn("what have I booked", person="ada")).text


def test_a_yes_that_comes_after_the_time_books_nothing(office):
    """A proposal does not outlive its start."""
    office.reply(Turn("book a room for two today at 10 for an hour", person="ada", conversation="c", now=datetime(2026, 5, 31, 9)))
    late = office.reply(Turn("yes", person="ada", conversation="c", now=datetime(2026, 5, 31, 12)))
    assert (late.outcome, late.answer) == ("unsupported", None)


def test_a_ticket_is_told_to_nobody_but_who_raised_it(office):
    """Neither its number nor its words, and a number that does not exist is told of in the same way."""
    office.reply(Turn("the projector in Fern is broken", person="ada", conversation="c"))
    number = office.reply(Turn("yes", person="ada", conversation="c")).answer.ticket.id
    assert "projector" in office.reply(Turn(f"what is the status of ticket {number}", person="ada")).text
    other = office.reply(Turn(f"what is the status of ticket {number}", person="luis")).text
    unknown = office.reply(Turn("what is the status of ticket T-9999", person="luis")).text
    assert "projector" not in other
    assert other == unknown.replace("T-9999", number)


@pytest.mark.parametrize("text", ["compare revenue with March", "compare revenue with last quarter", "comparison of orders in May"])
def test_a_comparison_with_nothing_beside_it_says_so(halcyon, text):
    """One figure is told, and that it was to be compared was not used."""
    assert 'Not used: "compare"' in halcyon.reply(Turn(text)).text


@pytest.mark.parametrize("text", ["compare revenue and orders in May", "compare revenue by region", "compare revenue in May with April"])
def test_a_comparison_that_is_made_leaves_no_word_unused(halcyon, text):
    """Figures, groups or periods stand side by side."""
    assert "Not used" not in halcyon.reply(Turn(text)).text


def test_the_best_of_averaged_months_is_one_of_them(office):
    """A rank after an average of months looks at each month."""
    office.reply(Turn("average monthly revenue in 2025", person="ada", conversation="average"))
    reply = office.reply(Turn("which month was the best", person="ada", conversation="average"))
    assert reply.outcome == "understood", reply.text
    assert "December 2025: $335,767.33" in reply.text

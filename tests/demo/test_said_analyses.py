"""Analyses of the demo company as leaders ask for them."""

from __future__ import annotations

from datetime import date

import pytest

from insights.turns import Turn


@pytest.mark.parametrize(
    ("asked", "analysis", "metrics", "options"),
    [
        ("did the checkout test work", "experiment", (), {"experiment": "checkout_test"}),
        ("did the new checkout work", "experiment", (), {"experiment": "checkout_test"}),
        ("is the new checkout working", "experiment", (), {"experiment": "checkout_test"}),
        ("did the preview help", "experiment", (), {"experiment": "preview_test"}),
        ("which customers are alike", "segments", (), {"of": "customers"}),
        ("are sessions and orders related", "correlation", ("sessions", "orders"), {}),
        ("is refunds correlated with orders", "correlation", ("refunds", "orders"), {}),
        ("is revenue seasonal", "trend", ("revenue",), {}),
    ],
)
def test_it_is_understood(halcyon, asked, analysis, metrics, options) -> None:
    """With nothing left unused."""
    reply = halcyon.reply(Turn(asked))
    assert (reply.request.analysis, reply.request.metrics) == (analysis, metrics)
    assert reply.request.options.items() >= options.items()
    assert "Not used" not in reply.text


def test_whether_something_worked_says_which_test_is_meant(halcyon) -> None:
    """Where only a part of its name was said."""
    assert "I took the checkout test for 'checkout'" in halcyon.reply(Turn("did the new checkout work")).text


def test_whether_a_figure_worked_is_no_experiment(halcyon) -> None:
    """Only what was tried has worked or not."""
    request = halcyon.reply(Turn("did revenue work")).request
    assert request is None or request.analysis != "experiment"


def test_of_two_periods_the_later_is_explained_against_the_earlier(halcyon) -> None:
    """However they are put in order; they are not added up."""
    request = halcyon.reply(Turn("explain the revenue change between q1 2026 and q4 2025")).request
    assert (request.analysis, request.period.first, request.period.last) == ("drivers", date(2026, 1, 1), date(2026, 3, 31))
    assert (request.compare.period.first, request.compare.period.last) == (date(2025, 10, 1), date(2025, 12, 31))


def test_a_rate_goes_up_in_percentage_points(halcyon) -> None:
    """Not in percent, which would be of itself."""
    assert "percentage points a month" in halcyon.reply(Turn("is churn rate trending up")).text

"""Analyses of the demo company as leaders ask for them."""

from __future__ import annotations

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


def test_a_rate_goes_up_in_percentage_points(halcyon) -> None:
    """Not in percent, which would be of itself."""
    assert "percentage points a month" in halcyon.reply(Turn("is churn rate trending up")).text

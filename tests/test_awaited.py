"""What is understood and not answered yet is refused by name of what was understood, and only to those who may ask it."""

from __future__ import annotations

import pytest

from insights.requests import MetricQuestion
from insights.turns import Turn


@pytest.mark.parametrize(
    ("text", "analysis", "named"),
    [
        ("brief me", "briefing", "briefing"),
    ],
)
def test_what_is_not_answered_yet_is_named_with_a_way_out(halcyon, text, analysis, named) -> None:
    """The outcome is unsupported; the reason says what was understood, and the request is told."""
    reply = halcyon.reply(Turn(text, person="ada"))
    assert reply.outcome == "unsupported"
    assert isinstance(reply.request, MetricQuestion)
    assert reply.request.analysis == analysis
    assert reply.reason is not None
    assert reply.reason.startswith(f"I understood: {named}")
    assert " yet; " in reply.reason
    assert reply.suggestions


@pytest.mark.parametrize("text", ["forecast gross profit for next month", "why did gross margin fall in April", "are we on track for gross profit"])
def test_what_is_confidential_is_denied_before_it_is_explained(halcyon, text) -> None:
    """Somebody without the right learns nothing of how it would be answered."""
    reply = halcyon.reply(Turn(text))
    assert reply.outcome == "denied"
    assert "I understood" not in reply.text

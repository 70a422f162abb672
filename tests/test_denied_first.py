"""What is confidential is denied before anything is said about how it would be answered."""

from __future__ import annotations

import pytest

from insights.turns import Turn


@pytest.mark.parametrize("text", ["forecast gross profit for next month", "why did gross margin fall in April", "are we on track for gross profit"])
def test_what_is_confidential_is_denied_before_it_is_explained(halcyon, text) -> None:
    """Somebody without the right learns nothing of how it would be answered."""
    reply = halcyon.reply(Turn(text))
    assert reply.outcome == "denied"
    assert "I understood" not in reply.text

"""While a question back waits, a whole question about something else is answered, and a reply stays a reply."""

import pytest

from insights.requests import MetricQuestion
from insights.turns import Turn


@pytest.mark.parametrize("asked", ["what was revenue in 2024", "revenue last month", "top 3 regions by orders in 2025"])
def test_a_whole_question_changes_the_subject(office, asked):
    """A room without its time waits for it no longer."""
    waits = office.reply(Turn("book a room for four tomorrow", person="ada", conversation="c"))
    assert waits.outcome == "clarify"
    reply = office.reply(Turn(asked, person="ada", conversation="c"))
    assert isinstance(reply.request, MetricQuestion)
    assert reply.answer is not None
    assert office.reply(Turn("at three for an hour", person="ada", conversation="c")).outcome != "confirm"


def test_a_reply_is_not_taken_for_another_subject(office):
    """The time completes the booking."""
    office.reply(Turn("book a room for four tomorrow", person="ada", conversation="c"))
    assert office.reply(Turn("at three for an hour", person="ada", conversation="c")).outcome == "confirm"

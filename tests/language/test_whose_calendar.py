"""Whose calendar is asked for: never one's own in place of that of somebody nobody knows."""

from datetime import datetime

import pytest

from insights.requests import Clarify, MyCalendar, Unsupported

NOW = datetime(2026, 5, 31, 9)


@pytest.mark.parametrize(
    ("said", "whose"),
    [("what is on ada's calendar", "ada"), ("what is on my calendar", None), ("what's on today's agenda", None), ("what do i have tomorrow", None)],
)
def test_a_calendar_is_that_of_whom_it_says(understander, said, whose):
    """A day owns none."""
    assert understander.understand(said, now=NOW).request.person == whose


def test_nobody_is_shown_their_own_for_that_of_a_stranger(understander):
    """It is said that nobody is called so, or asked which of several."""
    said = understander.understand("what is on zoe's calendar tomorrow", now=NOW)
    assert isinstance(said, Unsupported)
    assert "zoe" in said.reason
    both = understander.understand("what is on smith's calendar", now=NOW)
    assert isinstance(both, Clarify)
    assert [choice.request for choice in both.choices] == [MyCalendar(person="john"), MyCalendar(person="jane")]

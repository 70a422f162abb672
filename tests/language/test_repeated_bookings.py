"""A booking that repeats is never taken for a single one."""

from __future__ import annotations

import pytest

from insights.requests import BookRoom, Understood, Unsupported
from tests.language.company import NOW


@pytest.mark.parametrize(
    "when", ["every monday at 10 for an hour", "tomorrow at nine for thirty minutes weekly", "for an hour every weekday at nine until friday"]
)
def test_a_booking_that_repeats_is_refused_with_the_words_that_say_so(understander, when):
    """The reason names them and what to do instead."""
    reading = understander.understand(f"book a room {when}", now=NOW)
    assert isinstance(reading, Unsupported)
    assert "again and again" in reading.reason
    assert "one day" in reading.reason


def test_what_the_meeting_is_for_may_be_weekly(understander):
    """ "For the weekly review" is no repetition of the booking."""
    reading = understander.understand("book a room tomorrow at nine for thirty minutes for the weekly review", now=NOW)
    assert isinstance(reading, Understood)
    assert isinstance(reading.request, BookRoom)

"""A booking that repeats is never taken for a single one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from insights.requests import BookRoom, Clarify, Understood
from tests.language.company import NOW


@pytest.mark.parametrize(
    ("when", "rule", "start"),
    [
        ("every monday at 10 for an hour", "FREQ=WEEKLY;BYDAY=MO;BYHOUR=10;BYMINUTE=0", None),
        ("tomorrow at nine for thirty minutes weekly", "FREQ=WEEKLY", NOW.replace(hour=9, minute=0) + timedelta(days=1)),
    ],
)
def test_a_booking_that_repeats_has_the_rule_by_which_it_does(understander, when, rule, start):
    """And its first time, where that was said."""
    reading = understander.understand(f"book a room {when}", now=NOW)
    assert isinstance(reading, Understood)
    assert (reading.request.repeats, reading.request.start) == (rule, start)


@pytest.mark.parametrize(
    ("when", "rule"),
    [
        ("every tuesday at 9 am for four weeks", "FREQ=WEEKLY;BYDAY=TU;BYHOUR=9;BYMINUTE=0;COUNT=4"),
        ("every tuesday at 9 am for a month", "FREQ=WEEKLY;BYDAY=TU;BYHOUR=9;BYMINUTE=0;COUNT=4"),
        ("every second monday at 9 am for three months", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;BYHOUR=9;BYMINUTE=0;COUNT=6"),
    ],
)
def test_for_so_many_weeks_or_months_says_how_often_it_is_repeated(understander, when, rule):
    """And not how long each booking is, which is asked."""
    reading = understander.understand(f"book a room {when}", now=NOW)
    assert isinstance(reading, Clarify)
    assert isinstance(reading.partial, BookRoom)
    assert (reading.missing, reading.partial.repeats) == ("minutes", rule)


def test_what_the_meeting_is_for_may_be_weekly(understander):
    """ "For the weekly review" is no repetition of the booking."""
    reading = understander.understand("book a room tomorrow at nine for thirty minutes for the weekly review", now=NOW)
    assert isinstance(reading, Understood)
    assert isinstance(reading.request, BookRoom)
    assert reading.request.repeats is None

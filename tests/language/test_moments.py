"""What a question takes its period to be, and what it says about it."""

from __future__ import annotations

from datetime import date

import pytest

from insights.requests import ComparePeriod, Understood
from tests.language.company import NOW


def understood(understander, text):
    """The reading, which must be one."""
    reading = understander.understand(text, now=NOW)
    assert isinstance(reading, Understood), reading
    return reading


@pytest.mark.parametrize("text", ["revenue all time", "revenue of all time", "total revenue ever"])
def test_all_time_is_no_period_and_said_as_the_days_of_the_data(understander, text):
    """Nothing is left out, and which days that is is said."""
    reading = understood(understander, text)
    assert reading.request.period is None
    assert any("20" in sentence and sentence.startswith(("'all time'", "'ever'")) for sentence in reading.assumed)


def test_right_now_is_the_latest_there_is(understander):
    """No part of a day."""
    reading = understood(understander, "how many customers do we have right now")
    assert reading.request.period is None


def test_the_weeks_that_a_year_cuts_off_are_said_when_the_best_is_asked_for(understander):
    """2025 begins on a Wednesday; a day is never cut."""
    reading = understood(understander, "worst week by revenue in 2025")
    assert "the first week is not whole: January 1 to January 5, 2025" in reading.assumed
    assert not any("not whole" in sentence for sentence in understood(understander, "best day by revenue in 2025").assumed)
    assert not any("not whole" in sentence for sentence in understood(understander, "revenue by week in 2025").assumed)


def test_periods_of_unequal_length_are_compared_as_they_are_and_that_is_said(understander):
    """A quarter beside a month."""
    reading = understood(understander, "revenue q1 2025 compared to may 2025")
    assert isinstance(reading.request.compare, ComparePeriod)
    assert "the two are not equally long: 90 and 31 days" in reading.assumed


def test_a_year_up_to_now_is_compared_with_as_much_of_the_last(understander):
    """Year to date against last year."""
    reading = understood(understander, "revenue year to date vs last year")
    period, compare = reading.request.period, reading.request.compare.period
    assert (period.first, compare.first) == (date(NOW.year, 1, 1), date(NOW.year - 1, 1, 1))
    assert (period.last.month, period.last.day) == (compare.last.month, compare.last.day)

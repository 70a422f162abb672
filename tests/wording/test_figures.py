"""Numbers, money and dates at their edges."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.requests import Period
from insights.wording import formats
from insights.wording.changes import moved

UNITS = [None, "USD", "JPY", "percent", "orders", "minutes", "XXX", "usd", ""]


@pytest.mark.parametrize(
    ("value", "unit", "read", "heard"),
    [
        (None, "USD", "unknown", "unknown"),
        (float("nan"), "USD", "unknown", "unknown"),
        (float("inf"), None, "unknown", "unknown"),
        (0, None, "0", "0"),
        (-0.0, None, "0", "0"),
        (-0.001, "percent", "-0.1%", "-0.1 percent"),
        (0.0000004, None, "0.0000004", "0.0000004"),
        (0.00123, "percent", "0.12%", "0.12 percent"),
        (0.0042, "USD", "USD 0.0042", "0.0042 US dollars"),
        (1, "orders", "1 order", "1 order"),
        (1, "countries", "1 country", "1 country"),
        (1, "passes", "1 pass", "1 pass"),
        (1.0, "USD", "$1.00", "1 US dollar"),
        (999_500, "USD", "$999,500.00", "1 million US dollars"),
        (1_234_567, "JPY", "¥1,234,567", "1.23 million Japanese yen"),
        (12_345, None, "12,345", "12,300"),
        (9_999, None, "9,999", "9,999"),
        (1e30, "USD", "USD 1e+30", "1e+30 US dollars"),
        (12.5, "percent", "1,250%", "1,250 percent"),
        (True, None, "yes", "yes"),
        (datetime(2026, 5, 3, 15), None, "May 3, 2026 3:00 PM", "May 3, 2026 3:00 PM"),
    ],
)
def test_a_figure_as_it_is_read_and_heard(value, unit, read, heard):
    """Missing, without end, nothing, less than nothing, tiny, one, huge."""
    assert (formats.exact(value, unit, "en-US"), formats.spoken(value, unit, "en-US")) == (read, heard)


@given(st.floats() | st.integers(), st.sampled_from(UNITS), st.sampled_from(["en-US", "en-GB", "de-DE", "ja-JP"]))
def test_any_number_has_words(value, unit, locale):
    """Of any size and unit, in a length that people can take in."""
    assert 0 < len(formats.exact(value, unit, locale)) <= 60
    assert 0 < len(formats.spoken(value, unit, locale)) <= 60


@given(st.floats(min_value=1e-9, max_value=1e20), st.booleans())
def test_what_is_heard_is_within_half_a_percent_of_what_is(value, negative):
    """Three figures at least, whatever the size."""
    value = -value if negative else value
    said, _, magnitude = formats.spoken(value, None, "en-US").partition(" ")
    scale = {"million": 1e6, "billion": 1e9, "trillion": 1e12, "": 1}[magnitude]
    assert float(said.replace(",", "")) * scale == pytest.approx(value, rel=0.00501)


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.floats(allow_nan=False, allow_infinity=False, width=32), st.sampled_from(UNITS))
def test_a_move_goes_the_way_the_figures_went(value, before, unit):
    """Up is up, down is down, and only what stays is unchanged."""
    said = moved(value, before, unit, "en-US")
    if said:
        assert said.split(" ")[0] == ("up" if value > before else "down" if value < before else "unchanged")
    else:
        assert not before


@pytest.mark.parametrize(("value", "before", "unit"), [(2.0, 1.1e-308, "USD"), (1e308, -1e308, "USD"), (1.7e308, 0.5, "percent")])
def test_a_move_too_large_for_a_float_has_only_its_direction(value, before, unit):
    """A quotient or a difference that overflows is not a percentage anybody could read."""
    assert moved(value, before, unit, "en-US") == "up"


@pytest.mark.parametrize(
    ("first", "last", "read", "heard"),
    [
        (None, None, "all time", "all time"),
        ((2026, 5, 1), None, "since May 1, 2026", "since May 1, 2026"),
        (None, (2026, 5, 1), "until May 1, 2026", "until May 1, 2026"),
        ((2026, 1, 1), (2026, 12, 31), "2026", "2026"),
        ((2025, 2, 1), (2026, 1, 31), "February 2025 to January 2026", "February 2025 to January 2026"),
        ((2026, 2, 1), (2026, 4, 30), "February 2026 to April 2026", "February to April 2026"),
        ((2026, 10, 1), (2026, 12, 31), "Q4 2026 (October to December)", "the fourth quarter of 2026"),
        ((2026, 12, 29), (2027, 1, 4), "December 29, 2026 to January 4, 2027", "December 29, 2026 to January 4, 2027"),
        ((2024, 2, 1), (2024, 2, 29), "February 2024", "February 2024"),
        ((2024, 2, 1), (2024, 2, 28), "February 1, 2024 to February 28, 2024", "February 1 to February 28, 2024"),
        ((2025, 1, 1), (2026, 12, 31), "January 2025 to December 2026", "January 2025 to December 2026"),
    ],
)
def test_periods_have_names(first, last, read, heard):
    """As they are read and heard."""
    period = Period(first=date(*first) if first else None, last=date(*last) if last else None)
    assert (formats.period(period, "en-US"), formats.heard(period, "en-US")) == (read, heard)


@given(st.dates(), st.dates(), st.sampled_from(["en-US", "en-GB"]))
def test_any_period_has_words(one, other, locale):
    """From the first year to the last, and never a bracket when heard."""
    period = Period(first=min(one, other), last=max(one, other))
    assert formats.period(period, locale)
    assert "(" not in formats.heard(period, locale)

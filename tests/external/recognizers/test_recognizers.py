"""How many published date-time cases the period grammar reads as their authors do; the number may only rise."""

from benchmarks.when import CALENDAR, measure
from insights.language.periods.conventions import OURS, PROFILES, RECOGNIZERS

# What was reached before; raise it when the grammar learns.
REACHED = 280


def test_as_many_published_cases_agree_as_ever(record_property):
    """Spans and values right, with the customs of their authors as a named profile."""
    measured = measure(rounds=1)
    record_property("agreeing", f"{measured.right} of {measured.total}")
    print(f"{measured.right} of {measured.total} published cases agree ({measured.right / measured.total:.0%})")
    assert measured.right >= REACHED, measured.failing


def test_their_customs_stay_in_their_profile():
    """Nothing of theirs is ours unless it is asked for by name."""
    assert PROFILES["recognizers"] is RECOGNIZERS is CALENDAR.conventions
    assert PROFILES["insights"] is OURS
    assert OURS != RECOGNIZERS

"""When a schedule is next due, on the clock of the person."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import DAILY, FR, MO, TH, TU, WE, WEEKLY, rrule
from hypothesis import given
from hypothesis import strategies as st

from insights.ledger.following import Schedule

BERLIN = "Europe/Berlin"


def due(schedule, *moment, zone=BERLIN):
    """The next time after a local moment, as the person's clock shows it."""
    return schedule.after(datetime(*moment, tzinfo=ZoneInfo(zone)), zone).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("schedule", "moment", "expected"),
    [
        (Schedule(every="daily"), (2026, 5, 1, 8, 59), (2026, 5, 1, 9)),
        (Schedule(every="daily"), (2026, 5, 1, 9), (2026, 5, 2, 9)),
        (Schedule(every="weekly", weekday=4), (2026, 5, 1, 9), (2026, 5, 8, 9)),
        (Schedule(every="monthly", day=31), (2026, 4, 2), (2026, 4, 30, 9)),
        (Schedule(every="monthly", day=31), (2026, 4, 30, 9), (2026, 5, 31, 9)),
        (Schedule(every="monthly", day=29), (2027, 2, 1), (2027, 2, 28, 9)),
        (Schedule(every="daily", at=time(2, 30)), (2026, 3, 28, 12), (2026, 3, 29, 3, 30)),  # that night clocks skip from two to three
        (Schedule(every="daily", at=time(2, 30)), (2026, 10, 24, 12), (2026, 10, 25, 2, 30)),
    ],
)
def test_the_next_time_is_on_the_persons_clock(schedule, moment, expected):
    """The end of months, and the nights when clocks change."""
    assert due(schedule, *moment) == datetime(*expected)


@given(st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)), st.times(), st.integers(0, 6))
def test_weekly_and_weekday_times_are_those_of_the_calendar_standard(moment, at, weekday):
    """Against RFC 5545's recurrences as dateutil has them, in a zone whose clocks never change."""
    at = at.replace(second=0, microsecond=0)
    start = datetime.combine(moment.date() - timedelta(days=8), at)
    naive = moment.replace(tzinfo=None)
    weekly = rrule(WEEKLY, dtstart=start, byweekday=weekday).after(naive)
    assert Schedule(every="weekly", at=at, weekday=weekday).after(moment, "UTC").replace(tzinfo=None) == weekly
    working = rrule(DAILY, dtstart=start, byweekday=(MO, TU, WE, TH, FR)).after(naive)
    assert Schedule(every="weekdays", at=at).after(moment, "UTC").replace(tzinfo=None) == working

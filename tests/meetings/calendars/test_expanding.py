"""Calendars that no server should send and some do; what each holds was worked out by hand."""

from datetime import UTC, datetime, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.errors import OutsideFailed
from insights.meetings.calendars.expanding import expand

NEW_YORK, BERLIN = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")
FIRST, LAST = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
GOOD = "BEGIN:VEVENT\nUID:good\nSUMMARY:Good\nDTSTART:20261102T090000Z\nDTEND:20261102T100000Z\nEND:VEVENT\n"


def calendar(*events, head=""):
    """A calendar of these events."""
    return "BEGIN:VCALENDAR\nVERSION:2.0\n" + head + "".join(events) + "END:VCALENDAR\n"


def event(*lines, uid="one"):
    """An event with these lines."""
    return "\n".join(("BEGIN:VEVENT", f"UID:{uid}", "SUMMARY:Thing", *lines, "END:VEVENT", ""))


def found(text, zone=NEW_YORK, first=FIRST, last=LAST):
    """When things begin, in UTC."""
    agenda = expand(text, first, last, zone=zone, name="Fern")
    assert agenda.unread == ()
    return [one.start.astimezone(UTC).strftime("%m-%d %H:%M") for one in agenda.occurrences]


def test_a_whole_day_and_a_floating_time_are_where_the_company_is():
    """Midnight to midnight, nine by the clock on the wall."""
    text = calendar(event("DTSTART;VALUE=DATE:20261102"), event("DTSTART:20261103T090000", "DURATION:PT1H", uid="two"))
    assert found(text, NEW_YORK) == ["11-02 05:00", "11-03 14:00"]
    assert found(text, BERLIN) == ["11-01 23:00", "11-03 08:00"]


def test_a_series_keeps_its_time_of_day_across_a_change_of_clocks():
    """Mondays at nine in New York: 13:00 UTC before 1 November 2026, 14:00 after."""
    text = calendar(event("DTSTART;TZID=America/New_York:20261026T090000", "DTEND;TZID=America/New_York:20261026T100000", "RRULE:FREQ=WEEKLY;COUNT=3"))
    assert found(text) == ["10-26 13:00", "11-02 14:00", "11-09 14:00"]


def test_exceptions_additions_and_moved_ones_are_applied():
    """The second falls out, the third is moved to another day, one more is added."""
    series = event("DTSTART:20261102T090000Z", "DTEND:20261102T100000Z", "RRULE:FREQ=DAILY;COUNT=4", "EXDATE:20261103T090000Z", "RDATE:20261120T090000Z")
    moved = event("RECURRENCE-ID:20261104T090000Z", "DTSTART:20261110T120000Z", "DTEND:20261110T130000Z")
    assert found(calendar(series, moved)) == ["11-02 09:00", "11-05 09:00", "11-10 12:00", "11-20 09:00"]


def test_one_that_was_moved_out_of_the_span_is_not_in_it_and_one_moved_in_is():
    """Whatever its rule says."""
    series = event("DTSTART:20261102T090000Z", "DTEND:20261102T100000Z", "RRULE:FREQ=DAILY;COUNT=4")
    moved = event("RECURRENCE-ID:20261104T090000Z", "DTSTART:20261210T120000Z", "DTEND:20261210T130000Z")
    text = calendar(series, moved)
    assert found(text, first=datetime(2026, 11, 4, tzinfo=UTC), last=datetime(2026, 11, 5, tzinfo=UTC)) == []
    assert found(text, first=datetime(2026, 12, 10, tzinfo=UTC), last=datetime(2026, 12, 11, tzinfo=UTC)) == ["12-10 12:00"]


def test_what_is_free_called_off_or_no_time_at_all_is_not_busy():
    """Of five events one takes time, and one more is said to be tentative, which does."""
    lines = ("TRANSP:TRANSPARENT", "STATUS:CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS:FREE", "STATUS:TENTATIVE", "STATUS:CONFIRMED")
    events = [event("DTSTART:20261102T090000Z", "DTEND:20261102T100000Z", line, uid=line) for line in lines]
    instant = event("DTSTART:20261102T090000Z", uid="instant")
    agenda = expand(calendar(*events, instant), FIRST, LAST, zone=NEW_YORK)
    assert [one.uid for one in agenda.busy] == ["STATUS:CONFIRMED", "STATUS:TENTATIVE"]


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        (event("DTSTART:tomorrow", "DTEND:20261102T100000Z"), "Thing"),
        (event("DTEND:20261102T100000Z"), "no start"),
        (event("DTSTART:20261102T090000Z", "DTEND:20261102T100000Z", "RRULE:FREQ=SOMETIMES"), "RRULE"),
        (event("DTSTART:20261102T090000Z", "DTEND:20261102T100000Z", "RRULE:FREQ=SECONDLY"), "more than"),
        (event("DTSTART:19000101T090000Z", "DURATION:PT1H", "RRULE:FREQ=HOURLY"), "more than"),
        (event("DTSTART:20261102T090000Z", "DURATION:PT1H", "RRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30"), "only on some dates"),
        (event("DTSTART:20261102T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), "does not exist"),
        (event("DTSTART;TZID=Middle Earth:20261102T090000", "DURATION:PT1H"), "Middle Earth"),
        (event("DTSTART:20261102T090000Z", "DTSTART:20261102T110000Z", "DURATION:PT1H"), "more than once"),
        (event("DTSTART:20261102T090000Z", "RECURRENCE-ID:never"), "RECURRENCE-ID"),
        ("BEGIN:VEVENT\nUID:open\nSUMMARY:Open ended\nDTSTART:20261102T090000Z\n", "Open ended"),
        ("BEGIN:VEVENT\nSUMMARY:Half\nDTSTART:20261102T090000Z\nnonsense\nEND:VEVENT\n", "Half"),
    ],
)
def test_a_broken_event_is_named_and_the_others_are_kept(broken, named):
    """With the calendar's name, before and after it."""
    later = GOOD.replace("good", "later").replace("T09", "T15").replace("T10", "T16")
    started = monotonic()
    agenda = expand(calendar(GOOD, broken, later), FIRST, LAST, zone=NEW_YORK, name="Fern")
    assert monotonic() - started < 10
    assert [one.start.astimezone(UTC).hour for one in agenda.occurrences if one.title == "Good"] == [9, 15]
    if agenda.unread:
        assert len(agenda.unread) == 1
        assert "Fern" in str(agenda.unread[0])
        assert named in str(agenda.unread[0])
    else:
        assert named == "Half"  # the line means nothing and says nothing about time


@pytest.mark.parametrize("text", ["", "hello", "<html>please sign in</html>", "BEGIN:VCARD\nEND:VCARD"])
def test_what_is_no_calendar_is_said_to_be_none(text):
    """An answer of a sign-in page is not an empty calendar."""
    with pytest.raises(OutsideFailed, match="Fern is not a calendar"):
        expand(text, FIRST, LAST, zone=NEW_YORK, name="Fern")


def test_an_empty_calendar_is_empty():
    """That is no mistake."""
    assert expand(calendar(), FIRST, LAST, zone=NEW_YORK).occurrences == ()


@given(st.text(alphabet="BEGIN:VCALDRTY\nSOUXMW;=-0123456789TZ\r\x00é ", max_size=400))
def test_any_text_within_a_calendar_is_an_error_or_a_list(text):
    """Never anything else, and the good event before it stays."""
    agenda = expand(f"BEGIN:VCALENDAR\n{GOOD}{text}\nEND:VCALENDAR\n", FIRST, LAST, zone=NEW_YORK)
    assert "Good" in [one.title for one in agenda.occurrences] or agenda.unread


@given(st.integers(0, 20), st.integers(1, 30), st.integers(0, 40), st.integers(1, 20))
def test_a_daily_series_is_in_a_span_exactly_on_the_days_that_share_time_with_it(begins, count, first, days):
    """Against counting the days one by one; the company is in New York, where the clocks change within."""
    start = datetime(2026, 10, 20, 9, tzinfo=NEW_YORK) + timedelta(days=begins)
    stamp = start.strftime("%Y%m%dT%H%M%S")
    text = calendar(event(f"DTSTART;TZID=America/New_York:{stamp}", "DURATION:PT1H", f"RRULE:FREQ=DAILY;COUNT={count}"))
    low = datetime(2026, 10, 18, 9, 30, tzinfo=NEW_YORK) + timedelta(days=first)
    high = low + timedelta(days=days)
    expected = [day for day in (start + timedelta(days=number) for number in range(count)) if day < high and low < day + timedelta(hours=1)]
    assert [one.start for one in expand(text, low, high, zone=NEW_YORK).occurrences] == expected

"""What must hold for every period: half-open, the same again, read again from what is said back; days against brute force and published lists."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from insights.catalog.model import Catalog
from insights.language.periods import PROFILES, Calendar, Found, find, when_json
from insights.language.phrasing import said
from insights.language.timing import cut_buckets, like_with_like, period_of
from insights.language.words import tokenise
from insights.requests import Period

NOW = datetime(2026, 11, 18, 10, 20)
TABLE = yaml.safe_load((Path(__file__).parent / "periods.yaml").read_text())
PUBLISHED = yaml.safe_load((Path(__file__).parent / "holidays.yaml").read_text())
ORDINALS = ("first", "second", "third", "fourth", "fifth")
MONTHS = "January February March April May June July August September October November December".split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
days = st.dates(min_value=date(2000, 1, 1), max_value=date(2060, 12, 31))


def only(text: str, now: datetime = NOW, **calendar) -> Found:
    """The one finding in a text."""
    (found,) = find(text, now=now, calendar=Calendar(**calendar))
    return found


@pytest.mark.parametrize(("country", "name"), [(country, name) for country, names in PUBLISHED.items() for name in names])
def test_a_holiday_falls_on_the_days_that_are_published(country, name):
    """Every year of the published list, in the country it is of."""
    for day in PUBLISHED[country][name].split():
        found = only(f"{name} {day[:4]}", country=country)
        assert found.start == datetime.fromisoformat(day), day
        assert found.end == found.start + timedelta(days=1)


@settings(max_examples=150, deadline=None)
@given(st.integers(2000, 2060), st.integers(1, 12), st.integers(0, 6), st.integers(1, 5))
def test_the_nth_weekday_of_a_month_is_the_one_that_counting_finds(year, month, weekday, nth):
    """Count the days of the month one by one; a fifth one that is not there is nothing."""
    there = [day for day in range(1, 32) if _is_day(year, month, day) and date(year, month, day).weekday() == weekday]
    found = find(f"{ORDINALS[nth - 1]} {WEEKDAYS[weekday]} of {MONTHS[month - 1]} {year}", now=NOW)
    if nth <= len(there):
        assert [one.start for one in found] == [datetime(year, month, there[nth - 1])]
    else:
        assert not found
    assert only(f"the last {WEEKDAYS[weekday]} in {MONTHS[month - 1]} {year}").start == datetime(year, month, there[-1])


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False


@settings(max_examples=150, deadline=None)
@given(days)
def test_a_week_number_names_the_week_that_holds_the_day(day):
    """ISO 8601 as the standard library counts it."""
    year, week, _ = day.isocalendar()
    for text in (f"{year}-W{week:02}", f"week {week} of {year}", f"calendar week {week} {year}"):
        found = only(text)
        assert found.start <= datetime(day.year, day.month, day.day) < found.end
        assert found.end - found.start == timedelta(days=7)


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 12), st.integers(2001, 2050), st.integers(1, 4))
def test_fiscal_quarters_part_the_fiscal_year(starts, year, quarter):
    """By hand: three months each, from the month the company's year starts in; the year is named by where it ends."""
    index = (year - (starts > 1)) * 12 + starts - 1 + 3 * (quarter - 1)
    found = only(f"Q{quarter} FY{year}", fiscal_year_starts=starts)
    assert (found.start, found.end) == (datetime(index // 12, index % 12 + 1, 1), datetime((index + 3) // 12, (index + 3) % 12 + 1, 1))
    whole = only(f"fiscal year {year}", fiscal_year_starts=starts)
    assert whole.start <= found.start < found.end <= whole.end


@settings(max_examples=200, deadline=None)
@given(days, st.integers(0, 400))
def test_a_period_that_is_said_back_is_read_to_the_same_days(first, length):
    """Whatever the days, the words for them mean them."""
    period = Period(first=first, last=first + timedelta(days=length))
    again = period_of(only(said(period)))
    assert (again.first, again.last) == (period.first, period.last)


@pytest.mark.parametrize("text", [str(text) for text in TABLE["past"]])
@pytest.mark.parametrize("profile", list(PROFILES))
def test_what_is_found_is_half_open_and_said_back_as_the_same_days(text, profile):
    """Every row of the table that is a stretch of whole days, by every custom."""
    for found in find(text, now=NOW, calendar=Calendar(conventions=PROFILES[profile], fiscal_year_starts=2)):
        assert found.start is None or found.end is None or found.start < found.end
        if found.kind == "interval" and found.start and found.end and found.grain not in ("hour", "minute", "second"):
            period = period_of(found)
            again = period_of(only(said(period)))
            assert (again.first, again.last) == (period.first, period.last)


def test_hours_are_counted_across_a_change_of_the_clocks():
    """New York goes from 1:59 to 3:00 on 8 March 2026 and back from 1:59 to 1:00 on 1 November."""
    spring = only("in three hours", datetime(2026, 3, 8, 0, 30), timezone="America/New_York")
    autumn = only("in three hours", datetime(2026, 11, 1, 0, 30), timezone="America/New_York")
    assert (spring.start, autumn.start) == (datetime(2026, 3, 8, 4, 30), datetime(2026, 11, 1, 2, 30))
    assert only("in three hours", datetime(2026, 3, 8, 0, 30)).start == datetime(2026, 3, 8, 3, 30)
    assert only("last 24 hours", datetime(2026, 3, 8, 12, 0), timezone="America/New_York").start == datetime(2026, 3, 7, 11, 0)
    assert only("in 3 days", datetime(2026, 3, 7, 12, 0), timezone="America/New_York").start == datetime(2026, 3, 10)


def test_the_name_of_a_holiday_is_of_the_country_that_is_said_or_the_company_s():
    """Thanksgiving is in October in Canada, Mother's Day in March in Britain; a name of its own is the same everywhere."""
    assert only("thanksgiving 2025", country="CA").start == datetime(2025, 10, 13)
    assert only("american thanksgiving 2025", country="CA").start == datetime(2025, 11, 27)
    assert only("mother's day 2026", country="GB").start == datetime(2026, 3, 15)
    assert only("bastille day 2025", country="GB").start == datetime(2025, 7, 14)


def test_the_readings_of_other_customs_are_alternatives():
    """ "This evening" is also from four to eight."""
    (entry,) = when_json("this evening", NOW)["found"]
    assert entry["start"] == "2026-11-18T18:00"
    assert {"kind": "interval", "start": "2026-11-18T16:00", "end": "2026-11-18T20:00", "grain": "hour"} in entry["alternatives"]


def test_a_year_up_to_now_is_compared_with_as_much_of_the_year_before():
    """Not with all twelve months of it."""
    sides = like_with_like(_period("2026-01-01", "2026-11-18"), _period("2025-01-01", "2025-12-31"), date(2026, 11, 15))
    assert sides == (_period("2026-01-01", "2026-11-15"), _period("2025-01-01", "2025-11-15"))
    assert like_with_like(_period("2026-01-01", "2026-12-31"), _period("2025-10-01", "2025-12-31"), date(2026, 11, 15)) is None


def _period(first: str, last: str) -> Period:
    return Period(first=date.fromisoformat(first), last=date.fromisoformat(last))


def test_the_weeks_that_a_year_cuts_off_are_named():
    """2025 began on a Wednesday and ended on one; 2024 began on a Monday; months part a year without a rest."""
    catalog = Catalog(name="made", version="1", datasets={}, metrics={})
    assert cut_buckets(_period("2025-01-01", "2025-12-31"), "week", catalog) == [
        (_period("2025-01-01", "2025-01-05"), "first"),
        (_period("2025-12-29", "2025-12-31"), "last"),
    ]
    assert cut_buckets(_period("2024-01-01", "2024-12-31"), "week", catalog) == [(_period("2024-12-30", "2024-12-31"), "last")]
    assert cut_buckets(_period("2025-01-01", "2025-12-31"), "month", catalog) == []
    assert cut_buckets(_period("2026-11-02", "2026-11-15"), "month", catalog) == [(_period("2026-11-02", "2026-11-15"), "first")]


HOSTILE = "one,million,minus,two hundred and,point one,half,a,1,2025,5/3,2025-05-03,may,may 3,last,the first week of,the,may to,every,end of,since,'".split(",")


@pytest.mark.parametrize("piece", [*HOSTILE, "day before", "st", "at 3", "3 days ago", "same quarter last", "us", "-", "1 ", "q1", "between", "new year"])
@pytest.mark.parametrize("glue", [" ", ""])
def test_ten_thousand_characters_of_anything_end_without_fail_and_alike(piece, glue):
    """Number words, dates, digits or one token, with and without blanks; `python -m benchmarks.language` says how long that takes."""
    tokens = tokenise(((piece + glue) * 10_240)[:10_240])
    found = find(tokens, now=NOW)
    assert len(found) <= 64
    assert found == find(tokens, now=NOW)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([str(text) for text in (*TABLE["past"], *TABLE["future"])]), min_size=1, max_size=6).map(" ".join))
@example("2012 or later 6th of last month")
@example("minus " * 400)
def test_expressions_in_a_row_are_read_without_fail_and_alike(text):
    """Real expressions in any order, by every custom."""
    for conventions in PROFILES.values():
        calendar = Calendar(conventions=conventions)
        found = find(text, now=NOW, calendar=calendar)
        assert found == find(text, now=NOW, calendar=calendar)
        assert all(not (one.start and one.end) or one.start < one.end for one in found)


def _examples() -> list[str]:
    """What the page about asking gives as examples of times."""
    page = (Path(__file__).parents[2] / "docs/asking.md").read_text(encoding="utf-8")
    rows = page.partition("## Time")[2].partition("\n\nA month")[0].splitlines()[4:]
    return [example.strip() for row in rows for example in row.split("|")[2].split(";")]


@pytest.mark.parametrize("example", _examples())
def test_every_example_of_the_page_is_read_whole(example):
    """Nothing but small words and what is asked for is left over."""
    calendar = Calendar(events={"launch": date(2025, 3, 1)}, fiscal_year_starts=2)
    found = find(example, now=NOW, calendar=calendar)
    rest = example
    for one in reversed(found):
        rest = rest[: one.first] + rest[one.last :]
    assert found
    assert all(one.certain for one in found)
    assert set(rest.split()) <= {"the", "revenue", "vs"}


def test_an_event_goes_by_its_name_and_by_the_end_of_it_where_that_is_clear():
    """Two launches: "the launch" alone is neither; "the outage" is the only one, after a word of time."""
    events = {"web launch": date(2024, 1, 10), "app_launch": date(2025, 2, 3), "streaming outage": date(2025, 11, 19)}
    calendar = Calendar(events=events)

    def starts(text: str) -> list[datetime | None]:
        return [found.start for found in find(text, now=NOW, calendar=calendar) if found.certain]

    assert starts("revenue since the app launch") == [datetime(2025, 2, 3)]
    assert starts("revenue since the launch") == []
    assert starts("orders after the outage") == [datetime(2025, 11, 20)]
    assert starts("between the web launch and the outage") == [datetime(2024, 1, 10)]
    assert starts("why is there an outage") == []

"""The period grammar against a table that was worked out by hand, and what must hold for any text."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from insights.language.periods import Calendar, Found, find, when_json
from insights.language.words import tokenise

NOW = datetime(2026, 11, 18, 10, 20)
HALCYON = Calendar(fiscal_year_starts=2, events={"launch": date(2025, 3, 1)})
TABLE = yaml.safe_load((Path(__file__).parent / "periods.yaml").read_text())


def shown(found: Found) -> str:
    """A finding as the table writes it."""

    def moment(value: datetime | None) -> str:
        return value.isoformat(timespec="minutes").removesuffix("T00:00") if value else "..."

    if found.kind == "duration":
        text = f"{found.minutes} min"
    elif found.kind == "recurrence":
        text = str(found.rrule)
    else:
        text = f"{moment(found.start)} .. {moment(found.end)}"
    return text if found.certain else text + " ?"


@pytest.mark.parametrize(("lean", "text", "meaning"), [(lean, str(t), str(m)) for lean, rows in TABLE.items() for t, m in rows.items()])
def test_an_expression_means_what_the_table_says(lean, text, meaning):
    """Every row of periods.yaml."""
    found = find(text, now=NOW, calendar=HALCYON, lean=lean)
    assert (" ; ".join(map(shown, found)) or "nothing") == meaning


def only(text: str, **options) -> Found:
    """The one finding in a text."""
    (found,) = find(text, now=options.pop("now", NOW), **options)
    return found


def test_a_period_without_a_year_is_the_latest_that_the_data_covers():
    """Data that ends in 2013 makes July the July of 2013, though 2026 has had one."""
    covered = Calendar(coverage=(date(2013, 1, 1), date(2013, 12, 31)))
    assert only("departure delay in July", calendar=covered).start == datetime(2013, 7, 1)
    assert only("Q4", calendar=covered).start == datetime(2013, 10, 1)
    assert only("on december 25", calendar=covered).start == datetime(2013, 12, 25)


def test_coverage_that_ends_before_a_month_leaves_the_one_of_the_year_before():
    """Data through May 2026 covers July 2025 last, and May 2026 in part."""
    covered = Calendar(coverage=(date(2024, 1, 1), date(2026, 5, 20)))
    assert only("July", calendar=covered).start == datetime(2025, 7, 1)
    assert only("May", calendar=covered).start == datetime(2026, 5, 1)


def test_relative_words_follow_the_clock_whatever_the_data_covers():
    """Last month is the month before now, also when no data reaches it."""
    covered = Calendar(coverage=(date(2013, 1, 1), date(2013, 12, 31)))
    found = only("last month", calendar=covered)
    assert (found.start, found.relative) == (datetime(2026, 10, 1), True)


def test_the_other_occurrence_is_offered_as_an_alternative():
    """July may also be the coming one, three o'clock also that of the night."""
    assert [other.start for other in only("July").alternatives] == [datetime(2027, 7, 1)]
    assert datetime(2026, 11, 19, 3) in [other.start for other in only("at three", lean="future").alternatives]


@pytest.mark.parametrize(("starts", "first"), [(1, datetime(2026, 11, 16)), (7, datetime(2026, 11, 15)), (6, datetime(2026, 11, 14))])
def test_a_week_starts_on_the_day_the_company_says(starts, first):
    """18 November 2026 is a Wednesday."""
    assert only("this week", calendar=Calendar(week_starts=starts)).start == first


@pytest.mark.parametrize(
    ("starts", "year", "first", "end"),
    [(1, 2026, datetime(2026, 1, 1), datetime(2027, 1, 1)), (10, 2026, datetime(2025, 10, 1), datetime(2026, 10, 1))],
)
def test_a_fiscal_year_is_named_by_the_year_it_ends_in(starts, year, first, end):
    """The United States government's fiscal 2026 runs from October 2025; one that starts in January is the calendar's."""
    found = only(f"fiscal year {year}", calendar=Calendar(fiscal_year_starts=starts))
    assert (found.start, found.end) == (first, end)


def test_quarters_are_fiscal_unsaid_only_where_the_company_counts_so():
    """With a fiscal year from February, the current fiscal quarter is November to January."""
    fiscal = Calendar(fiscal_year_starts=2, fiscal_by_default=True)
    assert only("this quarter", calendar=fiscal).start == datetime(2026, 11, 1)
    assert only("this calendar quarter", calendar=fiscal).start == datetime(2026, 10, 1)
    assert only("this quarter", calendar=Calendar(fiscal_year_starts=2)).start == datetime(2026, 10, 1)


@pytest.mark.parametrize(("text", "first", "end"), [
    ("Q1 2026", (2025, 2), (2025, 5)),
    ("Q4 of 2026", (2025, 11), (2026, 2)),
    ("1Q26", (2025, 2), (2025, 5)),
    ("Q1 2026 revenue", (2025, 2), (2025, 5)),
    ("calendar Q1 2026", (2026, 1), (2026, 4)),
    ("2026", (2026, 1), (2027, 1)),
    ("May 2026", (2026, 5), (2026, 6)),
])  # fmt: skip
def test_the_quarters_of_a_numbered_year_are_those_of_its_fiscal_year_where_the_company_counts_so(text, first, end):
    """The first quarter of 2026 is that of fiscal 2026, and comes before its fourth; a bare number stays a year of the calendar."""
    found = only(text, calendar=Calendar(fiscal_year_starts=2, fiscal_by_default=True))
    assert (found.start, found.end) == (datetime(*first, 1), datetime(*end, 1))


def test_spans_point_into_the_text_as_it_was_written():
    """Offsets are of the original, whatever normalising did to it."""
    text = "Umsätze — REVENUE  in “May 2025”, please"
    found = only(text)
    assert text[found.first : found.last] == found.span == "May 2025"
    assert found.words == "may 2025"


def test_tokens_may_be_given_in_place_of_text():
    """The grammar tokenises once and asks with tokens."""
    assert find(tokenise("revenue last month"), now=NOW) == find("revenue last month", now=NOW)


def test_when_writes_the_contract():
    """The shape that DESIGN section 5 promises to other programs."""
    assert when_json("how about last quarter", NOW) == {
        "text": "how about last quarter",
        "found": [{"span": "last quarter", "kind": "interval", "start": "2026-07-01T00:00", "end": "2026-10-01T00:00", "grain": "quarter"}],
    }
    assert when_json("for an hour", NOW)["found"] == [{"span": "an hour", "kind": "duration", "minutes": 60, "grain": "hour"}]
    assert when_json("every Monday", NOW)["found"] == [{"span": "every Monday", "kind": "recurrence", "rrule": "FREQ=WEEKLY;BYDAY=MO", "grain": "day"}]
    assert when_json("since May", NOW)["found"][0]["end"] is None


WORDS = (
    "may march second last next this first end of the to from since until at three 3 pm half past quarter q3 fiscal year 2025 5/3 2026-02-30 "
    "every monday and a an hour in ago 99999999 month weeks , - ' 's day before after 31 february fy99 week 53 w9 noon so far early by 0 24:00 "
    "between through twenty hundred couple daily on each other"
).split()


@settings(max_examples=300, deadline=None)
@given(st.text() | st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join), st.sampled_from(["past", "future"]))
@example("last 99999999 years", "past")
@example("\ud800 last month \x00", "past")
@example("29 february in 9999 years", "future")
def test_any_text_gives_ordered_half_open_findings_and_the_same_again(text, lean):
    """Never an exception, never an interval that ends before it starts, never overlapping spans."""
    found = find(text, now=NOW, calendar=HALCYON, lean=lean)
    assert found == find(text, now=NOW, calendar=HALCYON, lean=lean)
    assert json.dumps(when_json(text, NOW, HALCYON, lean=lean))
    end = 0
    for one in found:
        assert end <= one.first < one.last <= len(text)
        end = one.last
        if one.start and one.end:
            assert one.start < one.end
        assert (one.kind == "duration") == (one.minutes is not None)
        assert (one.kind == "recurrence") == (one.rrule is not None)


@settings(max_examples=60, deadline=None)
@given(st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 31)), st.sampled_from(list(TABLE["past"])))
def test_any_clock_will_do(now, text):
    """At the ends of the calendar a period may be missing, but nothing fails."""
    for found in find(str(text), now=now, calendar=HALCYON):
        assert not (found.start and found.end) or found.start < found.end

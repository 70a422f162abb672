"""What a question takes its period to be, and what it says about it."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime

import pytest

import insights
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


def test_quarters_and_years_are_fiscal_where_that_is_said(tmp_path):
    """By words at the step; it stays when the question goes on, until another step is named, and after it a comparison is with the fiscal quarter."""
    with closing(insights.open(small_company(tmp_path, "fiscal_year_starts: february"), now=datetime(2024, 6, 15), home=tmp_path / "home")) as assistant:

        def rows(*texts):
            for text in texts:
                answer = assistant.reply(insights.Turn(text=text, conversation="one")).answer
            return [(row["sold_on"] if "sold_on" in row else row["sales.sold_on"], row["takings"]) for row in answer.rows]

        february = [(date(2023, 11, 1), 1), (date(2024, 2, 1), 10), (date(2024, 5, 1), 100)]
        assert rows("takings by fiscal quarter") == rows("takings per financial quarter") == february
        assert rows("takings by fiscal quarter", "and in 2024") == february
        assert rows("takings by fiscal quarter", "by quarter") == [(date(2024, 1, 1), 11), (date(2024, 4, 1), 100)]
        assert rows("takings by fiscal year") == [(date(2023, 2, 1), 1), (date(2024, 2, 1), 110)]
        compared = assistant.reply(insights.Turn(text="takings compared to last fiscal quarter")).request
        assert (compared.period.first, compared.compare.period.first) == (date(2024, 5, 1), date(2024, 2, 1))


def test_a_comparison_with_last_quarter_is_of_fiscal_quarters_where_periods_are_fiscal(tmp_path):
    """This quarter is that from May on, and not that from April on."""
    overlay = "fiscal_year_starts: february\nperiods: fiscal"
    with closing(insights.open(small_company(tmp_path, overlay), now=datetime(2024, 6, 15), home=tmp_path / "home")) as assistant:
        compared = assistant.reply(insights.Turn(text="takings compared to last quarter")).request
        assert (compared.period.first, compared.compare.period.first) == (date(2024, 5, 1), date(2024, 2, 1))


def small_company(folder, overlay):
    """Three sales: before, within and after the quarter that begins in February."""
    (folder / "sales.csv").write_text("sold_on,amount\n2024-01-31,1\n2024-02-01,10\n2024-05-01,100\n", encoding="utf-8")
    sql = "expression: {dialects: [{dialect: ANSI_SQL, expression: %s}]}"
    fields = f"[{{name: sold_on, {sql % 'sold_on'}, dimension: {{is_time: true}}}}, {{name: amount, {sql % 'amount'}}}]"
    takings = f"{{name: takings, {sql % 'SUM(sales.amount)'}}}"
    model = f"version: 0.1.1\nsemantic_model: [{{name: shop, datasets: [{{name: sales, source: sales.csv, fields: {fields}}}], metrics: [{takings}]}}]\n"
    (folder / "model.yaml").write_text(model, encoding="utf-8")
    (folder / "assistant.yaml").write_text(f"version: 1\n{overlay}\n", encoding="utf-8")
    return folder

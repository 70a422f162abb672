"""Growth of a series: against the bucket before, and against a year before."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.errors import NotAnswerable
from insights.requests import ComparePeriod, Filter, Period
from tests.query.test_brute_force import DAYS, bucket, stars

PREVIOUS, YEAR = {"change": "previous"}, {"change": "year"}


def monthly(*amounts, first=date(2023, 11, 1), day=1, customer=1):
    """One order a month of these amounts, none where it is None."""
    months = [date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, day) for n in range(len(amounts))]
    return [{"placed_on": at, "amount": amount, "customer_id": customer} for at, amount in zip(months, amounts, strict=True) if amount is not None]


def told(answer, metric="revenue"):
    """Each month with its figure, what it grew from, and by which fraction."""
    return [(row["orders.placed_on"].month, row[metric], row[f"{metric}.before"], row[f"{metric}.growth"]) for row in answer.rows]


def test_the_first_bucket_grows_from_the_one_before_the_period(answered):
    """It is read, and not shown."""
    tables = {"orders": monthly(100, 80, 120, 60, 90)}
    period = Period(first=date(2024, 1, 1), last=date(2024, 2, 29))
    answer = answered(tables, analysis="series", metrics=("revenue",), grain="month", period=period, options=PREVIOUS)
    assert told(answer) == [(1, 120, 80, 0.5), (2, 60, 120, -0.5)]
    assert [row["revenue.change"] for row in answer.rows] == [40, -60]
    assert (answer.period, answer.growth, answer.total_rows) == (period, "previous", 2)
    assert [column.name for column in answer.columns] == ["orders.placed_on", "revenue", "revenue.before", "revenue.change", "revenue.growth"]


def test_from_nothing_there_is_no_growth(answered):
    """Neither infinite nor zero: unknown. A month without rows is zero, one before the data is unknown."""
    tables = {"orders": monthly(10, None, 30, 45)}
    answer = answered(tables, analysis="series", metrics=("revenue",), grain="month", options=PREVIOUS)
    assert told(answer) == [(11, 10, None, None), (12, 0, 10, -1), (1, 30, 0, None), (2, 45, 30, 0.5)]


def test_a_loss_that_shrinks_grows(answered):
    """The fraction is of the size of what was."""
    answer = answered({"orders": monthly(-10, -5)}, analysis="series", metrics=("revenue",), grain="month", options=PREVIOUS)
    assert told(answer)[1] == (12, -5, -10, 0.5)


def test_a_year_before_is_the_same_bucket_of_last_year(answered):
    """Months by name, weeks 52 weeks back, days by date."""
    tables = {"orders": monthly(*range(10, 150, 10), first=date(2023, 1, 1))}
    period = Period(first=date(2024, 1, 1), last=date(2024, 2, 29))
    answer = answered(tables, analysis="series", metrics=("revenue",), grain="month", period=period, options=YEAR)
    assert told(answer) == [(1, 130, 10, 12), (2, 140, 20, 6)]
    first, weeks = date(2023, 1, 2), 60
    tables = {"orders": [{"placed_on": first + timedelta(weeks=n), "amount": n + 1} for n in range(weeks)]}
    period = Period(first=first + timedelta(weeks=53), last=first + timedelta(weeks=54, days=6))
    answer = answered(tables, analysis="series", metrics=("revenue",), grain="week", period=period, options=YEAR)
    assert [(row["revenue"], row["revenue.before"]) for row in answer.rows] == [(54, 2), (55, 3)]
    assert any("52 weeks" in note for note in answer.notes)
    tables = {
        "orders": [{"placed_on": date(2023, 2, 28), "amount": 1}, {"placed_on": date(2024, 2, 28), "amount": 3}, {"placed_on": date(2024, 2, 29), "amount": 5}]
    }
    period = Period(first=date(2024, 2, 28), last=date(2024, 2, 29))
    answer = answered(tables, analysis="series", metrics=("revenue",), grain="day", period=period, options=YEAR)
    assert [(row["revenue"], row["revenue.growth"]) for row in answer.rows] == [(3, 2), (5, None)]


def test_a_month_that_is_cut_is_marked_and_measures_nothing(answered):
    """The period starts and ends within a month: what begins there has no growth, the next none from it, and the last is said to be incomplete."""
    tables = {"orders": [{"placed_on": date(2023, 11, 1) + timedelta(days=n), "amount": 1} for n in range(150)]}
    period = Period(first=date(2024, 1, 15), last=date(2024, 3, 10))
    answer = answered(tables, analysis="series", metrics=("revenue",), grain="month", period=period, options=PREVIOUS)
    assert told(answer) == [(1, 17, None, None), (2, 29, None, None), (3, 10, 29, pytest.approx(-19 / 29))]
    assert answer.incomplete == (date(2024, 1, 1), date(2024, 3, 1))


def test_where_the_data_ends_within_a_month_that_is_marked(answered):
    """Also when the period goes on."""
    tables = {"orders": [{"placed_on": date(2024, 1, 1) + timedelta(days=n), "amount": 1} for n in range(40)]}
    answer = answered(
        tables, analysis="series", metrics=("revenue",), grain="month", period=Period(first=date(2024, 1, 1), last=date(2024, 12, 31)), options=PREVIOUS
    )
    assert told(answer) == [(1, 31, None, None), (2, 9, 31, pytest.approx(-22 / 31))]
    assert answer.incomplete == (date(2024, 2, 1),)


def test_a_year_before_is_read_also_when_the_period_starts_within_a_month(answered):
    """Nothing of before the period gets into its first month."""
    tables = {"orders": [{"placed_on": date(2022, 12, 1) + timedelta(days=n), "amount": 1} for n in range(500)]}
    period = Period(first=date(2024, 1, 15), last=date(2024, 2, 29))
    answer = answered(tables, analysis="series", metrics=("revenue",), grain="month", period=period, options=YEAR)
    assert told(answer) == [(1, 17, 31, pytest.approx(-14 / 31)), (2, 29, 28, pytest.approx(1 / 28))]
    assert date(2024, 1, 1) in answer.incomplete


def test_groups_grow_from_themselves(answered):
    """A group that was not there before grows from nothing."""
    tables = {
        "customers": [{"customer_id": 1, "tier": "gold"}, {"customer_id": 2, "tier": "silver"}],
        "orders": monthly(10, 20, 30) + monthly(None, 8, 4, customer=2) + monthly(None, None, 5, customer=None),
    }
    answer = answered(tables, analysis="series", metrics=("orders", "revenue"), grain="month", group_by=("tier",), options=PREVIOUS)
    growth = {(row["orders.placed_on"].month, row["tier"]): row["revenue.growth"] for row in answer.rows}
    assert growth == {
        (11, "gold"): None,
        (11, "silver"): None,
        (11, None): None,
        (12, "gold"): 1,
        (12, "silver"): None,
        (12, None): None,
        (1, "gold"): 0.5,
        (1, "silver"): -0.5,
        (1, None): None,
    }


def test_growth_of_what_does_not_add_up_is_of_its_own_figures(answered):
    """A ratio's growth is of the ratio."""
    tables = {"orders": [{"placed_on": date(2024, 1, 1), "amount": 4, "status": "lost"}, *monthly(4, 8, first=date(2024, 1, 1))]}
    answer = answered(tables, analysis="series", metrics=("avg(orders.amount)",), grain="month", options=PREVIOUS)
    assert told(answer, "avg(orders.amount)") == [(1, 4, None, None), (2, 8, 4, 1)]


@pytest.mark.parametrize(
    "question",
    [
        {"options": {"change": "decade"}},
        {"options": PREVIOUS, "filters": (Filter(metric="revenue", op=">", values=(1,)),)},
        {"options": PREVIOUS, "compare": ComparePeriod(period=Period(first=date(2024, 1, 1), last=date(2024, 1, 31)))},
    ],
)
def test_what_growth_cannot_be_is_refused(answered, question):
    """In words."""
    with pytest.raises(NotAnswerable):
        answered({"orders": monthly(1, 2)}, analysis="series", metrics=("revenue",), grain="month", **question)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(tables=stars, grain=st.sampled_from(["week", "month"]))
def test_growth_is_what_python_counts(answered, tables, grain):
    """From bucket to bucket over whatever the data has."""
    counted = Counter(bucket(row["placed_on"], grain) for row in tables["orders"] if row["placed_on"] is not None)
    answer = answered(tables, analysis="series", metrics=("orders",), grain=grain, period=Period(first=DAYS[0] - timedelta(days=28)), options=PREVIOUS)
    assert {row["orders.placed_on"] for row in answer.rows} >= counted.keys()
    for row in answer.rows:
        at = row["orders.placed_on"]
        before = bucket(at - timedelta(days=1), grain)
        assert row["orders"] == counted[at]
        if before >= min(counted):
            assert row["orders.before"] == counted[before]
            assert row["orders.growth"] == (pytest.approx(counted[at] / counted[before] - 1) if counted[before] else None)
        else:
            assert (row["orders.before"], row["orders.growth"]) == (None, None)


def test_the_average_of_a_series_is_of_what_is_covered_whole(answered):
    """A month without rows is one of zero; one that the data covers only in part is told and is no part of it."""
    tables = {"orders": monthly(10, None, 30, 45)}
    answer = answered(tables, analysis="series", metrics=("revenue",), grain="month", options={"average": True})
    assert (answer.average.value, answer.average.buckets) == (pytest.approx((10 + 0 + 30) / 3), 3)
    assert answer.incomplete == (date(2024, 2, 1),)


@pytest.mark.parametrize(
    "asked",
    [
        {"analysis": "breakdown", "group_by": ("region",)},
        {"analysis": "series", "grain": "month", "group_by": ("region",)},
        {"analysis": "series", "grain": "month", "options": {"average": True, "running": True}},
        {"analysis": "series", "grain": "month", "filters": (Filter(metric="revenue", op=">", values=(5,)),)},
    ],
)
def test_what_has_no_one_average_of_periods_is_refused(answered, asked):
    """Groups, totals that run on, and conditions on the figures."""
    with pytest.raises(NotAnswerable, match="average"):
        answered({"orders": monthly(10, 20)}, metrics=("revenue",), **{"options": {"average": True}, **asked})

"""Running totals: from the first day of the period to the end of each bucket."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.errors import NotAnswerable, NotPermitted
from insights.requests import Filter, Period
from tests.query.test_brute_force import DAYS, bucket, joined, stars

RUNNING = {"running": True}
YEAR = Period(first=date(2024, 1, 1), last=date(2024, 12, 31))
TABLES = {
    "customers": [{"customer_id": 1, "tier": "gold"}, {"customer_id": 2, "tier": "silver"}],
    "orders": [
        {"customer_id": 1, "placed_on": date(2023, 12, 31), "status": "paid", "amount": 1000},
        {"customer_id": 1, "placed_on": date(2024, 1, 5), "status": "paid", "amount": 10},
        {"customer_id": 2, "placed_on": date(2024, 2, 5), "status": "lost", "amount": 5},
        {"customer_id": 1, "placed_on": date(2024, 4, 5), "status": "paid", "amount": 1},
        {"customer_id": 1, "placed_on": None, "status": "paid", "amount": 7},
    ],
}


def series(answer, metric):
    """The figures by month."""
    return [(row["orders.placed_on"] and row["orders.placed_on"].month, row[metric]) for row in answer.rows]


def test_each_bucket_holds_all_before_it_in_the_period(answered):
    """Nothing of before the period; a month without rows stands where it stood; it ends where the data does."""
    answer = answered(TABLES, analysis="series", metrics=("revenue", "orders"), grain="month", period=YEAR, options=RUNNING)
    assert series(answer, "revenue") == [(1, 10), (2, 15), (3, 15), (4, 16)]
    assert series(answer, "orders") == [(1, 1), (2, 2), (3, 2), (4, 3)]
    assert answer.running
    assert answer.columns[1].label == "Running total of revenue"


def test_without_a_period_it_is_from_the_beginning(answered):
    """What has no date is told by itself, and is in no total."""
    answer = answered(TABLES, analysis="series", metrics=("revenue",), grain="month", options=RUNNING)
    assert series(answer, "revenue") == [(12, 1000), (1, 1010), (2, 1015), (3, 1015), (4, 1016), (None, 7)]


def test_groups_run_by_themselves(answered):
    """Each is zero until its first row."""
    answer = answered(TABLES, analysis="series", metrics=("revenue",), grain="month", group_by=("tier",), period=YEAR, options=RUNNING)
    assert [(row["orders.placed_on"].month, row["tier"], row["revenue"]) for row in answer.rows] == [
        (1, "gold", 10),
        (1, "silver", 0),
        (2, "gold", 10),
        (2, "silver", 5),
        (3, "gold", 10),
        (3, "silver", 5),
        (4, "gold", 11),
        (4, "silver", 5),
    ]


def test_the_leading_lines_are_those_with_the_most_in_the_end(answered):
    """Not those whose running totals add up to the most: gold has more at every month's end but the last."""
    tables = TABLES | {"orders": [*TABLES["orders"], {"customer_id": 2, "placed_on": date(2024, 4, 6), "amount": 9}]}
    answer = answered(tables, analysis="series", metrics=("revenue",), grain="month", group_by=("tier",), period=YEAR, limit=1, options=RUNNING)
    assert {row["tier"] for row in answer.rows} == {"silver"}


def test_ratios_and_averages_are_made_of_what_ran_up(answered):
    """Not of the months' own ratios."""
    answer = answered(TABLES, analysis="series", metrics=("paid_share", "avg(orders.amount)"), grain="month", period=YEAR, options=RUNNING)
    assert series(answer, "paid_share") == [(1, 1), (2, pytest.approx(10 / 15)), (3, pytest.approx(10 / 15)), (4, pytest.approx(11 / 16))]
    assert series(answer, "avg(orders.amount)") == [(1, 10), (2, 7.5), (3, 7.5), (4, pytest.approx(16 / 3))]
    assert answer.columns[1].label == "paid share so far"


def test_the_highest_so_far(answered):
    """Of all rows up to the end of the bucket."""
    answer = answered(TABLES, analysis="series", metrics=("max(orders.amount)", "min(orders.amount)"), grain="month", period=YEAR, options=RUNNING)
    assert series(answer, "max(orders.amount)") == [(1, 10), (2, 10), (3, 10), (4, 10)]
    assert series(answer, "min(orders.amount)") == [(1, 10), (2, 5), (3, 5), (4, 1)]


def test_whoever_came_before_is_not_counted_again(answered):
    """Customer 1 came in January and in April; by groups each counts in each of them; what has no date or no customer is not counted."""
    tables = TABLES | {"orders": [*TABLES["orders"], {"customer_id": None, "placed_on": date(2024, 4, 6)}, {"customer_id": 9, "placed_on": date(2024, 4, 7)}]}
    counted = "count_distinct(orders.customer_id)"
    answer = answered(tables, analysis="series", metrics=(counted, "orders"), grain="month", period=YEAR, options=RUNNING)
    assert series(answer, counted) == [(1, 1), (2, 2), (3, 2), (4, 3)]
    assert series(answer, "orders") == [(1, 1), (2, 2), (3, 2), (4, 5)]
    by = answered(tables, analysis="series", metrics=(counted,), grain="quarter", group_by=("status",), options=RUNNING)
    assert {(row["orders.placed_on"].isoformat(), row["status"]): row[counted] for row in by.rows} == {
        ("2023-10-01", "paid"): 1,
        ("2023-10-01", "lost"): 0,
        ("2023-10-01", None): 0,
        ("2024-01-01", "paid"): 1,
        ("2024-01-01", "lost"): 1,
        ("2024-01-01", None): 0,
        ("2024-04-01", "paid"): 1,
        ("2024-04-01", "lost"): 1,
        ("2024-04-01", None): 1,
    }


def test_what_cannot_be_put_together_is_refused(answered, star):
    """A median; and who came when, where only groups of people may be shown."""
    with pytest.raises(NotAnswerable, match="running total"):
        answered(TABLES, analysis="series", metrics=("median(orders.amount)",), grain="month", options=RUNNING)
    catalog = star(datasets={"customers": {"personal": True}})
    with pytest.raises(NotPermitted, match="who came when"):
        answered(
            TABLES,
            analysis="series",
            metrics=("count_distinct(orders.customer_id)",),
            grain="month",
            group_by=("tier",),
            options=RUNNING,
            catalog=catalog,
            grant={"minimum_group": 3},
        )


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(tables=stars, grain=st.sampled_from(["week", "month"]), by=st.sampled_from([None, "status", "tier"]))
def test_running_distinct_counts_are_those_of_python(answered, tables, grain, by):
    """Of all who had come by the end of each bucket, in each group."""
    counted = "count_distinct(orders.customer_id)"
    period = Period(first=DAYS[1], last=DAYS[12])
    answer = answered(tables, analysis="series", metrics=(counted,), grain=grain, group_by=(by,) if by else (), period=period, options=RUNNING, known=False)
    rows = [r for r in joined(tables, "orders") if r["placed_on"] and period.first <= r["placed_on"] <= period.last and r["customer_id"] is not None]
    first = {}
    for r in sorted(rows, key=lambda r: r["placed_on"]):
        first.setdefault((r["customer_id"], r[by] if by else None), bucket(r["placed_on"], grain))
    assert {(row["orders.placed_on"], row[by] if by else None) for row in answer.rows} >= {(at, group) for (_, group), at in first.items()}
    for row in answer.rows:
        came = {r["customer_id"] for r in rows if bucket(r["placed_on"], grain) <= row["orders.placed_on"] and (by is None or r[by] == row[by])}
        assert row[counted] == len(came)


def test_a_running_total_is_over_time_and_no_growth(answered):
    """Said in words."""
    with pytest.raises(NotAnswerable, match="over time"):
        answered(TABLES, analysis="breakdown", metrics=("revenue",), group_by=("tier",), options=RUNNING)
    with pytest.raises(NotAnswerable, match="not both"):
        answered(TABLES, analysis="series", metrics=("revenue",), grain="month", options=RUNNING | {"change": "previous"})


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    tables=stars,
    grain=st.sampled_from(["day", "week", "month", "quarter"]),
    ends=st.sampled_from([(0, 13), (2, 9), (4, 5)]),
    status=st.sampled_from([None, "paid"]),
)
def test_the_last_bucket_is_the_total_of_the_period(answered, tables, grain, ends, status):
    """And none is less than Python counts up to its last day."""
    period = Period(first=DAYS[ends[0]], last=DAYS[ends[1]])
    filters = (Filter(dimension="status", values=(status,)),) if status else ()
    answer = answered(tables, analysis="series", metrics=("orders",), grain=grain, period=period, filters=filters, options=RUNNING, known=False)
    days = sorted(
        row["placed_on"]
        for row in joined(tables, "orders")
        if row["placed_on"] is not None and period.first <= row["placed_on"] <= period.last and status in (None, row["status"])
    )
    buckets = [row["orders.placed_on"] for row in answer.rows]
    ends_of = [*buckets[1:], date(9999, 1, 1)][: len(buckets)]
    assert [row["orders"] for row in answer.rows] == [sum(day < end for day in days) for end in ends_of]
    assert (answer.rows[-1]["orders"] if answer.rows else 0) == len(days)

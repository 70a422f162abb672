"""Shares: of the rows, of a part that filters make, over time; and what has none."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.catalog.model import FieldId
from insights.errors import NotAnswerable, UnknownThing
from insights.query.remarks import BELOW
from insights.query.shares import OVERLAP
from insights.requests import ComparePeriod, Filter, Period
from tests.query.test_brute_force import DAYS, joined, stars

JANUARY = Period(first=date(2024, 1, 1), last=date(2024, 1, 31))
FEBRUARY = Period(first=date(2024, 2, 1), last=date(2024, 2, 29))
GOLD = Filter(dimension="tier", values=("gold",))
TABLES = {
    "customers": [{"customer_id": 1, "tier": "gold"}, {"customer_id": 2, "tier": "silver"}, {"customer_id": 3, "tier": None}],
    "orders": [
        {"customer_id": 1, "placed_on": date(2024, 1, 5), "status": "paid", "amount": 60},
        {"customer_id": 2, "placed_on": date(2024, 1, 6), "status": "lost", "amount": 20},
        {"customer_id": 3, "placed_on": date(2024, 1, 7), "status": "paid", "amount": 10},
        {"customer_id": 9, "placed_on": date(2024, 1, 8), "status": "paid", "amount": 10},
        {"customer_id": 1, "placed_on": date(2024, 2, 5), "status": "lost", "amount": 30},
        {"customer_id": 2, "placed_on": date(2024, 2, 6), "status": "paid", "amount": 30},
    ],
}


def shares(answer, *names):
    """The shares by the keys named."""
    return {tuple(row[name] for name in names) if len(names) > 1 else row[names[0]]: row["revenue"] for row in answer.rows}


def test_each_row_is_its_part_of_all_rows(answered):
    """Orphans and unknown keys are parts too; the amounts stand beside, and the unit is percent."""
    answer = answered(TABLES, analysis="share", metrics=("revenue",), group_by=("tier",), period=JANUARY)
    assert [(row["tier"], row["revenue"], row["revenue.part"], row["revenue.whole"]) for row in answer.rows] == [
        ("gold", 0.6, 60, 100),
        ("silver", 0.2, 20, 100),
        (None, 0.2, 20, 100),
    ]
    assert answer.unit == "percent"
    assert [(column.name, column.unit, column.is_figure) for column in answer.columns] == [
        ("tier", None, False),
        ("revenue", "percent", True),
        ("revenue.part", "USD", False),
        ("revenue.whole", "USD", False),
    ]


def test_a_limit_cuts_the_rows_and_not_the_whole(answered):
    """The largest share is of everything."""
    answer = answered(TABLES, analysis="share", metrics=("revenue",), group_by=("tier",), period=JANUARY, limit=1)
    assert [(row["tier"], row["revenue"]) for row in answer.rows] == [("gold", 0.6)]
    assert answer.total_rows == 3


def test_a_condition_leaves_out_rows_and_not_their_part_of_the_whole(answered):
    """It is about the amount."""
    wanted = Filter(metric="revenue", op=">", values=(20,))
    answer = answered(TABLES, analysis="share", metrics=("revenue",), group_by=("status",), period=JANUARY, filters=(wanted,))
    assert shares(answer, "status") == {"paid": 0.8}


def test_a_condition_may_be_on_the_share(answered):
    """Which tiers make up more than a quarter."""
    wanted = Filter(metric="revenue", op=">", values=(0.25,))
    answer = answered(TABLES, analysis="share", metrics=("revenue",), group_by=("tier",), period=JANUARY, filters=(wanted,), options={"on": "share"})
    assert shares(answer, "tier") == {"gold": 0.6}
    assert answer.labels["revenue"] == "Share of revenue"


def test_a_part_that_filters_make_is_divided_by_the_same_without_them(answered):
    """Other filters and the period hold for both."""
    paid = Filter(dimension="status", values=("paid",))
    answer = answered(TABLES, analysis="share", metrics=("revenue",), filters=(GOLD, paid), options={"part": "tier"}, period=JANUARY)
    assert (answer.value, answer.unit) == (0.75, "percent")
    assert dict(answer.rows[0]) == {"revenue": 0.75, "revenue.part": 60, "revenue.whole": 80}
    assert (answer.part, answer.filters) == (("tier",), (GOLD, paid))
    both = answered(TABLES, analysis="share", metrics=("revenue",), filters=(GOLD, paid), options={"part": "tier,status"}, period=JANUARY)
    assert both.value == 0.6


def test_a_part_that_never_occurs_is_none_of_it_and_a_part_of_nothing_is_unknown(answered):
    """Zero and unknown are different."""
    bronze = Filter(dimension="tier", values=("bronze",))
    assert answered(TABLES, analysis="share", metrics=("revenue",), filters=(bronze,), options={"part": "tier"}).value == 0
    none = Filter(dimension="status", values=("open",))
    assert answered(TABLES, analysis="share", metrics=("revenue",), filters=(GOLD, none), options={"part": "tier"}).value is None


def test_over_time_each_bucket_has_a_whole_of_its_own(answered):
    """With groups and with a part alike."""
    by_tier = answered(TABLES, analysis="share", metrics=("revenue",), group_by=("tier",), grain="month")
    assert shares(by_tier, "orders.placed_on", "tier") == {
        (date(2024, 1, 1), "gold"): 0.6,
        (date(2024, 1, 1), "silver"): 0.2,
        (date(2024, 1, 1), None): 0.2,
        (date(2024, 2, 1), "gold"): 0.5,
        (date(2024, 2, 1), "silver"): 0.5,
    }
    gold = answered(TABLES, analysis="share", metrics=("revenue",), filters=(GOLD,), options={"part": "tier"}, grain="month")
    assert shares(gold, "orders.placed_on") == {date(2024, 1, 1): 0.6, date(2024, 2, 1): 0.5}


def test_without_groups_the_buckets_are_the_parts(answered):
    """Which part of the revenue January was."""
    answer = answered(TABLES, analysis="share", metrics=("revenue",), grain="month")
    assert shares(answer, "orders.placed_on") == {date(2024, 1, 1): 0.625, date(2024, 2, 1): 0.375}


def test_a_limit_over_time_keeps_whole_lines(answered):
    """Those with the largest amounts over all of it."""
    answer = answered(TABLES, analysis="share", metrics=("revenue",), group_by=("tier",), grain="month", limit=1)
    assert shares(answer, "orders.placed_on", "tier") == {(date(2024, 1, 1), "gold"): 0.6, (date(2024, 2, 1), "gold"): 0.5}


def test_a_part_by_groups_is_divided_within_each_group(answered):
    """The share of gold in what was paid, and in what was lost."""
    answer = answered(TABLES, analysis="share", metrics=("revenue",), filters=(GOLD,), options={"part": "tier"}, group_by=("status",))
    assert shares(answer, "status") == {"paid": pytest.approx(60 / 110), "lost": 0.6}


def test_shares_of_two_periods_are_compared(answered):
    """The part and the whole of each period are its own."""
    answer = answered(
        TABLES,
        analysis="share",
        metrics=("revenue",),
        filters=(GOLD,),
        options={"part": "tier"},
        period=FEBRUARY,
        compare=ComparePeriod(period=JANUARY),
    )
    assert (answer.value, answer.rows[0]["revenue.before"], answer.rows[0]["revenue.change"]) == (0.5, 0.6, pytest.approx(-0.1))


def test_a_share_of_a_distinct_count_is_of_the_count_over_all(answered):
    """Customer 1 paid and lost an order: the parts add up to more than everybody, and that is said."""
    counted = "count_distinct(orders.customer_id)"
    answer = answered(TABLES, analysis="share", metrics=(counted,), group_by=("status",))
    assert {row["status"]: (row[counted], row[f"{counted}.whole"]) for row in answer.rows} == {"paid": (1.0, 4), "lost": (0.5, 4)}
    assert OVERLAP in answer.notes
    monthly = answered(TABLES, analysis="share", metrics=(counted,), group_by=("status",), grain="month")
    assert {(row["orders.placed_on"].month, row["status"]): row[counted] for row in monthly.rows} == {
        (1, "paid"): 0.75,
        (1, "lost"): 0.25,
        (2, "paid"): 0.5,
        (2, "lost"): 0.5,
    }
    part = answered(TABLES, analysis="share", metrics=(counted,), filters=(GOLD,), options={"part": "tier"})
    assert part.value == 0.25


def test_parts_below_zero_are_told(answered):
    """A refund makes another part more than everything."""
    tables = {"orders": [{"status": "paid", "amount": 150}, {"status": "lost", "amount": -50}]}
    answer = answered(tables, analysis="share", metrics=("revenue",), group_by=("status",))
    assert shares(answer, "status") == {"paid": 1.5, "lost": -0.5}
    assert BELOW in answer.notes


@pytest.mark.parametrize("metric", ["paid_share", "conversion", "avg(orders.amount)", "max(orders.amount)", "median(orders.amount)", "revenue / orders"])
def test_what_does_not_add_up_has_no_shares(answered, metric):
    """A part of an average is no share of it."""
    with pytest.raises(NotAnswerable, match="has no shares"):
        answered(TABLES, analysis="share", metrics=(metric,), group_by=("tier",))


@pytest.mark.parametrize(
    ("question", "error", "words"),
    [
        ({}, NotAnswerable, "need to know the parts"),
        ({"options": {"part": "tier"}}, NotAnswerable, "which tier is the part"),
        ({"group_by": ("tear",)}, UnknownThing, "tear"),
    ],
)
def test_a_share_needs_parts(answered, question, error, words):
    """It is asked for what is missing."""
    with pytest.raises(error, match=words):
        answered(TABLES, analysis="share", metrics=("revenue",), **question)


def test_a_policy_restricts_part_and_whole(answered):
    """Whoever sees only gold and silver sees their shares of gold and silver, with one pass or with a whole of its own."""
    seen = {"rows": {"customers": ({FieldId("customers", "tier"): ("gold", "silver")},)}}
    answer = answered(TABLES, analysis="share", metrics=("revenue",), group_by=("tier",), period=JANUARY, grant=seen)
    assert shares(answer, "tier") == {"gold": 0.75, "silver": 0.25}
    part = answered(TABLES, analysis="share", metrics=("revenue",), filters=(GOLD,), options={"part": "tier"}, period=JANUARY, grant=seen)
    assert part.value == 0.75
    counted = "count_distinct(orders.customer_id)"
    people = answered(TABLES, analysis="share", metrics=(counted,), group_by=("tier",), grant=seen)
    assert {row["tier"]: row[counted] for row in people.rows} == {"gold": 0.5, "silver": 0.5}


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    tables=stars,
    by=st.lists(st.sampled_from(["tier", "area", "status", "gift"]), min_size=1, max_size=2, unique=True),
    metric=st.sampled_from(["orders", "paid", "gold_orders", "revenue"]),
    grain=st.sampled_from([None, "month"]),
    period=st.sampled_from([None, Period(first=DAYS[2], last=DAYS[9])]),
)
def test_shares_of_what_adds_up_add_up_to_one(answered, tables, by, metric, grain, period):
    """In each bucket, wherever there is a whole; and each is its amount through the total that Python counts."""
    answer = answered(tables, analysis="share", metrics=(metric,), group_by=tuple(by), grain=grain, period=period, known=False)
    totals, wholes = {}, {}
    for row in answer.rows:
        bucket = row.get("orders.placed_on")
        totals[bucket] = totals.get(bucket, 0) + (row[metric] or 0)
        wholes[bucket] = row[f"{metric}.whole"]
    there = {_month(r["placed_on"]) if grain else None for r in joined(tables, "orders") if _within(r["placed_on"], period)}
    for bucket in there | totals.keys():
        counted = [r for r in joined(tables, "orders") if _within(r["placed_on"], period) and (grain is None or _month(r["placed_on"]) == bucket)]
        amount = {
            "orders": len(counted),
            "paid": sum(r["amount"] or 0 for r in counted if r["status"] == "paid"),
            "gold_orders": sum(r["tier"] == "gold" for r in counted),
            "revenue": sum(r["amount"] or 0 for r in counted),
        }[metric]
        assert (wholes.get(bucket) or 0) == pytest.approx(amount)
        if amount:
            assert totals[bucket] == pytest.approx(1)


def _within(day, period):
    return period is None or (day is not None and period.first <= day <= period.last)


def _month(day):
    return None if day is None else day.replace(day=1)


def test_the_question_is_answered_as_asked(answered):
    """The answer says which analysis it is, and the definition of what was divided."""
    answer = answered(TABLES, analysis="share", metrics=("revenue",), group_by=("tier",))
    assert (answer.analysis, [d.name for d in answer.definition]) == ("share", ["revenue"])

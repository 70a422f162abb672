"""Rankings that start anew in each group."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.errors import NotAnswerable
from tests.query.test_brute_force import joined, stars

WITHIN = {"within": "tier"}


def order(customer, status, amount):
    """An order."""
    return {"customer_id": customer, "status": status, "amount": amount, "placed_on": date(2024, 1, customer or 1)}


TABLES = {
    "customers": [{"customer_id": 1, "tier": "gold"}, {"customer_id": 2, "tier": "silver"}],
    "orders": [order(1, "a", 5), order(1, "b", 9), order(1, "c", 5), order(2, "a", 1), order(None, "a", 3), order(None, None, 4)],
}


def leaders(answer):
    """Groups, names and figures in the order of the answer."""
    return [(row["tier"], row["status"], row["revenue"]) for row in answer.rows]


def test_each_group_has_its_own_leaders(answered):
    """Groups by name, unknown last; ties by name, and a tie at the cut is told."""
    answer = answered(TABLES, analysis="ranking", metrics=("revenue",), group_by=("tier", "status"), limit=2, order="desc", options=WITHIN)
    assert leaders(answer) == [("gold", "b", 9), ("gold", "a", 5), ("silver", "a", 1), (None, None, 4), (None, "a", 3)]
    assert "Others tie with the last one listed." in answer.notes
    assert (answer.within, answer.total_rows, answer.limit) == (("tier",), 6, 2)


def test_the_least_and_a_limit_that_is_not_reached(answered):
    """No tie where nothing is cut; that an order without a status has a rank as well is said."""
    answer = answered(TABLES, analysis="ranking", metrics=("revenue",), group_by=("tier", "status"), limit=3, order="asc", options=WITHIN)
    assert leaders(answer)[:3] == [("gold", "a", 5), ("gold", "c", 5), ("gold", "b", 9)]
    assert answer.notes == ("What has no known status is ranked too; say 'exclude unknown' to leave it out.",)


def test_within_each_month(answered):
    """The time bucket is a group like another."""
    tables = {"orders": [{"placed_on": date(2024, month, 5), "status": s, "amount": a} for month, s, a in [(1, "a", 1), (1, "b", 2), (2, "a", 9), (2, "b", 3)]]}
    answer = answered(
        tables, analysis="ranking", metrics=("revenue",), group_by=("status",), grain="month", limit=1, order="desc", options={"within": "orders.placed_on"}
    )
    assert [(row["orders.placed_on"].month, row["status"]) for row in answer.rows] == [(1, "b"), (2, "a")]


@pytest.mark.parametrize("within", ["area", "tier,status", "status,tier,area"])
def test_what_is_not_grouped_by_cannot_be_ranked_within(answered, within):
    """Nor is there anything to rank when all of it is."""
    with pytest.raises(NotAnswerable):
        answered(TABLES, analysis="ranking", metrics=("revenue",), group_by=("tier", "status"), limit=2, options={"within": within})


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(tables=stars, limit=st.integers(1, 3), order=st.sampled_from(["asc", "desc"]))
def test_leaders_are_those_of_python(answered, tables, limit, order):
    """In any small tables, the same every time."""
    totals = {}
    for row in joined(tables, "orders"):
        key = row["tier"], row["status"]
        totals[key] = totals.get(key, 0) + 1
    wanted = []
    for tier in sorted({tier for tier, _ in totals}, key=lambda name: (name is None, name)):
        inside = [(status, number) for (t, status), number in totals.items() if t == tier]
        inside.sort(key=lambda one: (-one[1] if order == "desc" else one[1], one[0] is None, one[0]))
        wanted += [(tier, status, number) for status, number in inside[:limit]]
    answer = answered(tables, analysis="ranking", metrics=("orders",), group_by=("tier", "status"), limit=limit, order=order, options=WITHIN, known=False)
    assert [(row["tier"], row["status"], row["orders"]) for row in answer.rows] == wanted

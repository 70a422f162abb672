"""Members who were there in one period, and were or were not in another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.catalog.model import Aggregation, FieldId, Metric
from insights.errors import NotAnswerable, NotPermitted
from insights.requests import Filter, Period
from tests.query.test_brute_force import DAYS, joined, stars

COUNTED = "count_distinct(orders.customer_id)"
JANUARY = Period(first=date(2024, 1, 1), last=date(2024, 1, 31))
NOT_SINCE = {"members": "orders.customer_id", "not_first": date(2024, 2, 1), "not_last": None}
AGAIN = {"members": "orders.customer_id", "also_first": date(2024, 2, 1), "also_last": date(2024, 2, 29)}


def order(customer, month, status="paid", amount=10):
    """An order on the fifth of a month of 2024."""
    return {"customer_id": customer, "placed_on": date(2024, month, 5), "status": status, "amount": amount}


TABLES = {
    "customers": [{"customer_id": n, "tier": "gold" if n < 3 else "silver"} for n in range(1, 6)],
    "orders": [
        order(1, 1),
        order(1, 2),
        order(2, 1),
        order(2, 3),
        order(3, 1),
        order(3, 1, amount=7),
        order(4, 2),
        order(None, 1),
        order(None, 2),
        order(5, 1),
        order(5, 2, status="lost"),
        order(9, 1),
    ],
}


def test_who_did_not_come_since(answered):
    """Orders of nobody known are no member; a customer who is not on file is one."""
    answer = answered(TABLES, metrics=(COUNTED,), period=JANUARY, options=NOT_SINCE)
    assert answer.value == 2  # 3 and 9
    (again,) = answer.again
    assert (again.members, again.period, again.negated) == ("customer id", Period(first=date(2024, 2, 1)), True)


def test_who_came_again(answered):
    """In that month, and not only later."""
    assert answered(TABLES, metrics=(COUNTED,), period=JANUARY, options=AGAIN).value == 2  # 1 and 5
    march = AGAIN | {"also_first": "2024-03-01", "also_last": None}
    assert answered(TABLES, metrics=(COUNTED,), period=JANUARY, options=march).value == 1  # 2, who came in March


def test_both_at_once(answered):
    """Again in March, but not in February."""
    options = NOT_SINCE | {"not_last": date(2024, 2, 29), "also_first": date(2024, 3, 1), "also_last": None}
    assert answered(TABLES, metrics=(COUNTED,), period=JANUARY, options=options).value == 1


def test_filters_hold_for_both_periods(answered):
    """Who paid in January and has not paid since: 5 lost the second one. It is said."""
    answer = answered(TABLES, metrics=(COUNTED,), period=JANUARY, options=NOT_SINCE, filters=(Filter(dimension="status", values=("paid",)),))
    assert answer.value == 3
    assert "The filters hold for both periods." in answer.notes


def test_a_metric_counts_in_both_periods_as_it_is_defined(answered, star):
    """With its own filter, whatever is asked for beside it."""
    counted = Aggregation(
        function="count_distinct", dataset="orders", operand=(FieldId("orders", "customer_id"),), where=(FieldId("orders", "status"), " = 'paid'")
    )
    catalog = star()
    payers = Metric(name="payers", label="Payers", formula=(counted,), time=FieldId("orders", "placed_on"))
    catalog = replace(catalog, metrics={**catalog.metrics, "payers": payers})
    assert answered(TABLES, catalog=catalog, metrics=("payers",), period=JANUARY, options=NOT_SINCE).value == 3
    beside = answered(TABLES, catalog=catalog, metrics=("payers", COUNTED), period=JANUARY, options=NOT_SINCE)
    assert dict(beside.rows[0]) == {"payers": 3, COUNTED: 2}


def test_other_figures_are_those_of_the_members(answered):
    """What they spent in the first period; by their tier."""
    answer = answered(TABLES, analysis="breakdown", metrics=("revenue", COUNTED), group_by=("tier",), period=JANUARY, options=NOT_SINCE)
    assert {row["tier"]: (row["revenue"], row[COUNTED]) for row in answer.rows} == {"silver": (17, 1), None: (10, 1)}


def test_the_other_period_beyond_the_data_is_unknown(answered):
    """Nobody came again in a month that the data does not reach, but that is not known."""
    later = AGAIN | {"also_first": date(2025, 2, 1), "also_last": None}
    answer = answered(TABLES, metrics=(COUNTED,), period=JANUARY, options=later)
    assert answer.value is None
    assert any("data ends" in note for note in answer.notes)


def test_a_policy_holds_in_both_periods(answered):
    """For the rows of the second as for those of the first: by what is seen, 5 did not come again."""
    grant = {"rows": {"orders": ({FieldId("orders", "status"): ("paid",)},)}}
    assert answered(TABLES, metrics=(COUNTED,), period=JANUARY, options=NOT_SINCE, grant=grant).value == 3
    gold = {"rows": {"customers": ({FieldId("customers", "tier"): ("gold",)},)}}
    assert answered(TABLES, metrics=(COUNTED,), period=JANUARY, options=AGAIN, grant=gold).value == 1


def test_members_can_be_listed(answered):
    """Each once, by what is asked of them; counting them gives as many."""
    answer = answered(TABLES, analysis="list", columns=("orders.customer_id", "tier"), period=JANUARY, options=NOT_SINCE)
    assert [tuple(row.values()) for row in answer.rows] == [(3, "silver"), (9, None)]
    assert (answer.total_rows, answer.records) == (2, "customers")
    assert [tuple(row.values()) for row in answered(TABLES, analysis="list", period=JANUARY, options=AGAIN).rows] == [(1,), (5,)]


def test_few_members_of_a_personal_dataset_are_refused(answered, star):
    """A set is a question about people, counted or listed."""
    catalog, grant = star(datasets={"customers": {"personal": True}}), {"minimum_group": 3}
    with pytest.raises(NotPermitted, match="fewer than 3"):
        answered(TABLES, metrics=(COUNTED,), period=JANUARY, options=NOT_SINCE, catalog=catalog, grant=grant)
    with pytest.raises(NotPermitted, match="list single people"):
        answered(TABLES, analysis="list", period=JANUARY, options=NOT_SINCE, catalog=catalog, grant=grant)


@pytest.mark.parametrize(
    "options",
    [
        {"not_first": date(2024, 2, 1)},
        {"members": "orders.customer_id"},
        NOT_SINCE | {"not_first": "soon"},
        NOT_SINCE | {"not_last": date(2024, 1, 1)},
        NOT_SINCE | {"members": "visits.minutes"},
    ],
)
def test_a_set_needs_members_and_another_period(answered, options):
    """Said in words."""
    with pytest.raises(NotAnswerable):
        answered(TABLES, metrics=(COUNTED,), period=JANUARY, options=options)


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(tables=stars, negated=st.booleans(), tier=st.sampled_from([None, "gold"]))
def test_sets_are_those_of_python(answered, tables, negated, tier):
    """Whatever the rows."""
    first, second = Period(first=DAYS[0], last=DAYS[6]), Period(first=DAYS[7], last=DAYS[13])
    filters = (Filter(dimension="tier", values=(tier,)),) if tier else ()
    kind = "not" if negated else "also"
    options = {"members": "orders.customer_id", f"{kind}_first": second.first, f"{kind}_last": second.last}
    answer = answered(tables, metrics=(COUNTED,), period=first, filters=filters, options=options, known=False)
    rows = [r for r in joined(tables, "orders") if r["placed_on"] and r["customer_id"] is not None and tier in (None, r["tier"])]
    here, there = ({r["customer_id"] for r in rows if p.first <= r["placed_on"] <= p.last} for p in (first, second))
    assert answer.value == len(here - there if negated else here & there)

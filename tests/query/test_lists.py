"""Lists of records: their columns, their order, how many, and whose may not be listed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from insights.catalog.model import FieldId
from insights.errors import NotAnswerable, NotPermitted, UnknownThing
from insights.query.listing import MOST_RECORDS
from insights.requests import ComparePeriod, Filter, Period

ORDERS = {"dataset": "orders"}
JANUARY = Period(first=date(2024, 1, 1), last=date(2024, 1, 31))
TABLES = {
    "customers": [{"customer_id": 1, "tier": "gold"}, {"customer_id": 2, "tier": "silver"}],
    "orders": [
        {"customer_id": 2, "placed_on": date(2024, 1, 5), "status": "paid", "amount": 20.5},
        {"customer_id": 1, "placed_on": date(2024, 1, 9), "status": "lost", "amount": 7},
        {"customer_id": None, "placed_on": date(2024, 1, 9), "status": None, "amount": None},
        {"customer_id": 9, "placed_on": date(2024, 2, 1), "status": "paid", "amount": 20.5},
        {"customer_id": 1, "placed_on": None, "status": "paid", "amount": 1},
    ],
    "visits": [{"customer_id": 1, "began_at": datetime(2024, 1, 2, 3, 30), "minutes": 5}],
}


def cells(answer):
    """The records, cell by cell."""
    return [tuple(row.values()) for row in answer.rows]


def test_records_are_told_as_they_are(answered):
    """With what they refer to, the latest first, what is unknown as unknown; and how many there are."""
    answer = answered(TABLES, analysis="list", columns=("placed_on", "tier", "orders.amount"), options=ORDERS)
    assert cells(answer) == [
        (date(2024, 2, 1), None, 20.5),
        (date(2024, 1, 9), "gold", 7),
        (date(2024, 1, 9), None, None),
        (date(2024, 1, 5), "silver", 20.5),
        (None, "gold", 1),
    ]
    assert (answer.total_rows, answer.records, answer.sorted_by, answer.order) == (5, "orders", "placed on", "desc")
    assert (answer.value, answer.unit, answer.definition) == (None, None, ())
    assert list(answer.rows[0]) == ["placed_on", "tier", "orders.amount"]


def test_the_period_the_filters_and_the_limit(answered):
    """A list that is cut says of how many."""
    answer = answered(TABLES, analysis="list", columns=("status",), period=JANUARY, limit=2, options=ORDERS)
    assert (cells(answer), answer.total_rows, answer.limit, answer.period) == ([("lost",), (None,)], 3, 2, JANUARY)
    paid = answered(TABLES, analysis="list", columns=("placed_on",), filters=(Filter(dimension="status", values=("paid",)),), options=ORDERS)
    assert cells(paid) == [(date(2024, 2, 1),), (date(2024, 1, 5),), (None,)]
    nothing = answered(TABLES, analysis="list", columns=("placed_on",), filters=(Filter(dimension="status", values=("open",)),), options=ORDERS)
    assert (nothing.rows, nothing.total_rows) == ((), 0)


def test_ordered_by_a_field(answered):
    """Ties are settled by the rest of the record, unknown ones last; the field need not be shown."""
    largest = answered(TABLES, analysis="list", columns=("orders.customer_id",), limit=3, order="desc", options=ORDERS | {"by": "orders.amount"})
    assert cells(largest) == [(2,), (9,), (1,)]
    assert (largest.sorted_by, largest.order) == ("amount", "desc")
    smallest = answered(TABLES, analysis="list", columns=("orders.amount",), order="asc", options=ORDERS | {"by": "orders.amount"})
    assert cells(smallest) == [(1,), (7,), (20.5,), (20.5,), (None,)]
    earliest = answered(TABLES, analysis="list", columns=("placed_on",), limit=1, order="asc", options=ORDERS)
    assert cells(earliest) == [(date(2024, 1, 5),)]


def test_a_sensible_choice_where_no_column_is_named(answered, star):
    """The key, the time, what it is like, its numbers; not what refers to others, and not what its owner has closed."""
    assert list(answered(TABLES, analysis="list", options=ORDERS).rows[0]) == ["placed_on", "status", "gift", "orders.amount"]
    fields = star().datasets["orders"].fields
    closed = replace(fields["amount"], aggregates=(), aggregates_declared=True)
    catalog = star(datasets={"orders": {"fields": {**fields, "amount": closed}}})
    assert list(answered(TABLES, analysis="list", options=ORDERS, catalog=catalog).rows[0]) == ["placed_on", "status", "gift"]
    for more in ({"columns": ("orders.amount",)}, {"options": ORDERS | {"by": "orders.amount"}}):
        with pytest.raises(NotAnswerable, match="may not be asked for"):
            answered(TABLES, analysis="list", catalog=catalog, **({"options": ORDERS} | more))


def test_days_and_times_are_those_of_the_company(answered, star):
    """Stored in UTC, told in New York."""
    catalog = star(timezone="America/New_York", datasets={"visits": {"timezone": "UTC"}})
    answer = answered(TABLES, analysis="list", columns=("began_at",), options={"dataset": "visits"}, catalog=catalog)
    assert cells(answer) == [(datetime(2024, 1, 1, 22, 30),)]


def test_a_long_list_is_cut_and_says_so(answered):
    """When no number was asked for."""
    tables = {"orders": [{"placed_on": date(2024, 1, 1), "amount": n} for n in range(MOST_RECORDS + 5)]}
    answer = answered(tables, analysis="list", columns=("orders.amount",), options=ORDERS)
    assert (len(answer.rows), answer.total_rows) == (MOST_RECORDS, MOST_RECORDS + 5)
    assert any("Only the first 1,000 records" in note for note in answer.notes)
    assert len(answered(tables, analysis="list", columns=("orders.amount",), options=ORDERS, limit=1003).rows) == 1003


def test_the_same_list_every_time(answered):
    """Records that are equal in everything shown have an order too."""
    tables = {"orders": [{"placed_on": date(2024, 1, 1), "status": "paid", "amount": n % 3, "customer_id": n} for n in range(50)]}
    lists = {tuple(cells(answered(tables, analysis="list", columns=("status", "orders.customer_id"), limit=7, options=ORDERS))) for _ in range(3)}
    assert len(lists) == 1


def test_a_policy_leaves_out_records_before_they_are_counted(answered):
    """Along every way, and it is said; one that lets nothing through refuses."""
    grant = {"rows": {"customers": ({FieldId("customers", "tier"): ("gold",)},)}}
    answer = answered(TABLES, analysis="list", columns=("orders.amount",), options=ORDERS, grant=grant)
    assert (cells(answer), answer.total_rows) == ([(7,), (1,)], 2)
    assert "This counts only what you may see." in answer.notes
    with pytest.raises(NotPermitted):
        answered(TABLES, analysis="list", options=ORDERS, grant={"rows": {"customers": ()}})


@pytest.mark.parametrize(
    "question",
    [
        {"options": {"dataset": "customers"}},
        {"options": ORDERS, "columns": ("tier",)},
        {"options": ORDERS, "columns": ("orders.customer_id",)},
        {"options": ORDERS, "columns": ("placed_on",), "filters": (Filter(dimension="tier", values=("gold",)),)},
        {"options": ORDERS | {"by": "customers.tier"}, "columns": ("placed_on",)},
    ],
)
def test_single_people_are_not_listed_where_only_groups_may_be_shown(answered, star, question):
    """However they come into the list: the way out is to ask how many."""
    catalog = star(datasets={"customers": {"personal": True}})
    with pytest.raises(NotPermitted, match="list single people") as refused:
        answered(TABLES, analysis="list", catalog=catalog, grant={"minimum_group": 3}, **question)
    assert "how many" in refused.value.remedy
    assert answered(TABLES, analysis="list", catalog=catalog, **question).rows


def test_records_that_tell_nobody_are_listed(answered, star):
    """Orders by their own attributes, though they refer to people."""
    catalog = star(datasets={"customers": {"personal": True}})
    answer = answered(TABLES, analysis="list", columns=("status",), options=ORDERS, catalog=catalog, grant={"minimum_group": 3})
    assert answer.total_rows == 5


@pytest.mark.parametrize(
    ("question", "error", "words"),
    [
        ({}, NotAnswerable, "what to list"),
        ({"options": {"dataset": "order"}}, UnknownThing, "orders"),
        ({"options": ORDERS, "columns": ("minutes",)}, NotAnswerable, "not known for orders"),
        ({"options": ORDERS, "columns": ("nothing",)}, UnknownThing, "nothing"),
        ({"options": ORDERS, "limit": 0}, NotAnswerable, "fewer than one"),
        ({"options": ORDERS, "grain": "month"}, NotAnswerable, "records"),
        ({"options": ORDERS, "compare": ComparePeriod(period=JANUARY)}, NotAnswerable, "records"),
        ({"options": ORDERS, "filters": (Filter(metric="revenue", op=">", values=(1,)),)}, NotAnswerable, "figures"),
        ({"options": {"dataset": "customers"}, "period": JANUARY}, NotAnswerable, "no dates"),
    ],
)
def test_what_is_no_list_is_refused(answered, question, error, words):
    """With the way out."""
    with pytest.raises(error, match=words):
        answered(TABLES, analysis="list", **question)

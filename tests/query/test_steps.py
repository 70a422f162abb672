"""Numbers in steps: where the boundaries are, how wide a step is when nobody says, and what may not be cut."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.catalog.model import FieldId
from insights.errors import NotAnswerable, NotPermitted
from insights.requests import Filter, Period

NAME = "bin(orders.amount)"


def orders(*amounts):
    """One order for each amount, on days that follow each other."""
    return {"orders": [{"amount": amount, "placed_on": date(2024, 1, 1 + n % 28)} for n, amount in enumerate(amounts)]}


def counts(answer):
    """How many orders there are in each step, by its lower end."""
    return {row[NAME]: row["orders"] for row in answer.rows}


def test_a_boundary_belongs_to_the_step_above(answered):
    """Steps go on below zero, and what is unknown has none."""
    found = answered(orders(0, 49.99, 50, 99, 100, -1, -50, None), analysis="breakdown", metrics=("orders",), group_by=(NAME,), options={"width": 50})
    assert list(counts(found).items()) == [(-50, 2), (0, 2), (50, 2), (100, 1), (None, 1)]
    assert [column.width for column in found.columns] == [50, None]


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    amounts=st.lists(st.decimals(-200, 200, places=2), min_size=1, max_size=30),
    width=st.sampled_from([0.01, 0.1, 0.25, 0.3, 1, 2.5, 7, 50]),
)
def test_steps_are_those_of_decimal_arithmetic(answered, amounts, width):
    """Also where binary fractions miss a boundary by a crumb; lower ends are as short as people write them."""
    exact = Decimal(str(width))
    wanted = Counter(float(math.floor(amount / exact) * exact) for amount in amounts)
    found = answered(orders(*map(float, amounts)), analysis="breakdown", metrics=("orders",), group_by=(NAME,), options={"width": width}, known=False)
    assert counts(found) == wanted


@pytest.mark.parametrize(("amounts", "width"), [((0, 95), 10), ((3, 24), 2.5), ((0, 1000000), 100000), ((0.1, 0.9), 0.1), ((5, 5), 1), ((None,), 1)])
def test_about_ten_round_steps_when_nobody_says(answered, amounts, width):
    """From the least to the greatest."""
    found = answered(orders(*amounts), analysis="breakdown", metrics=("orders",), group_by=(NAME,))
    assert found.columns[0].width == pytest.approx(width)


def test_a_number_of_steps_is_that_many(answered):
    """Equal ones from the least to the greatest, which belongs to the last."""
    amounts = [2, 3.9, 4, 6, 9.99, 10, 12]
    found = answered(orders(*amounts, None), analysis="breakdown", metrics=("orders",), group_by=(NAME,), options={"bins": 5})
    assert counts(found) == {2: 2, 4: 1, 6: 1, 8: 1, 10: 2, None: 1}


def test_the_range_is_that_of_the_rows_asked_about(answered):
    """The filters, the period and the rights hold for it: nobody learns of amounts they may not see."""
    tables = orders(1, 9, 5) | {"customers": [{"customer_id": 1, "tier": "gold"}]}
    tables["orders"] += [{"amount": 900, "customer_id": 1, "status": "lost", "placed_on": date(2024, 3, 1)}]
    for more in (
        {"filters": (Filter(dimension="status", op="is_null"),)},
        {"period": Period(first=date(2024, 1, 1), last=date(2024, 1, 31))},
    ):
        assert answered(tables, analysis="breakdown", metrics=("orders",), group_by=(NAME,), **more).columns[0].width == 1
    tables["orders"] += [{"amount": amount, "customer_id": 2} for amount in (1, 9)]
    tables["customers"] += [{"customer_id": 2, "tier": "silver"}]
    grant = {"rows": {"customers": ({FieldId("customers", "tier"): ("silver",)},)}}
    seen = answered(tables, analysis="breakdown", metrics=("orders",), group_by=(NAME,), grant=grant)
    assert (seen.columns[0].width, counts(seen)) == (1, {1: 1, 9: 1})


@pytest.mark.parametrize("options", [{"width": 0}, {"width": -5}, {"width": "wide"}, {"width": math.inf}, {"bins": 0}, {"bins": 100000}])
def test_steps_that_cannot_be_are_refused(answered, options):
    """In words."""
    with pytest.raises(NotAnswerable):
        answered(orders(1, 2), analysis="breakdown", metrics=("orders",), group_by=(NAME,), options=options)


def test_only_numbers_that_may_be_asked_for_are_cut(answered, star):
    """Not a text, and not a number whose owner lets nobody aggregate it."""
    with pytest.raises(NotAnswerable, match="no number"):
        answered(orders(1), analysis="breakdown", metrics=("orders",), group_by=("bin(orders.status)",))
    fields = star().datasets["orders"].fields
    closed = replace(fields["amount"], aggregates=(), aggregates_declared=True)
    catalog = star(datasets={"orders": {"fields": {**fields, "amount": closed}}})
    with pytest.raises(NotAnswerable, match="may not be asked for"):
        answered(orders(1), analysis="breakdown", metrics=("orders",), group_by=(NAME,), catalog=catalog)


def test_steps_of_few_people_are_refused(answered, star):
    """A step is a group like any other."""
    catalog = star(datasets={"orders": {"personal": True}})
    with pytest.raises(NotPermitted, match="fewer than 3"):
        answered(
            orders(1, 2, 100), analysis="breakdown", metrics=("orders",), group_by=(NAME,), options={"width": 50}, catalog=catalog, grant={"minimum_group": 3}
        )

"""Words that name a value and something else too, and figures that nobody may be offered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from insights.catalog.model import FieldId
from insights.language.understand import Understander
from insights.requests import Clarify, Filter, Understood, Unsupported
from tests.language.company import CATALOG, CONTENTS, NOW


@pytest.fixture(scope="module")
def ambiguous():
    """The test company with tickets that can be "shipped", products called "furniture" too, and a delivery time that no figure may be made of."""
    datasets = dict(CATALOG.datasets)
    fields = dict(datasets["orders"].fields)
    fields["delivery_days"] = replace(fields["delivery_days"], aggregates=(), aggregates_declared=True)
    datasets["orders"] = replace(datasets["orders"], fields=fields)
    shipped = replace(fields["paid"], id=FieldId("tickets", "shipped"), expression=("shipped",), label="Shipped")
    datasets["tickets"] = replace(datasets["tickets"], fields={**datasets["tickets"].fields, "shipped": shipped})
    products = datasets["products"].fields
    datasets["products"] = replace(datasets["products"], fields={**products, "product": replace(products["product"], synonyms=("furniture",))})
    return Understander(replace(CATALOG, datasets=datasets), CONTENTS)


def test_a_value_within_reach_wins_over_a_field_that_is_not(ambiguous):
    """Revenue is of orders, whose status can be shipped; contacts are of tickets, that have a field of that name."""
    revenue = ambiguous.understand("revenue of shipped orders", now=NOW)
    contacts = ambiguous.understand("shipped support contacts", now=NOW)
    assert isinstance(revenue, Understood)
    assert isinstance(contacts, Understood)
    assert revenue.request.filters == (Filter(dimension="status", values=("shipped",)),)
    assert contacts.request.filters == (Filter(dimension="shipped", values=(True,)),)


def test_a_word_that_is_a_value_and_a_dimension_is_asked_about(ambiguous):
    """Neither meaning is taken in silence; said as a group or ranked it is one."""
    reading = ambiguous.understand("EMEA furniture revenue", now=NOW)
    assert isinstance(reading, Clarify), reading
    assert {(choice.request.group_by, len(choice.request.filters)) for choice in reading.choices} == {((), 2), (("product",), 1)}
    assert ambiguous.understand("revenue by furniture", now=NOW).request.group_by == ("product",)
    assert ambiguous.understand("top 3 furniture by revenue", now=NOW).request.group_by == ("product",)


@pytest.mark.parametrize("text", ["delivery time", "average delivery days", "highest delivery days by xyzzy", "delivery days by region"])
def test_no_figure_of_a_field_without_aggregates_is_offered(ambiguous, text):
    """What is declared to have no aggregates is refused at once, not after a question back."""
    assert isinstance(ambiguous.understand(text, now=NOW), Unsupported)

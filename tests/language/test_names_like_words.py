"""Values and metrics that are called like something else: the month they share a name with, or the words that another metric is said with."""

from __future__ import annotations

from dataclasses import replace

import pytest

from insights.catalog.model import FieldId
from insights.language.understand import Understander
from insights.requests import Clarify, Filter, Understood, Unsupported
from tests.language.company import CATALOG, CONTENTS, NOW

PLAN, CHANNEL = FieldId("customers", "plan"), FieldId("orders", "channel")


@pytest.fixture(scope="module")
def odd():
    """A plan that is called March, channels that are called like metrics, and the order value of average orders."""
    values = {**CONTENTS.values, PLAN: ("Basic", "March"), CHANNEL: ("Phoned", "Posted", "Web")}
    revenue = CATALOG.metrics["revenue"]
    metrics = {
        **CATALOG.metrics,
        "phoned_revenue": replace(revenue, name="phoned_revenue", label="Phoned revenue", synonyms=()),
        "average_order_value": replace(CATALOG.metrics["average_order_value"], synonyms=("average order", "order value")),
    }
    return Understander(replace(CATALOG, metrics=metrics), replace(CONTENTS, values=values))


@pytest.mark.parametrize("text", ["revenue march", "march revenue", "revenue for march"])
def test_a_value_that_is_a_month_too_is_asked_about(odd, text):
    """Neither is likelier, and the one would be told as the other."""
    reading = odd.understand(text, now=NOW)
    assert isinstance(reading, Clarify), reading
    assert {bool(choice.request.period) for choice in reading.choices} == {True, False}


@pytest.mark.parametrize("text", ["revenue for phoned or posted orders", "revenue for phoned and posted", "revenue from posted or phoned orders"])
def test_values_that_are_listed_are_values_whatever_a_metric_is_called(odd, text):
    """ "Revenue for phoned" is no "phoned revenue" of what was posted."""
    reading = odd.understand(text, now=NOW)
    assert isinstance(reading, Understood), reading
    assert reading.request.metrics[0] == "revenue"
    ((name, values),) = [(one.dimension, set(one.values)) for one in reading.request.filters]
    assert (name.rpartition(".")[2], values) == ("channel", {"Phoned", "Posted"})


def test_the_end_of_a_name_begins_no_other(odd):
    """ "Average order value for orders over 50" asks about orders over 50, and sets no condition on the average."""
    reading = odd.understand("average order value for orders over 50 dollars by region", now=NOW)
    assert isinstance(reading, Understood), reading
    assert reading.request.filters == (Filter(dimension="orders.amount", op=">", values=(50,)),)


@pytest.mark.parametrize("text", ["revenue in March 2026 and shipped in April 2026", "orders in March 2026 and ship date in April 2026"])
def test_a_date_named_between_two_periods_is_not_that_of_both(odd, text):
    """One of the two would be left out, or taken for the other."""
    reading = odd.understand(text, now=NOW)
    assert isinstance(reading, Unsupported), reading
    assert "one date at a time" in reading.reason

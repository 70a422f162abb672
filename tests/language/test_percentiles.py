"""What so many in a hundred of the values are at most: understood where the company allows it, refused by name elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from insights.language.understand import Understander
from insights.requests import MetricQuestion, Understood, Unsupported
from tests.language.company import CATALOG, CONTENTS, NOW


@pytest.fixture(scope="module")
def allowing() -> Understander:
    """An understander of the test company, where percentiles of the numbers of an order are allowed."""
    orders = CATALOG.datasets["orders"]
    fields = {name: replace(field, percentiles=field.role == "fact") for name, field in orders.fields.items()}
    return Understander(replace(CATALOG, datasets={**CATALOG.datasets, "orders": replace(orders, fields=fields)}), CONTENTS)


@pytest.mark.parametrize(
    ("said", "measure", "groups"),
    [
        ("90th percentile of discount", "p90(orders.discount)", ()),
        ("what is the 95th percentile of order amount by region", "p95(orders.amount)", ("region",)),
        ("discount at the 75th percentile", "p75(orders.discount)", ()),
        ("the ninetieth percentile of discount last month", "p90(orders.discount)", ()),
        ("p95 of discount", "p95(orders.discount)", ()),
        ("the upper quartile of discount by region", "p75(orders.discount)", ("region",)),
        ("what's the lower quartile of discount", "p25(orders.discount)", ()),
    ],
)
def test_a_percentile_is_asked_for_by_its_number(allowing, said, measure, groups):
    """In digits or in words, before the name or behind it."""
    reading = allowing.understand(said, now=NOW)
    assert isinstance(reading, Understood), reading
    assert isinstance(reading.request, MetricQuestion), reading
    assert (reading.request.metrics, reading.request.group_by) == ((measure,), groups)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("90th percentile of discount", "I may not take a percentile of Discount; I can tell its distribution"),
        ("90th percentile of orders", "I can't take a percentile of Orders"),
        ("95th percentile of country", "I can't take a percentile of 'country'"),
    ],
)
def test_what_has_no_percentiles_is_refused_by_name(understander, said, reason):
    """With what can be told in its place."""
    reading = understander.understand(said, now=NOW)
    assert isinstance(reading, Unsupported), reading
    assert reading.reason.startswith(reason)

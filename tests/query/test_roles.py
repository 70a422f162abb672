"""One table joined under several roles: never guessed which, and said with `role.field`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from insights.catalog.model import FieldId, Relationship
from insights.errors import NotAnswerable, NotPermitted
from insights.organization import Organization
from insights.permit import Permit
from insights.requests import Filter, MetricQuestion

TO_REGIONS = {"one": "regions", "one_columns": ("region_id",)}
ROLES = (
    Relationship(name="buyer", many="orders", one="customers", many_columns=("customer_id",), one_columns=("customer_id",)),
    Relationship(name="home", many="customers", many_columns=("region_id",), **TO_REGIONS),
    Relationship(name="shipped_to", many="orders", many_columns=("amount",), **TO_REGIONS),
    Relationship(name="billed_to", many="orders", many_columns=("customer_id",), **TO_REGIONS),
)
TABLES = {
    "regions": [{"region_id": 1, "area": "north"}, {"region_id": 2, "area": "south"}],
    "customers": [{"customer_id": 1, "region_id": 2}, {"customer_id": 2, "region_id": 1}],
    "orders": [
        {"customer_id": 1, "amount": 2, "placed_on": date(2024, 1, 1)},
        {"customer_id": 2, "amount": 1, "placed_on": date(2024, 1, 2)},
        {"customer_id": 1, "amount": 9, "placed_on": date(2024, 1, 2)},
        {"customer_id": None, "amount": 1, "placed_on": None},
    ],
}


def areas(answer, name):
    """Orders by area."""
    return {row[name]: row["orders"] for row in answer.rows}


@pytest.mark.parametrize(
    ("name", "counted"),
    [
        ("shipped_to.area", {"south": 1, "north": 2, None: 1}),
        ("billed_to.area", {"north": 2, "south": 1, None: 1}),
        ("home.area", {"south": 2, "north": 1, None: 1}),
        ("buyer.area", {"south": 2, "north": 1, None: 1}),
    ],
)
def test_a_role_says_which_of_several_is_meant(answered, star, name, counted):
    """Also where it lies behind another table; keys that are unknown or point nowhere stay."""
    answer = answered(TABLES, catalog=star(relationships=ROLES), analysis="breakdown", metrics=("orders",), group_by=(name,))
    assert areas(answer, name) == counted
    assert answer.labels[name] == f"{name.split('.')[0].replace('_', ' ').capitalize()} area"


def test_two_roles_stand_side_by_side(answered, star):
    """Where orders went to, of those billed to the north."""
    condition = Filter(dimension="billed_to.area", values=("north",))
    answer = answered(TABLES, catalog=star(relationships=ROLES), analysis="breakdown", metrics=("orders",), group_by=("shipped_to.area",), filters=(condition,))
    assert areas(answer, "shipped_to.area") == {"south": 1, None: 1}


def test_without_a_role_the_choices_are_told(answered, star):
    """In people's words: what refers to it, never a guess."""
    with pytest.raises(NotAnswerable, match="several ways") as refused:
        answered(TABLES, catalog=star(relationships=ROLES), analysis="breakdown", metrics=("orders",), group_by=("area",))
    assert refused.value.options == ("amount", "customer", "customer then region")


def test_a_role_opens_no_table_that_is_closed(star):
    """The field is that of the table, by whatever name."""
    catalog = star(relationships=ROLES, datasets={"regions": {"sensitivity": "confidential"}}, access={"confidential": ("board",)})
    permit = Permit(catalog, Organization())
    question = MetricQuestion(analysis="breakdown", metrics=("orders",), group_by=("shipped_to.area",))
    with pytest.raises(NotPermitted):
        permit.decide(question, permit.asker(person=None, device=None, audience="private"))
    assert catalog.field_ids("shipped_to.area") == (FieldId("regions", "area"),)
    assert replace(catalog).field_ids("nowhere.area") == ()

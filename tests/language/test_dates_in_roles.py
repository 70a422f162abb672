"""Two dates of the same records: said by name, and one of them at a time."""

from __future__ import annotations

import pytest

from insights.catalog.model import FieldId
from insights.language.understand import Understander
from insights.requests import Understood, Unsupported
from tests.language.company import CATALOG, CONTENTS, NOW


@pytest.fixture(scope="module")
def company():
    """Understands questions about orders that are ordered on one day and shipped on another."""
    return Understander(CATALOG, CONTENTS)


@pytest.mark.parametrize(
    ("text", "grain"),
    [
        ("revenue by ship month", "month"),
        ("revenue by shipped month", "month"),
        ("orders by shipped week in May 2026", "week"),
        ("orders by ship quarter", "quarter"),
    ],
)
def test_steps_of_a_date_go_by_that_date(company, text, grain):
    """The month of shipping is not that of the order, and the answer says which it is."""
    reading = company.understand(text, now=NOW)
    assert isinstance(reading, Understood), reading
    assert (reading.request.time_field, reading.request.grain) == (str(FieldId("orders", "shipped_on")), grain)
    assert any("Shipped on" in said for said in reading.assumed)


@pytest.mark.parametrize(
    "text", ["orders with order date in May and ship date in June", "orders by order date and ship date", "revenue by ship month with order date in May"]
)
def test_two_dates_are_not_taken_for_one(company, text):
    """Whichever were left out, the figures would be of other orders."""
    reading = company.understand(text, now=NOW)
    assert isinstance(reading, Unsupported), reading
    assert "one date at a time" in reading.reason

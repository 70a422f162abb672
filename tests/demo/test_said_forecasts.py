"""How a forecast is said aloud."""

from __future__ import annotations

import re

import pytest

from insights.turns import Turn
from tests.demo.replay import NOW


@pytest.mark.parametrize(("metric", "amount"), [("orders", r"\d[\d,]* orders"), ("revenue", r"\d[\d,]* US dollars of revenue")])
def test_what_is_counted_is_named_once(halcyon, metric, amount):
    """23,000 orders are no orders of orders; dollars are of revenue."""
    speech = halcyon.reply(Turn(f"forecast {metric} for June", "ada", now=NOW)).speech
    assert re.match(rf"I expect about {amount} in June 2026, give or take ", speech), speech

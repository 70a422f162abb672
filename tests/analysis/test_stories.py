"""Every story that is planted in the demo company is found when it is asked about; a story that is added there and not here fails."""

from __future__ import annotations

import pytest
import yaml

from insights import findings
from insights.findings import Cohorts, Drivers, Together, Unusual
from insights.turns import Turn
from tests.analysis.test_drivers import halcyon_truth

TRUTH = yaml.safe_load(halcyon_truth().read_text(encoding="utf-8"))
NO_STORIES = {"version", "first_day", "last_day", "quiet_months"}


def fall(found: Drivers) -> bool:
    """One device in one region."""
    return {value for held in found.drivers[0].where for value in held.values} == {TRUTH["fall"]["region"], TRUTH["fall"]["device"]}


def mix_shift(found: Drivers) -> bool:
    """Every way of contact is rated better and the whole worse."""
    return found.parting is not None and found.parting.reversed and found.parting.dimension == TRUTH["mix_shift"]["dimension"]


def outage(found: Unusual) -> bool:
    """The day, and that there was less."""
    return any(one.worst == TRUTH["outage"]["day"] and one.value < one.expected for one in found.stories)


def price_change(found: Drivers) -> bool:
    """The plan that became dearer."""
    return found.drivers[0].where[0].values == (TRUTH["price_change"]["plan"],)


def season(found: Unusual) -> bool:
    """The gift weeks come each year, and are no news."""
    return not any(one.worst.month == 12 and one.worst.day < 24 for one in found.stories)


def marketing_lag(found: Together) -> bool:
    """The effect comes so many days after the cause."""
    return found.lag is not None and abs(found.lag) == TRUTH["marketing_lag"]["lag_days"]


def experiments(found: findings.Tested) -> bool:
    """B converts better, by an interval that holds the planted difference."""
    rates = TRUTH["experiments"]["checkout_test"]["rates"]
    (one,) = [outcome for outcome in found.outcomes if outcome.measure == "converted"]
    return one.found == "better" and one.low <= rates["B"] - rates["A"] <= one.high


def cohorts(found: Cohorts) -> bool:
    """The months that leave sooner and later than others, and no more."""
    return {f"{one.began:%Y-%m}" for one in found.differing} == set(TRUTH["cohorts"]["months"])


STORIES = {
    "fall": ("why did revenue fall in May", fall),
    "mix_shift": ("why did satisfaction fall in January 2026", mix_shift),
    "outage": ("anything unusual in sessions in November 2025", outage),
    "price_change": ("why did churned subscriptions rise in September 2025", price_change),
    "season": ("anything unusual in orders in December 2025", season),
    "marketing_lag": ("is marketing spend correlated with new subscriptions", marketing_lag),
    "experiments": ("how did the checkout test go", experiments),
    "cohorts": ("retention of subscriptions by month", cohorts),
}


def test_all_that_is_planted_is_asked_about() -> None:
    """Nothing stands in the file of stories that no question below looks for."""
    assert set(TRUTH) - NO_STORIES == set(STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_a_planted_story_is_found(halcyon, story) -> None:
    """When it is asked about."""
    text, told = STORIES[story]
    reply = halcyon.reply(Turn(text))
    assert reply.answer is not None, reply.text
    assert told(reply.answer.finding), reply.text
    assert "Not used" not in reply.text

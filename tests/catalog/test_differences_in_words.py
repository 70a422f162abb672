"""What changed in a metric is told in words, whichever rows it counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from insights.catalog.differences import differences
from insights.catalog.model import FieldId
from insights.catalog.quantities import Balance, Earlier, Followed, Length, UpTo
from tests.language.company import CATALOG

ORDERS = CATALOG.metrics["orders"]
(COUNT,) = ORDERS.formula
WEEK, MONTH = Length(7, "day"), Length(1, "month")
CUSTOMER, CHANNEL = FieldId("orders", "customer_id"), FieldId("orders", "channel")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (UpTo(window=WEEK), UpTo(window=MONTH), ("the last 7 days of", "the last 1 month of")),
        (UpTo(to_date="month"), UpTo(), ("the month to date", "everything up to")),
        (UpTo(period_agg="first"), UpTo(period_agg="average"), ("first of longer ones", "average of longer ones")),
        (UpTo(), UpTo(with_data=False), ("with the data", "with the calendar")),
        (Balance(), Balance(take="average"), ("the last count", "the average count")),
        (Balance(per=(CHANNEL,)), Balance(carried=False), ("of each orders.channel", "unknown where none was made")),
        (Earlier(ago=MONTH), Earlier(start_of="month"), ("1 month before", "at the start of the month")),
        (Earlier(ago=MONTH, then=Balance()), Earlier(ago=MONTH, then=Balance(take="max")), ("before, the last count", "before, the max count")),
        (
            Followed(goal=COUNT, by=CUSTOMER, goal_by=CUSTOMER, within=WEEK),
            Followed(goal=COUNT, by=CUSTOMER, goal_by=CUSTOMER, within=MONTH, same=((CHANNEL, CHANNEL),)),
            ("followed within 7 days by count", "orders.channel = orders.channel"),
        ),
    ],
)
def test_a_difference_is_told_in_words(old, new, told):
    """Both sides, each with what makes it another figure, and nothing of how it is kept in the program."""
    before, after = (replace(CATALOG, metrics={**CATALOG.metrics, "orders": replace(ORDERS, formula=(replace(COUNT, over=over),))}) for over in (old, new))
    (difference,) = differences(before, after)
    was, found, now = difference.detail.partition(", is ")
    assert found
    assert told[0] in was
    assert told[1] in now
    assert not any(word in difference.detail for word in ("FieldId", "Aggregation", "UpTo", "Balance(", "Followed(", "Earlier(", "None"))

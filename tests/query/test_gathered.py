"""Rows chosen by what a metric comes to for their key: by hand, within the rights of who asks, and what is refused. At random: `tests/properties`."""

from __future__ import annotations

import pytest

from insights.catalog.gathering import calls
from insights.catalog.model import Aggregation, FieldId, Gathered, Metric
from insights.catalog.rollups import Rollup
from insights.errors import NotAnswerable, NotPermitted
from insights.query.designs import designs

ORDERS = Aggregation(function="count", dataset="orders")
VISITS = Aggregation(function="count", dataset="visits")
HERE, THERE = FieldId("visits", "customer_id"), FieldId("orders", "customer_id")
OFTEN = Gathered(name="orders", key=HERE, formula=(ORDERS,), keys=(THERE,))
METRICS = {
    "visits": (VISITS,),
    "visits_of_buyers": (Aggregation(function="count", dataset="visits", where=(OFTEN, " >= 2")),),
    "visits_of_strangers": (Aggregation(function="count", dataset="visits", where=(OFTEN, " IS NULL")),),
    "minutes_of_buyers": (Aggregation(function="sum", dataset="visits", operand=(FieldId("visits", "minutes"),), where=(OFTEN, " >= 2")),),
}
TABLES = {
    "customers": [{"customer_id": n, "tier": tier} for n, tier in ((1, "gold"), (2, "silver"), (3, "gold"))],
    # customer 1 ordered twice, once of it paid; 2 twice, both paid; 3 never
    "orders": [{"customer_id": n, "status": status, "amount": 10} for n, status in ((1, "paid"), (1, "lost"), (2, "paid"), (2, "paid"))],
    "visits": [{"customer_id": n, "minutes": minutes} for n, minutes in ((1, 5), (1, 7), (2, 11), (3, 13), (None, 17), (9, 19))],
}


@pytest.fixture
def ask(star, answered):
    """Ask the metrics of this file."""
    metrics = {name: Metric(name=name, label=name.replace("_", " "), formula=formula) for name, formula in METRICS.items()}

    def ask(metric, *, grant=None, parts=None, **question):
        return answered(TABLES, catalog=star(metrics=metrics, **(parts or {})), grant=grant, **{"metrics": (metric,), **question})

    return ask


@pytest.mark.parametrize(("metric", "value"), [("visits_of_buyers", 3), ("visits_of_strangers", 3), ("minutes_of_buyers", 23)])
def test_rows_are_those_of_keys_whose_figure_fits(ask, metric, value):
    """Of visitors 1, 1, 2, 3, nobody known and 9 only 1 and 2 ordered, twice each."""
    assert ask(metric).value == value


def test_a_breakdown_adds_up_to_it(ask):
    """By tier: customer 1 is gold, 2 silver."""
    rows = ask("minutes_of_buyers", analysis="breakdown", group_by=("tier",)).rows
    assert {row["tier"]: row["minutes_of_buyers"] for row in rows} == {"gold": 12, "silver": 11}


def test_what_must_not_be_seen_is_not_gathered(ask):
    """Who may see paid orders alone sees customer 1 order once: his visits are none of frequent buyers then."""
    answer = ask("visits_of_buyers", grant={"rows": {"orders": ({FieldId("orders", "status"): ("paid",)},)}})
    assert answer.value == 1
    assert "only what you may see" in " ".join(answer.notes)


def test_it_is_told_what_it_was_read_from(ask):
    """The orders are a source of the visits of buyers, and not of visits."""
    assert ("orders" in ask("visits_of_buyers").source, "orders" in ask("visits").source) == (True, False)


def test_single_people_are_not_told_apart_by_their_figures(ask):
    """Where only groups of people may be shown, nobody learns who ordered how much."""
    with pytest.raises(NotPermitted, match="few people"):
        ask("visits_of_buyers", grant={"minimum_group": 5}, parts={"datasets": {"customers": {"personal": True}}})


def test_it_is_not_kept_in_a_rollup(star):
    """What everybody sees otherwise is worked out for whoever asks."""
    catalog = star(metrics={name: Metric(name=name, label=name, formula=f, time=FieldId("visits", "began_at")) for name, f in METRICS.items()})
    with pytest.raises(NotAnswerable, match="not the same for everybody"):
        designs(Rollup(name="daily", metrics=("visits_of_buyers",), by=("tier",), grain="day"), catalog)


def test_rights_are_those_of_everything_that_is_read():
    """The facts and fields that rows are chosen by are among what an aggregate reads."""
    (part,) = METRICS["visits_of_buyers"]
    assert part.datasets == ("visits", "orders")
    assert {HERE, THERE} <= set(part.fields)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("METRIC(orders, customer_id) > 2", [("orders", "customer_id")]),
        (
            "metric ( orders , customers.customer_id ) IS NULL OR METRIC(visits, customer_id) = 0",
            [("orders", "customers.customer_id"), ("visits", "customer_id")],
        ),
        ("status = 'METRIC(orders, customer_id)'", []),
        ("my_metric(orders, customer_id) > 1", []),
    ],
)
def test_calls_are_found_and_texts_are_left_alone(text, found):
    """What stands in quotes is a text, and another function's name is no call."""
    assert list(calls(text)[1].values()) == found


def test_questions_can_be_asked_of_it_like_of_any_other(ask):
    """A ranking by such a metric."""
    top = ask("minutes_of_buyers", analysis="ranking", group_by=("tier",), limit=1)
    assert [row["tier"] for row in top.rows] == ["gold"]

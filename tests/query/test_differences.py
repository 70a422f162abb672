"""Two questions that are each about enough people, and whose difference is about one: they are never both answered."""

from __future__ import annotations

from datetime import date

import pytest

from insights.errors import NotPermitted
from insights.query.answering import Questions
from insights.query.contents import collect
from insights.requests import Filter, MetricQuestion, Period

LEAST = 3
GOLD = Filter(dimension="tier", values=("gold",))
CUSTOMERS = [{"customer_id": n, "region_id": None, "tier": "gold" if n < 30 else "tin"} for n in range(60)]


def order(customer, month, day, amount=10, status="paid"):
    """An order of 2024."""
    return {"customer_id": customer, "placed_on": date(2024, month, day), "status": status, "gift": False, "amount": amount}


def many(month, day, customers=range(10), status="paid"):
    """One order each of ten customers with gold."""
    return [order(n, month, day, status=status) for n in customers]


TIN = [order(40 + n, m, d, 5, s) for n in range(4) for m in range(1, 7) for d in range(1, 29, 3) for s in ("paid", "lost")]


def period(first, last):
    """A period of 2024, by month and day."""
    return Period(first=date(2024, *first), last=date(2024, *last))


JANUARY = period((1, 1), (1, 31))


@pytest.fixture
def told(star, granted, fill):
    """What is answered of questions about revenue with gold, in order; None for what is refused."""

    def told(orders, *asked):
        catalog = star(datasets={"customers": {"personal": True}})
        engine = fill({"customers": CUSTOMERS, "orders": orders + TIN})
        questions = Questions(catalog, engine, collect(catalog, engine))
        found = []
        for one in asked:
            question = MetricQuestion(**({"metrics": ("revenue",), "filters": (GOLD,)} | one))
            try:
                found.append(questions.answer(question, granted(catalog, minimum_group=LEAST)))
            except NotPermitted:
                found.append(None)
        return found

    return told


def figures(answers):
    """The single figures."""
    return [None if answer is None else answer.value for answer in answers]


def test_a_lonely_month_among_empty_ones_is_not_told_by_the_months_around_it(told):
    """January, and January to April: nobody in February, one in March, nobody in April."""
    orders = [*many(1, 5), order(3, 3, 5, 777), *many(6, 3)]
    found = figures(told(orders, {"period": JANUARY}, {"period": period((1, 1), (4, 30))}))
    assert None in found


def test_a_lonely_day_at_the_end_of_a_month_is_not_told_by_the_month_and_the_days_before_it(told):
    """To the 29th, and to the 31st: nobody on the 30th, one on the 31st."""
    orders = [*many(1, 28), *many(1, 29), order(3, 1, 31, 777), *many(2, 1)]
    found = figures(told(orders, {"period": JANUARY}, {"period": period((1, 1), (1, 29))}))
    assert None in found


def test_what_a_metric_leaves_out_is_not_told_by_the_metric_without_its_filter(told):
    """All orders and paid ones, where a single one is not paid; nor by both at once, nor told by tier."""
    orders = [*many(1, 5), order(3, 1, 7, 777, "lost")]
    every, paid, both = told(orders, {}, {"metrics": ("paid",)}, {"metrics": ("revenue", "paid")})
    assert figures([every, paid]) == [877, None]
    assert both is None
    (by_tier,) = told(orders, {"analysis": "breakdown", "metrics": ("paid",), "group_by": ("tier",), "filters": ()})
    assert by_tier is None or "gold" not in [row["tier"] for row in by_tier.rows]


def test_a_metric_with_a_filter_is_told_where_it_leaves_out_enough_people_or_nobody(told):
    """Ten who did not pay, or none."""
    assert figures(told([*many(1, 5), *many(1, 7, range(10, 20), "lost")], {"metrics": ("paid",)})) == [100]
    assert figures(told([*many(1, 5)], {"metrics": ("paid",)})) == [100]


def test_empty_days_and_months_hide_nothing_where_nobody_comes_after_them(told):
    """The first and the last month that there are, with years of nothing before and after; and a month beside full ones."""
    months = [*many(1, 5), *many(2, 5), *many(3, 5)]
    assert figures(told(months, {"period": JANUARY}, {"period": period((2, 1), (2, 29))}, {"period": period((3, 1), (3, 31))})) == [100, 100, 100]


def test_buckets_of_a_series_beside_a_lonely_one_are_withheld_across_empty_ones(told):
    """By month: one in March, nobody in February and April; January and May would tell by what lies between them."""
    orders = [*many(1, 5), order(3, 3, 5, 777), *many(5, 5), *many(6, 5)]
    (series,) = told(orders, {"analysis": "series", "grain": "month", "period": period((1, 1), (6, 30))})
    shown = {row["orders.placed_on"].month: row["revenue"] for row in series.rows} if series is not None else {}
    assert shown.get(3) is None
    assert shown.get(1) is None
    assert shown.get(5) is None

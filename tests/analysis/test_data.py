"""What analyses read through: series without gaps, numbers of records, rights and time."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, datetime

import pytest

from insights.analysis import Data
from insights.errors import DeadlinePassed, NotPermitted
from insights.requests import Filter, MetricQuestion, Period


@pytest.fixture
def data(halcyon) -> Data:
    """For the unnamed local user, without a deadline."""
    parts = halcyon._parts
    asker = parts.permit.asker(person=None, device=None, audience="private")
    view = parts.hearing.view(parts.permit.grant(asker))
    return Data(
        questions=parts.questions,
        decide=lambda question: parts.permit.decide(question, asker),
        catalog=view.catalog,
        contents=view.contents,
        now=datetime(2026, 5, 31, 9),
    )


def test_a_series_has_every_bucket_and_says_which_is_not_whole(data, by_hand) -> None:
    """A count of nothing is zero, and a week that the data covers in part is marked."""
    question = MetricQuestion(metrics=("orders",), filters=(Filter(dimension="category", values=("Events",)), Filter(dimension="region", values=("Nordics",))))
    series = data.series(question, grain="day", period=Period(first=date(2026, 5, 1), last=date(2026, 5, 31)))
    counted = dict(
        by_hand(
            "SELECT ordered_on, count(*) FROM orders JOIN customers USING (customer_id) JOIN regions USING (region_id) "
            "WHERE status <> 'test' AND category = 'Events' AND region = 'Nordics' GROUP BY 1"
        )
    )
    assert len(series.starts) == 31
    assert series.values == tuple(counted.get(day, 0) for day in series.starts)
    assert 0 in series.values
    weekly = data.series(MetricQuestion(metrics=("orders",)), grain="week", period=Period(first=date(2026, 5, 6), last=date(2026, 5, 31)))
    assert weekly.incomplete == frozenset({0})
    assert weekly.whole().starts == weekly.starts[1:]


def test_series_by_group_add_up_to_the_whole(data) -> None:
    """Unknown groups included."""
    question = MetricQuestion(metrics=("orders",), group_by=("market",))
    groups, whole = data.series_by(question), data.series(question)
    assert {one.starts for one in groups.values()} == {whole.starts}
    assert tuple(sum(column) for column in zip(*(one.values for one in groups.values()), strict=True)) == whole.values


def test_numbers_of_records_are_those_of_the_rows(data, by_hand) -> None:
    """With how many there are in all."""
    question = MetricQuestion(metrics=("orders.amount_usd",), period=Period(first=date(2026, 5, 30), last=date(2026, 5, 31)))
    numbers = data.numbers(question, ("orders.amount_usd", "orders.quantity"), dataset="orders")
    [(count, total)] = by_hand("SELECT count(*), sum(quantity) FROM orders WHERE ordered_on BETWEEN '2026-05-30' AND '2026-05-31'")
    assert numbers.total == len(numbers.rows) == count
    assert sum(numbers.column(numbers.names[1])) == total


def test_what_is_not_granted_is_not_read(data) -> None:
    """An analysis cannot ask for more than its asker."""
    with pytest.raises(NotPermitted):
        data.ask(MetricQuestion(metrics=("gross_profit",)))


def test_the_budget_follows_the_deadline(data) -> None:
    """With time to say something kept back, and none left after it."""
    assert data.seconds(most=3.0) == 3.0
    hurried = replace(data, deadline=time.monotonic() + 1.25)
    assert 0.4 < hurried.seconds(share=0.5) < 0.51
    late = replace(data, deadline=time.monotonic() - 1)
    assert late.seconds() == 0.0
    with pytest.raises(DeadlinePassed):
        late.ask(MetricQuestion(metrics=("revenue",)))

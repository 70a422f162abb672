"""What members did over time is the same on every engine as counted in plain Python over the rows."""

from collections import Counter, defaultdict
from datetime import date

import pytest

from insights.catalog.model import FieldId
from insights.query.answering import Questions
from insights.query.courses import Event, Passage, Profiles, Triangle, Within
from insights.requests import Period
from tests.warehouse.questions import granted

MEMBER, PLACED, BEGAN = FieldId("customers", "customer_id"), FieldId("orders", "placed_on"), FieldId("visits", "began_at")
YEAR = Within(filters=(), period=Period(first=date(2024, 3, 1), last=date(2024, 12, 31)), through=date(2025, 12, 31))


@pytest.fixture(scope="module", params=["duckdb", "postgres", "athena", pytest.param("spark", marks=pytest.mark.slow)])
def questions(request, shop, contents_of):
    """Questions to each engine."""
    engine = request.getfixturevalue(f"in_{request.param}")
    return Questions(shop, engine, contents_of(engine))


@pytest.fixture(scope="module")
def orders(same_rows):
    """Buyer, day, status and amount of the orders of somebody, on a day that is known."""
    return [(member, day, status, amount) for _, member, day, status, _, amount, _ in same_rows["orders"] if member is not None and day is not None]


def test_figures_of_each_member(questions, shop, orders):
    """A sum, a ratio of two sums and an average, made of their parts as the catalog has it, member by member."""
    metrics = ("revenue", "paid_share", "average_amount")
    profiles = Profiles(member=MEMBER, figures=tuple(Event(dataset="orders", time=PLACED, formula=shop.metrics[name].formula) for name in metrics))
    found = questions.course(profiles, YEAR, granted(shop, {})).rows
    amounts, paid = defaultdict(list), defaultdict(float)
    last: dict[int, date] = {}
    for member, day, status, amount in orders:
        if date(2024, 3, 1) <= day <= date(2024, 12, 31):
            last[member] = max(last.get(member, day), day)
            amounts[member] += [amount] if amount is not None else []
            paid[member] += amount if status == "paid" and amount is not None else 0
    assert {(number, member): day for number, member, _, day in found if number != 1} == {(n, member): day for n in (0, 2) for member, day in last.items()}
    figures = {(number, member): amount for number, member, amount, _ in found}
    assert len(figures) > 60
    for member, some in amounts.items():
        if some:
            assert figures[0, member] == pytest.approx(sum(some))
            assert figures[2, member] == pytest.approx(sum(some) / len(some))
            assert (figures.get((1, member)) or 0.0) == pytest.approx(paid[member] / sum(some))


def test_those_who_began_with_an_order_in_a_period(questions, shop, orders):
    """Their first order ever lies in it, and what they did since is counted by month."""
    bought = Event(dataset="orders", time=PLACED)
    found = questions.course(Triangle(member=MEMBER, began=bought, done=bought, grain="month"), YEAR, granted(shop, {})).rows
    first: dict[int, date] = {}
    for member, day, _, _ in orders:
        first[member] = min(first.get(member, day), day)
    own = {member: day.replace(day=1) for member, day in first.items() if date(2024, 3, 1) <= day <= date(2024, 12, 31)}
    again = {(own[member], day.replace(day=1), member) for member, day, _, _ in orders if member in own and day <= date(2025, 12, 31)}
    wanted = Counter((began, at) for began, at, _ in again) + Counter((began, None) for began in own.values())
    assert {(began, at): members for began, at, members, _ in found} == dict(wanted)
    assert len(wanted) > 10


def test_steps_that_members_go_through(questions, shop, orders, same_rows):
    """An order in the period, then a visit, on the same day or after."""
    steps = (Event(dataset="orders", time=PLACED), Event(dataset="visits", time=BEGAN))
    found = dict(questions.course(Passage(member=MEMBER, steps=steps, by_day=True), YEAR, granted(shop, {})).rows)
    first: dict[int, date] = {}
    for member, day, _, _ in orders:
        if date(2024, 3, 1) <= day <= date(2024, 12, 31):
            first[member] = min(first.get(member, day), day)
    then = {member for member, at, *_ in same_rows["visits"] if member in first and at is not None and first[member] <= at.date() <= date(2025, 12, 31)}
    assert found == {0: len(first), 1: len(then)}
    assert len(then) > 3

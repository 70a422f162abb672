"""Plans and results that are kept never go to somebody with other rights, nor to another question that looks the same."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from insights.catalog.model import FieldId
from insights.errors import NotPermitted
from insights.permit import Asker, Grant
from insights.query.answering import Questions
from insights.query.contents import collect
from insights.query.plan import plan
from insights.query.plans import Plans
from insights.query.results import Results
from insights.query.visible import Sight
from insights.requests import Filter, MetricQuestion

TIER, GIFT = FieldId("customers", "tier"), FieldId("orders", "gift")
TABLES = {
    "customers": [{"customer_id": 1, "tier": "gold"}, {"customer_id": 2, "tier": "tin"}, {"customer_id": 3, "tier": "1"}],
    "orders": [{"customer_id": n, "amount": 10**n, "gift": n == 1} for n in (1, 2, 3)],
}
REVENUE = MetricQuestion(metrics=("revenue",))


def test_a_question_is_planned_once_for_each_grant():
    """Only the last few are kept; what cannot be planned is tried again."""
    made = []

    def make(question, grant, measures):
        made.append((question, grant, measures))
        if not grant.metrics:
            raise NotPermitted("That is confidential.")
        return len(made)

    plans = Plans(make, most=2)
    one, other = (
        Grant(asker=Asker(person=None, audience="private"), metrics=frozenset({"a"})),
        Grant(asker=Asker(person=None, audience="room"), metrics=frozenset({"a"})),
    )
    assert [plans.of(REVENUE, one), plans.of(REVENUE, other), plans.of(REVENUE, one)] == [1, 2, 1]
    assert plans.of(replace(REVENUE, limit=3), one) == 3
    assert plans.of(REVENUE, other) == 4
    for _ in range(2):
        with pytest.raises(NotPermitted):
            plans.of(REVENUE, replace(one, metrics=frozenset()))
    assert len(made) == 6


@pytest.mark.parametrize(
    "parts",
    [
        {"metrics": frozenset({"revenue", "orders"})},
        {"datasets": frozenset({"orders"})},
        {"rows": {"customers": ()}},
        {"rows": {"customers": ({TIER: ("gold",)},)}},
        {"rows": {"customers": ({TIER: ("tin",)},)}},
        {"rows": {"customers": ({TIER: ("gold",)}, {TIER: ("tin",)})}},
        {"rows": {"customers": ({TIER: ("gold",)},), "orders": ({GIFT: (True,)},)}},
        {"rows": {"customers": ({TIER: ("1",)},)}},
        {"rows": {"customers": ({TIER: (1,)},)}},
        {"rows": {"customers": ({TIER: (True,)},)}},
        {"minimum_group": 5},
        {"asker": Asker(person=None, audience="channel")},
    ],
)
def test_whatever_a_grant_says_is_a_part_of_its_key(parts):
    """Who asks and where the answer goes instead change nothing of what may be told; everything else must."""
    plain = Grant(asker=Asker(person=None, audience="private"), metrics=frozenset({"revenue"}))
    assert replace(plain, **parts).key != plain.key
    assert {field.name for field in fields(Grant)} == {"asker", "metrics", "datasets", "rows", "minimum_group", "instead"}


def test_keys_of_different_row_filters_are_all_different():
    """Numbers, truth values and texts that look or compare the same are told apart."""
    values = [("1",), (1,), (True,), (1.0,), ("True",), (), ("1", 1), (None,), ("None",)]
    grants = [Grant(asker=Asker(person=None, audience="private"), metrics=frozenset(), rows={"customers": ({TIER: of},)}) for of in values]
    assert len({grant.key for grant in grants}) == len(values)


def test_everybody_gets_the_figures_of_their_own_rows_from_one_cache(star, fill, granted):
    """The same question, asked in turn by people with different rows, several times."""
    catalog, engine = star(), fill(TABLES)
    questions = Questions(catalog, engine, collect(catalog, engine), results=Results())
    rows = [None, {"customers": ({TIER: ("gold",)},)}, {"customers": ({TIER: ("tin",)},)}, {"customers": ({TIER: ("gold", "tin")},)}]
    for _ in range(3):
        assert [questions.answer(REVENUE, granted(catalog, **({"rows": of} if of else {}))).value for of in rows] == [1110, 10, 100, 110]
        with pytest.raises(NotPermitted):
            questions.answer(REVENUE, granted(catalog, rows={"customers": ()}))


def test_a_kept_plan_is_the_plan_that_would_be_made(star, fill, granted):
    """For two questions that differ in a value's kind only, too."""
    catalog, engine = star(), fill(TABLES)
    contents = collect(catalog, engine)
    questions = Questions(catalog, engine, contents)
    grant = granted(catalog)
    for value in ("1", "gold", "1", "tin"):
        asked = replace(REVENUE, filters=(Filter(dimension="tier", values=(value,)),))
        questions.answer(asked, grant)
        assert questions._plans.of(asked, grant) == plan(asked, grant, catalog, contents)
    assert [questions.answer(replace(REVENUE, filters=(Filter(dimension="tier", values=(v,)),)), grant).value for v in ("1", "gold", "1", "tin")] == [
        1000,
        10,
        1000,
        100,
    ]


def test_what_may_be_named_is_kept_apart_for_other_rows_and_other_names(star, fill, granted):
    """Questions back, suggestions and help stand on it; who has the same rights shares it."""
    catalog, engine = star(), fill(TABLES)
    sight = Sight(catalog, collect(catalog, engine), engine)
    datasets = frozenset(catalog.datasets)

    def known(**parts):
        view = sight.of(granted(catalog, datasets=datasets, **parts))
        return set(view.contents.values.get(TIER, ())), set(view.catalog.metrics)

    every = set(catalog.metrics)
    for _ in range(2):
        assert known() == ({"gold", "tin", "1"}, every)
        assert known(rows={"customers": ({TIER: ("gold",)},)}) == ({"gold"}, every)
        assert known(rows={"customers": ({TIER: ("tin",)},)}) == ({"tin"}, every)
        assert known(rows={"customers": ()}) == (set(), every)
        assert known(metrics=frozenset({"orders"})) == ({"gold", "tin", "1"}, {"orders"})
        assert known(asker=Asker(person=None, audience="room")) == ({"gold", "tin", "1"}, every)

"""People behind figures are counted by customer first where that gives the same, and all tables around a question in few passes: as counted by hand."""

from __future__ import annotations

import os
from collections import defaultdict
from datetime import date
from itertools import combinations
from random import Random

import pytest

from insights.query.answering import Questions
from insights.query.beside import Beside
from insights.query.contents import collect
from insights.query.plan import plan
from insights.requests import Filter, MetricQuestion, Period
from insights.warehouse.choosing import Choice

CASES = int(os.environ.get("CASES", "12"))
TIERS, AREAS = ("gold", "tin", None), ("north", "south", None)
MAY = Period(first=date(2024, 5, 1), last=date(2024, 5, 31))


def company(random):
    """Many orders of few customers, with missing and dangling keys and unknown amounts."""
    regions = [{"region_id": n, "area": random.choice(AREAS)} for n in range(3)]
    customers = [{"customer_id": n, "region_id": random.choice([0, 1, 2, 9, None]), "tier": random.choice(TIERS)} for n in range(5)]
    orders = [
        {
            "customer_id": random.choice([*range(5), 77, None]),
            "placed_on": date(2024, random.choice((4, 5, 5, 6)), random.randint(1, 28)),
            "status": random.choice(("paid", "lost")),
            "amount": None if random.random() < 0.1 else random.randint(1, 99),
        }
        for _ in range(random.randint(30, 60))
    ]
    return {"regions": regions, "customers": customers, "orders": orders}


def by_hand(tables, keys, metric, period, status):
    """For each group who is behind the figure: distinct customers, and each row without one."""
    customers = {one["customer_id"]: one for one in tables["customers"]}
    areas = {one["region_id"]: one["area"] for one in tables["regions"]}
    people, unknown, groups = defaultdict(set), defaultdict(int), set()
    for row in tables["orders"]:
        if not period.first <= row["placed_on"] <= period.last or (status and row["status"] != status):
            continue
        customer = customers.get(row["customer_id"], {})
        known = {"tier": customer.get("tier"), "area": areas.get(customer.get("region_id"))}
        group = tuple(known[key] for key in keys)
        groups.add(group)
        if metric == "orders" or row["amount"] is not None:
            if row["customer_id"] is None:
                unknown[group] += 1
            else:
                people[group].add(row["customer_id"])
    return {group: len(people[group]) + unknown[group] for group in groups}


@pytest.mark.parametrize("seed", range(CASES))
def test_every_table_counts_the_people_that_are_there(star, granted, fill, seed):
    """By tier, by area, by both: alone and read together, with and without a filter on the rows."""
    random = Random(seed)
    tables = company(random)
    catalog = star(datasets={"customers": {"personal": True}})
    engine = fill(tables)
    contents = collect(catalog, engine)
    grant = granted(catalog, minimum_group=3)
    metric, status = random.choice(("revenue", "orders")), random.choice((None, "paid"))
    filters = (Filter(dimension="status", values=(status,)),) if status else ()
    asked = [
        MetricQuestion(analysis="breakdown", metrics=(metric,), group_by=keys, period=MAY, filters=filters)
        for n in (1, 2)
        for keys in combinations(("tier", "area"), n)
    ]
    queries = []

    def run(choice, query, _, until):
        queries.append(query.sql)
        return choice.engine.run(query, deadline=until)

    questions = Questions(catalog, engine, contents)
    beside = Beside(
        planned=lambda question: plan(question, grant, catalog, contents), choice=Choice(engine=engine), grant=grant, deadline=None, run=run,
        shown=questions._shown, found=questions._result,
    )  # fmt: skip
    together = beside.read(asked)
    assert len(queries) == 1
    for question, (planned, rows) in zip(asked, together, strict=True):
        wanted = by_hand(tables, question.group_by, metric, MAY, status)
        (alone,) = [found for _, found in beside.read([question])]
        for found in (rows, alone):
            assert {tuple(row[: len(planned.keys)]): row[len(planned.keys) + 1] for row in found} == wanted


def test_customers_are_grouped_before_they_are_counted_where_that_is_less(star, granted, fill):
    """Where there are many orders of each; not where something else is grouped by as well, for then a customer is in several groups."""
    catalog = star(datasets={"customers": {"personal": True}})
    contents = collect(catalog, fill(company(Random(1))))
    grant = granted(catalog, minimum_group=3)

    def planned(*keys):
        (part,) = plan(MetricQuestion(analysis="breakdown", metrics=("revenue",), group_by=keys), grant, catalog, contents).parts
        assert [aggregate.function for aggregate in part.aggregates] == ["sum", "people"]
        return part

    assert planned("tier").regrouping is not None
    assert planned("tier", "area").regrouping is not None
    assert planned("tier", "status").regrouping is None


def test_a_table_around_is_read_once(star, granted, fill):
    """The same question again is answered from what was read, whatever is kept elsewhere."""
    catalog = star(datasets={"customers": {"personal": True}})
    engine = fill(company(Random(2)))
    contents = collect(catalog, engine)
    queries = []
    questions = Questions(catalog, engine, contents)

    def run(choice, query, _, until):
        queries.append(query)
        return choice.engine.run(query, deadline=until)

    grant = granted(catalog, minimum_group=3)
    beside = Beside(
        planned=lambda question: plan(question, grant, catalog, contents), choice=Choice(engine=engine), grant=grant, deadline=None, run=run,
        shown=questions._shown, found=questions._result,
    )  # fmt: skip
    question = MetricQuestion(analysis="breakdown", metrics=("revenue",), group_by=("tier",))
    assert beside.read([question])[0][1] == beside.read([question])[0][1]
    assert len(queries) == 1

"""Random policies, questions and identities over random small stars: never a figure of a row beyond the policies, whatever was asked by others before."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date
from itertools import groupby
from random import Random

import pytest

from insights.catalog.model import RowPolicy
from insights.errors import NotPermitted
from insights.organization import Organization, Person
from insights.permit import Permit
from insights.query.answering import Questions
from insights.query.contents import collect
from insights.query.results import Results
from insights.requests import Filter, MetricQuestion, Period

WORLDS = int(os.environ.get("WORLDS", "4"))
TRIPLES = 25
TIERS, AREAS, STATUSES = ("gold", "tin", None), ("north", "south", None), ("paid", "lost")


def world(random):
    """Rows with missing and dangling keys."""
    regions = [{"region_id": n, "area": random.choice(AREAS)} for n in range(3)]
    customers = [{"customer_id": n, "region_id": random.choice([0, 1, 2, 9, None]), "tier": random.choice(TIERS)} for n in range(random.randint(0, 6))]
    orders = [
        {
            "customer_id": random.choice([*range(6), 99, None]),
            "placed_on": date(2024, random.randint(1, 3), random.randint(1, 28)),
            "status": random.choice(STATUSES),
            "gift": False,
            "amount": random.randint(1, 1000),
        }
        for _ in range(random.randint(0, 25))
    ]
    return {"regions": regions, "customers": customers, "orders": orders}


def policies(random):
    """Some policies on customers, their regions, or the orders themselves."""
    found = []
    for _ in range(random.randint(1, 3)):
        dataset, name, values = random.choice([("customers", "tier", TIERS[:2]), ("regions", "area", AREAS[:2]), ("orders", "status", STATUSES)])
        where = {name: random.choice(["{person.mine}", random.choice(values), tuple(values)])}
        found.append(RowPolicy(dataset=dataset, roles=(random.choice("rst"),), where=where))
    return tuple(found)


def seen(tables, policies, person):
    """The orders that the person may see, with tier and area, row by row: OR within a dataset, AND between datasets, nothing by default."""
    customers = {c["customer_id"]: c for c in tables["customers"]}
    regions = {r["region_id"]: r for r in tables["regions"]}
    for order in tables["orders"]:
        customer = customers.get(order["customer_id"], {})
        row = order | {"tier": customer.get("tier"), "area": regions.get(customer.get("region_id"), {}).get("area")}
        if all(any(_fits(one, person, row) for one in of) for _, of in groupby(sorted(policies, key=lambda p: p.dataset), key=lambda p: p.dataset)):
            yield row


def _fits(policy, person, row):
    if not person.roles & set(policy.roles):
        return False
    ((name, wanted),) = policy.where.items()
    values = wanted if isinstance(wanted, tuple) else (wanted,)
    mine = person.attributes.get("mine", ())
    resolved = [v for value in values for v in ((mine if isinstance(mine, tuple) else (mine,)) if value == "{person.mine}" else (value,))]
    return row[name] is not None and row[name] in resolved


def question(random):
    """A question, and which rows and groups it is about."""
    filters = []
    if random.random() < 0.5:
        name, values = random.choice([("tier", TIERS[:2]), ("area", AREAS[:2]), ("status", STATUSES)])
        filters.append(Filter(dimension=name, values=(random.choice(values),)))
    period = Period(first=date(2024, 2, 1), last=date(2024, 2, 29)) if random.random() < 0.3 else None
    by = random.choice([None, "tier", "area", "status"])
    asked = MetricQuestion(
        analysis="breakdown" if by else "value",
        metrics=(random.choice(["revenue", "orders"]),),
        group_by=(by,) if by else (),
        filters=tuple(filters),
        period=period,
    )

    def about(row):
        return all(row[f.dimension] in f.values for f in filters) and (period is None or row["placed_on"].month == 2)

    return asked, by, about


@pytest.mark.parametrize("seed", range(WORLDS))
def test_no_row_beyond_the_policies_is_ever_counted(star, fill, seed):
    """One engine and one cache of results for everybody; each figure is the sum of the asker's own rows, by plain Python."""
    random = Random(seed)
    tables, rules = world(random), policies(random)
    catalog = star(policies=rules)
    people = {
        f"p{n}": Person(
            id=f"p{n}",
            name=f"P{n}",
            roles=frozenset(random.sample("rst", random.randint(0, 2))),
            attributes=random.choice([{}, {"mine": random.choice(["gold", "north", "paid"])}, {"mine": ("tin", "south", "lost")}]),
        )
        for n in range(4)
    }
    permit = Permit(catalog, Organization(people=people))
    engine = fill(tables)
    questions = Questions(catalog, engine, collect(catalog, engine), results=Results())
    counts = Counter()
    asked_before = []
    for _ in range(TRIPLES):
        asked, by, about = random.choice(asked_before) if asked_before and random.random() < 0.4 else question(random)
        asked_before.append((asked, by, about))
        person = random.choice(list(people.values()))
        rows = [row for row in seen(tables, rules, person) if about(row)]
        try:
            answer = questions.answer(asked, permit.decide(asked, permit.asker(person=person.id, device=None, audience="private")))
        except NotPermitted:
            counts["refused"] += 1
            assert not rows
            continue
        (name,) = asked.metrics

        def figure(of, name=name):
            return sum(row["amount"] for row in of) if name == "revenue" else len(of)

        if by is None:
            assert (answer.value or 0) == figure(rows)
        else:
            groups = {value: figure([row for row in rows if row[by] == value]) for value in {row[by] for row in rows}}
            assert {row[by]: row[name] for row in answer.rows if row[name] is not None} == groups
        counts["right"] += 1
    assert sum(counts.values()) == TRIPLES
